"""Working jobs off: who holds which, for how long, and what becomes of one whose worker was killed."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from keepwell.desk.ui import jobs, notices
from keepwell.desk.ui.models import Job, folder

LEASE = dt.timedelta(seconds=30)
MOST_ATTEMPTS = 3
PROGRESS_EVERY = 0.5


class Lost(Exception):
    """Another worker holds the job by now: whatever this one did counts for nothing."""


class Stopped(Exception):
    """The owner asked to stop."""


def new_worker() -> str:
    """A name no other worker has."""
    return f"{os.getpid()}-{secrets.token_hex(8)}"


def claim(worker: str, at: dt.datetime) -> Job | None:
    """Take the oldest waiting job whose time has come, `None` when there is none or another worker was faster."""
    come = Q(not_before=None) | Q(not_before__lte=at)
    first = Job.objects.filter(come, state=Job.State.WAITING).order_by("id").first()
    if first is None:
        return None
    taken = Job.objects.filter(pk=first.pk, state=Job.State.WAITING).update(
        state=Job.State.RUNNING,
        worker=worker,
        lease_until=at + LEASE,
        started_at=at,
        attempts=F("attempts") + 1,
    )
    return Job.objects.get(pk=first.pk) if taken else None


def renew(job: Job, at: dt.datetime) -> bool:
    """Hold the job for another lease; false when someone else holds it."""
    return bool(_held(job).update(lease_until=at + LEASE))


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)


def sweep(at: dt.datetime) -> int:
    """Give jobs back whose worker went silent, end those that killed three; answer how many were found."""
    silent = list(Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=at))
    for job in silent:
        give_back(job, at)
    for job in Job.objects.filter(expires_at__lt=at).exclude(file_place=""):
        job.path.unlink(missing_ok=True)
        Job.objects.filter(pk=job.pk).update(file_place="")
    return len(silent)


def give_back(job: Job, at: dt.datetime) -> None:
    """The worker is gone: the next one begins anew, unless three have gone the same way."""
    _remove_files(job)
    if job.attempts >= MOST_ATTEMPTS:
        fail(job, gettext("It was broken off three times and is not tried again."), at)
        return
    _held(job).update(state=Job.State.WAITING, worker="", lease_until=None)


def _remove_files(job: Job) -> None:
    for left in folder().glob(f"{job.pk}-*"):
        left.unlink(missing_ok=True)


@transaction.atomic
def fail(job: Job, trouble: str, at: dt.datetime) -> None:
    """End the job with what its owner should know."""
    if _held(job).update(state=Job.State.FAILED, trouble=trouble[:400], ended_at=at):
        _remove_files(job)
        jobs.trace("ui.fail_job", job, None, at)
        _tell("ui.job_failed", job, at)


def _tell(kind: str, job: Job, at: dt.datetime) -> None:
    facts = {"label": jobs.label_of(job)}
    notices.tell(
        to=job.actor_id, kind=kind, key=f"{job.pk}-{job.attempts}", at=at, facts=facts, url="/ui/jobs/"
    )


def work(job: Job, *, still_wanted: Callable[[], bool] = lambda: True) -> None:
    """Do a claimed job to its end in this process, in its owner's language.

    Raises `Lost` when another worker holds it by now; errors of the job's own code pass through.
    """
    try:
        owner = jobs.actor(job)
        with translation.override(owner.language):
            _steps(job, still_wanted)
            _finish(job)
    except Stopped:
        _held(job).update(state=Job.State.STOPPED, ended_at=timezone.now())
        _remove_files(job)
    except jobs.Failed as reason:
        fail(job, str(reason), timezone.now())


def _steps(job: Job, still_wanted: Callable[[], bool]) -> None:
    told_at = 0.0
    for stage, n, of in jobs.kind_of(job).run(job):
        if time.monotonic() - told_at < PROGRESS_EVERY:
            continue
        told_at = time.monotonic()
        if not still_wanted() or not _held(job).update(stage=stage[:80], n=n, of=of):
            raise Lost(str(job))
        if _held(job).filter(is_stop_asked=True).exists():
            raise Stopped


@transaction.atomic
def _finish(job: Job) -> None:
    """Everything that being done means, in one transaction and only for the worker that still holds the job."""
    at, kind = timezone.now(), jobs.kind_of(job)
    held = _held(job).update(
        state=Job.State.DONE,
        ended_at=at,
        expires_at=at + jobs.KEPT_FOR if job.file_place else None,
        result=job.result,
        file_name=job.file_name,
        file_place=job.file_place,
        n=F("of"),
    )
    if not held:
        raise Lost(str(job))
    if kind.finished:
        kind.finished(job, at)
    jobs.trace("ui.finish_job", job, None, at)
    _tell("ui.job_done", job, at)


def work_off() -> int:
    """Do every waiting job here and now, one after the other; answer how many (for tests and small desks)."""
    n = 0
    while job := claim(new_worker(), timezone.now()):
        work(job)
        n += 1
    return n
