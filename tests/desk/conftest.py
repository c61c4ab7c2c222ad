"""A desk whose pages can be asked for: plain static addresses, and people of any role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import morning
from tests.desk.firm_database import FirmDatabase, KeptFile
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


def taken_in(run: Path) -> Any:
    """Take a run in, if it is not there yet: its `Generation`."""
    from keepwell.desk.exchange import folders, intake

    return intake.take_in(run=folders.RunFolder(run), by=None, at=timezone.now())


@pytest.fixture(scope="session")
def firm_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[FirmDatabase]:
    """The database that has taken the small run in, made when it is first asked for."""
    database = FirmDatabase()
    yield database
    with django_db_blocker.unblock():
        database.end()


@pytest.fixture(scope="session")
def generation_files() -> dict[Path, KeptFile]:
    """The file of the small run's generation, once it is there."""
    return {}


@pytest.fixture
def standing(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Turn whoever asks for the small run to the database that has it, before the test's transaction begins."""
    if "firm_run" not in request.fixturenames or connection.in_atomic_block:
        yield
        return
    from keepwell.desk.generations.attach import file_of

    run: Path = request.getfixturevalue("written_run")
    files: dict[Path, KeptFile] = request.getfixturevalue("generation_files")
    database: FirmDatabase = request.getfixturevalue("firm_database")
    with django_db_blocker.unblock(), database.turned_to(lambda: taken_in(run)):
        if connection.vendor == "sqlite":
            path = file_of(run.name)
            if path not in files:
                files[path] = KeptFile(path)
            files[path].restore()
        yield


@pytest.fixture
def db(standing: None, db: None) -> None:
    """A transaction of the test's own, in the database that it asks for."""


@pytest.fixture
def firm_run(written_run: Path, db: None) -> Any:
    """The small run in use: its `Generation`."""
    from keepwell.desk.generations.attach import use

    generation = taken_in(written_run)
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
