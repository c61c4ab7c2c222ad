"""R002, R004: the client list by population and class, keyset pages, masks, a bounded number of queries."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.desk.clients.models import ClientLine
from keepwell.desk.ui.paging import keyset
from tests.desk.run_folder import facts

MINE = [who for who in map(facts, range(60)) if who["manager"] == "S02"]
CARD = re.compile(r'href="/clients/(c\d{6})/"')


def names(page: Any) -> list[str]:
    return CARD.findall(page.content.decode())


def test_the_list_opens_with_existing_clients_largest_first(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").get("/clients/")
    existing = [who for who in MINE if who["population"] == "existing"]
    assert names(page) == [who["client_id"] for who in sorted(existing, key=lambda who: -who["assets"])]
    assert f"{len(existing)} 位" in page.content.decode()


@pytest.mark.parametrize("population", ["never_funded", "closed"])
def test_other_populations_are_shown_when_asked_for(
    at_work: Callable[[str], Client], population: str
) -> None:
    page = at_work("hq_brokerage").get(f"/clients/?population={population}")
    wanted = {who["client_id"] for who in map(facts, range(60)) if who["population"] == population}
    assert set(names(page)) == wanted != set()


def test_filters_are_or_inside_and_between(at_work: Callable[[str], Client]) -> None:
    page = at_work("hq_brokerage").get(
        "/clients/?grade=important&grade=regular&activity_state=leaving&branch=B01"
    )
    wanted = {
        who["client_id"]
        for who in map(facts, range(60))
        if who["population"] == "existing" and who["grade"] in {"important", "regular"}
        and who["state"] == "leaving" and who["branch"] == "B01"
    }  # fmt: skip
    assert set(names(page)) == wanted != set()


def test_unknown_filter_values_are_left_out(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    assert names(browser.get("/clients/?grade=x&population=y")) == names(browser.get("/clients/"))


def test_pages_follow_each_other_without_gap_or_repeat(at_work: Callable[[str], Client]) -> None:
    browser, seen, address = at_work("hq_brokerage"), [], "/clients/"
    while address:
        page = browser.get(address)
        seen += names(page)
        following = re.search(r'rel="next" href="\?([^"]+)"', page.content.decode())
        address = f"/clients/?{following.group(1).replace('&amp;', '&')}" if following else ""
    wanted = [who["client_id"] for who in map(facts, range(60)) if who["population"] == "existing"]
    assert sorted(seen) == sorted(wanted)
    assert len(seen) == len(set(seen))


def test_a_cursor_that_is_not_ours_is_unknown(at_work: Callable[[str], Client]) -> None:
    assert at_work("manager").get("/clients/?after=abc").status_code == 404


def test_a_cursor_of_one_list_is_unknown_to_another(at_work: Callable[[str], Client]) -> None:
    desk = at_work("hq_brokerage")
    desk.get("/clients/")  # from here on this thread reads the generation
    cursor = keyset(ClientLine.objects.all(), ("-sort_amount", "-client_id"), size=1).next_cursor
    assert desk.get(f"/clients/?after={cursor}").status_code == 200
    for elsewhere in ("/clients/changes/", "/runs/quarantine/"):
        assert desk.get(f"{elsewhere}?after={cursor}").status_code == 404


def test_headquarters_see_masked_names(at_work: Callable[[str], Client]) -> None:
    body = at_work("compliance").get("/clients/").content.decode()
    assert "陈*" in body
    assert "陈志远" not in body


def test_aml_officers_see_no_class_state_or_moment(at_work: Callable[[str], Client]) -> None:
    body = at_work("aml_branch").get("/clients/").content.decode()
    assert CARD.findall(body)
    for word in ("战略", "有去意", "联系时机", "客户经理"):
        assert word not in body.split("<main", 1)[1], word


def test_a_list_takes_a_bounded_number_of_queries(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    browser.get("/clients/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/clients/?grade=strategic")
    with CaptureQueriesContext(connection) as many:
        browser.get("/clients/")
    # the list's own, what was done since the run, the frame's counts of what waits for the head
    assert len(many) == len(few) <= 28


def test_r194_english_pages_mark_chinese_names_for_screen_readers(at_work: Callable[[str], Client]) -> None:
    """R194: client, manager and branch are read as Chinese; what stands for a name that is missing is English."""
    browser = at_work("compliance")
    browser.post("/me/language/", {"language": "en"})
    page = browser.get("/clients/").content.decode().split("<main", 1)[1]
    for label in ("Manager", "Branch"):
        cells = re.findall(rf'data-label="{label}"([^>]*)>([^<]*)<', page)
        assert cells
        assert all('lang="zh-CN"' in marks for marks, said in cells if re.search(r"[\u4e00-\u9fff]", said))
    assert 'lang="zh-CN"' not in at_work("manager").get("/clients/").content.decode().split("<main", 1)[1]
