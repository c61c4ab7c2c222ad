"""R199, R235: a firm starts with two administrators; a login's scope is never empty."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from keepwell.desk.people.models import User
from keepwell.desk.site.answers import Answers, read_answers

pytestmark = pytest.mark.django_db


def _said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_r199_the_two_administrators_of_the_first_start_get_one_time_passwords(settings: object) -> None:
    settings.FIRM_ADMINISTRATORS = ("S1", "S2")  # type: ignore[attr-defined]  # pytest-django's settings
    password = _said("first_logins").split("S1: ")[1].split()[0]
    user = User.objects.get(username="S1")
    assert user.check_password(password)
    assert user.must_change_password
    assert "exists, left as it is" in _said("first_logins")


def test_r199_one_administrator_is_not_enough(settings: object) -> None:
    settings.FIRM_ADMINISTRATORS = ("S1", "S1")  # type: ignore[attr-defined]  # pytest-django's settings
    with pytest.raises(CommandError, match="no two administrators"):
        call_command("first_logins")


@pytest.mark.parametrize(
    "role,needed", [("manager", "staff"), ("team_leader", "team"), ("branch_head", "branch")]
)
def test_r199_a_login_without_its_scope_is_refused(role: str, needed: str) -> None:
    with pytest.raises(CommandError, match=f"--{needed} is missing"):
        call_command("add_login", "someone", "--role", role)


def test_r199_a_login_is_made_with_its_scope() -> None:
    _said("add_login", "head", "--role", "branch_head", "--branch", "B1", "--staff", "S4")
    assert User.objects.get(username="head").branch_code == "B1"
    with pytest.raises(CommandError, match="exists already"):
        call_command("add_login", "head", "--role", "branch_head", "--branch", "B1", "--staff", "S4")


def test_r230_the_desk_reads_the_answers_of_the_first_start(tmp_path: Path) -> None:
    assert read_answers(tmp_path) == Answers()
    said = {
        "firm": "某证券",
        "database": "sqlite",
        "language": "en",
        "administrator_1": "S1",
        "administrator_2": "S2",
    }
    lines = "".join(f'{key} = "{value}"\n' for key, value in said.items())
    (tmp_path / "firm.toml").write_text(lines, encoding="utf-8")
    assert read_answers(tmp_path) == Answers("某证券", "", "en", ("S1", "S2"))
