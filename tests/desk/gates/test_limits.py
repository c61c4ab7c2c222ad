"""R026, Art. 22: the card of an institution shows its own limits, and who may act for it until when."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.codes import ProductKind
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.gates import queries
from keepwell.desk.gates.signed import desk_day
from tests.desk.run_folder import facts
from tests.desk.run_suitability import LIMITED

AtWork = Callable[[str], Client]
PANEL = "/clients/c{:06d}/panel/suitability-limits/"


def panel(browser: Client, number: int, language: str = "zh-hans") -> str:
    browser.cookies["django_language"] = language
    answer = browser.get(PANEL.format(number), headers={"hx-request": "true", "accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode().strip()


def test_r026_kinds_quota_room_and_handlers_stand_on_the_card(at_work: AtWork) -> None:
    shown = panel(at_work("branch_head"), LIMITED)
    for told in (
        "机构自身授权允许；额度 50.0 万，剩余 38.0 万",
        "额度 10.0 万 已用完",
        "额度 不限，剩余 不限",
        "未授权：",
        "邵文",
        "2026-01-01 至 2027-03-31",
        "仅限基金",
        "2026-12-01 起，未定到期",
        '单笔最高 <data value="80000.00"',
        "金额不限",
    ):
        assert told in shown, told
    assert (shown.count("授权有效"), shown.count("授权已到期"), shown.count("尚未生效")) == (1, 1, 1)


@pytest.mark.parametrize("role", ["compliance", "audit"])
def test_r199_who_sees_no_names_sees_handlers_masked(at_work: AtWork, role: str) -> None:
    shown = panel(at_work(role), LIMITED)
    assert "邵文" not in shown
    assert "邵*" in shown


def check(browser: Client, number: int, product: str, amount: str = "", by: str = "client") -> str:
    told = {"product": product, "started_by": by, "amount": amount}
    answer = browser.post(f"/gates/match/c{number:06d}/", told, headers={"hx-request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("by", ["client", "staff"])
@pytest.mark.parametrize(
    ("product", "amount", "said"),
    [
        ("000198", "80000.01", "单笔授权最高为 80,000.00，低于该金额（第6、22条；机构授权文件）"),
        ("000198", "400000", "自有额度已用完或不足"),
        ("019547", "1", "自有额度已用完或不足"),
        ("600000", "1", "超出该机构自身授权允许的品种"),
    ],
)
def test_r026_the_gate_refuses_what_the_institution_or_its_handlers_may_not_order(
    at_work: AtWork, by: str, product: str, amount: str, said: str
) -> None:
    """Whoever named it first: kind, what is left of the quota, and the most that a handler may order at once."""
    shown = check(at_work("counter"), LIMITED, product, amount, by)
    assert said in shown
    assert "kw-warning" in shown


def test_r026_the_gate_names_who_may_order_it_up_to_what_amount_until_when(at_work: AtWork) -> None:
    browser = at_work("counter")
    shown = check(browser, LIMITED, "000198", "80000")
    assert "今日可下单" in shown
    for told in ("邵文", "2026-01-01 至 2027-03-31", "单笔最高"):
        assert told in shown, told
    assert "方宁" not in shown  # her authority has ended
    assert "罗一" not in shown  # his has not begun
    assert FirmEntry.objects.filter(verb="gates.check_match", payload__amount="80000").count() == 1
    nobody = check(browser, LIMITED, "000198", "80000.01")
    assert "没有：请向机构索取覆盖此单的授权" in nobody


def test_r026_an_authority_that_ended_since_the_run_carries_no_order(firm_run: Any) -> None:
    """The run counted a handler whose last day was the day of its data; the desk asks on the day itself."""
    rows = queries.handlers(firm_run.run_id, [facts(LIMITED)["record"]])
    last = rows[0] | {"product_kind": None, "starts_on": firm_run.as_of_on, "ends_on": firm_run.as_of_on}
    assert queries.acting([last], ProductKind.FUND, firm_run.as_of_on) == [last]
    assert queries.acting([last], ProductKind.FUND, desk_day(firm_run)) == []


@pytest.mark.parametrize(("amount", "status"), [("0", 422), ("-1", 422), ("abc", 422), ("", 200)])
def test_r026_an_amount_is_above_nothing_or_left_out(at_work: AtWork, amount: str, status: int) -> None:
    told = {"product": "000198", "started_by": "staff", "amount": amount}
    answer = at_work("counter").post(f"/gates/match/c{LIMITED:06d}/", told, headers={"hx-request": "true"})
    assert answer.status_code == status


def test_r026_whoever_has_no_limits_is_asked_for_no_amount(at_work: AtWork) -> None:
    browser = at_work("team_leader")
    assert "amount" not in browser.get("/gates/match/c000001/").content.decode()
    assert "今日可下单" not in check(browser, 1, "600000", "999999999")


def test_r026_whoever_has_no_limits_has_no_panel(at_work: AtWork) -> None:
    assert panel(at_work("manager"), 0) == ""
