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
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import ClientLine, Place
from keepwell.desk.clients.queries import changes
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.contacts.models import Contact
from keepwell.desk.exchange import returns
from keepwell.desk.generations.queries import read_current
from keepwell.desk.identities.models import Judgement, PairLine
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.identities.remediation import queries as remedies
from keepwell.desk.people.models import Cover, User
from keepwell.desk.records import events
from keepwell.desk.tour.models import Story
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


def _first_pair(user: User) -> str:
    run = read_current()
    assert run is not None
    (pair,) = pairs.queue(user, run, 1)
    return pair.left_code


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
    "clients:changes": lambda user: f"/clients/{changes(user, '', '').rows[0].client_id}/",
    "audit:log": _of("team_leader"),
    "exchange:runs": lambda _user: "2026-11-20",
    "exchange:quarantine": lambda _user: "cash_flow",
    "people:staff": lambda _user: "2026-12-14",  # a registration that ends in some weeks
    "people:roles": lambda _user: "团队长",
    "ui:jobs": _of("branch_head"),
    "identities:pairs": _first_pair,
    "identities:conflicts": lambda _user: "/identities/conflicts/one/",
    "identities:judged": lambda _user: Judgement.objects.get().left_code,
    "identities:duplicates": lambda _user: "证件号码",
    "identities:remediation": lambda user: (
        f"{remedies.progress(remedies.dates(user.branch_code), UNTIL).n_open:,}"
    ),
    "identities:write_backs": lambda _user: "待回写",
}


def run(data: Path, on: dt.date) -> None:
    """One night."""
    asked = ["run", "--extracts", str(data / "extracts" / on.isoformat()), "--as-of", on.isoformat()]
    assert cli.main([*asked, "--data", str(data), "--json"]) == cli.DONE


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of a made-up firm with shorter lives, the first of them taken in by a run."""
    data = tmp_path_factory.mktemp("walk")
    size = ["--clients", "8000", "--months", "7", "--nights", "2", "--flaws"]
    assert cli.main(["simulate", *size, "--data", str(data), "--json"]) == cli.DONE
    run(data, NIGHTS[0])
    return data


@pytest.fixture(scope="module")
def demo(
    nights: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Callable[[str], tuple[User, Client]]]:
    """The desk as `make run` leaves it, in a database of its own; answers a login with its browser.

    Between the nights its people act, and what they did goes to the second run.
    """
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        own_database(tmp_path_factory.mktemp("desk")),
    ):
        patch.setattr(desk_settings, "DATA", nights)
        forget()
        for command in (["load_run"], ["demo_logins"], ["demo_acts", "evening"]):
            call_command(*command, verbosity=0, stdout=StringIO())
        returns.write(by=None, at=timezone.now() + returns.MARGIN)
        run(nights, NIGHTS[1])
        for command in (["load_run"], ["demo_logins"], ["demo_acts"]):
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
    logins = [*map(str, Role), "service_desk2"]
    assert [one for login in logins for one in missing(*demo(login))] == []


def test_r194_the_last_run_shows_what_people_did_on_the_evening_before(
    demo: Callable[[str], tuple[User, Client]],
) -> None:
    """R194: contacts, outcomes, a grade and a judgement went into the run; its decisions and its page say so."""
    generation = read_current()
    assert generation is not None
    assert generation.returns_cut is not None
    override = Override.objects.get(state="approved")
    line = ClientLine.objects.get(pk=override.client_id)
    assert (line.grade, override.to_value) == (override.to_value, line.grade)
    said = Judgement.objects.get()
    assert generation.knows(said.at)
    assert not PairLine.objects.filter(left_code=said.left_code, right_code=said.right_code).exists()
    _user, browser = demo("hq_brokerage")
    shown = browser.get(f"/runs/{generation.run_id}/")
    told = {str(label): n for label, n in shown.context["acts"]["counts"]}
    assert {label for label, n in told.items() if not n} <= {
        "工作台核实结果",
        "客户页面测评",
        "客户页面测评答案",
        "工作台告知记录",
        "工作台固定与禁配",
        "工作台专长",
        "工作台客户需求",
        "工作台每周工时",
        "工作台休假",
        "工作台员工特质",
    }, told
    assert "没有用到工作台上的决定" not in page(browser, f"/runs/{generation.run_id}/")
    assert "此前还没有人在工作台上作过决定" in page(browser, "/runs/000001/")


def test_nobody_logs_in_as_the_manager_who_leaves(demo: Callable[[str], tuple[User, Client]]) -> None:
    leaver = Story.objects.get(key="leaving_manager").staff_code
    assert not User.objects.filter(staff_code=leaver).exists()
    assert not User.objects.filter(is_active=False).exists()


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
    assert n_contacts == 5  # four of stories, and one by a task that the manager settled
