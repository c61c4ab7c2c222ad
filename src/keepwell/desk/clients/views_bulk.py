"""Many clients at once: chosen on the list, previewed with reasons, done by a job."""

from __future__ import annotations

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


def _form(request: Pinned, act: bulk.Act) -> BulkForm:
    """The act's form: with what was filled in, or with what it offers to whoever comes from the list."""
    blank = act.form(who(request), None)
    filled = (set(blank.fields) - {"key"}) & set(request.POST)
    return act.form(who(request), request.POST) if filled else blank


@requires("clients.read")
@needs_run
@require_POST
def preview(request: Pinned) -> HttpResponse:
    """Who will be acted on, who not, and why."""
    user, act, chosen = who(request), _act(request), _chosen(request)
    form = _form(request, act)
    context = {
        "act": act,
        "chosen": chosen,
        "form": form,
        "seen": bulk.preview(act, chosen, user, request.generation, form.given()),
        "most": bulk.AT_MOST,
    }
    return page(request, "clients/bulk.html", context)


@requires("clients.read")
@needs_run
@require_POST
def start(request: Pinned) -> HttpResponse:
    """Queue the job; the same form sent twice is one job."""
    user, act, chosen = who(request), _act(request), _chosen(request)
    form = act.form(user, request.POST)
    if not form.is_valid():
        return preview(request)
    whom = {"query": chosen.query} if chosen.query is not None else {"ids": list(chosen.ids)}
    payload = {"act": act.name, "given": form.given(), **whom}
    jobs.start(kind=bulk.KIND, payload=payload, by=user, at=timezone.now(), key=form.cleaned_data["key"])
    messages.success(request, _("Queued: the result stands here, row by row, when it is done."))
    return HttpResponseRedirect(reverse("ui:jobs"))
