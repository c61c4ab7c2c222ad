"""Does a product match a client? Three tests, and what follows of who named the product first (Art. 19, 22, 33)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import Any

import ibis

from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.contract.reasons.matching import MatchReason
from keepwell.contract.suitable import MatchOutcome, MatchTest, Passing, StartedBy
from keepwell.engine import frames
from keepwell.engine.suitability.rules.levels import place
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
    pack: Suitability,
    started_by: StartedBy,
    tests: Collection[MatchTest],
    as_of: dt.date,
) -> Any:
    """Each pair of a client and a product with its tests, the outcome and why.

    A test of which something is unknown does not pass. Whoever is not known not to be of the lowest class and has its
    level counts as of it.
    """
    sides = pairs.join(client_suitability, "client_id").join(
        product_suitability.drop("policy_version"), "product_code"
    )
    bounded = sides.mutate(is_lowest=_may_be_lowest(sides, pack))
    bound = bounded.mutate(product_level_at_most=_at_most(bounded, pack), is_lowest_class=bounded.is_lowest)
    results = {
        MatchTest.LEVEL: _level(bound),
        MatchTest.TERM: _term(bound),
        MatchTest.KIND: _kind(bound),
    }
    tested = bound.mutate(
        **{
            f"{test}_test": result if test in tests else ibis.literal(str(Passing.NOT_ASKED))
            for test, result in results.items()
        }
    )
    passes = reduce(and_, [tested[f"{test}_test"] == str(Passing.PASSES) for test in tests])
    told = tested.mutate(match_reason=_reason(tested, passes, started_by, as_of))
    columns = [f"{test}_test" for test in MatchTest]
    return told.mutate(outcome=_outcome(told.match_reason)).select(*TOLD, *columns, "outcome", "match_reason")


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


def _reason(tested: Any, passes: Any, started_by: StartedBy, as_of: dt.date) -> Any:
    """The first that holds; what forbids stands before what allows."""
    by_staff = started_by is StartedBy.STAFF
    has_expired = (tested.valid_to < frames.day(as_of)).fill_null(False)
    has_level = tested.risk_level.isin([str(level) for level in RiskLevel]).fill_null(False)
    return ibis.cases(
        (tested.product_level.isnull(), str(MatchReason.PRODUCT_NOT_RATED)),
        (~has_level, str(MatchReason.NOT_ASSESSED)),
        (tested.is_lowest & ~passes, str(MatchReason.LOWEST_CLASS)),
        (~passes, str(MatchReason.STAFF_STARTED if by_staff else MatchReason.CLIENT_INSISTS)),
        (has_expired, str(MatchReason.EXPIRED_STAFF if by_staff else MatchReason.EXPIRED_CLIENT)),
        else_=str(MatchReason.ALL_PASS),
    )


def _outcome(reason: Any) -> Any:
    allowed = [str(one) for one in (MatchReason.CLIENT_INSISTS, MatchReason.EXPIRED_CLIENT)]
    return ibis.cases(
        (reason == str(MatchReason.ALL_PASS), str(MatchOutcome.MATCH)),
        (reason.isin(allowed), str(MatchOutcome.MISMATCH_ALLOWED_WITH_WARNING)),
        else_=str(MatchOutcome.FORBIDDEN),
    )
