"""What lies before the cut, how many distinct days of it, and how accounts add up to clients."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.engine import frames

BLOCK = 60  # days whose marks fit one 64-bit integer with room for the sign


def known(events: Any, event_on: str, as_of: dt.date) -> Any:
    """Events dated and known no later than the cut: what became known afterwards never counts."""
    cut = frames.day(as_of)
    is_before = events[event_on] <= cut
    if "known_on" in events.columns:
        is_before = is_before & (events.known_on <= cut)
    return events.filter(is_before)


@ibis.udf.scalar.builtin(signature=((types.int64,), types.int8))
def bit_count(bits: int) -> int:
    """How many bits are set; the engine's own function, so there is nothing to return here."""
    raise NotImplementedError


def day_marks(on: Any, as_of: dt.date, n_days: int) -> dict[str, Any]:
    """Aggregates that mark each of the last ``n_days`` with an event as one bit, 60 days an integer.

    Distinct days are counted on these marks: no set of days a client is held in memory, and marks of several
    accounts unite by OR, so that a day on two accounts counts once.
    """
    ago = frames.days_between(frames.day(as_of), on)
    mark = ibis.literal(1) << (ago.abs() % BLOCK)
    return {
        f"marks_{block}": mark.bit_or(where=(ago >= block * BLOCK) & (ago < (block + 1) * BLOCK))
        for block in range(-(-n_days // BLOCK))
    }


def n_marked(marks: Any, first: int, last: int) -> Any:
    """Distinct days marked from ``first`` to ``last`` days before the cut, both included; 0 is the cut itself."""
    count = ibis.literal(0).cast("int64")
    for block in range(first // BLOCK, last // BLOCK + 1):
        low, high = max(first - block * BLOCK, 0), min(last - block * BLOCK, BLOCK - 1)
        mask = ((1 << (high + 1)) - 1) ^ ((1 << low) - 1)
        count += bit_count(marks[f"marks_{block}"].fill_null(0) & mask).cast("int64")
    return count


def by_client(by_account: Any, client_account: Any) -> Any:
    """Figures by account added up to clients: marks united, latest and largest taken, the rest summed."""
    owned = by_account.join(client_account.select("account_code", "client_id"), "account_code")
    names = [name for name in by_account.columns if name != "account_code"]
    return owned.group_by("client_id").agg(**{name: _united(owned[name], name) for name in names})


def _united(column: Any, name: str) -> Any:
    if name.startswith("marks_"):
        return column.bit_or()
    return column.max() if name.startswith("last_") else column.sum()
