"""R104: what the run decided differently, of one's own clients alone."""

import re
from collections.abc import Callable

from django.test import Client

from tests.desk.clients.test_scope import expected

CARD = re.compile(r'href="/clients/(c\d{6})/"')


def test_changes_are_those_of_the_clients_in_scope(at_work: Callable[[str], Client]) -> None:
    page = at_work("team_leader").get("/clients/changes/")
    seen = set(CARD.findall(page.content.decode()))
    changed = {f"c{number:06d}" for number in range(0, 60, 10)}
    assert seen == expected("team_leader") & changed != set()


def test_a_change_names_what_from_and_to(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/clients/changes/?what=grade").content.decode()
    assert "战略" in body
    assert CARD.findall(body)


def test_a_kind_nobody_changed_in_is_empty(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/clients/changes/?what=manager_code").content.decode()
    assert "昨夜没有变化" in body
    assert CARD.findall(body) == []
