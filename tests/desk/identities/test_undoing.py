"""R210: what two people agreed to, one alone does not take back; it stays in force until another agrees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.models import Judgement

ENTRY = ENTRIES["firm"]
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
TWO_DOCUMENTS = {"left": "10000000", "right": "10000004"}
SECOND = "/identities/pairs/{}/undo/second/"


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
    """Two valid documents, proposed as one client by the steward and agreed to by headquarters."""
    proof = {"judgement": "same", "reason": "same_document", "proof": "派出所变更证明"}
    steward.post("/identities/pairs/judge/", {**TWO_DOCUMENTS, **proof})
    row = Judgement.objects.get()
    head_office.post(f"/identities/pairs/{row.pk}/second/", {"decision": "approve", "version": row.version})
    row.refresh_from_db()
    assert (row.state, row.second_by.display_name) == ("in_force", "何宁")
    return row


def undo(browser: Client, row: Judgement) -> Any:
    return browser.post(f"/identities/pairs/{row.pk}/undo/")


def decide(browser: Client, row: Judgement, decision: str = "approve", **more: str) -> Any:
    row.refresh_from_db()
    given = {"decision": decision, "version": row.version, "reason": "证明不符"}
    return browser.post(SECOND.format(row.pk), {**given, **more})


def test_r210_one_alone_does_not_take_back_what_two_agreed_to(
    steward: Client, head_office: Client, agreed: Judgement
) -> None:
    assert undo(steward, agreed).status_code == 302
    agreed.refresh_from_db()
    assert (agreed.state, agreed.undo_asked_by.username) == ("in_force", "steward")
    assert "等复核人" in steward.get("/identities/pairs/judged/").content.decode()
    again = undo(steward, agreed)
    assert again.status_code == 403
    assert "撤回也须两人" in again.content.decode()
    waits = head_office.get("/approvals/").content.decode()
    assert "撤回：10000000 与 10000004 为同一人" in waits
    assert decide(head_office, agreed).status_code == 302
    agreed.refresh_from_db()
    assert (agreed.state, agreed.undone_by.display_name) == ("undone", "何宁")
    verbs = list(ENTRY.objects.filter(verb__endswith="_undo").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["identities.propose_undo", "identities.agree_undo"]
    page = steward.get("/identities/pairs/", TWO_DOCUMENTS)
    assert page.context["shown"].line.left_code == TWO_DOCUMENTS["left"]  # it waits again


def test_r210_the_second_person_may_leave_it_in_force(
    steward: Client, head_office: Client, agreed: Judgement
) -> None:
    undo(steward, agreed)
    assert decide(head_office, agreed, "return").status_code == 302
    agreed.refresh_from_db()
    assert (agreed.state, agreed.undo_asked_by) == ("in_force", None)
    assert undo(steward, agreed).status_code == 302  # and it may be asked for again


def test_r210_whoever_asks_does_not_agree_and_agreeing_binds_to_what_was_read(
    steward: Client, head_office: Client, log_in: Callable[..., Client], agreed: Judgement
) -> None:
    assert decide(head_office, agreed).status_code == 403  # nobody asked
    undo(steward, agreed)
    assert decide(steward, agreed).status_code == 403
    same_person = log_in("hq_brokerage", username="double", display_name="总部 核对")
    assert decide(same_person, agreed).status_code == 403
    assert decide(head_office, agreed, version="1").status_code == 403
    agreed.refresh_from_db()
    assert agreed.state == "in_force"


def test_r210_what_a_run_has_joined_meanwhile_is_parted_not_taken_back(
    steward: Client, head_office: Client, agreed: Judgement, firm_run: Any
) -> None:
    undo(steward, agreed)
    firm_run.returns_cut = timezone.now()
    firm_run.save()
    answer = decide(head_office, agreed)
    assert answer.status_code == 403
    assert "合并历史" in answer.content.decode()


def test_r210_what_one_said_one_takes_back(steward: Client) -> None:
    pair = {"left": "10000006", "right": "10000010"}
    steward.post("/identities/pairs/judge/", {**pair, "judgement": "unsure", "reason": "not_enough"})
    row = Judgement.objects.get()
    assert undo(steward, row).status_code == 302
    row.refresh_from_db()
    assert row.state == "undone"
