"""The tour tells the made-up firm's stories to each role within its scope, and a real firm nothing."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.test import Client
from django.urls import resolve

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.exchange.told import load_stories
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.tour.models import Story, Tick
from keepwell.desk.tour.steps import TOURS

# The small firm's records are numbered after its clients; the manager of the tests looks after the first.
TOLD = {
    "two_numbers": ["R000000"],
    "large_outflow": ["R000001"],
    "elder": ["R000002"],
    "maturity": ["R000003"],
    "twins": ["R000000", "R000003"],
    "leaving_manager": ["R000001"],
    "complaint": ["R000000"],
    "lowest_class": ["R000004"],
}
each_role = pytest.mark.parametrize("role", [str(role) for role in Role])


@pytest.fixture
def stories_file(firm_run: Any) -> Iterator[Path]:
    """The file the made-up firm leaves, about records of the small run."""
    import json

    from keepwell.desk.clients.models import ClientRecord

    code = dict(ClientRecord.objects.values_list("client_id", "record_code"))
    stories = [
        {
            "key": key,
            "on": "2026-11-20",
            "title": {"en": f"About {key}", "zh": f"{key} 的故事"},
            "look": {"en": f"See {key}", "zh": f"请看 {key}"},
            "staff": "S02",
            "records": [code[name.replace("R", "c")] for name in records],
        }
        for key, records in TOLD.items()
    ]
    path = Path(desk_settings.DATA) / "truth" / "stories.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"stories": stories}), encoding="utf-8")
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def tour_of(stories_file: Path, at_work: Callable[[str], Client]) -> Callable[[str], Client]:
    """A browser of the role, with the stories taken in."""
    load_stories(is_made_up=True)
    return at_work


class Links(HTMLParser):
    """The addresses inside the tour's list."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.found = False, []  # type: ignore[var-annotated]  # of str, filled below

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.inside = self.inside or facts.get("class") == "kw-tour"
        if tag == "a" and self.inside:
            self.found.append(facts["href"])

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "ol"


def links(answer: Any) -> list[str]:
    parser = Links()
    parser.feed(answer.content.decode())
    return parser.found


def test_the_stories_are_taken_in_once_and_go_with_the_firm(stories_file: Path) -> None:
    assert load_stories(is_made_up=True) == 8
    assert load_stories(is_made_up=True) == 8
    assert [story.key for story in Story.objects.order_by("position")] == list(TOLD)
    stories_file.write_text('{"stories": []}', encoding="utf-8")
    assert load_stories(is_made_up=True) == 0  # a firm too small for stories
    assert not Story.objects.exists()


def test_nothing_is_taken_in_of_a_real_firm(stories_file: Path) -> None:
    load_stories(is_made_up=True)
    assert load_stories(is_made_up=False) == 0
    assert not Story.objects.exists()


@each_role
def test_r199_each_role_is_told_three_to_six_steps_it_may_follow(
    tour_of: Callable[[str], Client], role: str
) -> None:
    browser = tour_of(role)
    answer = browser.get("/tour/")
    assert answer.status_code == 200
    steps = answer.context["steps"]
    assert 3 <= len(steps) <= 6
    assert [step.key for step in steps] == [step.key for step in TOURS[role]]
    for address in links(answer):
        assert browser.get(address).status_code == 200, address
    pages = {step.page[0] for step in TOURS[role] if step.page[0]}
    assert len({step.url for step in steps if step.url}) == len(pages), (
        "a page the role may not open is told of"
    )


@each_role
def test_r004_a_story_out_of_scope_is_told_without_the_client(
    tour_of: Callable[[str], Client], role: str
) -> None:
    browser = tour_of(role)
    user = User.objects.get(role=role)
    seen = set(visible_to(user).values_list("client_id", flat=True))
    steps = browser.get("/tour/").context["steps"]
    told = {line.client_id for step in steps for line, _address in step.clients}
    assert told <= seen
    for step in steps:
        clients = {name.replace("R", "c") for name in TOLD.get(step.key, ())}
        assert {line.client_id for line, _address in step.clients} == clients & seen, step.key
        assert step.is_outside == (bool(clients) and not clients & seen), step.key


