"""What a chart shows: data for the drawing, the same data as a table, and a sentence for those who listen.

A chart is made from values the run decided; nothing is computed here but the layout of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars; `None` is a gap, never a zero.

    `role` picks colour and dash: `subject` (accent), `comparison` (grey), `threshold` (amber, dashed),
    `change` (bars red above zero and green below, or the other way round by the reader's setting).
    """

    name: str
    values: Sequence[Value]
    role: Literal["subject", "comparison", "threshold", "change"] = "subject"
    kind: Literal["line", "bar"] = "line"
    area: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by kind, with its table and its sentence. Make one with the functions below."""

    kind: Literal["axes", "bars", "grid", "sankey", "lorenz"]
    sentence: str
    data: dict[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    height: Literal["low", "middle", "high"] = "middle"
    unit: str = ""
    notes: Sequence[str] = field(default_factory=tuple)


def axes(
    sentence: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    first: str = "",
    height: Literal["low", "middle", "high"] = "middle",
) -> Chart:
    """Lines and columns over categories (months, days): at most four series; `first` heads the table's categories.

    Raises `ValueError` on more than four series or on lengths that differ.
    """
    if len(series) > 4:
        raise ValueError(f"a chart shows at most four series, not {len(series)}")
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(
                f"series {one.name!r} has {len(one.values)} values for {len(categories)} categories"
            )
    data = {
        "categories": [str(name) for name in categories],
        "series": [
            {"name": str(s.name), "values": list(s.values), "role": s.role, "kind": s.kind, "area": s.area}
            for s in series
        ],
    }
    rows = [[name, *(one.values[at] for one in series)] for at, name in enumerate(categories)]
    return Chart("axes", sentence, data, [first, *(s.name for s in series)], rows, height, unit)


def bars(
    sentence: str,
    items: Sequence[tuple[str, Value]],
    *,
    unit: str = "",
    first: str = "",
    second: str = "",
    mark: float | None = None,
    height: Literal["low", "middle", "high"] = "middle",
) -> Chart:
    """Horizontal bars from zero, in the given order; `mark` draws a threshold across them."""
    data = {"items": [[str(name), value] for name, value in items], "mark": mark}
    return Chart("bars", sentence, data, [first, second], [list(item) for item in items], height, unit)


def grid(
    sentence: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[Value]],
    *,
    unit: str = "",
    first: str = "",
) -> Chart:
    """A one-colour grid with the numbers written in it; `values[row][column]`."""
    data = {
        "rows": [str(name) for name in rows],
        "columns": [str(name) for name in columns],
        "values": [list(line) for line in values],
    }
    table = [[name, *line] for name, line in zip(rows, values, strict=True)]
    return Chart("grid", sentence, data, [first, *columns], table, "middle", unit)


def sankey(
    sentence: str,
    flows: Sequence[tuple[str, str, float]],
    *,
    unit: str = "",
    head: Sequence[str] = (),
) -> Chart:
    """Who moved where: flows `(from, to, how many)`; the two sides are kept apart though names repeat."""
    left = list(dict.fromkeys(source for source, _to, _n in flows))
    right = list(dict.fromkeys(target for _from, target, _n in flows))
    data = {
        "left": [str(name) for name in left],
        "right": [str(name) for name in right],
        "flows": [[left.index(a), right.index(b), n] for a, b, n in flows],
    }
    head = head or (str(_("From")), str(_("To")), str(_("Count")))
    return Chart("sankey", sentence, data, head, [list(flow) for flow in flows], "middle", unit)


def lorenz(
    sentence: str,
    curves: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    *,
    head: Sequence[str] = (),
) -> Chart:
    """Lorenz curves (first the subject, then the comparison) over the diagonal; points `(share, share)`."""
    data = {"curves": [[str(name), [list(point) for point in points]] for name, points in curves]}
    rows = [[name, *point] for name, points in curves for point in points]
    head = head or (str(_("Curve")), str(_("Share of people")), str(_("Share of the whole")))
    return Chart("lorenz", sentence, data, head, rows, "middle")
