"""Many clients at once: chosen on the list, previewed with reasons, done by a job."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.desk.clients import bulk
from keepwell.desk.clients.forms import BulkForm
from keepwell.desk.clients.opening import who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui import jobs
from keepwell.desk.ui.http import demand, page, requires


def _chosen(request: Pinned) -> bulk.Chosen:
    """Whom: all that pass the filters, or the clients ticked."""
    if request.POST.get("all") == "1":
        return bulk.Chosen(query=request.POST.get("query", "")[:1000])
    return bulk.Chosen(tuple(request.POST.getlist("client")[: bulk.AT_MOST]))


def _act(request: Pinned) -> bulk.Act:
    act = bulk.named(request.POST.get("act", ""))
    if act is None:
        raise Http404("act")
    demand(who(request).may(act.permission))
    return act


def _next_weekday(day: dt.date) -> dt.date:
    """The day the form offers: tomorrow, or Monday; whether it is free of holidays the gates know."""
    return day + dt.timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))


@requires("clients.read")
@needs_run
@require_POST
def preview(request: Pinned) -> HttpResponse:
    """Who will be acted on, who not, and why."""
    user, act, chosen = who(request), _act(request), _chosen(request)
    tomorrow = _next_weekday(timezone.localdate())
    form = BulkForm({"on": tomorrow, "key": uuid.uuid4().hex, **request.POST.dict()})
    form.is_valid()
    on = form.cleaned_data.get("on") or tomorrow
    context = {
        "act": act,
        "chosen": chosen,
        "form": form,
        "seen": bulk.preview(act, chosen, user, request.generation, on),
        "most": bulk.AT_MOST,
        "is_looked_at": "on" in request.POST,
    }
    return page(request, "clients/bulk.html", context)


@requires("clients.read")
@needs_run
@require_POST
def start(request: Pinned) -> HttpResponse:
    """Queue the job; the same form sent twice is one job."""
    user, act, chosen = who(request), _act(request), _chosen(request)
    form = BulkForm(request.POST)
    if not form.is_valid():
        return preview(request)
    given = form.cleaned_data
    whom = {"query": chosen.query} if chosen.query is not None else {"ids": list(chosen.ids)}
    payload = {"act": act.name, "on": given["on"].isoformat(), "about": given["about"], **whom}
    jobs.start(kind=bulk.KIND, payload=payload, by=user, at=timezone.now(), key=given["key"])
    messages.success(request, _("Queued: the result stands here, row by row, when it is done."))
    return HttpResponseRedirect(reverse("ui:jobs"))
