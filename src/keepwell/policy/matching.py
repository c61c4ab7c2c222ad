"""Does a product match a client? One table for the engine, which joins it over all pairs, and the desk, which asks.

Three tests - level, term, kind - and what follows of who named the product first. ``CASES`` is read from above: the
first row all of whose facts hold decides. ``DUTIES`` says what is owed before the sale, open until it is on record.
Nothing here knows the time or reads a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keepwell.contract.codes import ProductKind, ProductLevel, RiskLevel
from keepwell.contract.reasons.matching import DutyReason, MatchReason, PassingReason
from keepwell.contract.schema import Text
from keepwell.contract.suitable import InvestorKind, MatchFact, MatchOutcome, MatchTest, Passing, StartedBy
from keepwell.policy.lookup import is_above, product_level_at_most
from keepwell.policy.suitability import Suitability

MATCH, FORBIDDEN = MatchOutcome.MATCH, MatchOutcome.FORBIDDEN
WARNED = MatchOutcome.MISMATCH_ALLOWED_WITH_WARNING


@dataclass(frozen=True)
class Mandate:
    """An institution's own limits: kinds it permits itself, what is left of a quota by kind, who may act today.

    Of ``idle_kinds`` nobody with authority may order anything; ``order_amounts`` is the most that one order may be, by
    the handler who may order most. A kind without an amount has no limit.
    """

    permitted_kinds: frozenset[ProductKind]
    left_amounts: Mapping[ProductKind, Decimal] = field(default_factory=dict)
    idle_kinds: frozenset[ProductKind] = frozenset()
    order_amounts: Mapping[ProductKind, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class ClientFacts:
    """What the tests ask about a client; None is what nobody knows, and what nobody knows does not pass."""

    risk_level: RiskLevel | None
    is_lowest_class: bool | None = None
    valid_to: date | None = None
    has_term_limit: bool | None = None
    term_days_at_most: int | None = None
    kinds_wished: frozenset[ProductKind] | None = None
    age: int | None = None
    investor_kind: InvestorKind = InvestorKind.ORDINARY
    has_refused_facts: bool = False
    mandate: Mandate | None = None


@dataclass(frozen=True)
class ProductFacts:
    """What the tests ask about a product: the level that counts (``product_suitability``), kind, term, amount."""

    product_level: ProductLevel | None
    product_kind: ProductKind
    is_term_bound: bool = False
    term_days_left: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Tested:
    """One of the three tests, and why it came out so; the reason's figures are the ``facts`` of the match."""

    test: MatchTest
    passing: Passing
    reason: PassingReason


@dataclass(frozen=True)
class Matched:
    """What follows, why and by which article, the three tests, and what is owed before the sale.

    ``facts`` holds every figure the sentences name: ``sentence(one.reason, matched.facts, language)``.
    """

    outcome: MatchOutcome
    reason: MatchReason
    article: Text
    tests: tuple[Tested, ...]
    duties: tuple[DutyReason, ...]
    facts: Mapping[str, Any]

    def still_owed(self, done: Collection[DutyReason]) -> tuple[DutyReason, ...]:
        """What keeps the sale open after what is ``done``; nothing owed and not forbidden means it may go on."""
        return tuple(one for one in self.duties if one not in done)


@dataclass(frozen=True)
class Case:
    """One row of the table: the facts that must hold, those that must not, what follows and by which article."""

    reason: MatchReason
    outcome: MatchOutcome
    article: Text
    holds: tuple[MatchFact, ...] = ()
    holds_not: tuple[MatchFact, ...] = ()

    def fits(self, facts: Mapping[MatchFact, bool]) -> bool:
        """Whether all facts of the row are as it asks."""
        return all(facts[one] for one in self.holds) and not any(facts[one] for one in self.holds_not)


@dataclass(frozen=True)
class Duty:
    """One thing owed: of which outcomes, and the facts that must hold and must not."""

    reason: DutyReason
    outcomes: tuple[MatchOutcome, ...]
    holds: tuple[MatchFact, ...] = ()
    holds_not: tuple[MatchFact, ...] = ()

    def fits(self, outcome: MatchOutcome, facts: Mapping[MatchFact, bool]) -> bool:
        """Whether it is owed."""
        is_so = all(facts[one] for one in self.holds) and not any(facts[one] for one in self.holds_not)
        return outcome in self.outcomes and is_so


def _article(numbers: str, beside: Text | None = None) -> Text:
    """Articles of the measure as the sentences write them, with another source where one is named."""
    en, zh = f"Art. {numbers}", f"第{numbers.replace(', ', '、')}条"
    return Text(f"{en}; {beside.en}", f"{zh}；{beside.zh}") if beside else Text(en, zh)


