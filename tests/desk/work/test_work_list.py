"""R104: one work list of moments and people's items, in one order, bounded, safe under merge and split."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.ui.http import Refused
from keepwell.desk.work import actions, kinds, queries, rules
from keepwell.desk.work.models import Outcome, WorkItem
from tests.desk.run_folder import facts

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
RUN = "000001"
Worker = Callable[[str], Any]


@pytest.fixture
def manager(firm_run: Any, worker: Worker) -> Any:
    """S02, whose book holds one moment of each kind."""
    return worker("manager")


def listed(user: Any, **wanted: Any) -> list[tuple[str, str]]:
    return [(item.client_id, item.rule) for item in queries.open_items(user, TODAY, **wanted)]


def settle(item: queries.Item, outcome: str, by: Any, **more: Any) -> Outcome:
    record = facts(int(item.client_id[1:]))["record"]
    return actions.settle(
        item=item, outcome=outcome, record_code=record, by=by, at=NOW, on=TODAY, run=RUN, **more
    )


def promise(by: Any, number: int, due_on: dt.date) -> WorkItem:
    who = facts(number)
    return actions.open_item(
        key=f"promise/{number}",
        kind="promise",
        client_id=who["client_id"],
        record_code=who["record"],
        due_on=due_on,
        on=TODAY,
        facts={"promise": "发送季报解读", "by": "李倩", "on": "2026-11-23"},
        by=by,
        at=NOW,
        run=RUN,
    )


def test_r104_overdue_stand_first_and_only_deadlines_can_be_overdue(manager: Any) -> None:
    """R104: issue 3's order: overdue, deadline, priority, assets. A greeting nobody sent is gone, not overdue."""
    assert listed(manager)[:3] == [
        ("c000008", "asleep"),  # promised for 20 November
        ("c000004", "assessment_expiry"),  # legal, due 21 November
        ("c000012", "birthday"),  # today
    ]
    assert ("c000008", "birthday") not in listed(manager)  # Saturday's greeting closed with the day
    late = queries.open_items(manager, TODAY, span="overdue")
    assert [item.is_window for item in late] == [False, False]


def test_r234_what_falls_on_days_off_is_for_the_last_working_day_before(manager: Any) -> None:
    """R234: on Friday the greeting of Saturday stands under today, on Monday it is gone."""
    friday, sunday = dt.date(2026, 11, 20), dt.date(2026, 11, 22)
    promise(manager, 0, sunday)
    WorkItem.objects.update(listed_from_on=friday)
    today = queries.open_items(manager, friday, span="today", through=sunday)
    assert [(item.rule, item.due_on) for item in today] == [
        ("asleep", friday),
        ("assessment_expiry", sunday - dt.timedelta(days=1)),
        ("birthday", sunday - dt.timedelta(days=1)),
        ("promise", sunday),
    ]
    found = queries.counts(manager, friday, sunday)
    assert (found.overdue, found.today, found.week) == (0, 4, 0)
    assert queries.n_due(manager, friday, sunday) == found.due


def test_r104_what_is_put_off_is_counted_and_can_be_listed_again(manager: Any) -> None:
    """R104: the numbers say all that is open, what is put off too; each is told with the day it comes back."""
    before = queries.counts(manager, TODAY)
    promise(manager, 0, dt.date(2026, 11, 30))
    for rule in ("large_outflow", "promise"):
        item = next(one for one in queries.open_items(manager, TODAY, until=dt.date.max) if one.rule == rule)
        settle(item, "snoozed", manager, until_on=dt.date(2026, 11, 24))
    after = queries.counts(manager, TODAY)
    assert (after.put_off, after.open) == (2, before.open + 1)
    waits = queries.put_off(manager, TODAY)
    assert {(item.rule, act.until_on) for item, act in waits} == {
        ("large_outflow", dt.date(2026, 11, 24)),
        ("promise", dt.date(2026, 11, 24)),
    }
    for _item, act in waits:
        assert queries.waiting(manager, TODAY, act.pk) == act
        actions.undo(outcome=act, on=TODAY, by=manager, at=NOW, run=RUN)
    assert queries.put_off(manager, TODAY) == []
    assert queries.counts(manager, TODAY).put_off == 0


