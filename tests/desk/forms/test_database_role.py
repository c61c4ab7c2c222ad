"""R199: on PostgreSQL the process of the pages for clients has a role that reads one-time forms and nothing else."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.desk.postgres import server
from tests.processes import MANAGE, environment, to_its_end

NAME, PASSWORD = "keepwell_clients", "a-password-for-tests-1"
OWN = {"forms_form", "forms_answer", "forms_step"}
MAKE = "from tests.desk.forms.sheets import form_of; print(form_of()[1])"
ANSWER = """
import django, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "keepwell.desk.client_pages.settings"
django.setup()
from django.test import Client
from tests.desk.forms.sheets import MIDDLE, VERSION
code, browser = sys.argv[1], Client(headers={"host": "localhost"})
said = [browser.post(f"/f/{code}/", {"tail": "0000"}).status_code]
said.append(browser.post(f"/f/{code}/", {"tail": MIDDLE}).status_code)
for one in VERSION.questions:
    said.append(browser.post(f"/f/{code}/{one.no}/", {"answer": "C"}).status_code)
browser.post(f"/f/{code}/1/", {"answer": "B"})
said.append(browser.post(f"/f/{code}/all/").status_code)
page = browser.get(f"/f/{code}/result/").content.decode()
print(sorted(set(said)), "63 分" in page, "C4 积极型" in page)
"""


@dataclass
class Firm:
    """A desk's database on a server of our own, with the role of the pages for clients."""

    desk: str
    pages: str
    data: Path


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    data = tmp_path_factory.mktemp("role")
    secret = data / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    with server() as address:
        made = Firm(address, f"postgresql://{NAME}:{PASSWORD}@{address.rpartition('@')[2]}", data)
        manage(made, "migrate", "--verbosity", "0")
        manage(made, "client_pages_role", "--name", NAME, "--password-file", str(secret))
        manage(made, "client_pages_role", "--name", NAME, "--password-file", str(secret))
        yield made


def manage(firm: Firm, *arguments: str) -> str:
    return to_its_end(
        [*MANAGE, *arguments], env={**environment(firm.data), "KEEPWELL_DATABASE_URL": firm.desk}
    )


def refused(firm: Firm, statement: str) -> bool:
    with psycopg.connect(firm.pages) as connection:
        try:
            connection.execute(statement)  # type: ignore[arg-type]  # our own text
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


def test_r199_the_role_reads_no_table_of_the_desk_but_the_forms(firm: Firm) -> None:
    with psycopg.connect(firm.desk) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    tables = {name for (name,) in names}
    assert tables > OWN | {"clients_client", "people_user", "django_session"}
    open_ = {name for name in tables if not refused(firm, f'SELECT 1 FROM "{name}" LIMIT 1')}
    assert open_ == OWN


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE forms_form SET client_id = 'x'",
        "UPDATE forms_form SET proofs = '[]'",
        "UPDATE forms_form SET expires_at = now()",
        "UPDATE forms_form SET received_at = now()",
        "DELETE FROM forms_form",
        "DELETE FROM forms_answer",
        "DELETE FROM forms_step",
        "UPDATE forms_step SET what = 'proved'",
        "INSERT INTO forms_form (code_hash) VALUES ('x')",
        "CREATE TABLE public.mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE another",
    ],
)
def test_r199_the_role_changes_nothing_but_what_a_client_does(firm: Firm, statement: str) -> None:
    assert refused(firm, statement)


