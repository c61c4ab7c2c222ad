"""What the gate of products shows: the client's suitability, the verdict on a product, what may be named instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.codes import ProductKind
from keepwell.contract.reasons.matching import DutyReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.schema import Code
from keepwell.contract.suitability import ClientSuitability, ProductSuitability, SuitabilityFlag
from keepwell.contract.suitable import MatchOutcome, Passing, StartedBy
from keepwell.contract.verdict import Verdict
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import records
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates import queries, rules
from keepwell.desk.gates.models import OpenMatch
from keepwell.desk.gates.queries import Named, Suited
from keepwell.desk.gates.signed import desk_day, desk_instant, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.policy.matching import Matched
from keepwell.policy.suitability import Suitability

TONES = {Passing.PASSES: "good", Passing.FAILS: "bad", Passing.UNKNOWN: "warning", Passing.NOT_ASKED: "plain"}
OUTCOMES = {
    MatchOutcome.MATCH: "good",
    MatchOutcome.MISMATCH_ALLOWED_WITH_WARNING: "warning",
    MatchOutcome.FORBIDDEN: "bad",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """What a check stands on: the client as the run knows it, the day, the signed pack."""

    line: ClientLine
    generation: Generation
    on: dt.date
    pack: Suitability
    suited: Suited | None

    @classmethod
    def of(cls, line: ClientLine, generation: Generation) -> Gate:
        """The gate before one client."""
        on = desk_day(generation)
        pack = packs(generation, on).suitability
        return cls(line, generation, on, pack, queries.suited(generation.run_id, line.client_id, on))

    @property
    def has_limits(self) -> bool:
        """Whether it is an institution with limits of its own, so that an amount is asked about."""
        return self.suited is not None and self.suited.facts.mandate is not None

    @property
    def policy(self) -> str:
        """The pack and its version."""
        return f"{self.pack.header.id} {self.pack.version}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A product that was asked about, what came out, and how many others may be named."""

    product: Named
    started_by: StartedBy
    found: Matched
    verdict: Verdict
    n_found: int
    others: list[Named]


def check(gate: Gate, product: Named, started_by: StartedBy, amount: Decimal | None = None) -> Checked | None:
    """Ask the table about the client and the product; `None` where the run knows nothing of the client.

    An amount is asked about where an institution's own limits bound it.
    """
    if gate.suited is None:
        return None
    facts = gate.suited.facts
    found = queries.judged(facts, product, started_by, gate.pack, gate.on, amount)
    is_match = found.outcome is MatchOutcome.MATCH
    n_found, others = (0, []) if is_match else queries.fitting(facts, gate.pack, gate.on)
    verdict = rules.may_name(found, started_by, n_found, facts.valid_to, gate.on)
    return Checked(product, started_by, found, verdict, n_found, others)


def told(checked: Checked) -> dict[str, Any]:
    """The result in words: outcome, why and by which article, the three tests, what is owed."""
    found, tag = checked.found, language()
    return {
        "product": checked.product,
        "level": level_of(checked.product),
        "level_reason": sentence(
            _code(ProductSuitability, "level_reason", checked.product.row.level_reason),
            {name: getattr(checked.product.row, name) for name in checked.product.row.stored},
            tag,
        ),
        "started_by": lazy_text(checked.started_by.text),
        "outcome": found.outcome.text.in_language(tag),
        "tone": OUTCOMES[found.outcome],
        "is_match": found.outcome is MatchOutcome.MATCH,
        "verdict": checked.verdict,
        "why": sentence(found.reason, found.facts, tag),
        "article": found.article.in_language(tag),
        "tests": [
            {
                "label": one.test.text.in_language(tag),
                "passing": one.passing.text.in_language(tag),
                "tone": TONES[one.passing],
                "sentence": sentence(one.reason, found.facts, tag),
            }
            for one in found.tests
        ],
        "duties": [sentence(one, found.facts, tag) for one in found.duties],
        "n_found": checked.n_found,
        "others": [(one, level_of(one), kind_of(one)) for one in checked.others],
        "levels": rules.levels_to(found.facts["product_level_at_most"]),
    }


def offered(line: ClientLine, code: str, generation: Generation) -> dict[str, Any] | None:
    """The gate's word on a product that the desk itself names to staff: as if staff named it first.

    `None` where neither the product's level nor the client's suitability is known to the run.
    """
    product = queries.named(code)
    if product is None:
        return None
    checked = check(Gate.of(line, generation), product, StartedBy.STAFF)
    if checked is None:
        return None
    return told(checked) | {"link": f"{reverse('gates:match_client', args=[line.client_id])}?product={code}"}


def level_of(product: Named) -> str:
    """The level a product counts with, in words."""
    return code_text(ProductSuitability, "product_level", product.row.product_level)


def kind_of(product: Named) -> str:
    """The kind of a product, in words."""
    return code_text(ProductSuitability, "product_kind", product.row.product_kind)


