"""What hangs on one record of a pair alone is reckoned once for the record, not once for every pair it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ibis
import ibis.expr.operations as ops

RIGHT = "right_"
PART = "once_{}"


def parted(told: dict[str, Any], facts: Any, paired: Callable[[Any], Any], name: str) -> tuple[Any, Any]:
    """``facts`` with such parts as columns more, to be noted under that name, and what is told of pairs of those.

    ``told`` are expressions over the row of ``paired(facts)``, which has the facts of the left record under their names
    and those of the right one under ``right_`` names.
    """
    pair, own = paired(facts), set(facts.columns)
    sides: dict[Any, frozenset[str]] = {}
    plain = {
        pair[side + fact].op(): facts[fact].op()
        for side in ("", RIGHT)
        for fact in own
        if side + fact in pair.columns
    }
    found = {
        node: node.replace(plain) for one in told.values() for node in _parts(one.op(), pair.op(), own, sides)
    }
    parts = {part: PART.format(nth) for nth, part in enumerate(dict.fromkeys(found.values()))}
    known = facts.mutate(**{column: part.to_expr() for part, column in parts.items()})
    wide = paired(ibis.table(known.schema(), name=name))
    new = {pair[column].op(): wide[column].op() for column in pair.columns}
    new |= {node: wide["".join(sides[node]) + parts[part]].op() for node, part in found.items()}
    return known, wide.select(**{column: one.op().replace(new).to_expr() for column, one in told.items()})


def _parts(node: Any, pair: Any, own: set[str], sides: dict[Any, frozenset[str]]) -> Iterator[Any]:
    """The largest parts of an expression that read one record only and are more than a fact or a constant."""
    if len(_sides(node, pair, own, sides)) == 1 and not isinstance(node, ops.Field):
        yield node
        return
    for child in _children(node):
        yield from _parts(child, pair, own, sides)


def _sides(node: Any, pair: Any, own: set[str], sides: dict[Any, frozenset[str]]) -> frozenset[str]:
    """Of which records an expression reads facts, by their prefix; ``pair`` for what belongs to the pair itself."""
    if node not in sides:
        if isinstance(node, ops.Field):
            name = node.name.removeprefix(RIGHT)
            side = RIGHT if node.name.startswith(RIGHT) else ""
            sides[node] = frozenset([side if name in own and node.rel == pair else "pair"])
        else:
            sides[node] = frozenset().union(*(_sides(one, pair, own, sides) for one in _children(node)))
    return sides[node]


def _children(node: Any) -> list[Any]:
    return [one for one in node.__children__ if isinstance(one, ops.Value)]
