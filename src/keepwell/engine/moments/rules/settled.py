"""What people made of an occasion: it is over, or put off for a while (R104)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import TaskOutcome
from keepwell.engine import frames

CLOSING = (str(TaskOutcome.REACHED), str(TaskOutcome.DONE), str(TaskOutcome.SKIPPED))
KEYS = ["client_id", "rule", "occasion"]
BY_PEOPLE = ("settled_as", "settled_reason", "settled_at", "settled_by", "put_off_until_on")


def settled(returned_outcome: Any, client_record: Any) -> Any:
    """The last outcome of each occasion, under the client who has the customer number now; none if it was undone."""
    acts = frames.routed(returned_outcome, client_record)
    place = ibis.row_number().over(
        group_by=KEYS, order_by=[acts.decided_at.desc(), acts.record_code, acts.item_key]
    )
    ranked = acts.mutate(place=place)
    last = ranked.filter((ranked.place == 0) & (ranked.outcome != str(TaskOutcome.UNDONE)))
    return last.select(
        *KEYS,
        settled_as="outcome",
        settled_reason="reason",
        settled_at="decided_at",
        settled_by="staff_code",
        put_off_until_on="until_on",
    )


def marked(fired: Any, outcomes: Any, as_of: dt.date) -> Any:
    """Occasions with what people made of their task: settled ones are over, put off ones stay at least until then."""
    acts = outcomes.rename({f"act_{name}": name for name in KEYS})
    tasks = ("client_id", "task_rule", "task_occasion")
    same = [fired[task] == acts[f"act_{name}"] for task, name in zip(tasks, KEYS, strict=True)]
    rows = fired.left_join(acts, same).drop(*(f"act_{name}" for name in KEYS))
    is_over = rows.settled_as.isin(CLOSING).fill_null(False)
    waits = ~is_over & rows.put_off_until_on.notnull()
    expires_on = ibis.cases(
        (waits, ibis.greatest(rows.expires_on, rows.put_off_until_on)), else_=rows.expires_on
    )
    stays = waits & (rows.put_off_until_on >= frames.day(as_of)).fill_null(False)
    return rows.mutate(
        is_open=(rows.is_open | stays) & ~is_over,
        expires_on=expires_on,
        put_off_until_on=ibis.cases((waits, rows.put_off_until_on)),
    )
