"""Invented numbers for the gallery: every component in its states."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract.codes import Grade, ServiceType
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, refuse
from keepwell.desk.ui import charts
from keepwell.desk.ui.templatetags import formats

ASSETS = (312.4, 320.1, 331.8, 327.0, 322.6, 310.2, 299.5, 283.1, 265.0, 252.3, 248.7, 186.4)
FLOWS = (0, 6.2, None, 0, -9.1, -7.4, 0, -20.3, -12.0, -5.5, 0, -62.0)
CELLS = ((41, 96, 58), (212, 640, 301), (980, 2410, 1122), (2306, 3904, 1420))


def gallery() -> dict[str, Any]:
    """The gallery's context."""
    return {
        "figures": _figures(),
        "bars": _bars(),
        "rows": _rows(),
        "charts": _charts(),
        "allowed": ALLOWED,
        "refused": refuse(Refusal.PURPOSE),
        "amounts": [
            None,
            Decimal(0),
            Decimal("9820.5"),
            Decimal(-620000),
            Decimal(1864000),
            Decimal(320500000),
        ],
        "shares": [None, Decimal("0.341"), Decimal("-0.249"), Decimal(0)],
        "a_day": dt.date(2026, 11, 20),
        "other_year": dt.date(2027, 3, 14),
        "a_moment": dt.datetime(2026, 11, 20, 10, 5, tzinfo=dt.UTC),
        "drawer_url": reverse("ui:gallery_drawer"),
        "here": reverse("ui:gallery"),
    }


def _figures() -> list[dict[str, Any]]:
    return [
        {
            "label": _("Assets"),
            "value": formats.amount(Decimal(1864000)),
            "note": formats.percent_change(Decimal("-0.249")),
        },
        {
            "label": _("Contribution of the year"),
            "value": formats.amount(Decimal(9820)),
            "note": _("net commission 7,310"),
        },
        {"label": _("Risk level"), "value": "C3", "note": _("until 2027-03-14")},
        {"label": _("Warning"), "value": _("high · 34%"), "note": _("others 6%"), "tone": "warning"},
        {"label": _("Relationship manager"), "value": "李倩", "note": _("since 2024-06-01")},
        {"label": _("Last contact"), "value": _("46 days ago"), "note": _("phone")},
    ]


def _bars() -> list[dict[str, Any]]:
    shares = zip(Grade, (1.0, 0.86, 0.52, 0.31), strict=True)
    return [
        {"label": formats.text(grade), "share": share, "shown": formats.percent(share, 0), "mark": 0.8}
        for grade, share in shares
    ]


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "name": "陈志远",
            "grade": Grade.IMPORTANT,
            "type": ServiceType.BALANCED,
            "assets": Decimal(1864000),
            "share": 0.72,
            "on": dt.date(2026, 10, 5),
        },
        {
            "name": "王丽华",
            "grade": Grade.STRATEGIC,
            "type": ServiceType.ENTERPRISING,
            "assets": Decimal(12400000),
            "share": 0.94,
            "on": dt.date(2026, 11, 2),
        },
        {
            "name": "何立",
            "grade": Grade.REGULAR,
            "type": ServiceType.UNASSESSED,
            "assets": Decimal(210000),
            "share": 0.18,
            "on": None,
        },
    ]


# grade before, grade after, clients
MOVES = ((0, 0, 180), (0, 1, 61), (1, 0, 24), (1, 1, 1040), (1, 2, 89))


def _charts() -> dict[str, charts.Chart]:
    months = ["12", *(str(month) for month in range(1, 12))]
    types = [formats.text(one) for one in ServiceType][:3]
    grades = [formats.text(one) for one in Grade]
    equal = [(step / 10, (step / 10) ** 1.08) for step in range(11)]
    today = [(step / 10, (step / 10) ** 1.9) for step in range(11)]
    return {
        "line": charts.axes(
            _("Assets fell from 312 to 186 in twelve months; in November 62 flowed out."),
            months,
            [
                charts.Series(_("Assets"), ASSETS, area=True),
                charts.Series(_("Net inflow"), FLOWS, role="change", kind="bar"),
            ],
            unit=_("10,000 yuan"),
            first=_("Month"),
        ),
        "bars": charts.bars(
            _("Li Qian serves most clients, 402; the fair share is 380."),
            [("李倩", 402), ("周航", 388), ("吴珊", 371), ("郑凯", 340), ("马骏", 396)],
            first=_("Manager"),
            second=_("Clients"),
            mark=380,
        ),
        "grid": charts.grid(
            _("Most clients, 3,904, are basic and steady."), grades, types, CELLS, first=_("Grade")
        ),
        "sankey": charts.sankey(
            _("61 clients went down from strategic to important, 24 came up."),
            [(grades[before], grades[after], n) for before, after, n in MOVES],
        ),
        "lorenz": charts.lorenz(
            _("The plan is almost even: Gini 0.07 against 0.31 today."),
            [(_("This plan"), equal), (_("As it stands"), today)],
        ),
    }