_OWN, _LAW = Text("its authorisation", "机构授权文件"), Text("Securities Law, Art. 88", "《证券法》第88条")
_FIRM, _GUIDE = Text("the firm's own rule", "公司规则"), Text("SAC guideline", "协会指引")
_F, _R = MatchFact, MatchReason

CASES: tuple[Case, ...] = (
    Case(_R.PRODUCT_NOT_RATED, FORBIDDEN, _article("15, 16"), holds_not=(_F.IS_RATED,)),
    Case(_R.KIND_OUTSIDE_MANDATE, FORBIDDEN, _article("22", _OWN), holds=(_F.KIND_OUTSIDE,)),
    Case(_R.QUOTA_EXCEEDED, FORBIDDEN, _article("22", _OWN), holds=(_F.QUOTA_EXCEEDED,)),
    Case(_R.NO_HANDLER, FORBIDDEN, _article("6, 22", _OWN), holds=(_F.NO_HANDLER,)),
    Case(_R.ABOVE_AUTHORITY, FORBIDDEN, _article("6, 22", _OWN), holds=(_F.ABOVE_AUTHORITY,)),
    Case(_R.FACTS_REFUSED, FORBIDDEN, _article("33", _LAW), holds=(_F.HAS_REFUSED,)),
    Case(_R.PROFESSIONAL, MATCH, _article("7"), holds=(_F.IS_EXEMPT,)),
    Case(_R.NOT_ASSESSED, FORBIDDEN, _article("33", _LAW), holds_not=(_F.IS_ASSESSED,)),
    Case(_R.LOWEST_CLASS, FORBIDDEN, _article("19, 22"), holds=(_F.IS_LOWEST,), holds_not=(_F.ALL_PASS,)),
    Case(_R.MINOR_STAFF, FORBIDDEN, _article("22", _GUIDE), holds=(_F.IS_MINOR, _F.BY_STAFF)),
    Case(_R.STAFF_STARTED, FORBIDDEN, _article("22"), holds=(_F.BY_STAFF,), holds_not=(_F.ALL_PASS,)),
    Case(_R.AGED_STAFF, FORBIDDEN, _article("20", _FIRM), holds=(_F.IS_AGED_HIGH, _F.BY_STAFF)),
    Case(_R.CLIENT_INSISTS, WARNED, _article("19, 25"), holds_not=(_F.ALL_PASS,)),
    Case(_R.EXPIRED_STAFF, FORBIDDEN, _article("13, 22"), holds=(_F.HAS_EXPIRED, _F.BY_STAFF)),
    Case(_R.EXPIRED_CLIENT, WARNED, _article("13, 19"), holds=(_F.HAS_EXPIRED,)),
    Case(_R.ALL_PASS, MATCH, _article("19")),
)
"""The table; the last row asks nothing, so that every pair has a row."""

DUTIES: tuple[Duty, ...] = (
    Duty(DutyReason.SIGNED_WARNING, (WARNED,)),
    Duty(DutyReason.LINKED_RECORDING, (WARNED,)),
    Duty(DutyReason.TIME_TO_CONSIDER, (MATCH, WARNED), holds=(_F.IS_HIGH,), holds_not=(_F.IS_EXEMPT,)),
    Duty(DutyReason.SECOND_PERSON, (MATCH, WARNED), holds=(_F.IS_AGED_HIGH,)),
)
"""What is owed before a sale that is not forbidden."""

SEVERAL = Text(", ", "、")


def matched(
    *,
    client: ClientFacts,
    product: ProductFacts,
    started_by: StartedBy,
    pack: Suitability,
    as_of: date,
    tests: Collection[MatchTest] = tuple(MatchTest),
) -> Matched:
    """Whether the product matches the client on the day, what follows, and what is owed before the sale.

    Whoever is not known not to be of the lowest class and has its level counts as of it. ``tests`` leaves out those of
    which nothing can be known.
    """
    is_lowest = counts_as_lowest(pack, client)
    at_most = product_level_at_most(pack, client.risk_level, is_lowest_class=is_lowest)
    is_exempt = client.investor_kind is InvestorKind.PROFESSIONAL and not pack.professional.is_matched
    found = {
        MatchTest.LEVEL: _level(product.product_level, at_most),
        MatchTest.TERM: _term(client, product),
        MatchTest.KIND: _kind(client.kinds_wished, product.product_kind),
    }
    asked = set() if is_exempt else set(tests)
    told = tuple(
        Tested(test, *(found[test] if test in asked else (Passing.NOT_ASKED, PassingReason.NOT_ASKED)))
        for test in MatchTest
    )
    facts = _facts(client, product, pack) | {
        MatchFact.IS_EXEMPT: is_exempt,
        MatchFact.IS_LOWEST: is_lowest,
        MatchFact.ALL_PASS: all(one.passing in (Passing.PASSES, Passing.NOT_ASKED) for one in told),
        MatchFact.HAS_EXPIRED: client.valid_to is not None and client.valid_to < as_of,
        MatchFact.BY_STAFF: started_by is StartedBy.STAFF,
    }
    case = next(one for one in CASES if one.fits(facts))
    duties = tuple(one.reason for one in DUTIES if one.fits(case.outcome, facts))
    figures = _figures(client, product, at_most, pack)
    return Matched(case.outcome, case.reason, case.article, told, duties, figures)


