"""R235: a worker that is killed in mid-job loses it: another finishes it, exactly once."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.processes import MANAGE, Beside, environment, manage

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


def test_a_killed_workers_job_is_finished_by_another_exactly_once(tmp_path: Path) -> None:
    shell = ["shell", "--verbosity", "0", "--command"]
    manage(tmp_path, "migrate", "--verbosity", "0")
    manage(tmp_path, *shell, START)
    runner, env = [*MANAGE, *shell, RUNNER.format(folder=str(tmp_path))], environment(tmp_path)
    first = Beside(runner, tmp_path / "first.log", env)
    first.until((tmp_path / "begun-1").exists)
    first.kill()
    second = Beside(runner, tmp_path / "second.log", env)
    try:
        second.until((tmp_path / "begun-2").exists)
        (tmp_path / "go").touch()
        second.until(lambda: rows(tmp_path, "SELECT state FROM ui_job") == [("done",)])
    finally:
        second.stop()
    assert rows(tmp_path, "SELECT attempts FROM ui_job") == [(2,)]
    ended = "SELECT COUNT(*) FROM audit_firm_entry WHERE verb = 'ui.finish_job'"
    assert rows(tmp_path, ended) == [(1,)]
    (kept,) = rows(tmp_path, "SELECT file_place FROM ui_job")
    assert [path.name for path in (tmp_path / "desk/files/jobs").iterdir()] == [kept[0]]
