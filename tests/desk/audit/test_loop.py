"""R231: the sealer beside the desk seals what others commit, and signs the heads when it is stopped."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from keepwell.desk.audit.chain import START, link_hash

MANAGE = [sys.executable, "-m", "keepwell.desk.site.manage"]
ACT = """
from django.db import transaction
from django.utils import timezone
from keepwell.desk.audit.actions import record
with transaction.atomic():
    print(record(by=None, at=timezone.now(), verb="tests.act").payload_hash)
"""


def test_the_loop_seals_and_signs_when_stopped(tmp_path: Path) -> None:
    environment = {**os.environ, "KEEPWELL_DATA": str(tmp_path), "KEEPWELL_DATABASE_URL": ""}
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=environment, check=True)
    loop = subprocess.Popen([*MANAGE, "seal_audit", "--loop"], env=environment)
    try:
        act = [*MANAGE, "shell", "--verbosity", "0", "--command", ACT]
        done = subprocess.run(act, env=environment, check=True, capture_output=True, text=True)
        row = None
        while row is None:
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the sealer ended with exit code {loop.wait(timeout=0.1)}")
            with sqlite3.connect(tmp_path / "desk.sqlite3") as database:
                row = database.execute("SELECT position, entry_id, hash FROM audit_firm_seal").fetchone()
    finally:
        loop.send_signal(signal.SIGTERM)
    assert loop.wait(timeout=20) == 0
    assert row == (1, 1, link_hash(START, 1, 1, done.stdout.strip()))
    assert row[2] in (tmp_path / "audit/heads-firm.jsonl").read_text()
    assert (tmp_path / "audit_key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    checked = subprocess.run(
        [*MANAGE, "verify_audit"], env=environment, capture_output=True, text=True, check=True
    )
    assert "firm: whole; 1 sealed, 0 not yet, 1 signed heads" in checked.stdout