def test_another_manager_cannot_list_it_again(manager: Any, worker: Worker) -> None:
    item = queries.open_items(manager, TODAY, span="week")[0]
    act = settle(item, "snoozed", manager, until_on=dt.date(2026, 11, 24))
    assert queries.waiting(worker("adviser"), TODAY, act.pk) is None


def test_r104_a_task_with_two_reasons_is_found_under_either(manager: Any) -> None:
    outflows = listed(manager, kinds=["large_outflow"])
    assert outflows
    assert listed(manager, kinds=["leaving"]) == outflows


def test_r104_then_deadline_priority_and_assets(manager: Any) -> None:
    promise(manager, 0, dt.date(2026, 11, 24))
    week = queries.open_items(manager, TODAY, span="week")
    assert [item.due_on for item in week] == sorted(item.due_on for item in week)
    assert week[0].rule == "promise"  # the same day as the outflow, of the first priority
    same = [item for item in week if item.rule == "large_outflow"]
    assert [item.line.sort_amount for item in same] == sorted(
        (i.line.sort_amount for i in same), reverse=True
    )


def test_spans_add_up(manager: Any) -> None:
    found = queries.counts(manager, TODAY)
    assert (found.overdue, found.today) == (2, 1)
    assert queries.n_due(manager, TODAY) == found.due == 3
    assert found.open == found.listed + found.later
    for span in queries.SPANS:
        assert len(listed(manager, span=span)) == getattr(found, span)
    assert len(listed(manager)) == found.listed
    assert ("c000024", "assessment_expiry") in listed(manager, span="later")


def test_a_settled_task_leaves_the_list_and_comes_back(manager: Any) -> None:
    item = queries.open_items(manager, TODAY)[0]
    done = settle(item, "reached", manager)
    assert (item.client_id, item.rule) not in listed(manager)
    assert queries.n_due(manager, TODAY) == 2
    assert queries.n_settled_on(manager, TODAY) == 1
    actions.undo(outcome=done, on=TODAY, by=manager, at=NOW, run=RUN)
    assert (item.client_id, item.rule) in listed(manager)
    assert list(Outcome.objects.values_list("outcome", "is_in_force").order_by("pk")) == [
        ("reached", False),
        ("undone", False),
    ]
    mine = FirmEntry.objects.filter(verb__startswith="work.", actor_id=manager.pk)
    assert set(mine.values_list("verb", flat=True)) == {
        "work.settle",
        "work.undo",
    }


def test_a_task_put_off_is_listed_again_on_its_day(manager: Any) -> None:
    item = queries.open_items(manager, TODAY, span="week")[0]
    settle(item, "snoozed", manager, until_on=dt.date(2026, 11, 24))
    assert item.name not in [one.name for one in queries.open_items(manager, TODAY)]
    assert item.name in [one.name for one in queries.open_items(manager, dt.date(2026, 11, 24))]


def test_the_deadline_is_the_end_of_waiting() -> None:
    due = dt.date(2026, 11, 30)
    assert rules.may_snooze(due, due, TODAY, 30)
    late = rules.may_snooze(due, dt.date(2026, 12, 1), TODAY, 30)
    assert late.refusal is Refusal.LATER_THAN_DEADLINE
    assert late.in_language("zh-hans").startswith("最晚推到 11月30日")
    assert rules.may_snooze(dt.date(2026, 11, 20), TODAY, TODAY, 30).refusal is Refusal.DEADLINE_PASSED
    assert (
        rules.may_snooze(dt.date(2027, 3, 1), dt.date(2027, 2, 1), TODAY, 30).refusal
        is Refusal.LATER_THAN_ALLOWED
    )
    assert rules.may_skip("").refusal is Refusal.SKIP_REASON
    window = rules.may_snooze(due, dt.date(2026, 12, 1), TODAY, 30, is_window=True)
    assert window.refusal is Refusal.LATER_THAN_WINDOW
    assert rules.can_wait(TODAY, TODAY, is_window=True).refusal is Refusal.LATER_THAN_WINDOW


