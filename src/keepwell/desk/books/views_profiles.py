"""Profiles: colleagues' strengths, clients' needs, and who confirms them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import profile_pages, profile_rows, profile_rules, profiling
from keepwell.desk.books.profile_forms import Declare, Kind, RecordNeed
from keepwell.desk.books.profiled import ProfileFact
from keepwell.desk.books.views_plan import who
from keepwell.desk.clients.models import ClientLine, Staff
from keepwell.desk.clients.queries import visible_to
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires


def staff_or_404(request: Pinned, staff_code: str) -> Staff:
    """A colleague within scope."""
    row = profile_rows.one(who(request), staff_code)
    if row is None:
        raise Http404(staff_code)
    return row


def fact_or_404(request: Pinned, pk: int) -> ProfileFact:
    """A fact of a colleague within scope."""
    row = profile_rows.fact(who(request), pk)
    if row is None:
        raise Http404(pk)
    return row


def line_or_404(request: Pinned, client_id: str) -> ClientLine:
    """A client within scope."""
    line = visible_to(who(request)).filter(client_id=client_id).first()
    if line is None:
        raise Http404
    return line


@requires(profile_rules.READ)
@needs_run
def profiles(request: Pinned) -> HttpResponse:
    """What does the match stand on: who is good at what, which clients' needs are not known?"""
    on, cursor = desk_day(request.generation), request.GET.get("after", "")
    return page(
        request, "books/profiles.html", profile_pages.listed(who(request), request.generation, on, cursor)
    )


@requires(profile_rules.READ)
@needs_run
def profile(request: Pinned, staff_code: str) -> HttpResponse:
    """One manager's profile, with the forms where it is the reader's own."""
    row = staff_or_404(request, staff_code)
    context = profile_pages.profile(who(request), row, request.generation, desk_day(request.generation))
    return page(request, "books/profile.html", context)


@require_POST
@requires(profile_rules.DECLARE)
@needs_run
def declare(request: Pinned, kind: str) -> HttpResponse:
    """Declare a fact of one's own profile."""
    user = who(request)
    row = staff_or_404(request, user.staff_code)
    if kind not in Kind.values:
        raise Http404(kind)
    form = Declare(kind, request.POST)
    if not form.is_valid():
        on = desk_day(request.generation)
        context = profile_pages.profile(user, row, request.generation, on, form)
        return page(request, "books/profile.html", context, status=422)
    profiling.declare(
        staff_code=row.pk,
        kind=kind,
        facts=form.facts(),
        by=user,
        at=timezone.now(),
        run=request.generation.run_id,
    )
    messages.success(request, gettext("Declared; it counts once your leader confirms it."))
    return redirect("books:profile", row.pk)


@require_POST
@requires(profile_rules.CONFIRM)
@needs_run
def confirm(request: Pinned, pk: int) -> HttpResponse:
    """Confirm a fact, or not."""
    row = profiling.decide(
        fact=fact_or_404(request, pk),
        is_confirmed=request.POST.get("decision", "") == "confirm",
        reason=request.POST.get("reason", ""),
        by=who(request),
        at=timezone.now(),
        run=request.generation.run_id,
    )
    is_confirmed = row.state == ProfileFact.State.CONFIRMED
    said = gettext("Confirmed; the next run counts with it.") if is_confirmed else gettext("Not confirmed.")
    messages.success(request, said)
    return redirect("books:profile", row.staff_code)


@require_POST
@requires(profile_rules.DECLARE)
@needs_run
def end(request: Pinned, pk: int) -> HttpResponse:
    """End a fact of one's own profile."""
    row = fact_or_404(request, pk)
    profiling.end(fact=row, by=who(request), at=timezone.now(), run=request.generation.run_id)
    messages.success(request, gettext("Ended; it stays on record."))
    return redirect("books:profile", row.staff_code)


@requires(profile_rules.RECORD)
@needs_run
def needs(request: Pinned, client_id: str) -> HttpResponse:
    """What does this client need, and how do we know?"""
    user, line = who(request), line_or_404(request, client_id)
    form = RecordNeed(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        profiling.record_need(
            line=line, facts=form.cleaned_data, generation=request.generation, by=user, at=timezone.now()
        )
        messages.success(request, gettext("Recorded; the next run counts with it."))
        return redirect("books:needs", client_id)
    context = profile_pages.needs(user, line, request.generation, desk_day(request.generation))
    context |= {"form": form} if form is not None else {}
    return page(request, "books/needs.html", context, status=422 if form is not None else 200)
