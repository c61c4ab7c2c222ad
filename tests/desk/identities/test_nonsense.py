"""R199, R233: nonsense typed into addresses and forms of this room is answered, never a failure of ours."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

HUGE = 10**30
NONSENSE = (
    "", "x" * 4_000, "\u202e\u202d", "\U0001f642", "-1", "1e9", "[]", "../..", "%s", "' OR 1=1 --", "2026-02-30", "NaN",
    str(HUGE),
)  # fmt: skip
FIELDS = (
    "after", "left", "right", "judgement", "reason", "proof", "note", "number", "kind", "taken", "mark", "key",
    "severity", "finding", "how", "grounds", "record", "to_on", "decision", "version", "purpose", "state",
    "branch", "past",
)  # fmt: skip
PAGES = (
    "pairs", "judge_pair", "judged", "merges", "conflicts", "conflict", "settle_conflict", "extend", "guest_conflicts",
    "guest_conflict", "remediation", "quality", "duplicates", "send_conflict_again", "write_backs",
)  # fmt: skip
OF_ONE = (
    "undo_judgement", "second_judgement", "second_undo", "undo_split", "second_split", "undo_settlement",
    "decide_extension", "withdraw_extension", "verify_number", "drop_number", "write_back", "weigh_write_back",
    "decide_write_back", "withdraw_write_back", "fetch_write_back", "take_answer", "send_again", "merged",
    "split_client",
)  # fmt: skip


@pytest.mark.parametrize("role", ["steward", "counter", "branch_head", "hq_brokerage"])
def test_r233_nonsense_is_answered(
    at_work: Callable[[str], Client], log_in: Callable[..., Client], firm_run: object, role: str
) -> None:
    told = {"username": "steward", "branch_code": "HQ"}
    browser = log_in("service_desk", **told) if role == "steward" else at_work(role)
    addresses = [reverse(f"identities:{name}") for name in PAGES]
    addresses += [reverse(f"identities:{name}", args=[one]) for name in OF_ONE for one in (1, HUGE)]
    statuses = set()
    for at, address in enumerate(addresses):
        for nth in range(2):
            given = dict.fromkeys(FIELDS, NONSENSE[(at + nth * 5) % len(NONSENSE)])
            statuses |= {browser.get(address, given).status_code, browser.post(address, given).status_code}
    assert statuses <= {200, 302, 403, 404, 405, 422}, statuses
