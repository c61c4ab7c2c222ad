"""Assets and money moved at month ends as one chart: on the card and on every overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.features import ClientMonth
from keepwell.desk.clients.sentences import language
from keepwell.desk.columns import undelivered
from keepwell.desk.ui import charts, formats

Month = Mapping[str, Any]
N_MONTHS = 12


def of(months: Sequence[Month]) -> charts.Chart | None:
    """The last twelve: assets as a line, money moved net as bars; the undelivered is a gap, `None` when all is."""
    months = sorted(months, key=lambda row: row["month_on"])[-N_MONTHS:]
    moved = [_net(row) for row in months]
    known = [amount for amount in (*moved, *(row["assets_amount"] for row in months)) if amount is not None]
    if not known:
        return None
    divisor, unit = formats.axis_unit(max(map(abs, known)), language())

    def scaled(amount: Decimal | None) -> float | None:
        return None if amount is None else round(float(amount / divisor), 2)

    return charts.axes(
        _told(months[0], months[-1]),
        [row["month_on"].strftime("%Y-%m") for row in months],
        [
            charts.Series(_("Assets"), [scaled(row["assets_amount"]) for row in months], area=True),
            charts.Series(
                _("Money in less out"), [scaled(amount) for amount in moved], role="change", kind="bar"
            ),
        ],
        unit=unit,
        first=_("Month"),
    )


def _net(row: Month) -> Decimal | None:
    into, out = row["inflow_amount"], row["outflow_amount"]
    return None if into is None or out is None else into - out


def _told(first: Month, last: Month) -> str:
    if last["assets_amount"] is None:
        return undelivered(ClientMonth.columns["assets_amount"])
    return _("From %(first)s in %(from)s to %(last)s in %(to)s.") % {
        "first": formats.amount(first["assets_amount"], language()),
        "from": first["month_on"].strftime("%Y-%m"),
        "last": formats.amount(last["assets_amount"], language()),
        "to": last["month_on"].strftime("%Y-%m"),
    }