def counts_as_lowest(pack: Suitability, client: ClientFacts) -> bool:
    """Of the lowest class, or of its level and not known not to be."""
    if client.is_lowest_class is not None:
        return client.is_lowest_class
    return client.risk_level is pack.lowest_class.risk_level


def _facts(client: ClientFacts, product: ProductFacts, pack: Suitability) -> dict[MatchFact, bool]:
    level, high = product.product_level, pack.high_risk.product_level_at_least
    is_high = level is not None and not is_above(high, level)
    age = client.age
    return {
        **_own_limits(client.mandate, product),
        MatchFact.IS_RATED: level is not None,
        MatchFact.HAS_REFUSED: client.has_refused_facts,
        MatchFact.IS_ASSESSED: client.risk_level is not None,
        MatchFact.IS_MINOR: age is not None and age < pack.lowest_class.adult_age,
        MatchFact.IS_AGED_HIGH: is_high and age is not None and age >= pack.vulnerable.second_person_age,
        MatchFact.IS_HIGH: is_high,
    }


def _own_limits(mandate: Mandate | None, product: ProductFacts) -> dict[MatchFact, bool]:
    """What an institution's own authorisation says of the kind and the amount; nothing where it has none."""
    kind, own = product.product_kind, mandate or Mandate(frozenset({product.product_kind}))
    left = own.left_amounts.get(kind)
    return {
        MatchFact.KIND_OUTSIDE: kind not in own.permitted_kinds,
        MatchFact.QUOTA_EXCEEDED: _exceeds(product.amount, left) or (left is not None and left <= 0),
        MatchFact.NO_HANDLER: kind in own.idle_kinds,
        MatchFact.ABOVE_AUTHORITY: _exceeds(product.amount, own.order_amounts.get(kind)),
    }


def _exceeds(amount: Decimal | None, at_most: Decimal | None) -> bool:
    return amount is not None and at_most is not None and amount > at_most


def _level(level: ProductLevel | None, at_most: ProductLevel | None) -> tuple[Passing, PassingReason]:
    if level is None or at_most is None:
        return Passing.UNKNOWN, PassingReason.LEVEL_UNKNOWN
    if is_above(level, at_most):
        return Passing.FAILS, PassingReason.LEVEL_ABOVE
    return Passing.PASSES, PassingReason.LEVEL_FITS


def _term(client: ClientFacts, product: ProductFacts) -> tuple[Passing, PassingReason]:
    """What can be left on any day, or money without a limit, passes; else the days left are compared."""
    if not product.is_term_bound or client.has_term_limit is False:
        return Passing.PASSES, PassingReason.TERM_FREE
    if product.term_days_left is None or client.term_days_at_most is None:
        return Passing.UNKNOWN, PassingReason.TERM_UNKNOWN
    if product.term_days_left > client.term_days_at_most:
        return Passing.FAILS, PassingReason.TERM_TOO_LONG
    return Passing.PASSES, PassingReason.TERM_FITS


def _kind(wished: Collection[ProductKind] | None, kind: ProductKind) -> tuple[Passing, PassingReason]:
    if wished is None:
        return Passing.UNKNOWN, PassingReason.KIND_UNKNOWN
    if kind in wished:
        return Passing.PASSES, PassingReason.KIND_WISHED
    return Passing.FAILS, PassingReason.KIND_NOT_WISHED


def _figures(
    client: ClientFacts, product: ProductFacts, at_most: ProductLevel | None, pack: Suitability
) -> dict[str, Any]:
    wished = [kind.text for kind in ProductKind if kind in (client.kinds_wished or ())]
    return {
        "risk_level": client.risk_level and str(client.risk_level),
        "product_level": product.product_level and str(product.product_level),
        "product_level_at_most": at_most and str(at_most),
        "term_days_left": product.term_days_left,
        "term_days_at_most": client.term_days_at_most,
        "product_kind": product.product_kind,
        "kinds_wished": _listed(wished),
        "n_hours_to_consider": pack.high_risk.n_hours_to_consider,
        "second_person_age": pack.vulnerable.second_person_age,
        "order_amount": client.mandate and client.mandate.order_amounts.get(product.product_kind),
    }


def _listed(words: list[Text]) -> Text | None:
    if not words:
        return None
    return Text(SEVERAL.en.join(one.en for one in words), SEVERAL.zh.join(one.zh for one in words))
