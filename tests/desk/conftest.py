"""A desk whose pages can be asked for: plain static addresses, and people of any role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.test import Client
from django.utils import timezone

from tests import morning
from tests.desk.run_folder import build

PASSWORD = "correct-horse-41"
MakeUser = Callable[..., Any]


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Address static files without hashes, hash passwords fast: no test waits for either."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="module", autouse=True)
def monday_morning() -> Iterator[None]:
    """It is ten o'clock on the made-up firm's day, whenever the tests are run; so it is for what a module shares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", morning.now)
        for place in ("axes.attempts.now", "axes.handlers.proxy.now"):  # which took names of their own for it
            patch.setattr(place, morning.now)
        yield


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Make a login of a role; further facts by keyword."""
    from keepwell.desk.people.actions import create_user  # Django is set up after this file is read

    def make(role: str, **facts: Any) -> Any:
        given = {"username": role, "display_name": "周敏", "must_change_password": False, **facts}
        return create_user(role=role, password=PASSWORD, by=None, at=timezone.now(), **given)

    return make


@pytest.fixture
def log_in(make_user: MakeUser) -> Callable[..., Client]:
    """Answer a browser in which someone of the role is logged in."""

    def enter(role: str, **facts: Any) -> Client:
        browser = Client(headers={"host": "localhost"})
        user = make_user(role, **facts)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return enter


@pytest.fixture(scope="session")
def written_run() -> Path:
    """A small run on disk, written once for the whole session."""
    return build(Path(desk_settings.DATA))


@pytest.fixture
def firm_run(written_run: Path, db: None) -> Any:
    """The small run taken in inside the test's own transaction: its `Generation`."""
    from keepwell.desk.exchange import folders, intake
    from keepwell.desk.generations.attach import use

    generation = intake.take_in(run=folders.RunFolder(written_run), by=None, at=timezone.now())
    use(generation.run_id)
    return generation


WORKERS: dict[str, dict[str, str]] = {
    "manager": {"staff_code": "S02", "branch_code": "B01", "team_code": "T01"},
    "adviser": {"staff_code": "S03", "branch_code": "B01", "team_code": "T02"},
    "team_leader": {"staff_code": "S01", "branch_code": "B01", "team_code": "T01"},
    "branch_head": {"staff_code": "S04", "branch_code": "B01"},
    "counter": {"staff_code": "S05", "branch_code": "B01"},
    "service_desk": {"staff_code": "S11", "branch_code": "B01"},
    "aml_branch": {"staff_code": "S08", "branch_code": "B02"},
}


@pytest.fixture
def worker(make_user: MakeUser) -> Callable[[str], Any]:
    """The person of a role who works in the small firm."""
    return lambda role: make_user(role, **WORKERS.get(role, {}))


@pytest.fixture
def at_work(log_in: Callable[..., Client], firm_run: Any) -> Callable[[str], Client]:
    """A browser of the person of a role, with the small run in use."""
    return lambda role: log_in(role, **WORKERS.get(role, {}))