@pytest.mark.parametrize(
    ("state", "statement"),
    [
        ("open", "UPDATE forms_form SET state = 'received'"),
        ("open", "UPDATE forms_form SET state = 'withdrawn'"),
        ("open", "UPDATE forms_form SET n_failed = n_failed - 1"),
        ("open", "UPDATE forms_form SET state = 'answered', answered_at = now() - interval '3 days'"),
        ("open", "UPDATE forms_form SET state = 'answered', answered_at = NULL"),
        ("locked", "UPDATE forms_form SET state = 'open'"),
        ("locked", "UPDATE forms_form SET n_failed = 0"),
        ("withdrawn", "UPDATE forms_form SET state = 'open'"),
        ("answered", "UPDATE forms_form SET state = 'open'"),
        ("answered", "UPDATE forms_form SET risk_level = 'C5', score = 99"),
        ("answered", "UPDATE forms_form SET answered_at = answered_at - interval '1 day'"),
        ("received", "UPDATE forms_form SET is_jump = false, device_code = 'x'"),
        ("answered", "UPDATE forms_answer SET letters = 'E'"),
        ("received", "UPDATE forms_answer SET letters = 'E'"),
        (
            "locked",
            "INSERT INTO forms_answer (form_id, question_no, letters) SELECT id, 2, 'A' FROM forms_form",
        ),
    ],
)
def test_x18_the_role_reopens_no_form_and_alters_nothing_that_is_handed_in(
    firm: Firm, state: str, statement: str
) -> None:
    """Whoever took the pages over could answer open links, as their holders can, and undo nothing."""
    own = alone(firm, state)
    assert refused(firm, statement)
    with psycopg.connect(firm.desk) as connection:
        row = connection.execute("SELECT state, n_failed, risk_level FROM forms_form").fetchone()
        letters = connection.execute("SELECT letters FROM forms_answer").fetchall()
    assert (row, letters) == (own, [("A",)])


@pytest.mark.parametrize(
    ("state", "statement"),
    [
        ("open", "UPDATE forms_form SET n_failed = n_failed + 1"),
        ("open", "UPDATE forms_form SET state = 'locked'"),
        ("open", "UPDATE forms_answer SET letters = 'B'"),
        (
            "open",
            "UPDATE forms_form SET state = 'answered', answered_at = now(), score = 50, risk_level = 'C3'",
        ),
        ("received", "UPDATE forms_form SET n_failed = n_failed + 1"),
    ],
)
def test_x18_what_a_client_does_passes(firm: Firm, state: str, statement: str) -> None:
    alone(firm, state)
    assert not refused(firm, statement)


def alone(firm: Firm, state: str) -> tuple[str, int, str]:
    """One form of that state with one answer, and nothing else; what the owner writes no guard stops."""
    level = "C3" if state in ("answered", "received") else ""
    with psycopg.connect(firm.desk) as connection:
        for table in ("forms_step", "forms_answer", "forms_form"):
            connection.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]  # our own text
        (pk,) = connection.execute(
            "INSERT INTO forms_form (code_hash, state, way, version, client_id, client_kind, client_name,"
            " record_code, proof_kind, proofs, asked_by_name, asked_at, expires_at, n_failed, level_before,"
            " answered_at, score, risk_level, is_lowest_class, is_jump, device_code, refusal)"
            " VALUES ('h', %s, 'own_device', '2017', 'C1', 'person', '张伟', '1', 'phone', '[]', '李倩', now(),"
            " now() + interval '1 day', 2, '', now(), 50, %s, false, true, 'd', '') RETURNING id",
            [state, level],
        ).fetchone() or (0,)
        connection.execute(
            "INSERT INTO forms_answer (form_id, question_no, letters) VALUES (%s, 1, 'A')", [pk]
        )
    return state, 2, level


def test_x18_with_that_role_a_client_answers_from_the_check_to_the_result(firm: Firm) -> None:
    code = manage(firm, "shell", "--verbosity", "0", "--command", MAKE).split()[-1]
    told = {
        "KEEPWELL_CLIENT_DATABASE_URL": firm.pages, "KEEPWELL_CLIENT_FIRM": "示例证券",
        "KEEPWELL_CLIENT_LICENCE": "演示000000", "KEEPWELL_CLIENT_COMPLAINTS": "400-000-0000",
    }  # fmt: skip
    said = to_its_end([sys.executable, "-c", ANSWER, code], env={**environment(firm.data), **told})
    assert said.strip() == "[302, 422] True True"
