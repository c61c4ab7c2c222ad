"""Which kind of investor: by kind, by evidence that reaches the bar, by application with its steps (Art. 8, 11)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

import ibis

from keepwell.contract.codes import ClientKind
from keepwell.contract.reasons.suitability import InvestorReason
from keepwell.contract.sources.suitability import ProfessionalEvidence
from keepwell.contract.suitable import InvestorKind, ProfessionalBasis
from keepwell.engine import columns, frames
from keepwell.policy.suitability import Bar, Professional

MONEY = ProfessionalEvidence.columns["financial_assets_amount"]
BY_LAW = (ProfessionalBasis.INSTITUTION, ProfessionalBasis.PRODUCT, ProfessionalBasis.FUND)
HOLDING = (
    InvestorReason.PRODUCT_BY_KIND,
    InvestorReason.BY_LAW,
    InvestorReason.MEETS_BAR,
    InvestorReason.CONVERTED,
)
"""The reasons that make an investor professional."""


def investors(
    client: Any, client_record: Any, professional_evidence: Any, pack: Professional, as_of: dt.date
) -> Any:
    """Kind of investor of each client with its ground, the latest application counting."""
    applied = client.select("client_id", "client_kind").left_join(
        _latest(professional_evidence, client_record, as_of), "client_id"
    )
    rows = applied.drop("client_id_right")
    own_end = frames.months_after(rows.evidenced_on, pack.evidence_months)
    dated = rows.mutate(professional_to=ibis.coalesce(rows.valid_to, own_end))
    reasoned = dated.mutate(investor_reason=_reason(dated, pack, as_of))
    kind = ibis.cases(
        (reasoned.investor_reason.isin([str(one) for one in HOLDING]), str(InvestorKind.PROFESSIONAL)),
        else_=str(InvestorKind.ORDINARY),
    )
    return reasoned.select(
        "client_id", "professional_basis", "evidenced_on", "professional_to", "investor_reason", investor_kind=kind
    )  # fmt: skip


def _latest(professional_evidence: Any, client_record: Any, as_of: dt.date) -> Any:
    seen = professional_evidence.filter(professional_evidence.applied_on <= frames.day(as_of))
    owned = seen.join(client_record.select("record_code", "client_id"), "record_code")
    turn = ibis.row_number().over(
        group_by="client_id", order_by=[owned.applied_on.desc(), owned.record_code.desc()]
    )
    turns = owned.mutate(turn=turn)
    return turns.filter(turns.turn == 0).drop("turn", "record_code")


def _reason(rows: Any, pack: Professional, as_of: dt.date) -> Any:
    """The first that holds; what takes the status away stands before what gives it."""
    cut, basis = frames.day(as_of), rows.professional_basis
    is_product = rows.client_kind == str(ClientKind.PRODUCT)
    steps = rows.tested_on.notnull() & rows.warned_on.notnull() & rows.told_on.notnull()
    is_converted = basis == str(ProfessionalBasis.CONVERTED)
    nobody = ibis.cases(
        (is_product, str(InvestorReason.PRODUCT_BY_KIND)), else_=str(InvestorReason.NO_EVIDENCE)
    )
    return ibis.cases(
        (basis.isnull() | is_product, nobody),
        ((rows.ended_on <= cut).fill_null(False), str(InvestorReason.OPTED_OUT)),
        (~rows.is_accepted, str(InvestorReason.NOT_ACCEPTED)),
        (basis.isin([str(one) for one in BY_LAW]), _by_law(rows)),
        (rows.professional_to < cut, str(InvestorReason.EVIDENCE_OLD)),
        (~_reaches(rows, pack), str(InvestorReason.BELOW_BAR)),
        (is_converted & ~steps, str(InvestorReason.STEPS_MISSING)),
        (is_converted, str(InvestorReason.CONVERTED)),
        else_=str(InvestorReason.MEETS_BAR),
    )


def _by_law(rows: Any) -> Any:
    """Institutions, products and funds by law; a natural person is none of them."""
    return ibis.cases(
        (rows.client_kind == str(ClientKind.PERSON), str(InvestorReason.BELOW_BAR)),
        else_=str(InvestorReason.BY_LAW),
    )


def _reaches(rows: Any, pack: Professional) -> Any:
    """Whether the evidence reaches the bar of its ground and kind of client; what is not told does not."""
    met = [
        (rows.professional_basis == str(bar.basis))
        & rows.client_kind.isin([str(kind) for kind in bar.client_kinds])
        & _meets(rows, bar)
        for bar in pack.bars
    ]
    return reduce(or_, met).fill_null(False)


def _meets(rows: Any, bar: Bar) -> Any:
    means = _at_least(rows.financial_assets_amount, bar.financial_assets_at_least_amount)
    if bar.yearly_income_at_least_amount is not None:
        means |= _at_least(rows.yearly_income_amount, bar.yearly_income_at_least_amount)
    if bar.net_assets_at_least_amount is not None:
        means &= _at_least(rows.net_assets_amount, bar.net_assets_at_least_amount)
    knows = (rows.n_years_experience >= bar.n_years_at_least).fill_null(False)
    if bar.is_profession_enough:
        knows |= rows.is_qualified.fill_null(False)
    return means & knows


def _at_least(amount: Any, bound: Any) -> Any:
    return (amount >= columns.literal(bound, MONEY)).fill_null(False)