def test_an_item_is_opened_once_and_closed_by_its_outcome(manager: Any) -> None:
    promise(manager, 0, TODAY)
    promise(manager, 0, TODAY)
    promises = WorkItem.objects.filter(kind="promise")
    assert promises.count() == 1
    item = next(one for one in queries.open_items(manager, TODAY) if one.opened)
    settle(item, "reached", manager)
    assert not promises.get().is_open
    assert "promise" not in {rule for _client, rule in listed(manager)}


def test_another_manager_sees_none_of_it(manager: Any, worker: Worker) -> None:
    promise(manager, 0, TODAY)
    other = worker("adviser")
    assert not {client for client, _rule in listed(other)} & {client for client, _rule in listed(manager)}
    assert queries.find(other, "c000004", "assessment_expiry/2026-10-22/0", TODAY) is None
    assert queries.find(manager, "c000004", "assessment_expiry/2026-10-22/0", TODAY) is not None


def test_an_act_follows_its_customer_record(manager: Any) -> None:
    """R210: the client it was stored with may be merged away or split; the record tells whose it is."""
    promise(manager, 0, TODAY)
    WorkItem.objects.update(
        client_id="c000008"
    )  # as if recorded before a split: c000000 holds the record today
    assert ("c000000", "promise") in listed(manager)
    item = queries.open_items(manager, TODAY)[0]
    done = settle(item, "skipped", manager, reason="no_need")
    Outcome.objects.filter(pk=done.pk).update(client_id="c000008")
    assert (item.client_id, item.rule) not in listed(manager)


def test_the_list_asks_a_bounded_number_of_queries(manager: Any) -> None:
    for number in range(0, 44, 4):
        promise(manager, number, TODAY)
    with CaptureQueriesContext(connection) as badge:
        queries.n_due(manager, TODAY)
    with CaptureQueriesContext(connection) as page:
        queries.open_items(manager, TODAY)
    assert len(badge) <= 4
    assert len(page) <= 8


def test_outcomes_and_items_are_found_by_their_indexes(manager: Any) -> None:
    """The badge reads moments by client and outcomes by record and key: no table is read as a whole."""
    if connection.vendor == "postgresql":  # small tables are read whole unless that is made dear
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    plans = queries.of_moments(manager, TODAY).explain() + queries.of_items(manager, TODAY).explain()
    assert "outcome_in_force" in plans
    assert "open_work_of_record" in plans
    for table in ("work_outcome", "work_workitem", "decided_moment"):
        assert f"SCAN {table}" not in plans
        assert f"Seq Scan on {table}" not in plans


def test_kinds_are_said_in_words() -> None:
    told = kinds.kind("promise").sentence({"promise": "发送季报解读", "by": "李倩", "on": "2026-11-23"})
    assert "发送季报解读" in told
    with pytest.raises(KeyError):
        kinds.kind("nothing")


def test_r104_a_task_read_twice_is_settled_once_and_taken_back_once(manager: Any) -> None:
    """R104: of two clicks in one moment one counts, so that a contact is counted once."""
    item = queries.open_items(manager, TODAY)[0]
    row = settle(item, "skipped", manager, reason="other")
    with pytest.raises(Refused) as late:
        settle(item, "reached", manager)
    assert late.value.verdict.refusal is Refusal.SETTLED_ALREADY
    assert Outcome.objects.count() == 1
    read = Outcome.objects.get()
    actions.undo(outcome=row, on=TODAY, by=manager, at=NOW, run=RUN)
    with pytest.raises(Refused):
        actions.undo(outcome=read, on=TODAY, by=manager, at=NOW, run=RUN)
    assert Outcome.objects.filter(undoes=row).count() == 1


def test_r104_a_promise_read_twice_is_kept_once(manager: Any) -> None:
    """R104: the same holds for what people opened."""
    promise(manager, 4, TODAY)
    first, second = (queries.find(manager, facts(4)["client_id"], "promise/4", TODAY) for _at in range(2))
    assert first
    assert second
    settle(first, "done", manager)
    with pytest.raises(Refused):
        settle(second, "done", manager)
