"""R199, R004: every address of every room × every role × own, other team, other branch and guest, read and written.

The addresses come from the resolver, so that one added tomorrow is asked too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from keepwell.contract.codes import Role
from keepwell.desk.clients.models import Place
from keepwell.desk.people.roles import ROLES, Scope
from keepwell.desk.ui import navigation
from tests.desk.clients.test_scope import expected
from tests.desk.conftest import WORKERS

WHERE = {"own book": "c000000", "own team": "c000001", "another team": "c000002", "another branch": "c000003"}
GUEST = "c000004"  # has a customer number in the first branch; its home is moved to the second
UNKNOWN = "c999999"
GIVEN = {
    "figure": "grade",
    "run_id": "000001",
    "field": "phone",
    "form": "record",
    "name": "access",
    "feature": "outflow_90d_amount",
}
ABSENT = 987_654  # no row of any table has this number
NOBODYS = {"people:login", "people:language", "people:theme"}
ENDS_THE_SESSION = {"people:logout"}
SERVICE = {"clients:service", "clients:explain", "classes:behind"}  # never for AML officers, who open clients
SAID_NO = {
    ("exchange:source_text", "admin")
}  # M23: quarantine opens, the text as the source wrote it does not
OPENED = {200, 204, 286, 302}
# An address that is posted to answers 405 to whoever reads it; one that asks for a thing by its number, 404 for none.
READ = OPENED | {404, 405}
WRITTEN = OPENED | {400, 403, 404, 405, 409, 422}


@pytest.fixture(autouse=True)
def counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for somebody is counted once a test, not beside every page: no page opens or stays shut by it."""
    for url, page in navigation._pages.items():
        if page.count:
            monkeypatch.setitem(navigation._pages, url, replace(page, count=cache(page.count)))


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, Any, set[str]]]:
    """Name, view and argument names of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback, set(entry.pattern.converters)
        else:
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


ALL = [one for one in addresses(get_resolver()) if one[0] not in NOBODYS | ENDS_THE_SESSION]
OF_THE_DESK = [(name, view, arguments) for name, view, arguments in ALL if "client_id" not in arguments]
OF_A_CLIENT = [(name, view, arguments) for name, view, arguments in ALL if "client_id" in arguments]
each_role = pytest.mark.parametrize("role", [str(role) for role in Role])


def address(name: str, arguments: set[str], **known: Any) -> str:
    """An address with what it asks for: known things, else a number that nothing has."""
    told = {**GIVEN, **known}
    return reverse(name, kwargs={argument: told.get(argument, ABSENT) for argument in arguments})


def test_the_walk_finds_every_room() -> None:
    rooms = {name.partition(":")[0] for name, _view, _arguments in ALL}
    assert rooms >= {"people", "clients", "books", "contacts", "work", "exchange", "audit", "ui"}
    assert len(OF_THE_DESK) > 40
    assert len(OF_A_CLIENT) > 10


@each_role
def test_r199_a_page_opens_for_the_roles_that_hold_its_permission(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    for name, view, arguments in OF_THE_DESK:
        place, holds = address(name, arguments), view.permission in ROLES[role].permissions
        read, written = browser.get(place).status_code, browser.post(place).status_code
        if (name, role) in SAID_NO:
            assert {read, written} == {403}, (name, role, read, written)
            continue
        assert read in (READ if holds else {403, 405}), (name, role, read)
        assert written in (WRITTEN if holds else {403, 405}), (name, role, written)
        assert holds or 403 in {read, written}, (name, role)


@each_role
def test_r004_a_client_opens_within_scope_alone(at_work: Callable[[str], Client], role: str) -> None:
    browser, seen = at_work(role), expected(role)
    for name, view, arguments in OF_A_CLIENT:
        for where, client_id in WHERE.items():
            place, told = address(name, arguments, client_id=client_id), (name, role, where)
            read, written = browser.get(place).status_code, browser.post(place).status_code
            if view.permission not in ROLES[role].permissions:
                assert {read, written} <= {403, 405}, told
                assert written == 403, told
            elif client_id not in seen:
                assert {read, written} <= {404, 405}, (*told, read, written)
                assert 404 in {read, written}, told
            elif name in SERVICE and "clients.read_service" not in ROLES[role].permissions:
                assert read == 403, told
            else:
                assert read in READ - {404} or name == "clients:panel", (*told, read)
                assert written in WRITTEN - {404} or name == "clients:panel", (*told, written)


@each_role
def test_r233_a_guest_opens_the_restricted_card_and_nothing_else(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    Place.objects.filter(pk=GUEST).update(home_branch_code="B02")
    profile = ROLES[role]
    is_guest = profile.scope is Scope.BRANCH and WORKERS[role]["branch_code"] == "B01"
    for name, view, arguments in OF_A_CLIENT:
        if not is_guest or view.permission not in profile.permissions:
            continue
        place = address(name, arguments, client_id=GUEST)
        read, written = browser.get(place).status_code, browser.post(place).status_code
        assert read == (200 if name == "clients:card" else 404 if read != 405 else 405), (name, role, read)
        assert written in ({200, 405} if name == "clients:card" else {404, 405}), (name, role, written)
    assert is_guest == (role in {"branch_head", "counter", "service_desk"})


@each_role
def test_r004_outside_is_byte_for_byte_what_is_unknown(at_work: Callable[[str], Client], role: str) -> None:
    browser, seen = at_work(role), expected(role)
    outside = next((one for one in WHERE.values() if one not in seen), None)
    for name, view, arguments in OF_A_CLIENT:
        if outside is None or view.permission not in ROLES[role].permissions:
            continue
        for ask in (browser.get, browser.post):
            told = [
                (answer.status_code, answer.content.replace(client_id.encode(), b""))
                for client_id in (outside, UNKNOWN)
                for answer in [ask(address(name, arguments, client_id=client_id))]
            ]
            assert told[0] == told[1], (name, role)
    assert outside is not None or ROLES[role].scope is Scope.FIRM


@each_role
def test_r231_no_page_fails_on_a_nul_or_takes_another_method(
    at_work: Callable[[str], Client], role: str
) -> None:
    """PostgreSQL refuses a text with a NUL: whatever is asked with one is answered as if it were not there."""
    browser = at_work(role)
    nul = dict.fromkeys(
        ("q", "after", "q2", "grade", "manager", "branch", "actor", "key", "next", "reason"), "a\x00b"
    )
    for name, view, arguments in ALL:
        if view.permission not in ROLES[role].permissions:
            continue
        place = address(name, arguments, client_id="c000000")
        assert browser.get(place, nul).status_code in READ | {403}, name
        assert browser.post(place, nul).status_code in WRITTEN, name
        assert browser.get(place.replace("c000000", "c000%0000")).status_code in READ | {403}, name
        for ask in (browser.put, browser.patch, browser.delete, browser.options):
            assert ask(place).status_code == 405, (name, role)


def test_strangers_are_sent_to_the_log_in(client: Client, firm_run: Any) -> None:
    for name, _view, arguments in ALL:
        page = client.get(address(name, arguments, client_id="c000000"), headers={"host": "localhost"})
        assert page.status_code == 302, name
        assert page.headers["Location"].startswith("/login/"), name


def test_a_refusal_keeps_the_navigation(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").get("/people/")
    assert page.status_code == 403
    assert page.context["navigation"]
    assert 'id="navigation"' in page.content.decode()


def test_the_matrix_has_people_of_every_scope() -> None:
    assert set(WORKERS) >= {"manager", "team_leader", "branch_head", "aml_branch"}
    assert expected("manager") < expected("team_leader") < expected("branch_head") < expected("hq_brokerage")
