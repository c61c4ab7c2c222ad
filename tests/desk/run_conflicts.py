"""Facts of the small firm in which records disagree: of the client in two branches, and numbers under two names."""

from __future__ import annotations

import datetime as dt
from typing import Any

Row = dict[str, Any]
TWO = ("10000057", "B01"), ("20000057", "B02")  # the client in two branches; the second record is the newer
DAYS = dt.date(2024, 5, 6), dt.date(2025, 7, 8)
SAID: dict[str, tuple[str, str]] = {
    "client_name": ("李强57", "李强57"),
    "birth_on": ("1974-05-01", "1974-05-01"),
    "occupation": ("freelance", "unemployed"),
    "phone": ("138****0057", "139****0057"),
    "id_valid_to": ("2026-01-05", "2036-01-05"),
    "address": ("杭州市上城区***", "杭州市上城区***"),  # two addresses that are masked alike
}
CONFLICTS = (
    ("occupations_opposed", "high", 7, "occupation", None),
    ("too_many_accounts", "medium", 9, None, None),
    ("document_expired", "medium", 10, "id_valid_to", dt.date(2026, 4, 5)),
    ("two_addresses", "medium", 12, "address", None),
    ("two_phones", "medium", 13, "phone", None),
)
AGREED = {"client_name", "birth_on"}


def accounts(facts: Any) -> list[Row]:
    """Rows of `limited_account`: four accounts in Shanghai, all from before the limit, one of them idle."""
    return [
        {
            "client_id": facts(57)["client_id"], "market": "sh", "securities_account_code": f"A00000057{nth}",
            "account_kind": "normal", "account_code": f"8800005{nth}", "record_code": TWO[nth % 2][0],
            "branch_code": TWO[nth % 2][1], "opened_on": dt.date(2015, 4, nth), "nth": nth, "n_open": 4,
            "limit_reason": "grandfathered" if nth == 4 else "within", "is_idle": nth == 2,
        }
        for nth in range(1, 5)
    ]  # fmt: skip


def conflicts(n: int, facts: Any) -> tuple[list[Row], list[Row]]:
    """Rows of `golden_field` and of `identity_conflict`."""
    of = {"client_id": facts(57)["client_id"]}
    fields = [
        of | {
            "golden_field": fact, "record_code": code, "branch_code": branch, "known_on": on, "is_in_force": True,
            "standing": "chosen" if nth else "differs", "shown_value": value,
            "golden_reason": "agreed" if fact in AGREED else "latest",
            "value_mark": f"{fact[:8]}{0 if fact in AGREED else nth}",
        }
        for fact, values in SAID.items()
        for nth, (value, (code, branch), on) in enumerate(zip(values, TWO, DAYS, strict=True))
        if nth or fact not in AGREED
    ]  # fmt: skip
    found = [
        of | {
            "conflict_key": f"{reason}/{of['client_id']}/0123456789ab", "conflict_reason": reason,
            "severity": severity, "urgency": urgency, "golden_field": fact, "n_values": 2, "n_records": 2,
            "n_branches": 2, "since_on": DAYS[1], "due_on": due_on,
        }
        for reason, severity, urgency, fact, due_on in CONFLICTS
    ]  # fmt: skip
    for number in range(2, n - 1, 12):  # those pairs wait as "same number, other name"
        for one in (number, number + 1):
            client_id = facts(one)["client_id"]
            found.append(
                {
                    "conflict_key": f"number_elsewhere/{client_id}/0123456789ab", "client_id": client_id,
                    "conflict_reason": "number_elsewhere", "severity": "high", "urgency": 2,
                    "golden_field": "id_number", "n_values": 1, "n_records": 1, "n_branches": 1,
                    "since_on": dt.date(2018, 3, 1),
                }
            )  # fmt: skip
    return fields, found
