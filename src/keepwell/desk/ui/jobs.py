"""Jobs: work in the background, by kind. Rooms register kinds and start jobs; `manage run_jobs` works them off.

A kind's `run(job)` is a generator that yields `(stage, n, of)` after each piece of work; it may set `job.result`
(a sentence) or write into `job.open_file(name)`. It reads whom it works for with `actor(job)` and asks again what
that person may see: a job starts with no more right than its owner has when it runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keepwell.contract.verdict import ALLOWED, Verdict
from keepwell.desk.ui import notices
from keepwell.desk.ui.models import Job

Step = tuple[str, int, int]
Run = Callable[[Job], Iterator[Step]]
KEPT_FOR = dt.timedelta(days=7)
NOTHING = _("Nothing was changed.")


class Actor(Protocol):
    """Who starts, stops or fetches: any object with these, in practice `people.User`."""

    pk: Any
    display_name: Any

    @property
    def audit_stream(self) -> str:
        """`firm` or `aml`."""


class Failed(Exception):
    """A job cannot be finished, for a reason its owner can act on: the exception's text is shown to them."""


class Trace(Protocol):
    """What the log registers: it writes down what is done to jobs, in the transaction in which it is done."""

    def __call__(self, *, verb: str, job: Job, by: Any, at: dt.datetime) -> None:
        """Write one entry."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    `kept` says after a failure what was kept. `may_fetch(user, job)` is asked before a file is handed out.
    `finished(job, at)` runs once, in the transaction in which the job becomes done. `undo_url(user, job)` is where its
    owner takes it back by POST, empty where that is not possible any more.
    """

    label: str | Promise
    run: Run
    can_stop: bool = True
    kept: str | Promise = NOTHING
    may_fetch: Callable[[Any, Job], Verdict] = lambda _user, _job: ALLOWED
    finished: Callable[[Job, dt.datetime], None] | None = None
    undo_url: Callable[[Any, Job], str] = lambda _user, _job: ""


_kinds: dict[str, Kind] = {}
_traces: list[Trace] = []
notices.register("ui.job_done", _("Done: %(label)s"), "done")
notices.register("ui.job_failed", _("Not finished: %(label)s"), "done")


def register(kind: str, label: str | Promise, run: Run, **more: Any) -> None:
    """Add a kind (`room.verb`); further fields of `Kind` by keyword."""
    _kinds[kind] = Kind(label, run, **more)


def traced_by(trace: Trace) -> None:
    """Name who writes down what is done to jobs; this floor lies below the log."""
    _traces[:] = [trace]


def trace(verb: str, job: Job, by: Any, at: dt.datetime) -> None:
    """Write down what is done to a job."""
    for write in _traces:
        write(verb=verb, job=job, by=by, at=at)


def kind_of(job: Job) -> Kind:
    """The job's kind; raises `KeyError` with the remedy when no room registered it."""
    if job.kind not in _kinds:
        raise KeyError(f"job {job.pk}: no room registered the kind {job.kind!r}; is its app installed?")
    return _kinds[job.kind]


def label_of(job: Job) -> str:
    """What the job is called, in the reader's language."""
    return str(_kinds[job.kind].label) if job.kind in _kinds else job.kind


def kept_by(job: Job) -> str:
    """What a job that was broken off leaves, in the reader's language."""
    return str(_kinds[job.kind].kept) if job.kind in _kinds else ""


def undo_url(job: Job, user: Any) -> str:
    """Where the owner takes back what a finished job did, empty where that is not possible."""
    if job.state != Job.State.DONE or job.actor_id != user.pk or job.kind not in _kinds:
        return ""
    return _kinds[job.kind].undo_url(user, job)


def actor(job: Job) -> Any:
    """The user the job works for; raises `Failed` when the login has ended since."""
    found = get_user_model().objects.filter(pk=job.actor_id, is_active=True).first()
    if found is None:
        raise Failed(str(_("The login that asked for this has ended.")))
    return found


@transaction.atomic
def start(
    *,
    kind: str,
    payload: Mapping[str, Any],
    by: Actor,
    at: dt.datetime,
    key: str,
    not_before: dt.datetime | None = None,
) -> Job:
    """Queue a job, for an instant to come if one is given; the same kind and key answer the job that is there.

    `payload` holds ids and filters, never names or numbers of clients.
    """
    if kind not in _kinds:
        raise KeyError(f"{kind!r} is no kind of job; registered: {', '.join(sorted(_kinds))}")
    job, is_new = Job.objects.get_or_create(
        key=f"{kind}:{key}"[:160],
        defaults={
            "kind": kind,
            "payload": dict(payload),
            "actor_id": by.pk,
            "actor_name": by.display_name,
            "stream": by.audit_stream,
            "created_at": at,
            "not_before": not_before,
        },
    )
    if is_new:
        trace("ui.start_job", job, by, at)
    return job


@transaction.atomic
def stop(*, job: Job, by: Actor, at: dt.datetime) -> bool:
    """Ask a job to stop: at once while it waits, else after its present piece; answer whether it could be asked."""
    if not kind_of(job).can_stop:
        return False
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    asked = waiting.update(state=Job.State.STOPPED, ended_at=at)
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    asked = asked or running.update(is_stop_asked=True)
    if asked:
        trace("ui.stop_job", job, by, at)
    return bool(asked)


@transaction.atomic
def again(*, job: Job, by: Actor, at: dt.datetime) -> bool:
    """Queue a job anew that failed or was stopped."""
    ended = Job.objects.filter(pk=job.pk, state__in=(Job.State.FAILED, Job.State.STOPPED))
    queued = ended.update(
        state=Job.State.WAITING, attempts=0, is_stop_asked=False, trouble="", stage="", n=0, ended_at=None
    )
    if queued:
        trace("ui.start_job", job, by, at)
    return bool(queued)


@transaction.atomic
def fetch(*, job: Job, by: Actor, at: dt.datetime) -> None:
    """Trace that the owner took the job's file away."""
    trace("ui.fetch_job", job, by, at)


def of(user: Actor) -> QuerySet[Job]:
    """The user's own jobs, newest first."""
    return Job.objects.filter(actor_id=user.pk).order_by("-id")


def of_all() -> QuerySet[Job]:
    """Everybody's jobs but those of AML officers, newest first: for whoever watches the machine."""
    return Job.objects.filter(stream="firm").order_by("-id")
