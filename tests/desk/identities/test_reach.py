"""R004: what headquarters says of clients of two branches is for headquarters, on every page of the room."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.identities.models import Judgement, KeptEvent, Split
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

ACROSS = {"left": "10000002", "right": "10000003"}
WHO = facts(IN_TWO_BRANCHES)
CLIENT, HERE, THERE = WHO["client_id"], WHO["record"], "20000057"
SPLIT = f"/identities/merges/{CLIENT}/split/"
SECRET = "对方是另一营业部王五的丈夫"
ON = dt.date(2026, 11, 20)


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")


def text_of(browser: Client, client_id: str) -> str:
    answer = browser.get(f"/identities/merges/{client_id}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_r004_a_branch_reads_no_judgement_about_a_client_of_another(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    said = {"judgement": "not_same", "reason": "related", "note": SECRET}
    steward.post("/identities/pairs/judge/", {**ACROSS, **said})
    row = Judgement.objects.get()
    assert SECRET in text_of(steward, row.left_client_id)
    browser = at_work("service_desk")
    text = text_of(browser, row.left_client_id)
    assert SECRET not in text
    assert ACROSS["right"] not in text
    assert browser.get(f"/identities/merges/{row.right_client_id}/").status_code == 404


def test_r004_a_branch_reads_a_judgement_about_its_own_two_clients(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    said = {"judgement": "not_same", "reason": "related", "note": "父子"}
    steward.post("/identities/pairs/judge/", {"left": "10000006", "right": "10000010", **said})
    assert "父子" in text_of(at_work("service_desk"), "c000006")


def test_r210_what_a_branch_judged_stays_on_its_list_when_a_run_has_joined_the_two(
    at_work: Callable[[str], Client],
) -> None:
    """One of the two is a client no more by then; its customer number still is the branch's."""
    browser = at_work("service_desk")
    judge = {"left": "10000006", "right": "10000010", "judgement": "same", "reason": "confirmed"}
    browser.post("/identities/pairs/judge/", judge)
    Anchor.objects.create(
        client_id="cold", born_run="000000", merged_into_id="c000006", absent_since_run="000001"
    )
    Judgement.objects.update(right_client_id="cold")
    shown = browser.get("/identities/pairs/judged/").context["shown"]
    assert [one["row"].right_client_id for one in shown] == ["cold"]
    Judgement.objects.update(left_code="10000003")  # which is the other branch's today
    assert browser.get("/identities/pairs/judged/").context["shown"] == []


def test_r004_a_number_that_came_from_another_branch_s_client_does_not_name_that(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    KeptEvent.objects.create(
        run="000001", on=ON, record_code="10000002", from_client_id="c000003", to_client_id="c000002",
        event="split", event_reason="judged_not_same",
    )  # fmt: skip
    Split.objects.create(
        client_id="c000003", taken=["10000002"], kept=["10000003"], reason="namesake", note=SECRET,
        by_id=steward.session["_auth_user_id"], at=timezone.now(), in_force_at=timezone.now(), run="000000",
    )  # fmt: skip
    whole = text_of(steward, "c000002")
    assert SECRET in whole
    assert "c000003" in whole
    browser = at_work("service_desk")
    for text in (text_of(browser, "c000002"), browser.get("/identities/merges/").content.decode()):
        assert "10000002" in text
        assert SECRET not in text
        assert "c000003" not in text


def test_r004_a_branch_does_not_take_back_a_split_that_concerns_another(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    mark = steward.get(SPLIT, {"taken": THERE}).context["preview"].mark
    steward.post(SPLIT, {"taken": THERE, "mark": mark, "reason": "namesake"})
    row = Split.objects.get()
    browser = at_work("service_desk")
    (shown,) = browser.get("/identities/merges/").context["ahead"]
    assert not shown["undo"]
    answer = browser.post(f"/identities/splits/{row.pk}/undo/")
    assert answer.status_code == 403
    assert "须由总部客服处理" in answer.content.decode()
    assert len(list(judgements(Cut(timezone.now(), ON)))) == 1
    assert steward.post(f"/identities/splits/{row.pk}/undo/").status_code == 302
