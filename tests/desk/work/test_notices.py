"""R101: what concerns a person stands on one page, a number says how much is unread, others see nothing of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.gates.signed import next_working_day
from keepwell.desk.people.models import User
from keepwell.desk.ui import notices
from keepwell.desk.work import views
from keepwell.desk.work.actions import open_item

COUNT = '<span class="kw-unread">{}</span>'


@pytest.fixture(autouse=True)
def kind() -> None:
    notices.register("tests.told", "Told: %(what)s", "decided")


def tell(name: str, key: str = "1") -> None:
    to = User.objects.get(username=name).pk
    notices.tell(to=to, kind="tests.told", key=key, at=timezone.now(), facts={"what": "张*"}, url="/me/")


def test_the_count_goes_when_all_is_read(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    assert "没有通知。" in browser.get("/work/notices/").content.decode()
    tell("compliance")
    tell("compliance")  # the same key tells once
    page = browser.get("/work/notices/").content.decode()
    assert page.count("Told: 张*") == 1
    assert COUNT.format(1) in page
    assert browser.post("/work/notices/read/").status_code == 302
    assert "kw-unread" not in browser.get("/me/").content.decode()


def test_the_navigation_counts_what_is_unread_and_opening_one_takes_it_off(
    log_in: Callable[..., Client],
) -> None:
    """Three came, one is opened: it leads to what it is about and two are left; each role sees its own number."""
    browser = log_in("compliance")
    for key in ("1", "2", "3"):
        tell("compliance", key)
    assert COUNT.format(3) in browser.get("/me/").content.decode()
    first = notices.of(User.objects.get(username="compliance"))[0]
    to = browser.get(f"/work/notices/{first.pk}/")
    assert (to.status_code, to["Location"]) == (302, "/me/")
    browser.get(f"/work/notices/{first.pk}/")  # once more changes nothing
    page = browser.get("/work/notices/").content.decode()
    assert COUNT.format(2) in page
    assert page.count(">新<") == 2
    other = log_in("manager")
    assert "kw-unread" not in other.get("/me/").content.decode()
    assert other.get(f"/work/notices/{first.pk}/").status_code == 404


def test_a_hundred_unread_are_not_counted_further(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    for n in range(notices.MOST + 3):
        tell("compliance", str(n))
    assert COUNT.format("100+") in browser.get("/me/").content.decode()


def test_a_group_shows_its_own_and_no_other(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    notices.register("tests.given", "Given: %(what)s", "assigned")
    me = User.objects.get(username="manager").pk
    notices.tell(to=me, kind="tests.given", key="1", at=timezone.now(), facts={"what": "李*"})
    tell("manager")
    notices.Notice.objects.create(user_id=me, kind="tests.gone", key="tests.gone:1", at=timezone.now())
    shown = {
        name: browser.get(f"/work/notices/?group={name}").content.decode() for name in ("", *notices.GROUPS)
    }
    for name, page in shown.items():
        has = ("Given: 李*" in page, "Told: 张*" in page, "tests.gone" in page, "kw-notice-when" in page)
        assert has == (
            name in ("", "assigned"), name in ("", "decided"), name in ("", "done"), name != "informed"
        ), name  # fmt: skip
    assert "没有通知。" in shown["informed"]
    assert "Given" in browser.get("/work/notices/?group=nowhere").content.decode()


def test_nobody_reads_another_ones_notices(log_in: Callable[..., Client]) -> None:
    mine, others = log_in("manager"), log_in("aml_hq")
    tell("aml_hq")
    assert "Told" not in mine.get("/work/notices/").content.decode()
    assert "Told" in others.get("/work/notices/").content.decode()


def test_due_tasks_stand_there_masked(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").get("/work/notices/")
    due = page.context["due"]
    assert due
    assert all(row["name"] not in page.content.decode() for row in due if len(row["name"]) > 1)


def test_due_within_a_working_day_goes_over_the_weekend(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R101, R234: on a Friday what is due on Monday is due within a working day, what is due on Tuesday is not."""
    friday, monday = dt.date(2026, 11, 27), dt.date(2026, 11, 30)
    browser, by = at_work("manager"), User.objects.get(username="manager")
    browser.get("/work/notices/")
    for due_on in (monday, monday + dt.timedelta(days=1)):
        open_item(
            key=f"appointment/{due_on}", kind="appointment", client_id="c000000", record_code="10000000",
            due_on=due_on, on=friday, facts={"about": "", "by": ""}, by=by, at=timezone.now(),
        )  # fmt: skip
    monkeypatch.setattr(views, "desk_day", lambda _generation: friday)
    page = browser.get("/work/notices/")
    assert monday in {row["due_on"] for row in page.context["due"]}
    assert max(row["due_on"] for row in page.context["due"]) == monday
    assert '下一个工作日（<time datetime="2026-11-30">11月30日</time>）前到期' in page.content.decode()


@pytest.mark.parametrize(
    "on, then",
    [
        (dt.date(2026, 9, 30), dt.date(2026, 10, 8)),  # the whole National Day holiday
        (dt.date(2026, 11, 27), dt.date(2026, 11, 30)),  # a weekend
        (dt.date(2099, 1, 1), dt.date(2099, 1, 2)),  # a year nobody has verified
    ],
)
def test_r234_the_next_working_day_is_the_calendars(firm_run: Any, on: dt.date, then: dt.date) -> None:
    """R234: holidays and make-up days count as the firm's calendar says."""
    assert next_working_day(firm_run, on) == then


def test_a_group_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        notices.register("tests.other", "x", "nowhere")
