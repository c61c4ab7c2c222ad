"""The firm's log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext

from keepwell.desk.audit import queries
from keepwell.desk.audit.forms import LogFilter
from keepwell.desk.audit.verbs import verb_text
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.paging import keyset


@requires("audit.read")
def log(request: HttpRequest) -> HttpResponse:
    """Who did what, when: filters in the address, newest first."""
    form = LogFilter(request.GET)
    choices = [("", gettext("All"))] + [(verb, verb_text(verb)) for verb in queries.verbs()]
    form.fields["verb"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = queries.firm_log(**wanted)
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in request.GET.items() if name in form.fields and value})
    context = {
        "form": form,
        "entries": keyset(entries, ("-id", "-id"), request.GET.get("after", "")),
        "query": query.urlencode(),
        "last_sealed": queries.last_sealed(),
    }
    return page(request, "audit/log.html", context, part="entries")
