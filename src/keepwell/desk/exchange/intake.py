"""A run becomes what people see: written aside as a generation, then made current by one row.

Killed at any point, the generation before stays; called again with the same run, it does nothing.
"""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from keepwell.desk.audit.actions import record
from keepwell.desk.clients import anchors, places
from keepwell.desk.clients.assignments import hand_over
from keepwell.desk.clients.scope import leavers, left_by
from keepwell.desk.exchange import writing
from keepwell.desk.exchange.folders import IntakeError, RunFolder
from keepwell.desk.generations import layout
from keepwell.desk.generations.models import Generation, Pointer
from keepwell.desk.generations.queries import current
from keepwell.desk.identities import kept
from keepwell.desk.people.actions import disable
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import is_last_administrator, logins_of
from keepwell.desk.work import complaints

KEPT = 2  # a page in flight finishes on the generation it began with


def take_in(*, run: RunFolder, by: User | None, at: dt.datetime) -> Generation:
    """Take the run in and make it current; answers its generation.

    Raises `IntakeError` when the run is not whole, of another contract, or when another intake is at work.
    """
    with _alone():
        before = current()
        run.check_contract()
        same = {"manifest_hash": run.manifest_hash, "layout_hash": layout.fingerprint(), "is_kept": True}
        told = Generation.objects.filter(pk=run.run_id, **same).first()
        if told and writing.is_there(run.run_id):
            if before != told:
                _publish(told, before, by=by, at=at)
            return told
        run.check(writing.tables())
        writing.write(run)
        anchors.settle(run.run_id, before.run_id if before else None, as_of=_as_of(run), at=at)
        kept.keep(run=run.run_id, on=_as_of(run))
        _let_leavers_go(run, at)
        generation = _described(run, at)
        complaints.follow(generation=generation, before=before, at=at)
        places.renew_statistics()
        _publish(generation, before, by=by, at=at)
        _forget_old()
        return generation


def _let_leavers_go(run: RunFolder, at: dt.datetime) -> None:
    """Whoever the staff file says has left logs in no more, and the leader holds their clients the same day."""
    on = _as_of(run)
    for user in logins_of(left_by(on)):
        if not is_last_administrator(user):  # somebody must be able to let the next one in
            disable(user=user, reason="left", by=None, at=at)
    for code in leavers(on):
        hand_over(staff_code=code, by=None, at=at, run=run.run_id)


def _as_of(run: RunFolder) -> dt.date:
    return dt.date.fromisoformat(run.manifest["as_of"])


def _described(run: RunFolder, at: dt.datetime) -> Generation:
    manifest = run.manifest
    return Generation(
        run_id=run.run_id,
        as_of_on=_as_of(run),
        currency=manifest["currency"],
        calendar=manifest["calendar"],
        calendar_mark=manifest["calendar_mark"],
        firm_name=manifest["firm"],
        is_made_up=manifest["is_made_up"],
        manifest_hash=run.manifest_hash,
        layout_hash=layout.fingerprint(),
        n_clients=manifest["rows"]["client"],
        taken_in_at=at,
        returns_cut=_cut(manifest.get("returns_cut")),
    )


def _cut(told: str | None) -> dt.datetime | None:
    """Up to when people's acts are in the run; a run of before there were any says nothing."""
    return dt.datetime.fromisoformat(told) if told else None


def _publish(generation: Generation, before: Generation | None, *, by: User | None, at: dt.datetime) -> None:
    """The one step after which people see the run."""
    previous = before if before and before.pk != generation.pk else None
    with transaction.atomic():
        generation.save()
        Pointer.objects.update_or_create(only=1, defaults={"generation": generation, "previous": previous})
        record(
            by=by,
            at=at,
            verb="exchange.take_in",
            subject_kind="run",
            subject_id=generation.pk,
            payload={"manifest": generation.manifest_hash, "n_clients": generation.n_clients},
            run=generation.pk,
        )


def _forget_old() -> None:
    """Remove the generations nobody can be reading any more."""
    pointer = Pointer.objects.get()
    kept = {pointer.generation_id, pointer.previous_id}
    for old in Generation.objects.filter(is_kept=True).exclude(pk__in=kept):
        writing.remove(old.run_id)
        Generation.objects.filter(pk=old.pk).update(is_kept=False)


@contextmanager
def _alone() -> Iterator[None]:
    path = Path(settings.DATA) / "desk" / "intake.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IntakeError(f"another intake is at work (it holds {path}); wait for it to end") from error
        yield
