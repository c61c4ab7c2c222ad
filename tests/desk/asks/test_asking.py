"""R054: what would be if is asked of the engine's host as a file, answered once, and told to whoever asked alone."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from keepwell.contract import asking as protocol
from keepwell.contract.asking import AskKind, AskState
from keepwell.desk.asks import asking, queries
from keepwell.desk.asks.models import Ask
from keepwell.desk.audit.models import FirmEntry

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
BODY = {"branch_code": "B01", "most_switches": 12}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path / protocol.FOLDER


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def ask(user: Any, committed: Any, at: dt.datetime = NOW) -> Ask:
    with committed(execute=True):
        return asking.ask(kind=AskKind.ALLOCATION, run_id="000418", body=BODY, by=user, at=at, seconds=10)


def answer(folder: Path, row: Ask, **told: Any) -> None:
    (folder / f"{row.key}{protocol.ANSWER}").write_text(json.dumps(told), "utf-8")


def beat(folder: Path, at: dt.datetime, key: str = "") -> None:
    folder.mkdir(exist_ok=True)
    (folder / protocol.HOST).write_text(json.dumps({"key": key}), "utf-8")
    os.utime(folder / protocol.HOST, (at.timestamp(), at.timestamp()))


def test_an_ask_is_a_file_without_who_asks_and_an_entry_of_the_log_with(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    row = ask(user, committed)
    told = json.loads((folder / f"{row.key}{protocol.ASK}").read_text("utf-8"))
    assert told == {
        "kind": "allocation", "run": "000418", "asked_at": NOW.isoformat(), "seconds": 10, "body": BODY,
    }  # fmt: skip
    entry = FirmEntry.objects.get(verb="asks.ask")
    assert (entry.actor_id, entry.subject_id, entry.run) == (user.pk, row.key, "000418")
    assert entry.payload == {"kind": "allocation", **BODY}


def test_an_ask_that_is_rolled_back_is_never_sent(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    with committed(execute=True), transaction.atomic():
        asking.ask(kind=AskKind.ALLOCATION, run_id="000418", body=BODY, by=user, at=NOW)
        transaction.set_rollback(True)
    assert not folder.exists()
    assert not Ask.objects.exists()
    assert not FirmEntry.objects.filter(verb="asks.ask").exists()


def test_an_answer_is_taken_in_once_and_stays(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    row = ask(user, committed)
    assert asking.look(row, NOW).state == str(AskState.WAITING)
    answer(folder, row, state="answered", body={"after": {"n_changes": 12}})
    told = asking.look(row, NOW + dt.timedelta(seconds=2))
    assert (told.state, told.answer) == ("answered", {"after": {"n_changes": 12}})
    assert not (folder / f"{row.key}{protocol.ANSWER}").exists()
    answer(folder, row, state="failed", body={})
    assert asking.look(Ask.objects.get(pk=row.pk), NOW).state == str(AskState.ANSWERED)


@pytest.mark.parametrize(("beats", "state"), [(True, AskState.TIMED_OUT), (False, AskState.NO_HOST)])
def test_nobody_waits_for_ever_and_is_told_whether_the_host_is_there(
    folder: Path, committed: Any, make_user: Callable[..., Any], beats: bool, state: AskState
) -> None:
    row = ask(make_user("branch_head", branch_code="B01"), committed)
    later = NOW + dt.timedelta(seconds=11)
    if beats:
        beat(folder, later)
    assert asking.look(row, later).state == str(state)
    assert not (folder / f"{row.key}{protocol.ASK}").exists()
    answer(folder, row, state="answered", body={})
    assert asking.look(Ask.objects.get(pk=row.pk), later).state == str(state)


def test_a_host_at_an_ask_may_be_silent_longer_than_an_idle_one(folder: Path) -> None:
    assert not asking.host_lives(NOW)
    beat(folder, NOW - dt.timedelta(seconds=30))
    assert not asking.host_lives(NOW)
    beat(folder, NOW - dt.timedelta(seconds=30), key="a1")
    assert asking.host_lives(NOW)
    beat(folder, NOW - dt.timedelta(seconds=90), key="a1")
    assert not asking.host_lives(NOW)


def test_a_later_ask_withdraws_the_one_that_waits(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    first = ask(user, committed)
    second = ask(user, committed, NOW + dt.timedelta(seconds=1))
    first.refresh_from_db()
    assert first.state == str(AskState.WITHDRAWN)
    assert [path.name for path in folder.iterdir()] == [f"{second.key}{protocol.ASK}"]


def test_what_somebody_tries_out_is_theirs_alone(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    other = make_user("team_leader", username="other", branch_code="B01")
    row = ask(user, committed)
    assert queries.one(user, row.key) == row
    assert queries.one(other, row.key) is None
    assert queries.latest(user, "allocation", "000418", 5) == [row]
    assert queries.latest(user, "allocation", "000417", 5) == []


def test_nobody_may_wait_longer_than_the_host_may_be_silent(
    folder: Path, make_user: Callable[..., Any]
) -> None:
    user = make_user("branch_head", branch_code="B01")
    with pytest.raises(ValueError, match="61"):
        asking.ask(kind=AskKind.ALLOCATION, run_id="000418", body=BODY, by=user, at=NOW, seconds=61)


def test_an_answer_whose_state_is_no_end_leaves_the_ask_waiting(
    folder: Path, committed: Any, make_user: Callable[..., Any]
) -> None:
    row = ask(make_user("branch_head", branch_code="B01"), committed)
    answer(folder, row, state="waiting", body={})
    assert asking.look(row, NOW).state == str(AskState.WAITING)
