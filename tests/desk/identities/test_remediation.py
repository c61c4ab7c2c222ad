"""R006, R008, R199, R233; CDD measure Art. 51: existing clients are brought up to date by one neutral date each."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.exchange import folders, intake
from keepwell.desk.identities import kept
from keepwell.desk.identities.models import KeptQuality, Remediation
from keepwell.desk.identities.remediation import exporting, queries, telling
from keepwell.desk.identities.remediation.queries import Wanted
from keepwell.desk.people.models import User
from tests import morning

PAGE, QUALITY = "/identities/remediation/", "/identities/quality/"
LAST = dt.date(2027, 12, 31)
AS_OF = dt.date(2026, 11, 20)
IN_B02 = ("c000003", "c000015", "c000027", "c000039", "c000051")
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}


def shown(browser: Client, address: str = PAGE, name: str = "shown", **asked: str) -> list[str]:
    return [one["row"].client_id for one in browser.get(address, asked).context[name]]


def test_art51_a_branch_lists_its_own_clients_with_a_date_worth_most_first(
    at_work: Callable[..., Client],
) -> None:
    ids = shown(at_work("counter"))
    assert ids[0] == "c000057"
    assert "c000000" not in ids  # it lacks something and has no date
    assert not set(ids) & set(IN_B02)
    assert len(ids) == 14


def test_r004_another_branch_sees_its_own_alone_a_guest_there_is_not_on_it(
    log_in: Any, firm_run: Any
) -> None:
    ids = shown(log_in("branch_head", branch_code="B02", staff_code="S07"))
    assert ids == ["c000003", "c000015", "c000027", "c000039", "c000051"]


def test_art51_progress_counts_whole_open_and_past(at_work: Callable[..., Client]) -> None:
    page = at_work("branch_head").get(PAGE)
    progress = page.context["progress"]
    assert (progress.n_clients, progress.n_done, progress.n_open, progress.n_past) == (45, 31, 14, 0)
    assert progress == queries.progress(queries.dates("B01"), LAST)
    late = queries.progress(queries.dates("B01"), LAST + dt.timedelta(days=1))
    assert late.n_past == 14
    assert "每月" in page.content.decode()


def test_r233_everybody_has_the_last_day_of_the_law_until_the_firm_signs_batches(
    at_work: Callable[..., Client],
) -> None:
    """No earlier date is invented: that no batch is signed is said, with the mark of what is."""
    page = at_work("counter").get(PAGE)
    assert {one["row"].due_on for one in page.context["shown"]} == {LAST}
    assert "公司未签署分批" in page.content.decode()
    assert (str(page.context["last"].mark), str(page.context["batches"].mark)) == ("V", "P")


@pytest.mark.parametrize("address", [PAGE, QUALITY])
@pytest.mark.parametrize("role", ["counter", "branch_head", "service_desk", "hq_brokerage"])
def test_r233_no_word_or_count_comes_from_a_rating(
    address: str, role: str, at_work: Callable[..., Client]
) -> None:
    text = at_work(role).get(address, {"branch": "B01"}).content.decode()
    for word in ("洗钱", "高风险", "较高", "2026-06-30", "aml", "评级"):
        assert word not in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({"kind": "differs"}, ["c000057"]), ({"past": "1"}, []), ({"kind": "nonsense"}, None)],
)
def test_r008_the_list_is_narrowed_by_what_is_wrong(
    asked: dict[str, str], expected: list[str] | None, at_work: Callable[..., Client]
) -> None:
    counter = at_work("counter")
    assert shown(counter, **asked) == (shown(counter) if expected is None else expected)


def test_r008_a_row_names_its_gaps_and_leads_to_conflict_and_card(at_work: Callable[..., Client]) -> None:
    page = at_work("service_desk").get(PAGE)
    first = page.context["shown"][0]
    assert telling.said(first) == "各处不一致：住址；已过期：证件有效期至；缺失：国籍"
    assert first["url"] == "/clients/c000057/"
    assert first["conflict_url"] == page.context["next"]
    (fact,) = first["kinds"][0]["facts"]
    assert fact["url"] == "/identities/conflicts/one/?key=two_addresses%2Fc000057%2F0123456789ab"
    assert page.context["next"].startswith("/identities/conflicts/one/?key=")


def test_r199_headquarters_sees_branches_first_then_a_branch_masked(at_work: Callable[..., Client]) -> None:
    hq = at_work("hq_brokerage")
    page = hq.get(PAGE)
    assert [one["row"].branch_code for one in page.context["branches"]] == ["B01", "B02"]
    assert page.context["progress"].n_clients == 60
    text = hq.get(PAGE, {"branch": "B02"}).content.decode()
    assert "赵*" in text
    assert "赵一鸣" not in text
    assert shown(hq, branch="B02") == list(IN_B02)


def test_art51_what_is_past_its_date_stays_that_of_the_branch_that_is_read() -> None:
    """The figure leads to its own clients; the firm's page lists branches and leads nowhere."""
    late = LAST + dt.timedelta(days=1)
    done = queries.Progress(n_clients=5, n_done=2, n_past=3)
    links = {branch: telling.progress_figures(done, [], late, branch)[3]["link"] for branch in ("B02", "")}
    assert links == {"B02": "?branch=B02&past=1", "": ""}


