"""The moments of the small firm: a large outflow of whoever is leaving; in S02's book one of each kind besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

OPEN = {"fired_on": dt.date(2026, 11, 16), "expires_on": dt.date(2026, 12, 31), "owner_role": "manager",
        "channel": "phone", "moment_kind": "care", "is_capped": True, "calendar_kind": "trading", "term": "promised",
        "policy_version": "moments 2026-01-01"}  # fmt: skip
LEGAL = {"moment_kind": "legal", "is_capped": False, "calendar_kind": "natural", "term": "legal"}
SERVED_BY_THE_DESK = (26, 31)  # the rule names the service desk: one client of each branch
SATURDAY, MONDAY = dt.date(2026, 11, 21), dt.date(2026, 11, 23)


def occasions(state: str, number: int) -> Iterable[dict[str, Any]]:
    """Moments: a large outflow of whoever is leaving; in S02's book one of each kind besides."""
    if state == "leaving":
        yield {"rule": "large_outflow", "occasion": "2026-11-18", "priority": 20, "due_on": dt.date(2026, 11, 24),
               "moment_reason": "large_outflow", "fact_on": dt.date(2026, 11, 18),
               "fact_amount": Decimal("620000.00"), "fact_share": Decimal("0.25"),
               "also_rule": "leaving", "also_reason": "moves_out", "also_on": dt.date(2026, 11, 18),
               "also_share": Decimal("0.45")}  # fmt: skip
    birthday = {"rule": "birthday", "moment_reason": "birthday", "priority": 80, "channel": "sms",
                "term": "window", "calendar_kind": None, "due_on": None}  # fmt: skip
    assessment = LEGAL | {"rule": "assessment_expiry", "priority": 15, "channel": "app"}
    if number == 4:
        yield assessment | {"occasion": "2026-10-22/0", "moment_reason": "assessment_expired",
                            "fact_on": dt.date(2026, 10, 22), "due_on": dt.date(2026, 11, 21)}  # fmt: skip
    if number == 8:  # a greeting that nobody sent is over; the care that was promised is late
        yield birthday | {"occasion": str(SATURDAY), "fact_on": SATURDAY, "expires_on": SATURDAY}
        yield {"rule": "asleep", "occasion": "2026-11-06", "priority": 60, "due_on": dt.date(2026, 11, 20),
               "calendar_kind": "working", "moment_reason": "fell_asleep", "fact_on": dt.date(2026, 11, 6),
               "fact_days": 74}  # fmt: skip
    if number == 12:
        yield birthday | {"occasion": str(MONDAY), "fact_on": MONDAY, "expires_on": MONDAY}
    if number == 20:
        yield {"rule": "product_maturity", "occasion": "WX0182/2026-11-27", "priority": 40,
               "moment_reason": "matures", "fact_on": dt.date(2026, 11, 27), "due_on": dt.date(2026, 11, 27),
               "fact_code": "WX0182", "fact_amount": Decimal("3000000.00")}  # fmt: skip
    if number in SERVED_BY_THE_DESK:
        yield LEGAL | {"rule": "id_expiry", "occasion": "2026-12-25/60", "priority": 10, "channel": "sms",
                       "owner_role": "service_desk", "moment_reason": "id_expires",
                       "fact_on": dt.date(2026, 12, 25), "due_on": dt.date(2026, 11, 26)}  # fmt: skip
    if number == 24:
        yield assessment | {"occasion": "2026-12-20/30", "moment_reason": "assessment_expires",
                            "fact_on": dt.date(2026, 12, 20), "due_on": dt.date(2026, 12, 20)}  # fmt: skip
