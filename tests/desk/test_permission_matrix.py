"""R199: every address × every role × a client of one's own, of another team, of another branch."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from keepwell.contract.codes import Role
from keepwell.desk.clients.explanation import FIGURES
from keepwell.desk.people.roles import ROLES
from tests.desk.clients.test_scope import expected
from tests.desk.conftest import WORKERS

WHERE = {"own book": "c000000", "own team": "c000001", "another team": "c000002", "another branch": "c000003"}
ROOMS = ("clients", "books", "exchange")
POSTED = {"clients:search"}
SERVICE = {"clients:service", "clients:explain"}
# Asked for in their own tests: what is hung on a card depends on the rooms, and acts ask for what they act on.
ELSEWHERE = {
    "clients:panel",
    "clients:decide_override",
    "clients:withdraw_override",
    "clients:delete_view",
    "clients:pin_view",
    "clients:bulk",
    "clients:start_bulk",
    "exchange:source_text",
}


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, Any, set[str]]]:
    """Name, view and argument names of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback, set(entry.pattern.converters)
        else:
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


ALL = [
    one for one in addresses(get_resolver()) if one[0].partition(":")[0] in ROOMS and one[0] not in ELSEWHERE
]
PLAIN = [(name, view) for name, view, arguments in ALL if "client_id" not in arguments]
OF_A_CLIENT = [(name, view) for name, view, arguments in ALL if "client_id" in arguments]


def ask(browser: Client, name: str, **arguments: str) -> Any:
    address = reverse(name, kwargs=arguments)
    return browser.post(address, {"q": "王"}) if name in POSTED else browser.get(address)


def test_the_walk_finds_the_rooms() -> None:
    assert {name.partition(":")[0] for name, _view, _arguments in ALL} == set(ROOMS)
    assert len(PLAIN) > 8
    assert len(OF_A_CLIENT) > 4


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_a_page_opens_for_the_roles_that_hold_its_permission(
    at_work: Callable[[str], Client], role: str
) -> None:
    browser = at_work(role)
    for name, view in PLAIN:
        arguments = {"run_id": "000001"} if name in {"exchange:run", "exchange:manifest"} else {}
        wanted = 200 if view.permission in ROLES[role].permissions else 403
        if name == "exchange:progress" and wanted == 200:
            wanted = 286
        assert ask(browser, name, **arguments).status_code == wanted, (name, role)


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_a_client_opens_within_scope_alone(at_work: Callable[[str], Client], role: str) -> None:
    browser, seen = at_work(role), expected(role)
    for name, view in OF_A_CLIENT:
        for where, client_id in WHERE.items():
            arguments = {
                "client_id": client_id,
                **({"figure": next(iter(FIGURES))} if name == "clients:explain" else {}),
                **({"field": "phone"} if name == "clients:reveal" else {}),
            }
            if view.permission not in ROLES[role].permissions:
                wanted = 403
            elif client_id not in seen:
                wanted = 404
            else:
                is_hidden = name in SERVICE and "clients.read_service" not in ROLES[role].permissions
                wanted = 403 if is_hidden else 200
            assert ask(browser, name, **arguments).status_code == wanted, (name, role, where)


def test_strangers_are_sent_to_the_log_in(client: Client, firm_run: Any) -> None:
    for name, _view, arguments in ALL:
        given = {"client_id": "c000000", "figure": "grade", "field": "phone", "run_id": "000001"}
        address = reverse(name, kwargs={key: given[key] for key in arguments})
        page = client.get(address, headers={"host": "localhost"})
        assert page.status_code == 302, name
        assert page.headers["Location"].startswith("/login/"), name


def test_the_matrix_has_people_of_every_scope() -> None:
    assert set(WORKERS) >= {"manager", "team_leader", "branch_head", "aml_branch"}
    assert expected("manager") < expected("team_leader") < expected("branch_head") < expected("hq_brokerage")
