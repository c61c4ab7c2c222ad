"""The desk's tests hold on PostgreSQL too: the same files, run again on a server of our own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.desk.postgres import server

ROOT = Path(__file__).resolve().parents[2]
AGAIN = ["audit", "books", "clients", "people", "exchange", "generations"]
AGAIN += ["gates", "work", "contacts", "identities", "test_permission_matrix.py"]


def test_the_rooms_hold_on_postgresql() -> None:
    with server() as address:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header"]
        done = subprocess.run(
            [*command, *(f"tests/desk/{part}" for part in AGAIN)],
            env={**os.environ, "KEEPWELL_DATABASE_URL": address},
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout
