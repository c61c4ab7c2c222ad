"""R235: a worker that is killed in mid-job loses it: another finishes it, exactly once."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

MANAGE = [sys.executable, "-m", "keepwell.desk.site.manage"]
PATIENCE = 60.0
START = """
from django.utils import timezone
from keepwell.desk.people.actions import create_user
from keepwell.desk.ui import jobs
jobs.register("tests.slow", "Slow", lambda job: iter(()))
now = timezone.now()
facts = dict(username="w", display_name="W", role="manager", password="correct-horse-41")
user = create_user(**facts, by=None, at=now)
jobs.start(kind="tests.slow", payload={}, by=user, at=now, key="1")
"""
# A runner whose one kind of job says that it has begun and goes on when it may.
RUNNER = """
import datetime as dt, pathlib, threading
from django.core.management import call_command
from keepwell.desk.ui import jobs, jobs_running
from keepwell.desk.ui.management.commands import run_jobs
jobs_running.LEASE, jobs_running.PROGRESS_EVERY, run_jobs.RENEW_EVERY = dt.timedelta(seconds=2), 0, 0.5
here = pathlib.Path({folder!r})

def slow(job):
    with job.open_file("rows.csv") as file:
        file.write(b"a")
        (here / f"begun-{{job.attempts}}").touch()
        while not (here / "go").exists():
            threading.Event().wait(0.05)
            yield "waiting", 0, 1
        yield "going", 1, 1

jobs.register("tests.slow", "Slow", slow)
call_command("run_jobs", loop=True)
"""


def rows(folder: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "desk.sqlite3", timeout=20)) as database:
        return database.execute(statement).fetchall()


def until(runner: "subprocess.Popen[bytes]", met: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > deadline:
            pytest.fail("not within a minute")
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the runner ended with exit code {runner.wait(timeout=0.1)}")


def test_a_killed_workers_job_is_finished_by_another_exactly_once(tmp_path: Path) -> None:
    environment = {**os.environ, "KEEPWELL_DATA": str(tmp_path), "KEEPWELL_DATABASE_URL": ""}
    shell = [*MANAGE, "shell", "--verbosity", "0", "--command"]
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*shell, START], env=environment, check=True)
    runner = RUNNER.format(folder=str(tmp_path))
    first = subprocess.Popen([*shell, runner], env=environment)
    until(first, (tmp_path / "begun-1").exists)
    first.kill()
    first.wait()
    second = subprocess.Popen([*shell, runner], env=environment)
    try:
        until(second, (tmp_path / "begun-2").exists)
        (tmp_path / "go").touch()
        until(second, lambda: rows(tmp_path, "SELECT state FROM ui_job") == [("done",)])
    finally:
        second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert rows(tmp_path, "SELECT attempts FROM ui_job") == [(2,)]
    ended = "SELECT COUNT(*) FROM audit_firm_entry WHERE verb = 'ui.finish_job'"
    assert rows(tmp_path, ended) == [(1,)]
    (kept,) = rows(tmp_path, "SELECT file_place FROM ui_job")
    assert [path.name for path in (tmp_path / "desk/files/jobs").iterdir()] == [kept[0]]
