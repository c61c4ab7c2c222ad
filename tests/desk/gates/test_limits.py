"""R026, Art. 22: the card of an institution shows its own limits, and who may act for it until when."""

from collections.abc import Callable

import pytest
from django.test import Client

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
    ):
        assert told in shown, told
    assert (shown.count("授权有效"), shown.count("授权已到期"), shown.count("尚未生效")) == (1, 1, 1)


@pytest.mark.parametrize("role", ["compliance", "audit"])
def test_r199_who_sees_no_names_sees_handlers_masked(at_work: AtWork, role: str) -> None:
    shown = panel(at_work(role), LIMITED)
    assert "邵文" not in shown
    assert "邵*" in shown


def test_r026_whoever_has_no_limits_has_no_panel(at_work: AtWork) -> None:
    assert panel(at_work("manager"), 0) == ""