def _code(table: type[Any], column: str, value: str) -> Code:
    codes = table.columns[column].codes
    found: Code = codes.of(value)
    return found


def suitability(gate: Gate) -> dict[str, Any] | None:
    """What the client can bear, as facts and sentences; `None` where the run has no row."""
    if gate.suited is None:
        return None
    row, tag = gate.suited.row, language()
    ended = row["valid_to"] is not None and row["valid_to"] < gate.on
    return {
        "level": code_text(ClientSuitability, "risk_level", row["risk_level"]),
        "score": row["declared_score"],
        "computed": code_text(ClientSuitability, "computed_level", row["computed_level"]),
        "computed_score": row["computed_score"],
        "differs": row["computed_level"] is not None and row["computed_level"] != row["risk_level"],
        "assessed_on": row["assessed_on"],
        "valid_to": row["valid_to"],
        "is_ended": ended,
        "is_none": row["risk_level"] is None,
        "is_lowest": bool(row["is_lowest_class"]),
        "at_most": row["product_level_at_most"],
        "levels": rules.levels_to(row["product_level_at_most"]) if row["product_level_at_most"] else "",
        "kind": code_text(ClientSuitability, "investor_kind", row["investor_kind"]),
        "term": _term(row),
        "kinds": kinds(row["kinds_wished"]),
        "level_reason": sentence(_code(ClientSuitability, "level_reason", row["level_reason"]), row, tag),
        "lowest_reason": sentence(_code(ClientSuitability, "lowest_reason", row["lowest_reason"]), row, tag),
        "flags": [
            (
                code_text(SuitabilityFlag, "flag_kind", flag["flag_kind"]),
                sentence(_code(SuitabilityFlag, "flag_reason", flag["flag_reason"]), flag, tag),
            )
            for flag in gate.suited.flags
        ],
        "policy": row["policy_version"],
    }


def _term(row: queries.Row) -> str:
    if row["has_term_limit"] is None:
        return ""
    if not row["has_term_limit"]:
        return _("no limit")
    n = row["term_days_at_most"]
    return "" if n is None else ngettext("%(n)s day", "%(n)s days", n) % {"n": formats.number(n)}


def kinds(wished: str | None) -> str:
    """The kinds a client wishes, in words; empty where nobody knows."""
    tag = language()
    between = "、" if tag.startswith("zh") else ", "
    return between.join(ProductKind.of(one).text.in_language(tag) for one in (wished or "").split())


def asked(gate: Gate, user: User) -> list[dict[str, Any]]:
    """What the client asked for although it did not match, each with what is still owed, and whether it may go on."""
    at = desk_instant(gate.generation, timezone.now())
    rows = queries.open_matches([row.record_code for row in records(gate.line)])
    products = queries.all_named({row.product_code for row in rows})
    return [
        _asked(row, rules.may_go_on(row, by_now(gate, products.get(row.product_code)), gate.on), user, at)
        for row in rows
    ]


def _asked(row: OpenMatch, goes_on: Verdict, user: User, at: dt.datetime) -> dict[str, Any]:
    owed = [sentence(duty, row.figures, language()) for duty in rules.still_owed(row, at)]
    if row.staff_named_at and not row.seen_at:
        owed.append(named_first(row))
    is_second = bool(goes_on) and rules.needs_second(row)
    return {
        "row": row,
        "owed": owed,
        "goes_on": goes_on,
        "may_record": bool(goes_on) and row.recorded_at is None and DutyReason.SIGNED_WARNING in row.duties,
        "second": rules.may_second(row, user) if is_second else None,
        "second_id": f"second-{row.pk}",
        "until": rules.considered_at(row) if DutyReason.TIME_TO_CONSIDER in row.duties else None,
    }


def named_first(row: OpenMatch) -> str:
    """That staff had named the product by the record, so that somebody looks whose wish it is."""
    told = {"at": timezone.localtime(row.staff_named_at), "name": row.staff_named_by_name}
    said = _(
        "On %(at)s %(name)s checked it as named by staff: a second person looks whether the wish is the client's own "
        "(Art. 22)."
    )
    return said % (told | {"at": f"{told['at']:%Y-%m-%d %H:%M}"})


def by_now(gate: Gate, product: Named | None) -> Matched | None:
    """What the table says of the client's wish today; `None` where the run knows the product or the client no more."""
    if gate.suited is None or product is None:
        return None
    return queries.judged(gate.suited.facts, product, StartedBy.CLIENT, gate.pack, gate.on)


def record_of(line: ClientLine) -> str:
    """The customer number that an act of this gate concerns: the oldest."""
    return next((row.record_code for row in records(line)), "")


def asked_on(row: OpenMatch) -> dt.date:
    """The day of the client's wish."""
    return timezone.localtime(row.asked_at).date()
