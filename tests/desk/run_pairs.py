"""Pairs of the small firm that wait: every third client with the fourth after, a few across branches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
ACROSS = 12  # every twelfth client, with the next one, whose branch is the other
TWO_DOCUMENTS = 9
AGREED = {
    "client_name": ("similar", 3.2),
    "birth_on": ("same", 8.1),
    "phone": ("same", 6.4),
    "address": ("missing", None),
}


def couples(n: int) -> Iterable[tuple[int, int, str]]:
    """Both numbers and why they wait."""
    for number in range(0, n - 4, 3):
        reason = "two_valid_ids" if number % TWO_DOCUMENTS == 0 else "between_thresholds"
        yield number, number + 4, reason
    for number in range(2, n - 1, ACROSS):
        yield number, number + 1, "same_id_other_name"


def pairs(n: int, facts: Any) -> tuple[list[Row], list[Row]]:
    """Rows of `identity_pair` and of `pair_evidence`; of the first nothing is known of assets."""
    found: list[Row] = []
    evidence: list[Row] = []
    for left, right, reason in couples(n):
        one, other = facts(left), facts(right)
        codes = {"left_code": one["record"], "right_code": other["record"]}
        found.append(
            codes
            | {
                "left_client_id": one["client_id"], "right_client_id": other["client_id"], "pair_reason": reason,
                "score": Decimal("0.8125"), "at_stake_amount": one["assets"] + other["assets"] if left else None,
                "waiting_since_on": dt.date(2026, 11, 1 + left % 15),
            }
        )  # fmt: skip
        said = AGREED | {"id_number": ("different", -9.3) if reason == "two_valid_ids" else ("missing", None)}
        evidence += _told(codes, said)
    return found, evidence


def joined(left: str, right: str) -> list[Row]:
    """Rows of `pair_evidence` of two numbers of one client that a score joined."""
    return _told({"left_code": left, "right_code": right}, AGREED)


def _told(codes: Row, said: dict[str, tuple[str, float | None]]) -> list[Row]:
    return [
        codes | {"evidence_field": field, "agreement": agreement, "weight": weight}
        for field, (agreement, weight) in said.items()
    ]