def test_r199_headquarters_clears_a_filter_and_stays_with_the_branch(at_work: Callable[..., Client]) -> None:
    page = at_work("hq_brokerage").get(PAGE, {"branch": "B02", "past": "1"})
    assert page.context["shown"] == []
    assert 'href="?branch=B02"' in page.content.decode().partition("kw-empty")[2]


def test_r199_a_branch_asking_for_another_gets_its_own(at_work: Callable[..., Client]) -> None:
    counter = at_work("counter")
    assert shown(counter, branch="B02") == shown(counter)


def test_r199_the_service_desk_of_headquarters_sees_the_firm(log_in: Any, firm_run: Any) -> None:
    page = log_in("service_desk", **HEADQUARTERS).get(PAGE, {"branch": "B02"})
    assert [one["url"] for one in page.context["shown"]] == [""] * 5  # its role opens no card


@pytest.mark.parametrize("role", ["manager", "team_leader", "compliance", "aml_branch", "aml_hq", "admin"])
def test_r199_other_roles_have_no_board(role: str, at_work: Callable[..., Client]) -> None:
    browser = at_work(role)
    assert [browser.get(address).status_code for address in (PAGE, QUALITY)] == [403, 403]


def test_r008_the_ten_worth_most_are_told_with_hours_and_marked_rates(at_work: Callable[..., Client]) -> None:
    page = at_work("branch_head").get(QUALITY)
    assert shown(at_work("service_desk"), QUALITY, "fixes")[0] == "c000057"
    assert len(page.context["fixes"]) == queries.N_FIXES
    sums = page.context["sums"]
    assert (sums.n_clients, sums.n_to_mend, sums.n_missing, sums.n_expired, sums.n_differing) == (
        45,
        15,
        11,
        5,
        1,
    )
    assert page.context["as_of"] == AS_OF  # by which the rows say what is overdue
    notes = [str(figure.get("note", "")) for figure in page.context["figures"]]
    assert notes == ["位客户", "占未销户客户 33.3%", "项", "项", "项", "项", ""]  # hours stand in their label
    assert sums.fix_minutes == 11 * 8 + 5 * 15 + 20
    assert {rate["n_minutes"] for rate in page.context["rates"]} == {8, 10, 15, 20}
    assert str(page.context["signed"].mark) == "P"
    assert page.context["by_fact"].rows[0] == ["国籍 · 缺失", 11]


def test_r008_the_trend_is_drawn_from_what_was_kept_of_each_run(at_work: Callable[..., Client]) -> None:
    browser = at_work("branch_head")
    assert browser.get(QUALITY).context["trend"] is None
    (now,) = KeptQuality.objects.filter(branch_code="B01")
    kept.keep(run=now.run, on=AS_OF)
    assert KeptQuality.objects.count() == 2  # one a branch: kept once
    for run, on, n in (("000000", dt.date(2026, 10, 30), 30), ("0000001", dt.date(2026, 10, 30), 20)):
        KeptQuality.objects.create(
            run=run, on=on, branch_code="B01", n_clients=45, n_to_mend=n, n_missing=n, n_expired=0, n_misread=0,
            n_differing=0, n_existing=45, n_done=45 - n,
        )  # fmt: skip
    page = browser.get(QUALITY)
    assert [list(row) for row in page.context["trend"].rows] == [
        ["2026-10-30", 20, 0, 0], ["2026-11-20", 11, 5, 1],
    ]  # fmt: skip
    assert "20 → 17" in page.context["trend"].sentence or "17" in page.context["trend"].sentence
    assert browser.get(PAGE).context["course"].rows[-1] == ["2026-11-20", 31, 45]


def test_r008_taking_the_same_run_in_again_keeps_nothing_twice(firm_run: Any, written_run: Any) -> None:
    intake.take_in(run=folders.RunFolder(written_run), by=None, at=morning.now())
    assert KeptQuality.objects.count() == 2


def test_r237_the_file_holds_the_page_and_no_other_branch(at_work: Callable[..., Client]) -> None:
    at_work("branch_head")
    head = User.objects.get(username="branch_head")
    assert list(exporting.rows(head, "branch=B02&kind=differs")) == []
    rows = list(exporting.rows(head, "branch=B01&kind=differs"))
    assert rows == [
        ["李强57", "解放路营业部", "各处不一致：住址；已过期：证件有效期至；缺失：国籍", 43, LAST]
    ]
    assert exporting.count(head, "", 5_000) == 14
    assert exporting.told("kind=differs&past=1") == "各处不一致 · 已过期限"


def test_r199_a_counter_takes_no_file_away(at_work: Callable[..., Client]) -> None:
    counter = at_work("counter")
    assert counter.get("/exports/identities.export_remediation/").status_code in {403, 404}
    assert counter.get(PAGE).context["may_export"] is False


def test_r242_pages_follow_each_other_by_key_in_one_order(at_work: Callable[..., Client]) -> None:
    at_work("counter")
    user = User.objects.get(username="counter")
    rows = queries.clients(user, Wanted(), AS_OF).order_by(*queries.ORDER)
    points = [row.worth_points for row in rows]
    assert points == sorted(points, reverse=True)
    assert telling.next_of([]) == ""
    assert Remediation.objects.filter(due_on=None).count() == 1
