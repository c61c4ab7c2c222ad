"""R231: the sealer beside the desk seals what others commit, and signs the heads when it is stopped."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from keepwell.desk.audit.chain import START, link_hash
from tests.processes import MANAGE, Beside, environment, manage

ACT = """
from django.db import transaction
from django.utils import timezone
from keepwell.desk.audit.actions import record
with transaction.atomic():
    print(record(by=None, at=timezone.now(), verb="tests.act").payload_hash)
"""


def sealed(folder: Path) -> Any:
    """The one seal there is, or nothing yet."""
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        return database.execute("SELECT position, entry_id, hash FROM audit_firm_seal").fetchone()


def test_the_loop_seals_and_signs_when_stopped(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity", "0")
    loop = Beside([*MANAGE, "seal_audit", "--loop"], tmp_path / "loop.log", environment(tmp_path))
    try:
        said = manage(tmp_path, "shell", "--verbosity", "0", "--command", ACT)
        loop.until(lambda: sealed(tmp_path))
    finally:
        loop.stop()
    assert sealed(tmp_path) == (1, 1, link_hash(START, 1, 1, said.strip()))
    assert sealed(tmp_path)[2] in (tmp_path / "audit/heads-firm.jsonl").read_text()
    assert (tmp_path / "audit_key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert "firm: whole; 1 sealed, 0 not yet, 1 signed heads" in manage(tmp_path, "verify_audit")
