"""What groups of clients lose, and who waits in the pool: told from the proposal, read by no score."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract.allocation import AllocationGroup, AllocationPool
from keepwell.contract.codes import Population
from keepwell.contract.reasons.allocation import PoolReason
from keepwell.contract.serving import GroupKind
from keepwell.engine import frames

AGES = (30, 45, 60, 75)
YEARS = (1, 3, 5, 10)
SHARE = types.Decimal(18, 6)
WAITING = (
    (Population.NEVER_FUNDED, PoolReason.NEVER_FUNDED),
    (Population.NOT_YET_OPENED, PoolReason.NOT_YET_OPENED),
    (Population.CLOSED, PoolReason.CLOSED),
)


def allocation_pool(client: Any, allocation_use: Any, allocation_proposal: Any) -> Any:
    """Never funded and closed clients, those whom nobody may serve, and those untouched for too long (R002, R057)."""
    reason = ibis.cases(*((client.population == str(kind), str(why)) for kind, why in WAITING))
    apart = client.mutate(pool_reason=reason).filter(reason.notnull())
    waiting = apart.select(
        "client_id",
        "manager_code",
        "pool_reason",
        branch_code="home_branch_code",
        n_days_untouched=ibis.null("int64"),
    )
    placed = allocation_use.join(
        allocation_proposal.select("client_id", proposed_code="manager_code"), "client_id"
    )
    why = ibis.cases(
        (placed.proposed_code.isnull(), str(PoolReason.UNPLACED)),
        (placed.is_untouched, str(PoolReason.UNTOUCHED)),
    )
    found = placed.mutate(pool_reason=why).filter(why.notnull())
    names = AllocationPool.names()
    return waiting.select(*names).union(found.select(*names))


def allocation_group(
    client: Any, branch: Any, allocation_use: Any, allocation_proposal: Any, as_of: dt.date
) -> Any:
    """Mean score, mean of the best score and the loss between them, for each group over the firm (R043)."""
    facts = _facts(client, branch, allocation_use, allocation_proposal)
    groups = {
        GroupKind.BRANCH: facts.branch_code,
        GroupKind.REGION: facts.region,
        GroupKind.CITY_TIER: facts.city_tier,
        GroupKind.GRADE: facts.grade,
        GroupKind.AGE: _spans(facts.birth_on, AGES, as_of),
        GroupKind.SEX: facts.sex,
        GroupKind.TENURE: _spans(facts.opened_on, YEARS, as_of),
    }
    parts = [_by(facts, str(kind), value) for kind, value in groups.items()]
    return ibis.union(*parts).select(*AllocationGroup.names())


def _facts(client: Any, branch: Any, allocation_use: Any, allocation_proposal: Any) -> Any:
    who = client.select("client_id", "birth_on", "sex", "opened_on")
    places = branch.select("branch_code", "region", "city_tier")
    graded = allocation_use.select("client_id", "grade")
    told = allocation_proposal.select("client_id", "branch_code", "is_change", "score", "best_score")
    return told.join(who, "client_id").join(graded, "client_id").left_join(places, "branch_code")


def _spans(day: Any, years: tuple[int, ...], as_of: dt.date) -> Any:
    """From which of some numbers of years on a day lies back: under_30, from_30 …"""
    cases = [
        (frames.months_after(day, 12 * n) <= frames.day(as_of), f"from_{n}")
        for n in sorted(years, reverse=True)
    ]
    return ibis.cases((day.isnull(), ibis.null("string")), *cases, else_=f"under_{min(years)}")


def _by(facts: Any, kind: str, value: Any) -> Any:
    """The means of a grouping as sums over counts; who is not told of counts as unknown."""
    rows = facts.mutate(group_kind=ibis.literal(kind), group_value=value.fill_null("unknown"))
    sums = rows.group_by("group_kind", "group_value").agg(
        n_clients=rows.count(),
        n_changes=rows.is_change.sum(),
        n_scored=rows.score.count(),
        score=frames.total(rows.score),
        best=frames.total(rows.best_score),
    )
    return sums.mutate(
        mean_score=frames.ratio(sums.score, sums.n_scored),
        mean_best=frames.ratio(sums.best, sums.n_scored),
        mean_loss=frames.ratio(sums.best - sums.score, sums.n_scored),
    )
