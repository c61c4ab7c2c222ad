"""R231: a sealer killed anywhere leaves nothing unsealed and no broken chain; heads taken away are missed."""

import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from keepwell.desk.audit.actions import heads_file, record, seal_pending, sign_head
from keepwell.desk.audit.queries import verify
from tests.desk.own_database import own_database

KEY = "k" * 32
PLACES = 40


@pytest.fixture(autouse=True)
def heads_aside(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEADS = tmp_path / "heads"
    settings.AUDIT_KEY_FILE = tmp_path / "audit_key"
    settings.AUDIT_KEY_FILE.write_text(KEY)


@pytest.fixture
def own(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    with django_db_blocker.unblock(), own_database(tmp_path):
        yield


def write(n: int) -> None:
    with transaction.atomic():
        for number in range(n):
            record(by=None, at=timezone.now(), verb="tests.act", payload={"n": number})


def seal_and_sign() -> None:
    seal_pending(stream="firm")
    sign_head(stream="firm", key=KEY, at=timezone.now())


def _child(writing: int, kill_at: int) -> None:
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}
        if calls == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    seal_and_sign()
    sys.setprofile(None)
    os.write(writing, str(calls).encode())
    os._exit(0)


def in_a_child(kill_at: int) -> int:
    """Run the sealer in a forked child that kills itself at its `kill_at`-th call; how many calls it made, or -9."""
    connection.close()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _child(writing, kill_at)
        finally:
            os._exit(3)  # whatever went wrong: the child must not go on as a second test run
    os.close(writing)
    _pid, status = os.waitpid(pid, 0)
    told = os.read(reading, 20)
    os.close(reading)
    return int(told) if os.waitstatus_to_exitcode(status) == 0 else -9


def test_a_sealer_killed_anywhere_leaves_nothing_unsealed(own: None) -> None:
    write(3)
    whole = in_a_child(kill_at=-1)
    assert whole > 1000
    for place in range(1, PLACES + 1):
        write(3)
        assert in_a_child(kill_at=whole * place // (PLACES + 1)) == -9
    seal_and_sign()
    report = verify("firm", KEY, now=timezone.now())
    assert (report.sealed, report.unsealed, report.findings) == (3 * (PLACES + 1), 0, [])


def head(own_key: str = KEY) -> None:
    write(1)
    seal_pending(stream="firm")
    sign_head(stream="firm", key=own_key, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [0, 1])
def test_a_head_taken_out_of_the_file_is_missed(gone: int) -> None:
    for _ in range(3):
        head()
    path = heads_file("firm")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:gone] + lines[gone + 1 :]))
    assert [found.kind for found in verify("firm", KEY).findings] == ["heads_missing"]


@pytest.mark.django_db
def test_heads_that_were_never_signed_are_missed() -> None:
    head()
    heads_file("firm").unlink()
    assert verify("firm", KEY, now=timezone.now()).findings == []
    later = timezone.now() + dt.timedelta(hours=1)
    assert [found.kind for found in verify("firm", KEY, now=later).findings] == ["heads_missing"]


@pytest.mark.django_db
def test_a_torn_line_is_no_head_and_is_mended() -> None:
    head()
    path = heads_file("firm")
    with path.open("a") as file:
        file.write('{"position": 2, "ha')
    assert verify("firm", KEY).findings == []
    head()
    assert [json.loads(line)["position"] for line in path.read_text().splitlines()] == [1, 2]
    assert verify("firm", KEY).findings == []


@pytest.mark.django_db
def test_the_command_takes_heads_kept_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head()
    copy = tmp_path / "copy.jsonl"
    copy.write_text(heads_file("firm").read_text())
    heads_file("firm").unlink()
    call_command("verify_audit", heads=copy, stream="firm")
    assert "firm: whole; 1 sealed, 0 not yet, 1 signed heads" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no such file"):
        call_command("verify_audit", heads=tmp_path / "none", stream="firm")
    with pytest.raises(CommandError, match="--stream"):
        call_command("verify_audit", heads=copy)
