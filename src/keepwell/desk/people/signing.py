"""待我审批: what waits for my signature, one by one; and the way of a file out of the house."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.people import approvals, exports
from keepwell.desk.people.models import User
from keepwell.desk.ui import exports as kinds
from keepwell.desk.ui import sheets
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.models import Export, Job


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires("people.approvals")
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for my decision?"""
    user = _user(request)
    rows = approvals.waiting(user)
    panels = [
        (panel.label, [row for row in rows if row.kind == panel.kind]) for panel in approvals.panels_of(user)
    ]
    decided = sorted(
        (one for panel in approvals.panels_of(user) for one in panel.decided(user)),
        key=lambda one: one.at,
        reverse=True,
    )
    context = {
        "panels": [(label, found) for label, found in panels if found],
        "n": sum(bool(row.verdict) for row in rows),
        "n_own": sum(row.proposed_by_id == user.pk for row in rows),
        "decided": decided[:20],
        "today": timezone.localdate(),
    }
    return page(request, "people/approvals.html", context)


@requires("people.approvals")
def grounds(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """On what grounds, and what would change?"""
    row = approvals.one(_user(request), kind, pk)
    if row is None:
        raise Http404(pk)
    return page(request, "people/grounds.html", {"row": row, "today": timezone.localdate()}, part="body")


@requires("people.own")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Take rows away: how many, for what, in which form; who has to agree."""
    user, found = _user(request), kinds.kind_of(kind)
    if found is None or not user.may(found.permission):
        raise Http404(kind)
    query = (request.POST if request.method == "POST" else request.GET).get("query", "")
    if request.method == "POST":
        generation = getattr(request, "generation", None)
        asked = exports.request_export(
            kind=kind,
            query=query,
            form=request.POST.get("form", "csv"),
            purpose=request.POST.get("purpose", ""),
            run=str(generation.run_id) if generation else "",
            by=user,
            at=timezone.now(),
        )
        messages.success(request, _what_next(asked))
        return redirect("people:exports")
    n = exports.n_found(user, kind, query)
    context = {
        "kind": found,
        "name": kind,
        "query": query,
        "told": found.told(query),
        "n": n,
        "verdict": exports.may_take(user, found, n),
        "needs_second": n > kinds.ALONE_UP_TO,
        "alone_up_to": kinds.ALONE_UP_TO,
        "at_most": kinds.AT_MOST,
        "forms": sheets.FORMS.items(),
    }
    return page(request, "people/export.html", context, part="body")


def _what_next(asked: Export) -> str:
    if asked.state == Export.State.ALLOWED:
        return gettext("The file is being written.")
    if asked.asked_name:
        return gettext("Waits for approval. %(name)s has been told.") % {"name": asked.asked_name}
    return gettext("Waits for approval. Nobody else may approve it yet; ask an administrator.")


@requires("people.own")
def my_exports(request: HttpRequest) -> HttpResponse:
    """Which files have I asked for?"""
    asked = list(Export.objects.filter(actor_id=_user(request).pk).order_by("-id")[:50])
    jobs = Job.objects.in_bulk([one.job_id for one in asked if one.job_id])
    rows = [
        {"export": one, "title": exports.title_of(one), "job": jobs.get(one.job_id or 0)} for one in asked
    ]
    return page(request, "people/exports.html", {"rows": rows, "now": timezone.now()})


@require_POST
@requires("people.approvals")
def decide_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a file go, or return the request with a reason."""
    user = _user(request)
    export = get_object_or_404(Export, pk=pk)
    if not exports.is_for(user, export):
        raise Http404(pk)
    decision = approvals.read_decision(request)
    exports.decide_export(export=export, decision=decision, by=user, at=timezone.now())
    sentence = (
        gettext("Approved. The file is being written.") if decision.is_approved else gettext("Returned.")
    )
    messages.success(request, sentence)
    return redirect("people:approvals")


@require_POST
@requires("people.own")
def withdraw_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Take my own request back."""
    user = _user(request)
    export = get_object_or_404(Export, pk=pk, actor_id=user.pk)
    if exports.withdraw_export(export=export, by=user, at=timezone.now()):
        messages.success(request, gettext("Withdrawn."))
    else:
        messages.warning(request, gettext("It has been decided meanwhile and cannot be withdrawn."))
    return redirect("people:exports")
