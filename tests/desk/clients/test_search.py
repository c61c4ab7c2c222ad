"""One search box: name, suffix, pinyin, tails of numbers; within one's scope; what was typed is never kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import queries

CARD = re.compile(r'href="/clients/(c\d{6})/"')


@pytest.mark.parametrize(
    "typed, client",
    [
        ("陈志远", "c000000"),
        ("陈", "c000000"),
        ("chenzhiyuan", "c000000"),
        ("CHEN zhi", "c000000"),
        ("88000004", "c000004"),
        ("0004", "c000004"),
    ],
)
def test_a_client_is_found(at_work: Callable[[str], Client], typed: str, client: str) -> None:
    page = at_work("team_leader").post("/clients/search/", {"q": typed})
    assert client in CARD.findall(page.content.decode())


@pytest.mark.parametrize("typed", ["", "  ", "a", "123", "吴珊不在", "%_"])
def test_nothing_is_found_for_too_little_or_nobody(at_work: Callable[[str], Client], typed: str) -> None:
    page = at_work("team_leader").post("/clients/search/", {"q": typed})
    assert page.status_code == 200
    assert CARD.findall(page.content.decode()) == []
    assert "没有找到" in page.content.decode()


def test_a_search_stays_in_scope(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").post("/clients/search/", {"q": "赵一鸣"})
    assert CARD.findall(page.content.decode()) == []


def test_a_page_of_the_largest_is_shown_and_that_there_are_more(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, counts = at_work("hq_brokerage"), {}
    for at_most in (5, 6):  # six are called so
        monkeypatch.setattr(queries, "FOUND", at_most)
        page = browser.post("/clients/search/", {"q": "陈"}).content.decode()
        counts[at_most] = (len(set(CARD.findall(page))), f"{at_most}+" in page)
    assert counts == {5: (5, True), 6: (6, False)}


def test_a_search_leaves_no_trace_of_what_was_typed(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    browser.post("/clients/search/", {"q": "陈志远"})
    entry = ENTRIES["firm"].objects.get(verb="clients.search")
    assert entry.payload == {"n_found": 3}
    assert "陈" not in str(vars(entry))
    assert browser.get("/clients/search/?q=x").status_code == 405


def test_aml_searches_go_to_their_own_log(at_work: Callable[[str], Client]) -> None:
    browser = at_work("aml_branch")
    before = ENTRIES["firm"].objects.count()
    browser.post("/clients/search/", {"q": "赵"})
    assert ENTRIES["firm"].objects.count() == before
    assert ENTRIES["aml"].objects.filter(verb="clients.search").count() == 1


def test_secret_words_are_keyed(firm_run: Any) -> None:
    from keepwell.desk.clients.models import SearchToken
    from keepwell.desk.clients.search import hidden
    from tests.desk.run_folder import KEY

    words = set(SearchToken.objects.filter(token_kind="phone").values_list("token", flat=True))
    assert hidden(KEY, "phone", "0004") in words
    assert not {word for word in words if word.isdigit() and len(word) < 12}


@pytest.mark.parametrize(
    "typed", ["陈志远" * 167, "0004" * 125, "a b" * 167, "<script>alert(1)</script>" * 20]
)
def test_r231_a_search_of_500_characters_is_answered_and_shown_as_text(
    at_work: Callable[[str], Client], typed: str
) -> None:
    """R231: page and palette answer with nothing found; what was pasted is text; nothing of it is kept."""
    assert len(typed) >= 500
    browser = at_work("team_leader")
    for address in ("/clients/search/", "/clients/palette/"):
        page = browser.post(address, {"q": typed})
        assert page.status_code == 200
        assert CARD.findall(page.content.decode()) == []
        assert "<script>alert" not in page.content.decode()
    entry = ENTRIES["firm"].objects.filter(verb="clients.search").latest("id")
    assert entry.payload == {"n_found": 0}