@pytest.mark.parametrize("role", ["aml_branch", "aml_hq"])
def test_r090_aml_officers_hear_of_identity_and_accounts_alone(
    tour_of: Callable[[str], Client], role: str
) -> None:
    told = tour_of(role).get("/tour/").context["steps"]
    assert [step.key for step in told] == ["two_numbers", "twins", "clients"]


def test_r199_names_are_masked_for_roles_that_see_none(tour_of: Callable[[str], Client]) -> None:
    answer = tour_of("compliance").get("/tour/")
    names = {line.client_name for step in answer.context["steps"] for line, _address in step.clients}
    assert names
    assert not [name for name in names if name in answer.content.decode()]


def test_a_tick_is_kept_for_the_person_and_tells_no_log(tour_of: Callable[[str], Client]) -> None:
    browser = tour_of("manager")
    n_entries = FirmEntry.objects.count()
    assert browser.post("/tour/tick/", {"step": "elder"}).status_code == 302
    assert [step.key for step in browser.get("/tour/").context["steps"] if step.is_seen] == ["elder"]
    part = browser.post("/tour/tick/", {"step": "elder"}, headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert not Tick.objects.exists()
    assert FirmEntry.objects.count() == n_entries
    assert browser.post("/tour/tick/", {"step": "flying"}).status_code == 404


def test_the_home_offers_the_tour_until_it_is_not_wanted(tour_of: Callable[[str], Client]) -> None:
    browser = tour_of("manager")
    assert b'action="/tour/dismiss/"' in browser.get("/contacts/today/").content
    assert b'action="/tour/dismiss/"' not in browser.get("/clients/").content
    assert browser.post("/tour/dismiss/").status_code == 302
    home = browser.get("/contacts/today/").content
    assert b'action="/tour/dismiss/"' not in home
    assert b'href="/tour/"' in home
    browser.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    assert b'action="/tour/dismiss/"' not in browser.get("/contacts/today/").content


def test_a_real_firm_has_no_tour(tour_of: Callable[[str], Client]) -> None:
    browser = tour_of("manager")
    Generation.objects.update(is_made_up=False)
    assert browser.get("/tour/").status_code == 404
    assert browser.post("/tour/tick/", {"step": "elder"}).status_code == 404
    assert b"/tour/" not in browser.get("/contacts/today/").content


def test_the_queries_of_the_page_are_few(
    tour_of: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    browser = tour_of("branch_head")
    with django_assert_max_num_queries(17):
        assert browser.get("/tour/").status_code == 200


def test_the_address_is_the_tours() -> None:
    assert resolve("/tour/").view_name == "tour:tour"


def test_r199_the_service_desk_of_headquarters_is_told_its_own_work(
    stories_file: Path, log_in: Callable[..., Client]
) -> None:
    """R199: whoever sees no client's card hears of no client: pairs, judgements, conflicts, write-back, duplicates."""
    load_stories(is_made_up=True)
    browser = log_in("service_desk", username="steward", display_name="温雅琴", branch_code="HQ")
    steps = browser.get("/tour/").context["steps"]
    assert [step.key for step in steps] == ["pairs", "judged", "conflicts", "write_back", "duplicates"]
    assert not any(step.clients or step.is_outside for step in steps)
    assert all(browser.get(step.url).status_code == 200 for step in steps)


@pytest.mark.parametrize(
    ("role", "act"), [("counter", "duplicates"), ("service_desk", "pairs"), ("hq_brokerage", "quarantine")]
)
def test_issue3_a_tour_shows_the_main_act_of_the_role(role: str, act: str) -> None:
    assert act in {step.key for step in TOURS[role]}
