"""R194: rooms hang panels on the card; each is checked for permission, and what is below the fold comes on reveal."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import panels

MINE = "c000009"  # of the team leader's team


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One panel shown with the card, one fetched, one that nobody at the desk may see."""
    monkeypatch.setattr(panels, "_panels", {})
    for name, permission, place in (
        ("near", "clients.read_service", "aside"),
        ("far", "clients.read_service", "main_later"),
        ("closed", "people.read", "main"),
    ):
        panels.register(name, permission, lambda _request, line, name=name: f"<p>{name} {line.pk}</p>", place)
    return


@pytest.mark.usefixtures("hung")
def test_what_is_above_the_fold_comes_with_the_card(at_work: Callable[[str], Client]) -> None:
    body = at_work("team_leader").get(f"/clients/{MINE}/").content.decode()
    assert f"<p>near {MINE}</p>" in body
    assert f"<p>far {MINE}</p>" not in body
    assert f'hx-get="/clients/{MINE}/panel/far/" hx-trigger="intersect once"' in body
    assert "closed" not in body


@pytest.mark.usefixtures("hung")
def test_a_panel_fetched_is_checked_and_traced_like_the_card(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    fetched = browser.get(f"/clients/{MINE}/panel/far/", headers={"HX-Request": "true"})
    assert fetched.content.decode().strip() == f"<p>far {MINE}</p>"
    assert browser.get(f"/clients/{MINE}/panel/far/").status_code == 200
    assert browser.get(f"/clients/{MINE}/panel/closed/").status_code == 403
    assert browser.get(f"/clients/{MINE}/panel/nothing/").status_code == 404
    assert browser.get("/clients/c000003/panel/far/").status_code == 404
    traced = ENTRIES["firm"].objects.filter(verb="clients.read_card")
    assert [entry.payload for entry in traced] == [{"part": "far"}] * 2


@pytest.mark.usefixtures("hung")
def test_aml_officers_see_no_panel_of_service(at_work: Callable[[str], Client]) -> None:
    browser = at_work("aml_branch")
    body: Any = browser.get("/clients/c000003/").content.decode()
    assert "near" not in body
    assert browser.get("/clients/c000003/panel/near/").status_code == 403
