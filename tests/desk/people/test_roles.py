"""R199: twelve roles, what they may open and how far they see; demo logins for the made-up firm alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.people import staff_source
from keepwell.desk.people.actions import DEMO_NAMES, DEMO_PASSWORD, NotMadeUp, create_demo_logins
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import ROLES, Scope
from keepwell.desk.ui import navigation

PLACES = [(role, branch, team) for branch, team in (("B01", "T01"), ("B02", "T02")) for role in Role]
STAFF: list[dict[str, Any]] = [
    {
        "staff_code": f"S{at:04d}",
        "branch_code": branch,
        "team_code": team,
        "staff_name": "李倩",
        "role": str(role),
        "left_on": None,
    }
    for at, (role, branch, team) in enumerate(PLACES)
]


def test_the_table_has_the_twelve_roles() -> None:
    assert set(ROLES) == {str(role) for role in Role}
    assert len(ROLES) == 12


@pytest.mark.parametrize(
    "role, scope",
    [
        ("manager", Scope.OWN),
        ("adviser", Scope.OWN),
        ("team_leader", Scope.TEAM),
        ("branch_head", Scope.BRANCH),
        ("counter", Scope.BRANCH),
        ("service_desk", Scope.BRANCH),
        ("compliance", Scope.FIRM),
        ("audit", Scope.FIRM),
        ("aml_branch", Scope.BRANCH),
        ("aml_hq", Scope.FIRM),
        ("hq_brokerage", Scope.FIRM),
        ("admin", Scope.NONE),
    ],
)
def test_scope_of_each_role(role: str, scope: Scope) -> None:
    assert ROLES[role].scope is scope


def test_administrators_hold_no_permission_on_clients() -> None:
    assert not [p for p in ROLES["admin"].permissions if p.startswith(("clients.", "contacts.", "books."))]


def test_only_aml_officers_write_the_aml_log() -> None:
    assert {role for role, row in ROLES.items() if row.audit_stream == "aml"} == {"aml_branch", "aml_hq"}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_comes_home_and_has_at_most_twelve_entries(
    role: str, log_in: Callable[..., Client]
) -> None:
    browser = log_in(role)
    page = browser.get("/", follow=True)
    assert page.status_code == 200
    entries = [entry for _label, group in page.context["navigation"] for entry in group]
    assert len(page.context["navigation"]) <= 3
    assert len(entries) <= navigation.MOST_ENTRIES
    for entry in entries:
        assert browser.get(entry.url).status_code == 200, entry.url


@pytest.mark.django_db
def test_demo_logins_are_bound_to_staff_who_share_clients() -> None:
    users = create_demo_logins(staff_rows=STAFF, is_made_up=True, by=None, at=timezone.now())
    names = [user.username for user in users]
    second = {"admin2", "hq_brokerage2", "branch_head2", "manager2", "service_desk2"}
    assert set(names) == set(ROLES) | second
    by_name = {user.username: user for user in users}
    assert by_name["service_desk2"].branch_code == "HQ"
    assert all(user.staff_code for user in users)
    assert by_name["service_desk2"].display_name == DEMO_NAMES["service_desk2"]  # no role with a number
    team = by_name["team_leader"].team_code
    assert {by_name[name].team_code for name in ("manager", "adviser")} == {team}
    assert {by_name[name].branch_code for name in ("branch_head", "counter", "service_desk")} == {"B01"}
    assert by_name["manager"].check_password(DEMO_PASSWORD)
    again = create_demo_logins(staff_rows=STAFF, is_made_up=True, by=None, at=timezone.now())
    assert [user.pk for user in again] == [user.pk for user in users]


@pytest.mark.django_db
def test_r199_a_second_person_of_headquarters_signs_also_where_the_firm_names_but_one() -> None:
    of_headquarters = [row for row in STAFF if row["role"] == "hq_brokerage"]
    rows = [row for row in STAFF if row not in of_headquarters[1:]]
    users = create_demo_logins(staff_rows=rows, is_made_up=True, by=None, at=timezone.now())
    assert {user.username for user in users if user.role == "hq_brokerage"} == {
        "hq_brokerage",
        "hq_brokerage2",
    }
    nobody = [row for row in STAFF if row not in of_headquarters]
    users = create_demo_logins(staff_rows=nobody, is_made_up=True, by=None, at=timezone.now())
    assert "hq_brokerage" not in {user.username for user in users}


@pytest.mark.django_db
def test_no_demo_logins_for_a_real_firm(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotMadeUp):
        create_demo_logins(staff_rows=STAFF, is_made_up=False, by=None, at=timezone.now())
    real = staff_source.CurrentStaff(STAFF, is_made_up=False)
    monkeypatch.setattr(staff_source, "_sources", [lambda: real])
    with pytest.raises(CommandError, match="made-up firm"):
        call_command("demo_logins")
    assert not User.objects.exists()
