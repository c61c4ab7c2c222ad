"""An English message that counts things has a form for one: "1 client", never "1 clients"; Chinese has one form."""

import re

import pytest

from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.reasons.grading import ActivityReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.schema import Code
from tools.messages import visible

THINGS = "accounts|branches|clients|contacts|days|entries|findings|items|months|people|records|rows|runs|tasks|trades"
COUNTED = re.compile(rf"%\((?:n|shown|count|total)\)[sd] (?:\w+ )?(?:{THINGS})\b")
MANY = {  # said of several alone
    "%(by)s gave you %(n)s clients",
    "More than %(n)s clients pass; the first %(n)s by assets are shown. Narrow the filters, or do it in parts.",
}


def test_messages_that_count_things_have_a_form_for_one() -> None:
    alone = [message for message in visible() if isinstance(message, str) and COUNTED.search(message)]
    assert sorted(set(alone) - MANY) == []


def test_the_scan_can_fail() -> None:
    assert COUNTED.search("%(n)s clients wait")
    assert COUNTED.search("%(n)d open tasks")


@pytest.mark.parametrize(
    "reason, facts, said",
    [
        (Refusal.TOO_MANY_ROWS, {"n_found": 1, "at_most": 1}, "1 row matches"),
        (Refusal.TOO_MANY_ROWS, {"n_found": "12,480", "at_most": "5,000"}, "12,480 rows match"),
        (
            ActivityReason.TRADES_OR_LOGINS,
            {"n_trades_90d": 1, "n_logins_90d": 2, "last_seen_on": None},
            "1 trade and 2",
        ),
    ],
)
def test_reasons_say_one_of_a_thing_in_the_singular(
    reason: Code, facts: dict[str, object], said: str
) -> None:
    assert said in sentence(reason, facts, "en")


def test_a_reason_without_a_count_stays_as_it_is() -> None:
    facts = {"manager_code": "S01", "score": "0.71"}
    assert "S01" in sentence(AllocationReason.BEST, facts, "en")
