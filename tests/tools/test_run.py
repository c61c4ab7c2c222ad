"""`make run` stops everything it started, and says plainly what is wrong."""

import json
import os
import resource
import select
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.desk.run_folder import build
from tests.processes import Beside, environment
from tools import run


def ends(descriptor: int) -> bool:
    """Whether a process, held by its descriptor, ends within five seconds."""
    with os.fdopen(descriptor) as held:
        return bool(select.select([held], [], [], 5)[0])


def test_stop_ends_a_child_and_its_children(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    child = run.start(["sh", "-c", f"sleep 60 & echo $! > {told}.aside; mv {told}.aside {told}; wait"])
    while not told.exists():
        assert child.poll() is None
    grandchild = os.pidfd_open(int(told.read_text()))
    run.stop(child)
    assert child.returncode is not None
    assert ends(grandchild)


def test_a_child_ends_when_the_supervisor_is_killed() -> None:
    code = "from tools import run; c = run.start(['sleep', '60']); print(c.pid, flush=True); c.wait()"
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=run.ROOT
    )
    assert supervisor.stdout
    child = int(supervisor.stdout.readline())
    descriptor = os.pidfd_open(child)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    assert ends(descriptor)


def test_a_port_in_use_is_named_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit):
            run.refuse_busy_port(port)
    assert f"make run PORT={port + 1}" in capsys.readouterr().err


def test_a_missing_program_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.start(["/nowhere/keepwell"])
    assert "/nowhere/keepwell is not there" in capsys.readouterr().err


def test_a_failing_step_names_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.step("nightly run", ["sh", "-c", "exit 7"])
    assert "nightly run: exit code 7" in capsys.readouterr().err


def published(data: Path, name: str, night: str) -> None:
    """A run of a night, made current."""
    (data / "runs" / name).mkdir(parents=True)
    (data / "runs" / name / "manifest.json").write_text(json.dumps({"as_of": night}))
    (data / "runs/current").write_text(f"{name}\n")


def test_a_first_call_runs_two_nights_and_one_that_was_stopped_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R194: the demo has a yesterday, and what its people did then goes to the last run.

    A call that ended between the nights is taken up where it stood.
    """
    started: list[str] = []

    def done(title: str, command: Sequence[str | Path]) -> None:
        started.append(title)
        if "simulate" in command:
            (tmp_path / "truth").mkdir()
            for night in run.NIGHTS:
                (tmp_path / "extracts" / night).mkdir(parents=True)
                (tmp_path / "extracts" / night / "delivery.toml").touch()
        elif title == runs[-1] and started.count(title) == 1:
            raise run.Stopped("SIGTERM")
        elif title in runs:
            published(tmp_path, f"00000{runs.index(title) + 1}", str(command[-1]))

    runs = [f"nightly run of {night}" for night in run.NIGHTS]
    lived: list[str] = []
    monkeypatch.setattr(run, "step", done)
    monkeypatch.setattr(run, "make_people", lambda _logins, part: lived.append(part))
    with pytest.raises(run.Stopped):
        run.make_run(tmp_path)
    assert run.make_run(tmp_path) == "000002"
    handed = "desk: what they did goes to the next run"
    evening = ["desk: database", "desk: intake of the night before", handed]
    assert started == ["made-up firm", runs[0], *evening, runs[1], *evening, runs[1]]
    assert lived == ["evening", "evening"]


def test_runs_of_other_files_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, "000001", "2024-01-02")
    monkeypatch.setattr(run, "step", lambda title, _command: pytest.fail(title))
    assert run.make_run(tmp_path) == "000001"


def calls(data: Path, log: Path) -> tuple[list[str], float]:
    """Call `make run`'s supervisor until the first page is there; its steps, and the CPU seconds of all of it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "tools/run.py", "--port", str(port), "--data", str(data)]
    desk = Beside(command, log, environment(data))
    try:
        desk.until(lambda: f"Keepwell 守客: http://127.0.0.1:{port}/" in log.read_text(encoding="utf-8"))
    finally:
        desk.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    steps = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("──")]
    return steps, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_second_call_starts_the_real_desk_at_once(tmp_path: Path) -> None:
    """The first page within ten seconds (counted in CPU, which other work on the machine does not change)."""
    data = tmp_path / "data"
    build(data, n=40)
    first, _ = calls(data, tmp_path / "first.log")
    assert len(first) == 3
    kept = {path: path.stat().st_mtime_ns for path in (data / "static").rglob("*") if path.is_file()}
    second, seconds = calls(data, tmp_path / "second.log")
    assert second == ["── desk: intake of the run"]
    assert seconds < 10
    assert kept == {path: path.stat().st_mtime_ns for path in (data / "static").rglob("*") if path.is_file()}
    with closing(sqlite3.connect(data / "desk.sqlite3")) as database:
        taken_in = database.execute("SELECT COUNT(*) FROM audit_firm_entry WHERE verb = 'exchange.take_in'")
        assert taken_in.fetchone() == (1,)


def test_a_second_call_repeats_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a current run and a desk at that run only the intake is asked, which leaves a current run alone."""
    published(tmp_path, "000001", run.NIGHTS[-1])
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/ready").write_text(run.desk_state("000001"))
    started: list[str] = []
    monkeypatch.setattr(run, "step", lambda title, _command: started.append(title))
    run.make_desk(tmp_path, run.make_run(tmp_path))
    assert started == ["desk: intake of the run"]
    published(tmp_path, "000002", run.NIGHTS[-1])
    run.make_desk(tmp_path, run.make_run(tmp_path))
    assert "desk: database" in started


def test_a_new_desk_lives_the_night_before_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 3, the leaving manager: the first plan is approved a night before; a desk that stands goes not back."""
    for name, night in zip(("000001", "000002"), run.NIGHTS, strict=True):
        published(tmp_path, name, night)
    (tmp_path / "truth").mkdir()
    started: list[str] = []
    monkeypatch.setattr(run, "step", lambda _title, command: started.append(" ".join(map(str, command[3:]))))
    monkeypatch.setattr(run, "make_people", lambda logins: started.append(logins.name))
    run.make_desk(tmp_path, "000002")
    assert started[-3:] == ["load_run 000001", "load_run", "demo-logins.txt"]
    started.clear()
    (tmp_path / "desk/ready").write_text("of another state")
    run.make_desk(tmp_path, "000002")
    assert "load_run 000001" not in started
    assert "load_run" in started
