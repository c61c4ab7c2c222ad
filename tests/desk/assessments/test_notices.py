"""R026, Art. 21: who is to be told of a new grading is a list, telling it is an act that the next run is given."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.assessments import notices
from keepwell.desk.assessments.models import Told
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.exchange.acts import Cut
from keepwell.desk.exchange.acts import notices as returned
from tests import morning

AtWork = Callable[[str], Client]
OWN, OTHER_BRANCH = "c000000", "c000003"
LEVEL, PRODUCT = "client_level//2026-11-18", "product_level/688001/2026-11-20"


def tell(browser: Client, *chosen: str, client_id: str = OWN, **facts: Any) -> Any:
    given = {"notices": chosen, "told_on": "2026-11-23", "channel": "phone", "proof_code": "LY-0042", **facts}
    return browser.post(f"/assessments/{client_id}/tell/", given)


def told() -> list[tuple[str, str]]:
    return [(row.notice_kind, row.product_code) for row in Told.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("role", "n"),
    [
        ("manager", 2),
        ("adviser", 0),
        ("team_leader", 2),
        ("branch_head", 2),
        ("counter", 2),
        ("compliance", 3),
    ],
)
def test_r199_each_sees_what_is_owed_to_clients_of_their_scope(at_work: AtWork, role: str, n: int) -> None:
    page = at_work(role).get("/assessments/notices/").content.decode()
    assert page.count("<tr data-row>") == n
    assert ("没有应告知的客户" in page) == (n == 0)


def test_r026_the_list_says_what_to_tell_and_for_how_long_it_is_owed(at_work: AtWork) -> None:
    page = at_work("manager").get("/assessments/notices/").content.decode()
    assert "您的风险等级由 C2 调整为 C3，可匹配产品最高为 R3（第21条）。" in page
    assert "您持有的产品 688001 等级由 R3 调整为 R4" in page
    assert "5 天" in page  # since 18 November, on the 23rd


def test_r026_compliance_reads_masked_names_and_tells_nobody(at_work: AtWork) -> None:
    browser = at_work("compliance")
    page = browser.get("/assessments/notices/").content.decode()
    assert "陈志远" not in page
    assert "陈*" in page
    assert "登记告知" not in page
    assert browser.get(f"/assessments/{OWN}/tell/").status_code == 403


def test_r026_telling_is_on_record_once_and_leaves_the_list(at_work: AtWork) -> None:
    browser = at_work("manager")
    assert tell(browser, LEVEL, PRODUCT).status_code == 302
    assert told() == [("client_level", ""), ("product_level", "688001")]
    row = Told.objects.first()
    assert row is not None
    assert (row.by_name, row.staff_code, row.channel, row.proof_code) == ("周敏", "S02", "phone", "LY-0042")
    assert notices.owed_to(OWN) == []
    assert "没有应告知的客户" in browser.get("/assessments/notices/").content.decode()
    history = browser.get("/assessments/notices/?told=1").content.decode()
    assert "LY-0042" in history
    entries = ENTRIES["firm"].objects.filter(verb="assessments.tell").order_by("pk")
    assert [(one.subject_id, one.payload["product_code"]) for one in entries] == [(OWN, ""), (OWN, "688001")]
    assert tell(browser, LEVEL).status_code == 422  # told meanwhile
    assert len(told()) == 2


def test_r026_one_of_two_may_be_told_alone(at_work: AtWork) -> None:
    tell(at_work("manager"), PRODUCT)
    assert told() == [("product_level", "688001")]
    assert [row.notice_kind for row in notices.owed_to(OWN)] == ["client_level"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"notices": ()}, "请勾选已告知客户的事项"),
        ({"told_on": "2026-11-17"}, "告知日期须在重新评定之后"),
        ({"told_on": "2026-11-24"}, "告知日期须在重新评定之后"),
        ({"told_on": ""}, "请填告知日期"),
        ({"proof_code": " "}, "请填录音录像、信函或确认的编号"),
        ({"channel": "12386"}, "12386"),
    ],
)
def test_r026_what_proves_nothing_is_not_taken(at_work: AtWork, facts: dict[str, Any], said: str) -> None:
    answer = tell(at_work("manager"), LEVEL, **facts)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert told() == []


def test_r004_a_client_out_of_scope_is_unknown(at_work: AtWork) -> None:
    browser = at_work("manager")
    assert tell(browser, "lowest_class//2026-11-19", client_id=OTHER_BRANCH).status_code == 404
    assert told() == []


def test_r026_the_card_shows_what_is_owed_until_it_is_told(at_work: AtWork) -> None:
    browser, panel = at_work("manager"), f"/clients/{OWN}/panel/assessments-notices/"
    part = {"hx-request": "true"}
    assert "应告知" in browser.get(panel, headers=part).content.decode()
    tell(browser, LEVEL, PRODUCT)
    assert browser.get(panel, headers=part).content.decode().strip() == ""


def test_r235_the_next_run_is_given_who_was_told(at_work: AtWork) -> None:
    tell(at_work("manager"), PRODUCT)
    (row,) = returned(Cut(morning.now(), dt.date(2026, 11, 23)))
    assert (row["client_id"], row["notice_kind"], row["product_code"]) == (OWN, "product_level", "688001")
    assert (row["owed_since_on"], row["told_on"]) == (dt.date(2026, 11, 20), dt.date(2026, 11, 23))
    assert (row["channel"], row["staff_code"]) == ("phone", "S02")
    assert list(returned(Cut(morning.now() - dt.timedelta(days=1), dt.date(2026, 11, 20)))) == []


@pytest.mark.parametrize(
    ("role", "beside"), [("manager", "2"), ("team_leader", "2"), ("adviser", None), ("audit", None)]
)
def test_r026_the_number_beside_the_list_is_work_of_whoever_may_tell(
    at_work: AtWork, role: str, beside: str | None
) -> None:
    """As many as wait in one's scope; none where none wait, or for a reader who tells nobody."""
    page = at_work(role).get("/assessments/notices/").content.decode()
    assert waiting(page) == beside


def test_r026_the_number_goes_down_as_a_client_is_told(at_work: AtWork) -> None:
    browser = at_work("manager")
    assert tell(browser, LEVEL).status_code == 302
    assert waiting(browser.get("/assessments/notices/").content.decode()) == "1"


def waiting(page: str) -> str | None:
    """The number beside the list in the side navigation."""
    found = re.search(r'href="/assessments/notices/"[^>]*><span>[^<]*</span>(?:<span[^>]*>(\d+)<)?', page)
    assert found, "the list has an entry"
    return found.group(1)
