"""What is to be mended: by client with a date and an order, and summed over branches (R006, R008; Art. 51)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import Population
from keepwell.contract.features import ClientFeature
from keepwell.contract.quality import GapKind
from keepwell.engine import columns, frames
from keepwell.policy.packs import Packs
from keepwell.policy.remediation import Assets, Existing
from keepwell.policy.remediation import Remediation as Signed

OPEN = (Population.EXISTING, Population.NEVER_FUNDED)
COUNTED = {
    "n_missing": GapKind.MISSING,
    "n_expired": GapKind.EXPIRED,
    "n_misread": GapKind.MISREAD,
    "n_differing": GapKind.DIFFERS,
}
DRAWN_FROM = 4  # places of the hash by which a batch is drawn
N_DRAWN = 16**DRAWN_FROM


def remediation(client: Any, client_feature: Any, data_gap: Any, packs: Packs) -> Any:
    """One row a client with a gap; a date for those who were clients before the measure and lack what it asks for.

    The order of work is signed: points of the gaps and points of the assets. The date is the batch's alone.
    """
    signed = packs.remediation
    counted = data_gap.group_by("client_id").agg(
        **{name: (data_gap.gap_kind == str(kind)).sum() for name, kind in COUNTED.items()},
        n_required=data_gap.is_required.sum(),
    )
    facts = client_feature.select("client_id", "assets_amount")
    dated = client.select("client_id", "opened_on", drawn_on=_drawn(client.client_id, signed.existing))
    rows = counted.join(dated, "client_id").left_join(facts, "client_id").drop("client_id_right")
    is_due = _was_there(rows.opened_on, signed.existing) & (rows.n_required > 0)
    return rows.select(
        "client_id",
        *COUNTED,
        fix_minutes=_weighed(rows, signed, "n_minutes"),
        worth_points=_weighed(rows, signed, "n_points") + _points(rows.assets_amount, signed.assets),
        due_on=ibis.cases((is_due, rows.drawn_on), else_=ibis.null("date")),
    )


def remediation_statistic(client: Any, remediation: Any, packs: Packs) -> Any:
    """Clients of before the measure by branch and date; whole is who has no date left to meet."""
    existing = packs.remediation.existing
    there = _open(client).filter(lambda rows: _was_there(rows.opened_on, existing))
    drawn = there.select("client_id", "branch_code", due_on=_drawn(there.client_id, existing))
    still = remediation.filter(remediation.due_on.notnull()).select(
        "client_id", is_still=ibis.literal(value=True)
    )
    rows = drawn.left_join(still, "client_id").drop("client_id_right")
    return rows.group_by("branch_code", "due_on").agg(
        n_clients=rows.count(), n_done=rows.is_still.isnull().sum()
    )


def branch_quality(client: Any, remediation: Any) -> Any:
    """Open clients of each branch, those with a gap, the gaps by kind, and how long mending takes."""
    sums = (*COUNTED, "fix_minutes")
    gaps = remediation.select("client_id", *sums, has_gap=ibis.literal(value=True))
    rows = _open(client).left_join(gaps, "client_id").drop("client_id_right")
    return rows.group_by("branch_code").agg(
        n_clients=rows.count(),
        n_to_mend=rows.has_gap.notnull().sum(),
        **{name: rows[name].sum().fill_null(0).cast("int64") for name in sums},
    )


def gap_statistic(client: Any, data_gap: Any) -> Any:
    """Gaps of each branch by fact and kind."""
    rows = data_gap.join(_open(client), "client_id")
    return rows.group_by("branch_code", "golden_field", "gap_kind").agg(n_clients=rows.count())


def _open(client: Any) -> Any:
    rows = client.filter(client.population.isin([str(one) for one in OPEN]))
    return rows.select("client_id", "opened_on", branch_code="home_branch_code")


def _was_there(opened_on: Any, existing: Existing) -> Any:
    return opened_on < frames.day(existing.opened_before_on)


def _drawn(client_id: Any, existing: Existing) -> Any:
    """The day of the batch a client is drawn to: by a hash of the number, so that nothing else can be read from it."""
    *earlier, last = existing.days
    mark = (ibis.literal("remediation:") + client_id).hexdigest("sha256").left(DRAWN_FROM)
    cuts = [
        (mark < f"{N_DRAWN * nth // len(existing.days):0{DRAWN_FROM}x}", frames.day(day))
        for nth, day in enumerate(earlier, start=1)
    ]
    return ibis.cases(*cuts, else_=frames.day(last)) if cuts else frames.day(last)


def _weighed(rows: Any, signed: Signed, weight: str) -> Any:
    """The gaps of each kind, each with its signed weight."""
    total = ibis.literal(0).cast("int64")
    for name, kind in COUNTED.items():
        total = total + rows[name] * getattr(signed.fix_of(str(kind)), weight)
    return total.cast("int64")


def _points(assets: Any, steps: tuple[Assets, ...]) -> Any:
    """Points for assets: the first step that is reached; none where they are unknown."""
    column = ClientFeature.columns["assets_amount"]
    reached = [
        (
            assets >= columns.literal(step.assets_at_least_amount, column),
            ibis.literal(step.n_points).cast("int64"),
        )
        for step in steps
    ]
    none = ibis.literal(0).cast("int64")
    return ibis.cases(*reached, else_=none) if reached else none
