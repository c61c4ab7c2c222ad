"""R101, R104, R199: card and list show what people did since the run: contacts, settled tasks, who looks after whom."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.clients import assignments, holders, queries
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.models import Place
from keepwell.desk.contacts import actions as contacts
from keepwell.desk.people.models import Cover
from keepwell.desk.work import queries as work
from tests.desk.run_folder import facts
from tests.desk.work.test_work_list import NOW, TODAY

OWN = "c000000"
RUN = "000001"
Worker = Callable[[str], Any]


@pytest.fixture
def manager(firm_run: Any, worker: Worker) -> Any:
    return worker("manager")


def reach(client_id: str, by: Any, outcome: str = "reached") -> Any:
    return contacts.record_contact(
        client_id=client_id,
        record_code=facts(int(client_id[1:]))["record"],
        facts={"channel": "phone", "direction": "out", "outcome": outcome},
        contacted_at=NOW,
        by=by,
        at=NOW,
        on=TODAY,
        run=RUN,
    )


def row_of(user: Any, client_id: str) -> Any:
    return next(row for row in queries.listed(user, Filters(), "").page.rows if row.client_id == client_id)


def test_r101_a_contact_recorded_here_is_the_last_one_on_card_and_list(manager: Any) -> None:
    assert queries.one(manager, OWN).contacted_on == dt.date(2026, 10, 5)
    contact = reach(OWN, manager)
    assert queries.one(manager, OWN).contacted_on == row_of(manager, OWN).contacted_on == TODAY
    contact.is_withdrawn = True
    contact.save()
    assert row_of(manager, OWN).contacted_on == dt.date(2026, 10, 5)


def test_r101_who_did_not_answer_was_not_contacted(manager: Any) -> None:
    reach(OWN, manager, "no_answer")
    assert queries.one(manager, OWN).contacted_on == dt.date(2026, 10, 5)


def test_r101_the_card_says_when_and_that_the_run_does_not_know_it(at_work: Callable[[str], Client]) -> None:
    desk = at_work("manager")
    desk.post(
        "/contacts/today/outcome/", {"client": "c000012", "key": "birthday/2026-11-23", "outcome": "reached"}
    )
    body = desk.get("/clients/c000012/").content.decode()
    assert "11月23日" in body
    assert "2026-11-23" in desk.get("/clients/c000012/explain/last_contact/").content.decode()


def test_r104_a_settled_task_is_counted_no_more_and_a_promise_is(manager: Any, worker: Worker) -> None:
    before = row_of(manager, "c000020")
    assert (before.n_tasks, before.next_task_on) == (1, dt.date(2026, 11, 27))
    item = work.find(manager, "c000020", "product_maturity/WX0182/2026-11-27", TODAY)
    assert item
    contacts.record_outcome(
        item=item,
        outcome="skipped",
        record_code=facts(20)["record"],
        by=manager,
        at=NOW,
        on=TODAY,
        contacted_at=NOW,
        settled={"reason": "no_need"},
        run=RUN,
    )
    after = row_of(manager, "c000020")
    assert (after.n_tasks, after.next_task_on) == (0, None)
    told = {
        "promise": "寄对账单",
        "promise_due_on": TODAY,
        "channel": "phone",
        "direction": "in",
        "outcome": "reached",
    }
    contacts.record_contact(
        client_id="c000020",
        record_code=facts(20)["record"],
        facts=told,
        contacted_at=NOW,
        by=manager,
        at=NOW,
        on=TODAY,
        run=RUN,
    )
    assert (row_of(manager, "c000020").n_tasks, row_of(manager, "c000020").next_task_on) == (1, TODAY)


def test_r199_the_card_names_who_was_given_the_client_and_since_when(
    at_work: Callable[[str], Client], worker: Worker
) -> None:
    head = at_work("branch_head")
    user = head.get("/me/").context["user"]
    assert "无人" in head.get("/clients/c000016/").content.decode()  # nobody's by the firm's files
    assignments.assign(
        client_id="c000016", staff_code="S03", starts_on=TODAY, grounds="act", by=user, at=NOW, run=RUN
    )
    body = head.get("/clients/c000016/").content.decode()
    assert "周航" in body
    assert "2026-11-23 起，人工改派" in body
    assert "无人" not in body.split("kw-tabs", 1)[0]


def test_r199_a_leavers_client_names_who_holds_it_for_now_and_who_left(
    at_work: Callable[[str], Client],
) -> None:
    head = at_work("branch_head")
    head.get("/clients/")  # from here on this thread reads the generation
    assignments.assign(
        client_id=OWN, staff_code="S14", starts_on=TODAY, grounds="act", by=None, at=NOW, run=RUN
    )
    assignments.hand_over(staff_code="S14", by=None, at=timezone.now(), run=RUN)
    holder = holders.of([Place.objects.get(pk=OWN)])[OWN]
    assert (holder.code, holder.is_for_now) == ("S01", True)
    body = head.get(f"/clients/{OWN}/").content.decode()
    assert "暂代：许诺已于 11月20日离职" in body
    assert "无人" not in body.split("kw-tabs", 1)[0]


def test_r199_the_card_names_who_covers(at_work: Callable[[str], Client], worker: Worker) -> None:
    leader, adviser = at_work("team_leader"), worker("adviser")
    Cover.objects.create(
        covered_code="S01",
        covering=adviser,
        from_on=TODAY,
        until_on=TODAY + dt.timedelta(days=3),
        reason="休假",
        set_by=adviser,
        set_at=NOW,
    )
    assert "代管至 11月26日" in leader.get("/clients/c000009/").content.decode()
