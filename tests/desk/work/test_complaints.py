"""R143, R105, R147: an open complaint is a task of whoever answers, by a signed deadline, never of whom it is about."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from keepwell.contract.reasons.refusals import Refusal
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.contacts import actions as contacts
from keepwell.desk.people.models import User
from keepwell.desk.records import events
from keepwell.desk.ui import notices
from keepwell.desk.ui.http import Refused
from keepwell.desk.ui.models import Notice
from keepwell.desk.work import actions, complaints, queries, rules
from keepwell.desk.work.models import WorkItem
from tests.desk.conftest import WORKERS
from tests.desk.run_folder import facts
from tests.desk.work.test_work_list import NOW, TODAY

KEY, CLIENT = "complaint/c000009-complaint", "c000009"
Worker = Callable[[str], Any]


def of_run(monkeypatch: pytest.MonkeyPatch, *rows: dict[str, Any]) -> None:
    """As if the firm's files held these open complaints."""
    monkeypatch.setattr(events, "open_complaints", lambda _run: list(rows))


def complaint(code: str, number: int, **more: Any) -> dict[str, Any]:
    told = {"complaint_code": code, "record_code": facts(number)["record"], "complaint_topic": "service"}
    told |= {"received_on": dt.date(2026, 11, 20), "channel": "phone", "accused_code": None}
    return {**told, "assigned_code": None, **more}


def follow(run: Any, *, before: Any = None) -> None:
    complaints.follow(generation=run, before=before, at=NOW)


def test_r143_an_open_complaint_is_the_service_desks_by_the_signed_deadline(
    firm_run: Any, worker: Worker
) -> None:
    desk, leader = worker("service_desk"), worker("team_leader")
    found = [item for item in queries.open_items(desk, TODAY) if item.rule == "complaint"]
    assert [(item.key, item.client_id) for item in found] == [(KEY, CLIENT)]
    assert found[0].due_on == dt.date(2026, 11, 17)  # three working days after Thursday the twelfth
    assert "complaint" not in {item.rule for item in queries.open_items(leader, TODAY)}
    assert KEY in {item.key for item in queries.of_client(leader, CLIENT, TODAY, 9)}  # the card tells
    assert "佣金收费" in complaints.said(found[0].opened.facts)
    assert not found[0].is_scripted  # words about a promise, or of care, are the wrong ones


def test_r147_a_report_of_wrongdoing_and_what_is_settled_are_nobodys_task(firm_run: Any) -> None:
    items = WorkItem.objects.filter(kind="complaint")
    assert set(items.values_list("key", flat=True)) == {KEY, "complaint/c000031-complaint"}


def test_r143_a_task_is_opened_once_and_its_opening_is_traced(firm_run: Any) -> None:
    follow(firm_run)
    assert WorkItem.objects.filter(key=KEY).count() == 1
    assert FirmEntry.objects.filter(verb="work.open_many").count() == 1


