"""Issue 3: whoever follows the tour in the made-up firm finds on every page what the step told them to look at."""

import datetime as dt
import html
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from keepwell.contract.codes import Role
from keepwell.desk.clients.models import ClientChange, Place
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.contacts.models import Contact
from keepwell.desk.people.models import Cover, User
from keepwell.desk.records import events
from keepwell.desk.tour.telling import told_to
from keepwell.desk.ui.formats import mask_name
from keepwell.desk.ui.jobs_running import work_off
from keepwell.engine import cli
from tests.desk.own_database import own_database

pytestmark = pytest.mark.django_db  # each test takes back what its visits left
UNTIL = dt.date(2026, 11, 20)
NIGHTS = (UNTIL - dt.timedelta(days=1), UNTIL)
MADE_UP = "虚构示例"


def _n_clients(user: User) -> str:
    return f"{visible_to(user).filter(population='existing').count():,}"


def _of(username: str) -> Callable[[User], str]:
    return lambda _user: User.objects.get(username=username).display_name


# What a page without a client has to show: to whom it is shown decides.
FIGURES: dict[str, Callable[[User], str]] = {
    "books:mine": _n_clients,
    "books:branch": _n_clients,
    "books:firm": _n_clients,
    "people:approvals": lambda _user: MADE_UP,
    "people:covers": lambda _user: MADE_UP,
    "clients:overrides": _of("team_leader"),
    "contacts:log": lambda user: Contact.objects.filter(staff_code=user.staff_code).values_list(
        "note", flat=True
    )[0],
    "clients:list": lambda user: visible_to(user).order_by("-sort_amount")[0].client_name,
    "clients:changes": lambda _user: f"/clients/{ClientChange.objects.order_by('client_id')[0].client_id}/",
    "audit:log": _of("team_leader"),
    "exchange:runs": lambda _user: "2026-11-20",
    "exchange:quarantine": lambda _user: "cash_flow",
    "people:staff": lambda _user: "2026-12-14",  # a registration that ends in some weeks
    "people:roles": lambda _user: "团队长",
    "ui:jobs": _of("branch_head"),
}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of a made-up firm with shorter lives, each taken in by a run."""
    data = tmp_path_factory.mktemp("walk")
    where = ["--data", str(data), "--json"]
    size = ["--clients", "8000", "--months", "7", "--nights", "2", "--flaws"]
    assert cli.main(["simulate", *size, *where]) == cli.DONE
    for on in NIGHTS:
        asked = ["run", "--extracts", str(data / "extracts" / on.isoformat()), "--as-of", on.isoformat()]
        assert cli.main([*asked, *where]) == cli.DONE
    return data


@pytest.fixture(scope="module")
def demo(
    nights: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Callable[[str], tuple[User, Client]]]:
    """The desk as `make run` leaves it, in a database of its own; answers a login with its browser."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        own_database(tmp_path_factory.mktemp("desk")),
    ):
        patch.setattr(desk_settings, "DATA", nights)
        forget()
        for command in (["load_run", "000001"], ["load_run"], ["demo_logins"], ["demo_acts"]):
            call_command(*command, verbosity=0, stdout=StringIO())
        work_off()
        yield enter
    forget()


def forget() -> None:
    """What was read of the runs of another data folder."""
    events.files.cache_clear()
    events.corrections.cache_clear()


def enter(role: str) -> tuple[User, Client]:
    user = User.objects.get(username=role)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user, browser


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    return (
        html.unescape(answer.content.decode())
        if answer.status_code == 200
        else f"status {answer.status_code}"
    )


def missing(user: User, browser: Client) -> Iterator[str]:
    """What the role's steps promise and their pages do not show."""
    for step in told_to(user):
        names = [
            line.client_name if user.sees_names else mask_name(line.client_name) for line, _ in step.clients
        ]
        if step.is_outside or not (step.url or step.clients):
            yield f"{user.username} {step.key}: nobody to look at"
        for name, (_line, address) in zip(names, step.clients, strict=True):
            if name not in (seen := page(browser, address)):
                yield f"{user.username} {step.key}: {name} not on {address} ({seen[:80]})"
        if step.url:
            wanted = [f"/clients/{line.client_id}/" for line, _address in step.clients] or [
                FIGURES[resolve(step.url.partition("?")[0]).view_name](user)
            ]
            seen = page(browser, step.url)
            yield from (
                f"{user.username} {step.key}: {one} not on {step.url} ({seen[:40]})"
                for one in wanted
                if one not in seen
            )


def test_issue3_every_role_walks_its_whole_tour(demo: Callable[[str], tuple[User, Client]]) -> None:
    """R199: each step of each role answers and shows the named client or the named figure."""
    assert [one for role in Role for one in missing(*demo(str(role)))] == []


def test_issue3_a_leaver_s_clients_wait_in_the_leader_s_tray(
    demo: Callable[[str], tuple[User, Client]],
) -> None:
    """The manager left on the second night, after the first plan: the leader holds their clients the same day."""
    leader, browser = demo("team_leader")
    (step,) = [step for step in told_to(leader) if step.key == "leaving_manager"]
    ((line, _address),) = step.clients
    place = Place.objects.get(pk=line.client_id)
    assert (place.manager_code, place.grounds) == (leader.staff_code, Place.Grounds.LEAVER)
    assert 'class="kw-tray"' in page(browser, "/books/team/")


def test_the_cover_is_in_force_and_what_people_did_is_done_once(
    demo: Callable[[str], tuple[User, Client]],
) -> None:
    covering, browser = demo("manager2")
    adviser = User.objects.get(username="adviser")
    covered = visible_to(adviser).filter(population="existing").values_list("client_id", flat=True)
    assert set(covered) <= set(visible_to(covering).values_list("client_id", flat=True))
    assert browser.get("/clients/").status_code == 200
    n_contacts = Contact.objects.count()
    call_command("demo_acts", verbosity=0)
    assert (Cover.objects.count(), Contact.objects.count()) == (1, n_contacts)
    assert n_contacts == 4
