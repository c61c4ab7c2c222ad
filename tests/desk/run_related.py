"""Related persons of the small firm: a client beside others of the same book, the same branch and another branch."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
WHOSE, SAME_BOOK, SAME_BRANCH, ELSEWHERE = 8, 12, 10, 3
OUTSIDER = "周大有"


def related(facts: Any) -> list[Row]:
    """Rows of `related_person` of one client."""
    of = facts(WHOSE)
    own = {"client_id": of["client_id"], "record_code": of["record"], "since_on": dt.date(2024, 2, 3)}
    rows = [
        own | {
            "related_kind": kind, "related_key": other["client_id"], "related_client_id": other["client_id"],
            "related_record_code": other["record"], "related_ground": ground, "related_reason": reason, "n_clients": n,
        }
        for kind, number, ground, reason, n in (
            ("agent", SAME_BOOK, "declared", "agent", 0),
            ("same_phone", ELSEWHERE, "evidence", "same_phone", 3),
            ("same_phone", SAME_BRANCH, "evidence", "same_phone", 3),
        )
        for other in [facts(number)]
    ]  # fmt: skip
    outsider = own | {
        "related_kind": "beneficial_owner", "related_key": "G1", "related_name": OUTSIDER, "since_on": None,
        "related_ground": "declared", "related_reason": "holds_enough", "held_share": Decimal("0.4"), "n_clients": 0,
    }  # fmt: skip
    return [*rows, outsider]