def test_r143_what_the_firm_has_settled_is_closed_and_what_it_reopens_is_back(
    firm_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_run(monkeypatch)
    follow(firm_run)
    assert not WorkItem.objects.get(key=KEY).is_open
    of_run(monkeypatch, complaint("c000009-complaint", 9))
    follow(firm_run)
    assert WorkItem.objects.get(key=KEY).is_open


def test_r143_once_the_client_is_reached_the_complaint_is_to_be_settled(
    firm_run: Any, worker: Worker
) -> None:
    """Within 60 natural days of receipt; what somebody settled stays settled."""
    desk = worker("service_desk")
    who = {"by": desk, "at": NOW, "on": TODAY, "record_code": facts(9)["record"]}
    for key, rest in ((KEY, {f"{KEY}/settle"}), (f"{KEY}/settle", set())):
        item = queries.find(desk, CLIENT, key, TODAY)
        assert item
        actions.settle(item=item, outcome="reached", **who)
        assert open_keys() == rest  # at once
        follow(firm_run)
        assert open_keys() == rest  # and the next run leaves it so
    assert item.due_on == dt.date(2026, 11, 12) + dt.timedelta(days=60)


def open_keys() -> set[str]:
    return set(WorkItem.objects.filter(client_id=CLIENT, is_open=True).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("language", "promise", "law"),
    [
        ("zh-hans", "3 个工作日内：公司自定承诺，并非法定 [P]", "60 个自然日内办结 [V*]"),
        (
            "en",
            "within 3 working days of receipt: the firm's own promise, not law [P]",
            "60 calendar days of",
        ),
    ],
)
def test_r143_the_firms_own_promise_is_not_told_as_law(
    firm_run: Any, worker: Worker, language: str, promise: str, law: str
) -> None:
    """On the task, and counted on working days; settling stands by the regime's wording."""
    desk = worker("service_desk")
    item = queries.find(desk, CLIENT, KEY, TODAY)
    assert item
    assert item.calendar_kind == "working"
    with translation.override(language):
        assert promise in complaints.said(item.opened.facts)
        settle = complaints.then(item.opened)
        assert settle
        assert law in complaints.said(settle.facts)
        assert settle.facts["calendar"] == "natural"


def test_r143_taking_the_first_contact_back_takes_the_next_duty_back(firm_run: Any, worker: Worker) -> None:
    """Reached, taken back, reached again: one of the two duties stands at any time, never both."""
    desk = worker("service_desk")
    who = {"by": desk, "at": NOW, "on": TODAY}
    for _again in range(2):
        item = queries.find(desk, CLIENT, KEY, TODAY)
        assert item
        done = actions.settle(item=item, outcome="reached", record_code=facts(9)["record"], **who)
        assert open_keys() == {f"{KEY}/settle"}
        actions.undo(outcome=done, **who)
        assert open_keys() == {KEY}
    opened = FirmEntry.objects.filter(verb="work.open_item", payload__key=f"{KEY}/settle")
    assert opened.count() == 2


@pytest.mark.parametrize(
    ("outcome", "on", "stands"),
    [
        ("reached", TODAY, f"{KEY}/settle"),
        ("no_answer", TODAY, KEY),
        ("reached", dt.date(2026, 11, 12), KEY),
    ],
)
def test_r143_whoever_reaches_the_client_has_reached_who_complained(
    firm_run: Any, worker: Worker, outcome: str, on: dt.date, stands: str
) -> None:
    """From the card, about anything, on a later day than the complaint's: as each run counts it."""
    said = {"channel": "phone", "direction": "out", "outcome": outcome}
    contacts.record_contact(
        client_id=CLIENT,
        record_code=facts(9)["record"],
        facts=said,
        contacted_at=dt.datetime.combine(on, dt.time(4), dt.UTC),
        by=worker("manager"),
        at=NOW,
        on=TODAY,
    )
    assert open_keys() == {stands}


def test_m26_whoever_is_complained_of_does_not_move_it_on(
    firm_run: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_run(monkeypatch, complaint("c000009-complaint", 9), complaint("own", 9, accused_code="S02"))
    follow(firm_run)
    who = {"client_id": CLIENT, "by": worker("manager"), "at": NOW, "run": "", "but": ""}
    complaints.reached(on=TODAY, **who)
    assert open_keys() == {f"{KEY}/settle", "complaint/own"}


def test_r143_who_was_reached_since_the_complaint_came_need_not_be_reached_first(
    firm_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_run(monkeypatch, complaint("old", 12, received_on=dt.date(2026, 9, 30)))
    follow(firm_run)
    item = WorkItem.objects.get(client_id="c000012", is_open=True)
    assert (item.key, item.due_on) == ("complaint/old/settle", dt.date(2026, 11, 29))


def test_m26_whoever_is_complained_of_has_it_on_no_list_and_may_not_deal_with_it(
    firm_run: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_run(monkeypatch, complaint("about-s11", 12, accused_code="S11"))
    follow(firm_run)
    desk = worker("service_desk")
    assert desk.staff_code == "S11"
    assert "complaint/about-s11" not in {item.key for item in queries.open_items(desk, TODAY)}
    item = queries.find(desk, "c000012", "complaint/about-s11", TODAY)
    assert item
    assert rules.may_take_up(desk, item).refusal is Refusal.COMPLAINED_OF
    with pytest.raises(Refused):
        actions.settle(
            item=item, outcome="reached", by=desk, at=NOW, on=TODAY, record_code=facts(12)["record"]
        )


def test_r105_those_who_look_after_the_client_are_told_but_not_whom_it_is_about(
    firm_run: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, head = worker("manager"), worker("branch_head")
    assert not Notice.objects.filter(
        kind__startswith=complaints.NOTICE
    ).exists()  # a first run has nothing new
    about_manager = complaint("about-s02", 8, accused_code=WORKERS["manager"]["staff_code"])
    of_run(monkeypatch, complaint("new", 12), about_manager)
    follow(firm_run, before=firm_run)
    told = {(notice.user_id, notice.key.rpartition(":")[2]) for notice in Notice.objects.all()}
    assert told == {
        (manager.pk, "complaint/new"),
        (head.pk, "complaint/new"),
        (head.pk, "complaint/about-s02"),
    }
    said = notices.sentence_of(Notice.objects.get(user_id=manager.pk))
    assert "公司自定承诺，并非法定 [P]" in said  # the notice claims no more than the task
    follow(firm_run, before=firm_run)
    assert Notice.objects.count() == 3
    assert User.objects.count() == 2


def test_r143_a_contact_by_mistake_that_is_corrected_takes_the_next_duty_back(
    firm_run: Any, worker: Worker
) -> None:
    """Reached from the card about something else, by mistake: the client is to be reached first again, at once."""
    who: dict[str, Any] = {"by": worker("manager"), "at": NOW, "on": TODAY}
    said = {"channel": "phone", "direction": "out", "outcome": "reached"}
    at = dt.datetime.combine(TODAY, dt.time(4), dt.UTC)
    of_client = {"client_id": CLIENT, "record_code": facts(9)["record"], "contacted_at": at}
    contact = contacts.record_contact(facts=said, **of_client, **who)
    assert open_keys() == {f"{KEY}/settle"}
    contacts.correct_contact(contact=contact, facts={"outcome": "no_answer"}, reason="点错", **who)
    assert open_keys() == {KEY}
    contacts.record_contact(facts=said | {"channel": "visit"}, **of_client, **who)
    assert open_keys() == {f"{KEY}/settle"}


def test_r143_another_task_by_mistake_that_is_taken_back_takes_the_next_duty_back(
    firm_run: Any, worker: Worker
) -> None:
    """One click on an appointment and its undoing, while somebody else has not reached the client."""
    who: dict[str, Any] = {"by": worker("team_leader"), "at": NOW, "on": TODAY}
    of_client = {"client_id": CLIENT, "record_code": facts(9)["record"]}
    contacts.appoint(due_on=TODAY, about="面谈", **of_client, **who)
    (item,) = [
        one for one in queries.of_client(who["by"], CLIENT, TODAY, 9) if one.key.startswith("appointment/")
    ]
    at = dt.datetime.combine(TODAY, dt.time(4), dt.UTC)
    told = {"outcome": "reached", "record_code": item.record_code, "contacted_at": at}
    done = contacts.record_outcome(item=item, **told, **who)
    assert f"{KEY}/settle" in open_keys()
    contacts.undo_outcome(outcome=done, **who)
    assert KEY in open_keys()
    assert f"{KEY}/settle" not in open_keys()
