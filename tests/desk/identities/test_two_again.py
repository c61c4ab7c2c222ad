"""R210, R235: what two people have agreed to is judged otherwise by two again, a run's knowing it notwithstanding."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Judgement

ENTRY = ENTRIES["firm"]
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
TWO = {"left": "10000000", "right": "10000004"}  # two valid documents
APART = {"judgement": "not_same", "reason": "other_document", "note": "证明是另一人的"}


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **HEADQUARTERS)


@pytest.fixture
def head_office(log_in: Callable[..., Client]) -> Client:
    """The second person."""
    return log_in("hq_brokerage", display_name="何宁")


@pytest.fixture
def agreed(steward: Client, head_office: Client) -> Judgement:
    """Two valid documents, agreed by two to be one client; the run knows it and lists the pair all the same."""
    judge(steward, judgement="same", reason="same_document", proof="派出所变更证明")
    row = Judgement.objects.get()
    second(head_office, row)
    night()
    row.refresh_from_db()
    assert (row.state, row.second_by.display_name) == ("in_force", "何宁")
    return row


def night() -> None:
    Generation.objects.update(returns_cut=timezone.now())


def judge(browser: Client, **said: str) -> None:
    assert browser.post("/identities/pairs/judge/", {**TWO, **said}).status_code == 302


def second(browser: Client, row: Judgement, decision: str = "approve") -> int:
    row.refresh_from_db()
    told = {"decision": decision, "version": row.version, "reason": "已核对原件"}
    return int(browser.post(f"/identities/pairs/{row.pk}/second/", told).status_code)


def states() -> list[tuple[str, str]]:
    return list(Judgement.objects.order_by("pk").values_list("judgement", "state"))


@pytest.mark.parametrize(
    "said",
    [APART, {"judgement": "unsure", "reason": "not_enough"}, {"judgement": "same", "reason": "confirmed"}],
)
def test_r210_one_alone_puts_nothing_two_agreed_to_out_of_force(
    steward: Client, agreed: Judgement, said: dict[str, str]
) -> None:
    """Not even by saying the same again, which one alone could take back later."""
    proof = {"proof": "再次核对"} if said["judgement"] == "same" else {}
    judge(steward, **said, **proof)
    assert states() == [("same", "in_force"), (said["judgement"], "proposed")]


def test_r210_two_again_say_that_it_is_not_the_same(
    steward: Client, head_office: Client, agreed: Judgement
) -> None:
    judge(steward, **APART)
    waits = head_office.get("/approvals/").content.decode()
    assert "改判两人同意过的：10000000 与 10000004" in waits
    assert "证明是另一人的" in waits
    row = Judgement.objects.latest("pk")
    assert second(steward, row) == 403
    assert second(head_office, row) == 302
    assert states() == [("same", "followed"), ("not_same", "in_force")]
    row.refresh_from_db()
    assert (row.second_by.display_name, row.follows) == ("何宁", agreed)
    verbs = ENTRY.objects.filter(verb__endswith="_other", outcome="done").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "identities.propose_other",
        "identities.agree_other",
    ]


def test_r210_returned_what_two_agreed_to_stays(
    steward: Client, head_office: Client, agreed: Judgement
) -> None:
    judge(steward, **APART)
    assert second(head_office, Judgement.objects.latest("pk"), "return") == 302
    assert states() == [("same", "in_force"), ("not_same", "returned")]
    assert ENTRY.objects.filter(verb="identities.return_other", outcome="done").count() == 1
    judge(steward, **APART)  # and it may be proposed again
    assert states()[-1] == ("not_same", "proposed")


def test_r210_what_two_said_the_second_time_takes_two_as_well(
    steward: Client, head_office: Client, agreed: Judgement
) -> None:
    judge(steward, **APART)
    row = Judgement.objects.latest("pk")
    second(head_office, row)
    night()
    judge(steward, judgement="unsure", reason="not_enough")
    assert states()[-2:] == [("not_same", "in_force"), ("unsure", "proposed")]


def test_r210_what_one_said_one_judges_otherwise(steward: Client) -> None:
    judge(steward, judgement="unsure", reason="not_enough")
    night()
    judge(steward, **APART)
    assert states() == [("unsure", "followed"), ("not_same", "in_force")]
