"""Who moved: a Sankey of the largest moves between classes, the same as a table, and states from then to now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.codes import ActivityState, Grade
from keepwell.desk.classes import naming
from keepwell.desk.classes.naming import CELLS, OUTSIDE, Cell
from keepwell.desk.classes.queries import NONE, Held, Moved
from keepwell.desk.ui import charts, formats

MOST = 12
ORDER = {cell: place for place, cell in enumerate((*CELLS, OUTSIDE))}
STATES = tuple(map(str, ActivityState))


@dataclass(slots=True)
class Flow:
    """Clients who went from one class to another."""

    then: Cell
    now: Cell
    n: int = 0
    assets: Decimal | None = Decimal(0)


def between(moved: Iterable[Moved]) -> list[Flow]:
    """Moves between classes, the largest first; who changed the state alone is not among them."""
    found: dict[tuple[Cell, Cell], Flow] = {}
    for move in moved:
        if move.then != move.now:
            flow = found.setdefault((move.then, move.now), Flow(move.then, move.now))
            flow.n += move.n
            flow.assets = None if flow.assets is None or move.assets is None else flow.assets + move.assets
    return sorted(found.values(), key=lambda flow: (-flow.n, ORDER[flow.then], ORDER[flow.now]))


def told(flows: Sequence[Flow]) -> list[dict[str, Any]]:
    """Flows as lines of a table, each with its clients."""
    return [
        {
            "then": naming.name_of(flow.then, is_before=True),
            "now": naming.name_of(flow.now, is_before=False),
            "n": flow.n,
            "assets": flow.assets,
            "way": way_of(flow),
            "link": naming.moved_list(flow.then, flow.now),
        }
        for flow in flows
    ]


def way_of(flow: Flow) -> str:
    """Whether the grade rose or fell; nothing where it stayed."""
    if OUTSIDE in (flow.then, flow.now):
        return ""
    ranks = list(map(str, Grade))
    by = ranks.index(flow.then[0]) - ranks.index(flow.now[0])
    return "up" if by > 0 else "down" if by < 0 else ""


def drawn(flows: Sequence[Flow]) -> charts.Chart | None:
    """The largest flows as a Sankey, classes in their order on both sides."""
    if not flows:
        return None
    largest = sorted(flows[:MOST], key=lambda flow: (ORDER[flow.then], ORDER[flow.now]))
    rows = [
        (naming.name_of(flow.then, is_before=True), naming.name_of(flow.now, is_before=False), flow.n)
        for flow in largest
    ]
    return charts.sankey(sentence(flows), rows, head=(_("Class before"), _("Class now"), _("Clients")))


def sentence(flows: Sequence[Flow]) -> str:
    """How many moved, how many of them up and down, and the largest of the moves."""
    n, up, down = n_moved(flows), n_moved(flows, "up"), n_moved(flows, "down")
    largest = flows[0]
    moved = ngettext("%(n)s client is in another class", "%(n)s clients are in another class", n)
    told = _("%(moved)s: grade up %(up)s, down %(down)s. Most went from %(then)s to %(now)s (%(most)s).")
    return told % {
        "moved": moved % {"n": formats.number(n)},
        "up": formats.number(up),
        "down": formats.number(down),
        "then": naming.name_of(largest.then, is_before=True),
        "now": naming.name_of(largest.now, is_before=False),
        "most": formats.number(largest.n),
    }


def n_moved(flows: Iterable[Flow], way: str = "") -> int:
    """How many moved, all of them or one way."""
    return sum(flow.n for flow in flows if not way or way_of(flow) == way)


def rest(flows: Sequence[Flow]) -> str:
    """What the picture and the table leave out."""
    left = flows[MOST:]
    if not left:
        return ""
    kinds = ngettext(
        "%(kinds)s more kind of move", "%(kinds)s more kinds of moves", len(left)
    ) % {"kinds": formats.number(len(left))}  # fmt: skip
    clients = ngettext("%(n)s client", "%(n)s clients", n_moved(left)) % {"n": formats.number(n_moved(left))}
    return f"{kinds} · {clients}"


def states(held: Iterable[Held], moved: Iterable[Moved]) -> dict[str, Any]:
    """States then by states now: who moved with the way to their list, who stayed on the diagonal."""
    n_now: dict[str, int] = {}
    for row in held:
        n_now[row.activity_state] = n_now.get(row.activity_state, 0) + row.n
    found: dict[tuple[str, str], int] = {}
    for move in moved:
        pair = move.before_activity_state, move.activity_state
        if pair[0] != pair[1]:
            found[pair] = found.get(pair, 0) + move.n

    def count(then: str, now: str) -> dict[str, Any]:
        if then != now:
            return {"n": found.get((then, now), 0), "link": naming.moved_states(then, now)}
        came = sum(n for (_before, after), n in found.items() if after == now)
        return {"n": max(0, n_now.get(now, 0) - came), "link": "", "is_stayed": True}

    return {
        "columns": [naming.state_of(now, is_before=False) for now in (*STATES, NONE)],
        "rows": [
            (
                naming.state_of(then, is_before=True),
                [count(then, now) for now in (*STATES, NONE) if (then, now) != (NONE, NONE)],
            )
            for then in (*STATES, NONE)
        ],
    }
