"""R001, R006, R210, R224: the card tells all branches and their part, and what was joined and parted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from keepwell.desk.clients.models import Assignment, ClientRecord, Place
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.identities.merges import telling
from keepwell.desk.identities.models import KeptEvent, Verification
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
PAGE = f"/clients/{CLIENT}/accounts/"
ON = dt.date(2026, 11, 20)


def test_r224_home_and_serving_branches_stand_on_the_card(at_work: Callable[[str], Client]) -> None:
    page = at_work("counter").get(PAGE).content.decode()
    assert "服务营业部" in page
    for told in ("解放路营业部", "文三路营业部", "归属", "服务", "20000057", "10000057"):
        assert told in page


def test_r224_the_home_comes_first_with_why_and_which_it_was_before(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    browser, user = at_work("counter"), make_user("hq_brokerage")
    Place.objects.filter(pk=CLIENT).update(home_is_wish=True)
    Assignment.objects.create(
        client_id=CLIENT, relation=Assignment.Relation.HOME, branch_code="B02", starts_on=dt.date(2020, 1, 2),
        ends_on=dt.date(2024, 5, 6), grounds="source", at=timezone.now(), run="000001",
    )  # fmt: skip
    line = browser.get(PAGE).context["line"]
    told = telling.of_client(line, user)
    assert [(one.code, one.is_home, one.is_serving, one.n_accounts) for one in told["branches"]] == [
        ("B01", True, True, 1), ("B02", False, True, 1),
    ]  # fmt: skip
    assert told["home_reason"] == "按客户本人意愿"
    page = browser.get(PAGE).content.decode()
    assert "此前归属：文三路营业部，2020-01-02 至 2024-05-06" in page


def test_r210_the_card_names_the_clients_that_were(at_work: Callable[[str], Client], firm_run: Any) -> None:
    browser = at_work("counter")
    page = browser.get(PAGE).content.decode()
    assert "各客户号自首次运行起就归在这位客户名下，此后没有合并或拆分。" in page  # two numbers, and no event
    assert "从未合并或拆分。" not in page
    assert "从未合并或拆分。" in browser.get("/clients/c000001/accounts/").content.decode()
    Anchor.objects.create(pk="c900001", born_run="000001", merged_into_id=CLIENT)
    for nth, (event, reason, before) in enumerate(
        (("merged", "judged_same", "c900001"), ("split", "judged_not_same", "c000003"))
    ):
        KeptEvent.objects.create(
            run=f"00000{nth + 1}", on=ON, record_code="20000057", from_client_id=before, to_client_id=CLIENT,
            event=event, event_reason=reason,
        )  # fmt: skip
    page = browser.get(PAGE).content.decode()
    assert "c900001" in page
    assert "经人工判断为同一人" in page
    assert "c000003" not in page  # of another branch, and not this client's before a merge
    assert "/identities/merges/c000057/" not in page.split("服务营业部", 1)[1]


def test_r210_whoever_may_read_merges_finds_the_way_there(at_work: Callable[[str], Client]) -> None:
    page = at_work("service_desk").get(PAGE).content.decode()
    assert "/identities/merges/c000057/" in page.split("服务营业部", 1)[1]


def test_r224_the_panel_asks_a_bounded_number_of_questions(
    at_work: Callable[[str], Client], make_user: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    line = at_work("counter").get(PAGE).context["line"]
    user = make_user("hq_brokerage")
    with django_assert_max_num_queries(8):
        assert len(telling.of_client(line, user)["branches"]) == 2


def test_r224_a_home_of_which_only_the_end_is_known_and_a_closed_branch_are_dated(
    at_work: Callable[[str], Client],
) -> None:
    """The source does not tell since when the first home was it; the home of today is told with its day."""
    browser = at_work("counter")
    told = {"client_id": CLIENT, "relation": Assignment.Relation.HOME, "at": timezone.now(), "run": "000001"}
    Assignment.objects.create(branch_code="B02", starts_on=ON, ends_on=ON, grounds="source", **told)
    Assignment.objects.create(branch_code="B01", starts_on=ON, grounds="source", **told)
    page = browser.get(PAGE).content.decode()
    assert "此前归属：文三路营业部，到 2026-11-20 为止" in page
    assert "自 2026-11-20" in page
    days = [dt.date(2021, 3, 4), dt.date(2024, 5, 6)]
    closed = [ClientRecord(branch_code="B02", opened_on=days[0], closed_on=day) for day in days]
    gone = telling.Branch("B02", "文三路营业部", closed, 0, is_home=False)
    assert (gone.is_serving, gone.until_on) == (False, days[1])
    still = telling.Branch("B02", "文三路营业部", [*closed, ClientRecord(opened_on=ON)], 1, is_home=False)
    assert (still.is_serving, still.until_on) == (True, None)


def test_r212_r223_what_was_found_out_with_the_client_stands_on_the_card(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    """Who, when, how, on what grounds; accounts of before 2016-10-15 as really needed; what was taken back as such."""
    browser, by = at_work("counter"), make_user("counter", username="teller", display_name="陈静")
    told = {"client_id": CLIENT, "by": by, "at": timezone.now(), "run": "000001"}
    Verification.objects.create(
        conflict_key=f"too_many_accounts/{CLIENT}/0", record_code="10000057", finding="all_are_right",
        how="visit", grounds="客户书面说明 2026-11-18", **told,
    )  # fmt: skip
    Verification.objects.create(
        conflict_key=f"two_addresses/{CLIENT}/0", record_code="20000057", golden_field="address",
        finding="not_reached", how="app", grounds="App 提示未读", state="undone", undone_by=by,
        undone_at=timezone.now(), **told,
    )  # fmt: skip
    Verification.objects.create(
        conflict_key="two_phones/c000001/0", record_code="10000001", golden_field="phone",
        finding="all_are_right", how="phone", grounds="别人的", **told,
    )  # fmt: skip
    page = browser.get(PAGE).content.decode()
    record = page.partition("核实记录")[2].partition("</section>")[0]
    for word in (
        "同一市场同类账户超过上限",
        "确有需要",
        "上门核实",
        "客户书面说明 2026-11-18",
        "陈静",
        "已撤销",
        "App 提示",
    ):
        assert word in record, word
    assert "别人的" not in page
