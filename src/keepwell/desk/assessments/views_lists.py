"""Who is to be told of a new grading, which questionnaires went out, and the half-yearly self-check."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from keepwell.desk.assessments import actions, exporting, listing, notices, pages, queries
from keepwell.desk.assessments.forms import Tell, Wanted, key_of
from keepwell.desk.assessments.models import SuitabilityCheck
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, opened, who
from keepwell.desk.clients.queries import records
from keepwell.desk.gates.signed import desk_day, packs_on
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.paging import keyset

READ, TELL = "assessments.read_notices", "assessments.tell"
FORMS, CHECK = "assessments.read_forms", "assessments.read_check"


@requires(READ)
@needs_run
def owed(request: Pinned) -> HttpResponse:
    """Who is to be told that they, or a product they hold, were graded anew?"""
    user, on = who(request), desk_day(request.generation)
    is_told = request.GET.get("told") == "1"
    cursor = request.GET.get("after", "")
    context: dict[str, Any] = {"ways": ways(user), "is_told": is_told, "may_tell": user.may(TELL)}
    if is_told:
        found = notices.told_page(user, cursor)
        context |= {"shown": pages.told(found.rows, user), "found": found, "query": "told=1"}
    else:
        rows = notices.owed_page(user, cursor)
        context |= {"shown": pages.owed(rows.rows, user, on), "found": rows, "query": ""}
    return page(request, "assessments/notices.html", context)


@requires(TELL)
@needs_run
def tell(request: Pinned, client_id: str) -> HttpResponse:
    """What one client is to be told, and the record that it was told: when, how, proved by what."""
    if request.method == "POST":
        return _told(request, in_scope(request, client_id))
    line = opened(request, client_id, "notices")
    return _tell_page(request, line, _form(request, line))


def _form(request: Pinned, line: ClientLine) -> Tell:
    on, rows = desk_day(request.generation), pages.sayings(notices.owed_to(line.client_id))
    if request.method == "POST":
        return Tell(request.POST, owed=rows, on=on)
    start = {"notices": [key_of(row) for row, _said in rows], "told_on": on}
    return Tell(owed=rows, on=on, initial=start)


def _tell_page(request: Pinned, line: ClientLine, form: Tell, status: int = 200) -> HttpResponse:
    codes = [row.record_code for row in records(line)]
    context = {
        "line": line,
        "form": form,
        "has_owed": bool(form.owed),
        "told": pages.told_to(notices.told_to(codes)),
    }
    return page(request, "assessments/tell.html", context, status=status)


def _told(request: Pinned, line: ClientLine) -> HttpResponse:
    form = _form(request, line)
    if not form.is_valid():
        return _tell_page(request, line, form, status=422)
    given = form.cleaned_data
    n = actions.tell(
        line=line,
        record_code=queries.first_record(line.client_id),
        notices=form.chosen(),
        told_on=given["told_on"],
        channel=given["channel"],
        proof_code=given["proof_code"],
        run=request.generation.run_id,
        by=who(request),
        at=timezone.now(),
    )
    said = ngettext("On record: %(n)d notice told.", "On record: %(n)d notices told.", n) % {"n": n}
    messages.success(request, said)
    return redirect("assessments:owed")


@requires(FORMS)
@needs_run
def forms(request: Pinned) -> HttpResponse:
    """Which questionnaires went out, to whom, and what became of them?"""
    user, at = who(request), timezone.now()
    query = exporting.query_of(request.GET)
    found = keyset(
        listing.sent(user, exporting.wanted_of(request.GET), at), ("-id", "-id"), request.GET.get("after", "")
    )
    packs = packs_on(timezone.localdate(at), request.generation.calendar)
    context = {
        "ways": ways(user),
        "form": Wanted(request.GET),
        "found": found,
        "shown": pages.sent(found.rows, user, packs, at),
        "query": query,
        "may_read_letter": user.may("assessments.read_letter"),
        "export": _export(user, exporting.FORMS, query),
    }
    return page(request, "assessments/forms.html", context, part="sent")


@requires(CHECK)
@needs_run
def self_check(request: Pinned) -> HttpResponse:
    """The self-check that is due every half-year, as it stands: of how many how many are not in order."""
    user = who(request)
    rows = pages.checked(SuitabilityCheck.objects.all())
    context = {
        "ways": ways(user),
        "rows": rows,
        "first": rows[0]["row"] if rows else None,
        "n_open": sum(one["row"].n_found > 0 for one in rows),
        "export": _export(user, exporting.CHECK, ""),
    }
    return page(request, "assessments/self_check.html", context)


def _export(user: User, name: str, query: str) -> str:
    """The address that asks for the file, empty for whoever may not take it."""
    asked = urlencode({"query": query})
    return f"{reverse('people:export', args=[name])}?{asked}" if user.may(name) else ""


def ways(user: User) -> list[str]:
    """The lists that this reader may open, by the names of their addresses."""
    lists = {"assessments:owed": READ, "assessments:forms": FORMS, "assessments:self_check": CHECK}
    found = [name for name, permission in lists.items() if user.may(permission)]
    return found if len(found) > 1 else []
