"""R026, R030: compliance reads which questionnaires went out, and the self-check of the half-year."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User
from keepwell.desk.ui import exports
from tests.desk.forms.sheets import form_of

AtWork = Callable[[str], Client]
FORMS, CHECK = "/assessments/forms/", "/assessments/self-check/"


@pytest.fixture
def sent(firm_run: Any) -> dict[str, Form]:
    """A form of each fate: open, run out, answered with a jump, refused; two on one device; one of another branch."""
    now, day = timezone.now(), dt.timedelta(days=1)
    fates: dict[str, dict[str, Any]] = {
        "open": {"expires_at": now + 3 * day},
        "expired": {"expires_at": now - day},
        "jumped": {
            "state": "received", "answered_at": now - day, "score": 84, "risk_level": "C5", "is_jump": True,
            "level_before": "C2", "device_code": "d1",
        },
        "refused": {
            "state": "refused", "answered_at": now - 2 * day, "score": 50, "risk_level": "C3",
            "refusal": "unanswered", "device_code": "d1",
        },
        "elsewhere": {"state": "withdrawn"},
    }  # fmt: skip
    homes = {
        "open": "c000000",
        "expired": "c000001",
        "jumped": "c000002",
        "refused": "c000004",
        "elsewhere": "c000003",
    }
    made = {}
    for n, (name, facts) in enumerate(fates.items()):
        told = {
            "client_id": homes[name],
            "client_name": "陈志远",
            "asked_by_name": "李倩",
            "asked_at": now - n * day,
        }
        made[name], _code = form_of(**told | facts)
    return made


def shown(page: Any, sent: dict[str, Form]) -> set[str]:
    text = page.content.decode()
    return {name for name, form in sent.items() if f"/clients/{form.client_id}/" in text}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"open", "expired", "jumped", "refused", "elsewhere"}),
        ("state=open", {"open"}),
        ("state=expired", {"expired"}),
        ("state=received", {"jumped"}),
        ("flag=jump", {"jumped"}),
        ("flag=shared", {"jumped", "refused"}),
        ("who=nobody", set()),
        ("since=2026-11-22&until=2026-11-22", {"expired"}),
        ("state=nonsense", {"open", "expired", "jumped", "refused", "elsewhere"}),
    ],
)
def test_r026_the_list_of_questionnaires_is_filtered(
    at_work: AtWork, sent: dict[str, Form], query: str, names: set[str]
) -> None:
    page = at_work("compliance").get(f"{FORMS}?{query}")
    assert shown(page, sent) == names
    assert ("去掉一个条件再看" in page.content.decode()) == (not names)


def test_r026_the_list_tells_jumps_devices_and_refusals_by_article(
    at_work: AtWork, sent: dict[str, Form]
) -> None:
    page = at_work("compliance").get(FORMS).content.decode()
    for told in (
        "由 C2 跳升，应问原因",
        "同一设备 2 位客户",
        "漏答 20 题：不能得出等级（第6、33条）",
        "已过期",
    ):
        assert told in page, told
    assert "陈志远" not in page


def test_r199_a_branch_reads_its_own(at_work: AtWork, sent: dict[str, Form]) -> None:
    assert shown(at_work("branch_head").get(FORMS), sent) == {"open", "expired", "jumped", "refused"}


def test_r026_nothing_sent_yet_says_where_it_is_sent_from(at_work: AtWork) -> None:
    assert "还没有发过测评链接" in at_work("compliance").get(FORMS).content.decode()


def test_r199_the_list_leaves_as_a_file_with_what_the_page_shows(
    at_work: AtWork, sent: dict[str, Form]
) -> None:
    at_work("compliance")
    user, kind = User.objects.get(username="compliance"), exports.kind_of("assessments.export_forms")
    assert kind is not None
    rows = [list(row) for row in kind.rows(user, "flag=jump")]
    assert kind.count(user, "flag=jump", 100) == len(rows) == 1
    assert len(rows[0]) == len(kind.columns(user))
    assert rows[0][2] == "陈*"
    assert (rows[0][8], rows[0][10:]) == (84, ["是", 2, "", ""])
    assert "需关注" in kind.told("flag=jump")


def test_r030_the_self_check_shows_each_item_with_its_article(at_work: AtWork) -> None:
    page = at_work("compliance").get(CHECK).content.decode()
    assert page.count("<tr data-row>") == 12
    for told in (
        "2026-07-01",
        "2026-12-31",
        "测评已过期客户",
        "5.00%",
        "产品分级（第15、16、36条）",
        "12 项中有 2 项存在问题",
    ):
        assert told in page, told
    user, kind = User.objects.get(username="compliance"), exports.kind_of("assessments.export_check")
    assert kind is not None
    assert kind.count(user, "", 100) == len(list(kind.rows(user, ""))) == 12


def test_r199_only_compliance_and_audit_read_the_self_check(at_work: AtWork) -> None:
    assert at_work("audit").get(CHECK).status_code == 200
    assert at_work("branch_head").get(CHECK).status_code == 403
