"""Runs, one run, its manifest, and the rows that were not accepted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from keepwell.desk.exchange import actions, folders, pages, queries, rules, stops
from keepwell.desk.exchange import quarantine as rejected
from keepwell.desk.exchange.folders import RunFolder
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires

STOP_POLLING = 286  # htmx's own status


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _folder(run_id: str) -> RunFolder:
    try:
        found = folders.one(run_id)
    except ValueError as error:
        raise Http404(run_id) from error
    if found is None or found not in folders.known():
        raise Http404(run_id)
    return found


@requires("exchange.read_runs")
def runs(request: Pinned) -> HttpResponse:
    """Can today's figures be used?"""
    return page(request, "exchange/runs.html", pages.runs(request.generation, _user(request)))


@requires("exchange.read_runs")
def progress(request: HttpRequest) -> HttpResponse:
    """How far the run in flight is; when it has ended the page is fetched anew."""
    flight = pages.flight()
    if flight is None or flight["is_killed"]:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    return render(request, "ui/parts/progress_inside.html", flight)


@requires("exchange.read_runs")
def stopped(request: Pinned) -> HttpResponse:
    """Why did the run stop, and what is to be done?"""
    user, generation = _user(request), request.generation
    stop = stops.last(generation, user)
    if stop:
        in_use = getattr(generation, "run_id", "")  # before the first run there is none
        actions.read_run(run_id=stop["run_id"], run=in_use, by=user, at=timezone.now())
    return page(request, "exchange/stopped.html", {"stop": stop}, part="body")


@requires("exchange.read_runs")
def run(request: Pinned, run_id: str) -> HttpResponse:
    """What is missing from this run?"""
    return page(request, "exchange/run.html", pages.run(_folder(run_id), _user(request), request.generation))


@requires("exchange.read_runs")
def manifest(_request: HttpRequest, run_id: str) -> HttpResponse:
    """The manifest as the run wrote it."""
    body = (_folder(run_id).path / "manifest.json").read_bytes()
    told = {"Content-Disposition": f'attachment; filename="run-{run_id}-manifest.json"'}
    return HttpResponse(body, content_type="application/json", headers=told)


@requires("exchange.read_quarantine")
@needs_run
def quarantine(request: Pinned) -> HttpResponse:
    """What should the source mend?"""
    user, asked = _user(request), request.GET
    chosen = queries.chosen(asked.get("file", ""), asked.get("reason", ""))
    context = rejected.quarantine(user, chosen, asked.get("after", ""))
    if context["lines"]:
        now, run_id = timezone.now(), request.generation.run_id
        actions.read_quarantine(file_name=chosen.file, reason=chosen.reason, run=run_id, by=user, at=now)
    return page(request, "exchange/quarantine.html", context, part="found")


@requires("exchange.read_quarantine")
@needs_run
def source_text(request: Pinned) -> HttpResponse:
    """How did the source write this row?"""
    user = _user(request)
    demand(rules.may_read_source_text(user), subject_kind="run", subject_id=request.generation.run_id)
    row = queries.quarantined_row(request.GET.dict())
    if row is None:
        raise Http404
    actions.read_source_text(
        file_name=row.file_name,
        line_no=row.line_no,
        run=request.generation.run_id,
        by=user,
        at=timezone.now(),
    )
    return page(
        request, "exchange/source_text.html", rejected.one(row, request.generation.run_id), part="body"
    )
