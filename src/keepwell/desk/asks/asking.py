"""Asking the host and taking its answer in: an ask is a row and, once that is committed, a file."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from keepwell.contract import asking
from keepwell.contract.asking import OVER, AskKind, AskState
from keepwell.desk.asks.models import Ask
from keepwell.desk.asks.queries import visible_to

SECONDS = 30


class Actor(Protocol):
    """Who asks: any object with these, in practice `people.User`."""

    pk: Any
    display_name: Any

    @property
    def audit_stream(self) -> str:
        """`firm` or `aml`."""


class Trace(Protocol):
    """What the log registers: it writes down what is asked, in the transaction in which it is asked."""

    def __call__(self, *, verb: str, ask: Ask, by: Any, at: dt.datetime) -> None:
        """Write one entry."""


_traces: list[Trace] = []


def traced_by(trace: Trace) -> None:
    """Name who writes down what is asked; this floor lies below the log."""
    _traces[:] = [trace]


@transaction.atomic
def ask(
    *,
    kind: AskKind,
    run_id: str,
    body: Mapping[str, Any],
    by: Actor,
    at: dt.datetime,
    seconds: int = SECONDS,
    verb: str = "asks.ask",
) -> Ask:
    """Ask the host; what the same person asked of the same kind and is not answered yet is withdrawn.

    `verb` is what the log calls it, `room.verb` of the room that asks.
    """
    if not 0 < seconds <= asking.LONGEST_SECONDS:
        raise ValueError(f"seconds {seconds}: an ask waits from 1 to {asking.LONGEST_SECONDS} seconds")
    for earlier in visible_to(by).filter(kind=str(kind), state=str(AskState.WAITING)):
        _end(earlier, AskState.WITHDRAWN, {}, at)
        transaction.on_commit(partial(_path(earlier.key, asking.ASK).unlink, missing_ok=True))
    row = Ask.objects.create(
        key=secrets.token_hex(16), kind=str(kind), run_id=run_id, seconds=seconds, asked_at=at,
        body=json.loads(json.dumps(dict(body), cls=DjangoJSONEncoder)),
        actor_id=by.pk, actor_name=by.display_name, stream=by.audit_stream,
    )  # fmt: skip
    for write in _traces:
        write(verb=verb, ask=row, by=by, at=at)
    transaction.on_commit(partial(_send, row))
    return row


def look(row: Ask, at: dt.datetime) -> Ask:
    """The ask as it stands: with its answer, if one has come; given up once nobody waits any longer.

    An answer is taken into the row when it is first seen; the file goes then.
    """
    if row.is_over:
        return row
    told = _read(_path(row.key, asking.ANSWER))
    if told is not None:
        state = AskState.of(str(told.get("state", AskState.FAILED)))
        _end(row, state, dict(told.get("body", {})), at)
        _path(row.key, asking.ANSWER).unlink(missing_ok=True)
    elif at > row.waits_until:
        _end(row, AskState.TIMED_OUT if host_lives(at) else AskState.NO_HOST, {}, at)
        _path(row.key, asking.ASK).unlink(missing_ok=True)
    return row


def host_lives(at: dt.datetime) -> bool:
    """Whether the host has shown itself lately; while it is at an ask it may be silent for as long as asks wait."""
    path = _folder() / asking.HOST
    try:
        silent = at.timestamp() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    busy = bool((_read(path) or {}).get("key"))
    return silent <= (asking.LONGEST_SECONDS if busy else asking.SILENT_SECONDS)


def _end(row: Ask, state: AskState, answer: dict[str, Any], at: dt.datetime) -> None:
    """Give a waiting ask its end; whoever looks at the same moment gives it the same, or none."""
    waiting = Ask.objects.filter(pk=row.pk, state=str(AskState.WAITING))
    if state in OVER and waiting.update(state=str(state), answer=answer, ended_at=at):
        row.state, row.answer, row.ended_at = str(state), answer, at
    else:
        row.refresh_from_db()


def _send(row: Ask) -> None:
    path = _path(row.key, asking.ASK)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(row.as_file(), ensure_ascii=False, sort_keys=True), encoding="utf-8")
    aside.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _path(key: str, ending: str) -> Path:
    return _folder() / f"{key}{ending}"


def _folder() -> Path:
    return Path(settings.DATA) / asking.FOLDER
