"""Does a product match a client? The signed table of ``policy.matching`` over all pairs at once (Art. 19, 22, 33)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import Any

import ibis

from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.contract.suitable import InvestorKind, MatchFact, MatchTest, Passing, StartedBy
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import number_of, place
from keepwell.policy.matching import CASES, DUTIES, Case, Duty
from keepwell.policy.suitability import Suitability

TOLD = (
    "client_id",
    "product_code",
    "risk_level",
    "is_lowest_class",
    "product_level",
    "product_level_at_most",
)


def matched(
    pairs: Any,
    client_suitability: Any,
    product_suitability: Any,
    client_mandate: Any,
    pack: Suitability,
    started_by: StartedBy,
    tests: Collection[MatchTest],
    as_of: dt.date,
) -> Any:
    """Each pair of a client and a product, of an amount or of none named, with its tests, the outcome and why.

    A test of which something is unknown does not pass. Whoever is not known not to be of the lowest class and has its
    level counts as of it.
    """
    sides = (
        pairs.join(client_suitability, "client_id")
        .join(product_suitability.drop("policy_version"), "product_code")
        .left_join(client_mandate, ["client_id", "product_kind"], rname="{name}_limited")
    )
    asks = sides.investor_kind == str(InvestorKind.PROFESSIONAL)
    bounded = sides.mutate(
        is_lowest=_may_be_lowest(sides, pack),
        is_exempt=asks if not pack.professional.is_matched else ibis.literal(False),
    )
    bound = bounded.mutate(product_level_at_most=_at_most(bounded, pack), is_lowest_class=bounded.is_lowest)
    tested = bound.mutate(**_tests(bound, tests))
    flagged = tested.mutate(**_facts(tested, pack, started_by, as_of))
    reasons = [(_fits(flagged, case), str(case.reason)) for case in CASES[:-1]]
    outcomes = [(_fits(flagged, case), str(case.outcome)) for case in CASES[:-1]]
    told = flagged.mutate(
        match_reason=ibis.cases(*reasons, else_=str(CASES[-1].reason)),
        outcome=ibis.cases(*outcomes, else_=str(CASES[-1].outcome)),
    )
    columns = [f"{test}_test" for test in MatchTest]
    return told.mutate(duties=_duties(told)).select(*TOLD, *columns, "outcome", "match_reason", "duties")


def _tests(bound: Any, tests: Collection[MatchTest]) -> dict[str, Any]:
    results = {MatchTest.LEVEL: _level(bound), MatchTest.TERM: _term(bound), MatchTest.KIND: _kind(bound)}
    return {
        f"{test}_test": _asked(result, bound.is_exempt, is_asked=test in tests)
        for test, result in results.items()
    }


def _facts(tested: Any, pack: Suitability, started_by: StartedBy, as_of: dt.date) -> dict[str, Any]:
    """What the table asks, each true or false; what nobody knows is false, as at the desk."""
    high = number_of(pack.high_risk.product_level_at_least)
    is_high = place(tested.product_level, ProductLevel) >= high
    has_limits = tested.is_permitted.notnull()
    facts = {
        MatchFact.IS_RATED: tested.product_level.notnull(),
        MatchFact.KIND_OUTSIDE: ~tested.is_permitted,
        MatchFact.QUOTA_EXCEEDED: (tested.left_amount <= 0) | (tested.amount > tested.left_amount),
        MatchFact.NO_HANDLER: has_limits & (tested.n_handlers == 0),
        MatchFact.ABOVE_AUTHORITY: tested.amount > tested.order_amount,
        MatchFact.HAS_REFUSED: tested.has_refused_facts,
        MatchFact.IS_EXEMPT: tested.is_exempt,
        MatchFact.IS_ASSESSED: tested.risk_level.isin([str(level) for level in RiskLevel]),
        MatchFact.IS_LOWEST: tested.is_lowest,
        MatchFact.ALL_PASS: _all_pass(tested),
        MatchFact.IS_MINOR: tested.age < pack.lowest_class.adult_age,
        MatchFact.IS_AGED_HIGH: is_high & (tested.age >= pack.vulnerable.second_person_age),
        MatchFact.HAS_EXPIRED: tested.valid_to < frames.day(as_of),
        MatchFact.BY_STAFF: ibis.literal(started_by is StartedBy.STAFF),
        MatchFact.IS_HIGH: is_high,
    }
    return {f"fact_{name}": holds.fill_null(False) for name, holds in facts.items()}


def _all_pass(tested: Any) -> Any:
    good = [str(one) for one in (Passing.PASSES, Passing.NOT_ASKED)]
    return reduce(and_, [tested[f"{test}_test"].isin(good) for test in MatchTest])


def _fits(rows: Any, asks: Case | Duty) -> Any:
    holds = [rows[f"fact_{name}"] for name in asks.holds]
    return reduce(and_, [*holds, *[~rows[f"fact_{name}"] for name in asks.holds_not]], ibis.literal(True))


def _duties(rows: Any) -> Any:
    """Codes of what is owed before the sale, in the order of the table, with blanks between."""
    owed = [
        ibis.cases(
            (rows.outcome.isin([str(one) for one in duty.outcomes]) & _fits(rows, duty), f"{duty.reason} "),
            else_="",
        )
        for duty in DUTIES
    ]
    return reduce(lambda one, other: one + other, owed).strip()


def _asked(result: Any, is_exempt: Any, *, is_asked: bool) -> Any:
    not_asked = ibis.literal(str(Passing.NOT_ASKED))
    return ibis.cases((is_exempt, not_asked), else_=result) if is_asked else not_asked


def _may_be_lowest(sides: Any, pack: Suitability) -> Any:
    is_level = (sides.risk_level == str(pack.lowest_class.risk_level)).fill_null(False)
    return ibis.coalesce(sides.is_lowest_class, is_level)


def _at_most(sides: Any, pack: Suitability) -> Any:
    return ibis.cases(
        (sides.is_lowest, str(pack.lowest_class.product_level_at_most)),
        *[(sides.risk_level == str(row.risk_level), str(row.product_level_at_most)) for row in pack.matching],
    )


def _passing(is_known: Any, passes: Any) -> Any:
    return ibis.cases(
        (~is_known.fill_null(False), str(Passing.UNKNOWN)),
        (passes.fill_null(False), str(Passing.PASSES)),
        else_=str(Passing.FAILS),
    )


def _level(sides: Any) -> Any:
    level, at_most = (
        place(sides.product_level, ProductLevel),
        place(sides.product_level_at_most, ProductLevel),
    )
    return _passing(level.notnull() & at_most.notnull(), level <= at_most)


def _term(sides: Any) -> Any:
    """What can be left on any day, or money without a limit, passes; else the days left are compared."""
    is_free = ~sides.is_term_bound | (~sides.has_term_limit).fill_null(False)
    fits = sides.term_days_left <= sides.term_days_at_most
    return _passing(is_free | fits.notnull(), is_free | fits.fill_null(False))


def _kind(sides: Any) -> Any:
    wished = ibis.literal(" ") + sides.kinds_wished + " "
    return _passing(wished.notnull(), wished.contains(ibis.literal(" ") + sides.product_kind + " "))
