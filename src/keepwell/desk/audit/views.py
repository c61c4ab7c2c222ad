"""The firm's log: filters, a random draw, a check of the chain."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.audit import actions, checking, queries, verbs
from keepwell.desk.audit.exporting import NAME as EXPORT
from keepwell.desk.audit.forms import LogFilter
from keepwell.desk.ui import jobs
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.paging import keyset

MOST_DRAWN = 100


def _query_of(values: QueryDict) -> str:
    """The filters as part of an address, in one order."""
    query = QueryDict(mutable=True)
    query.update({name: value for name in LogFilter.base_fields if (value := values.get(name, ""))})
    return query.urlencode()


def _wanted(values: QueryDict) -> dict[str, Any]:
    form = LogFilter(values)
    return form.cleaned_data if form.is_valid() else {}


@requires("audit.read")
def log(request: HttpRequest) -> HttpResponse:
    """Who did what, when: filters in the address, newest first; looking for something is itself traced."""
    user: Any = request.user
    form = LogFilter(request.GET)
    form.fields["verb"].widget.choices = [("", gettext("All")), *verbs.choices(queries.verbs())]
    wanted = _wanted(request.GET)
    if any(wanted.values()):
        actions.read_log(by=user, at=timezone.now(), filters=wanted)
    query = _query_of(request.GET)
    context = {
        "form": form,
        "entries": keyset(queries.firm_log(user, **wanted), ("-id", "-id"), request.GET.get("after", "")),
        "query": query,
        "last_sealed": queries.last_sealed(),
        "may_export": user.may("audit.export"),
        "export": f"{reverse('people:export', args=[EXPORT])}?{_as_query(query)}",
        "checked": queries.firm_log(user, verb="audit.verify_chain").order_by("-id").first(),
        "checking": jobs.of(user).filter(kind=checking.KIND, state__in=("waiting", "running")).first(),
        "most_drawn": MOST_DRAWN,
    }
    return page(request, "audit/log.html", context, part="entries")


def _as_query(query: str) -> str:
    kept = QueryDict(mutable=True)
    kept["query"] = query
    return kept.urlencode()


@require_POST
@requires("audit.read")
def verify(request: HttpRequest) -> HttpResponse:
    """Check the chain in the background; a second press while one runs starts none."""
    user: Any = request.user
    now = timezone.now()
    running = jobs.of(user).filter(kind=checking.KIND, state__in=("waiting", "running")).first()
    if running is None:
        jobs.start(kind=checking.KIND, payload={}, by=user, at=now, key=f"{user.pk}-{now.isoformat()}")
    return redirect("audit:log")


@require_POST
@requires("audit.read")
def draw(request: HttpRequest) -> HttpResponse:
    """Draw entries at random among those that pass the filters; the draw is an entry of the log itself."""
    user: Any = request.user
    typed = request.POST.get("n", "")
    n = min(MOST_DRAWN, int(typed)) if typed.isdecimal() and int(typed) else 10
    query = _query_of(QueryDict(request.POST.get("query", "")))
    entries, among = queries.draw(queries.firm_log(user, **_wanted(QueryDict(query))), n)
    drawn = actions.draw_sample(query=query, n=n, by=user, at=timezone.now(), entries=entries, among=among)
    return redirect("audit:sample", pk=drawn.pk)


@requires("audit.read")
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: the same entries whenever it is opened."""
    drawn = queries.sample(request.user, pk)
    if drawn is None:
        raise Http404(pk)
    context = {"drawn": drawn, "rows": queries.sampled(request.user, drawn), "query": drawn.payload["query"]}
    return page(request, "audit/sample.html", context)
