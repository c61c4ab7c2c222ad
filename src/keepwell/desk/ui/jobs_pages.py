"""后台任务: how far is it, what came of it? One's own jobs; whoever watches the machine sees that others run."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.desk.ui import formats, jobs
from keepwell.desk.ui.http import demand, page, requires
from keepwell.desk.ui.models import Job
from keepwell.desk.ui.paging import keyset

STOP_POLLING = 286  # htmx's own status
OPEN = (Job.State.WAITING, Job.State.RUNNING)


@requires("people.own")
def listed(request: HttpRequest) -> HttpResponse:
    """What runs, and what came of what ran?"""
    user: Any = request.user
    sees_all = bool(user.may("ui.read_all_jobs"))
    seen = jobs.of_all() if sees_all else jobs.of(user)
    ended = keyset(seen.exclude(state__in=OPEN), ("-id", "-id"), request.GET.get("after", ""))
    context = {
        "sees_all": sees_all,
        "running": [_running(job, user) for job in seen.filter(state__in=OPEN)[:20]],
        "ended": ended,
        "shown": [_ended(job, user) for job in ended.rows],
    }
    return page(request, "ui/jobs.html", context)


def _running(job: Job, user: Any) -> dict[str, Any]:
    waits = job.state == Job.State.WAITING
    asked = _("asked for by %(name)s, %(at)s") % {
        "name": job.actor_name,
        "at": formats.moment(job.created_at),
    }
    return {
        "job": job,
        "label": jobs.label_of(job),
        "stage": _("waiting") if waits else _("stopping") if job.is_stop_asked else job.stage,
        "done": job.n,
        "total": job.of,
        "share": round(job.n / job.of * 100) if job.of else None,
        "note": asked,
        "url": reverse("ui:job_progress", args=[job.pk]),
        "is_own": job.actor_id == user.pk,
        "can_stop": jobs.kind_of(job).can_stop and not job.is_stop_asked,
    }


def _ended(job: Job, user: Any) -> dict[str, Any]:
    began, end = job.started_at, job.ended_at
    return {
        "job": job,
        "label": jobs.label_of(job),
        "is_own": job.actor_id == user.pk,
        "seconds": (end - began).total_seconds() if began and end else None,
        "kept": jobs.kept_by(job),
        "undo_url": jobs.undo_url(job, user),
    }


def _seen(request: HttpRequest, pk: int) -> Job:
    """The job, if it is one's own or one watches the machine; else an unknown address."""
    user: Any = request.user
    seen = jobs.of_all() if user.may("ui.read_all_jobs") else jobs.of(user)
    return get_object_or_404(seen, pk=pk)


def _own(request: HttpRequest, pk: int) -> Job:
    user: Any = request.user
    return get_object_or_404(jobs.of(user), pk=pk)


@requires("people.own")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; when it has ended the page is fetched anew."""
    job = _seen(request, pk)
    if not job.is_open:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    return render(request, "ui/parts/progress_inside.html", _running(job, request.user))


@require_POST
@requires("people.own")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop my job, if it may be broken off."""
    user: Any = request.user
    job = _own(request, pk)
    if jobs.stop(job=job, by=user, at=timezone.now()):
        messages.success(request, _("Stopping. What is under way is finished first."))
    else:
        messages.warning(request, _("This cannot be stopped any more."))
    return redirect("ui:jobs")


@require_POST
@requires("people.own")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin my job anew."""
    user: Any = request.user
    if jobs.again(job=_own(request, pk), by=user, at=timezone.now()):
        messages.success(request, _("It waits for its turn."))
    return redirect("ui:jobs")


@requires("people.own")
def file(request: HttpRequest, pk: int) -> Any:
    """The file my job made: nobody else's, not after its time, and not when the right has gone."""
    user: Any = request.user
    job = _own(request, pk)
    gone = job.state != Job.State.DONE or not job.file_place or not job.expires_at
    if gone or (job.expires_at and job.expires_at < timezone.now()) or not job.path.is_file():
        raise Http404(pk)
    demand(jobs.kind_of(job).may_fetch(user, job), subject_kind="job", subject_id=str(pk))
    jobs.fetch(job=job, by=user, at=timezone.now())
    return FileResponse(job.path.open("rb"), as_attachment=True, filename=job.file_name)
