"""R004, R224: who is related to a client stands on the card, a client out of sight without name and number."""

from collections.abc import Callable

from django.test import Client

from tests.desk.run_folder import facts
from tests.desk.run_related import ELSEWHERE, OUTSIDER, SAME_BOOK, SAME_BRANCH, WHOSE

CARD = f"/clients/{facts(WHOSE)['client_id']}/accounts/"


def panel(browser: Client, card: str = CARD) -> str:
    """The panel's HTML; empty without one."""
    answer = browser.get(card)
    assert answer.status_code == 200
    _before, found, after = answer.content.decode().partition('id="related"')
    return after.split("</table>")[0] if found else ""


def names(text: str, number: int) -> bool:
    """Whether the text betrays the client: by name, number, customer number or a way to the card."""
    who = facts(number)
    return any(who[fact] in text for fact in ("client_id", "record", "account")) or f">{who['name']}<" in text


def test_r224_a_manager_sees_whom_the_book_holds_and_of_others_only_where_they_are(
    at_work: Callable[[str], Client],
) -> None:
    text = panel(at_work("manager"))
    assert names(text, SAME_BOOK)
    assert not names(text, SAME_BRANCH)
    assert not names(text, ELSEWHERE)
    assert "本营业部的另一位客户" in text
    assert "其他营业部的一位客户" in text
    assert OUTSIDER in text


def test_r004_the_branch_sees_its_own_clients_and_no_others(at_work: Callable[[str], Client]) -> None:
    text = panel(at_work("branch_head"))
    assert [names(text, number) for number in (SAME_BOOK, SAME_BRANCH, ELSEWHERE)] == [True, True, False]


def test_r199_who_reads_masked_names_reads_those_of_related_persons_masked(
    at_work: Callable[[str], Client],
) -> None:
    text = panel(at_work("audit"))
    assert OUTSIDER not in text
    assert "周*" in text


def test_r224_each_row_says_as_what_why_since_when_and_by_which_customer_number(
    at_work: Callable[[str], Client],
) -> None:
    text = panel(at_work("manager"))
    for said in (
        "代理人",
        "账户登记的代理人",
        "2024-02-03",
        "受益所有人",
        "持有 40.0%",
        "资料比对",
        facts(WHOSE)["record"],
    ):
        assert said in text
    assert "3 位客户登记了同一手机号" in text
    for word in ("可疑", "洗钱", "风险", "嫌疑"):
        assert word not in text


def test_r224_a_client_without_related_persons_has_no_panel(at_work: Callable[[str], Client]) -> None:
    assert panel(at_work("manager"), f"/clients/{facts(SAME_BOOK)['client_id']}/accounts/") == ""


def test_r004_no_day_of_a_client_out_of_sight_is_told(at_work: Callable[[str], Client]) -> None:
    """What two have in common counts from the later of their days: it may be when the other became a client."""
    one, other = panel(at_work("manager")), panel(at_work("compliance"))
    assert one.count("2024-02-03") == 1  # the declared agent, whom the book holds
    assert other.count("2024-02-03") == 3  # who sees everybody
    assert "不显示：这位客户不在您的范围内" in one  # hidden is not the same as never told
    assert one.count("未登记") == other.count("未登记")
    assert "不显示：这位客户不在您的范围内" not in other
