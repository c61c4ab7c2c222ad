"""The desk's tests hold on PostgreSQL too: the same files, run again on servers of our own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.postgres import server

ROOT = Path(__file__).resolve().parents[2]
# About as long as each other; each goes to whichever worker is free.
AGAIN = {
    "clients": ("clients", "audit", "generations"),
    "identities": ("identities",),
    "exchange": ("exchange", "gates", "contacts"),
    "people": ("people", "books", "work", "test_permission_matrix.py"),
    "forms": ("forms/test_answering.py", "assessments", "client_pages", "classes", "ui/test_jobs.py"),
}


@pytest.mark.parametrize("parts", [pytest.param(parts, id=name) for name, parts in AGAIN.items()])
def test_the_rooms_hold_on_postgresql(parts: tuple[str, ...]) -> None:
    with server() as address:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header"]
        done = subprocess.run(
            [*command, *(f"tests/desk/{part}" for part in parts)],
            env={**os.environ, "KEEPWELL_DATABASE_URL": address},
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout
