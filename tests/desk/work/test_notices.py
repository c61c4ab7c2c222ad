"""R101: what concerns a person stands on one page, a dot says that something is unread, others see nothing of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.people.models import User
from keepwell.desk.ui import notices


@pytest.fixture(autouse=True)
def kind() -> None:
    notices.register("tests.told", "Told: %(what)s", "decided")


def tell(name: str, key: str = "1") -> None:
    to = User.objects.get(username=name).pk
    notices.tell(to=to, kind="tests.told", key=key, at=timezone.now(), facts={"what": "张*"}, url="/me/")


def test_the_dot_goes_when_all_is_read(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    assert "没有通知。" in browser.get("/work/notices/").content.decode()
    tell("compliance")
    tell("compliance")  # the same key tells once
    page = browser.get("/work/notices/").content.decode()
    assert page.count("Told: 张*") == 1
    assert "kw-unread" in page
    assert browser.post("/work/notices/read/").status_code == 302
    assert "kw-unread" not in browser.get("/me/").content.decode()


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


def test_a_group_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        notices.register("tests.other", "x", "nowhere")
