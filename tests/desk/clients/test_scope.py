"""R004: row scope is decided at one point; what lies outside is as unknown as what does not exist."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.codes import Role
from keepwell.desk.clients.queries import visible_to
from keepwell.desk.people.roles import ROLES, Scope
from tests.desk.conftest import WORKERS
from tests.desk.run_folder import STAFF, facts

EVERYBODY = [facts(number) for number in range(60)]
TEAM = {code: team for code, _branch, team, *_rest in STAFF}


def expected(role: str) -> set[str]:
    """The clients of a role, told from the facts the run was built of."""
    place = WORKERS.get(role, {})
    scope = ROLES[role].scope
    rules: dict[Scope, Callable[[dict[str, Any]], bool]] = {
        Scope.FIRM: bool,
        Scope.BRANCH: lambda who: who["branch"] == place["branch_code"],
        Scope.TEAM: lambda who: who["manager"] is not None and TEAM[who["manager"]] == place["team_code"],
        Scope.OWN: lambda who: who["manager"] == place["staff_code"],
        Scope.NONE: lambda who: not who,
    }
    return {who["client_id"] for who in EVERYBODY if rules[scope](who)}


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_visible_to_is_the_scope_of_the_role(firm_run: Any, worker: Callable[[str], Any], role: str) -> None:
    seen = set(visible_to(worker(role)).values_list("client_id", flat=True))
    assert seen == expected(role)
    assert bool(seen) is (role != "admin")


@pytest.mark.parametrize("role", ["manager", "team_leader", "branch_head"])
def test_without_a_place_nobody_is_seen(firm_run: Any, make_user: Callable[..., Any], role: str) -> None:
    assert visible_to(make_user(role)).count() == 0


def test_outside_is_the_same_page_as_unknown(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    assert browser.get("/clients/c000000/").status_code == 200
    outside, unknown = browser.get("/clients/c000003/"), browser.get("/clients/c999999/")
    assert outside.status_code == unknown.status_code == 404
    assert "没有找到，或不在您的范围内" in outside.content.decode()
    strip = [
        page.content.decode().replace("c000003", "").replace("c999999", "") for page in (outside, unknown)
    ]
    assert strip[0] == strip[1]
