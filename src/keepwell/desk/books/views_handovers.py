"""Hand-overs: the list, one sheet with both signatures, and the letter to the client."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.books import handover_pages, handover_rows, handover_rules, handovers
from keepwell.desk.books.handed import LONGEST_NOTE, HandOver
from keepwell.desk.books.views_plan import who
from keepwell.desk.clients import panels
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui import jobs
from keepwell.desk.ui.http import demand, page, requires

HISTORY = "contacts-timeline"  # hung by the room that keeps contacts


def sheet_or_404(request: Pinned, pk: int) -> HandOver:
    """A sheet that concerns the reader."""
    row = handover_rows.one(who(request), pk)
    if row is None:
        raise Http404(pk)
    return row


@requires(handover_rules.READ)
@needs_run
def listed(request: Pinned) -> HttpResponse:
    """Which clients are being handed over, by whom, until when?"""
    on = desk_day(request.generation)
    view, cursor = request.GET.get("view", "")[:8], request.GET.get("after", "")
    return page(request, "books/handovers.html", handover_pages.listed(who(request), on, view, cursor))


@requires(handover_rules.READ)
@needs_run
def sheet(request: Pinned, pk: int) -> HttpResponse:
    """Is everything told about this client, and who has signed?"""
    row = sheet_or_404(request, pk)
    context = handover_pages.sheet(who(request), row, request.generation, desk_day(request.generation))
    line, said = getattr(row.client, "line", None), panels.named(HISTORY)
    if line is not None and context["is_seen"] and said is not None and who(request).may(said.permission):
        context["history"] = said.render(request, line)
    return page(request, "books/handover.html", context)


@require_POST
@requires(handover_rules.SIGN)
@needs_run
def give(request: Pinned, pk: int) -> HttpResponse:
    """Sign as who hands over."""
    handovers.give(
        handover=sheet_or_404(request, pk),
        note=request.POST.get("note", ""),
        generation=request.generation,
        by=who(request),
        at=timezone.now(),
    )
    messages.success(request, gettext("Handed over; the new manager has been told."))
    return redirect("books:handover", pk)


@require_POST
@requires(handover_rules.SIGN)
@needs_run
def take(request: Pinned, pk: int) -> HttpResponse:
    """Sign as who takes over."""
    handovers.take(handover=sheet_or_404(request, pk), by=who(request), at=timezone.now())
    messages.success(request, gettext("Taken over: both have signed."))
    return redirect("books:handover", pk)


@require_POST
@requires(handover_rules.SIGN)
@needs_run
def sign_all(request: Pinned) -> HttpResponse:
    """Sign everything that waits for the reader, by a job."""
    what, note = request.POST.get("what", "")[:4], request.POST.get("note", "").strip()[:LONGEST_NOTE]
    if what not in {"give", "take"} or (what == "give" and not note):
        demand(refuse(Refusal.PURPOSE))
    now, user = timezone.now(), who(request)
    key = f"{user.pk}-{now.isoformat()}"
    payload = {"what": what, "note": note}
    jobs.start(kind=handovers.SIGN_ALL, payload=payload, by=user, at=now, key=key)
    messages.success(request, gettext("Queued: the result stands here when it is done."))
    return redirect("ui:jobs")


@require_POST
@requires(handover_rules.SIGN)
@needs_run
def send_back(request: Pinned, pk: int) -> HttpResponse:
    """Send the sheet back to be completed."""
    missing = request.POST.get("missing", "")
    row = sheet_or_404(request, pk)
    handovers.send_back(handover=row, missing=missing, by=who(request), at=timezone.now())
    messages.success(request, gettext("Sent back; whoever handed over has been told what is missing."))
    return redirect("books:handover", pk)


@require_POST
@requires(handover_rules.LETTER)
@needs_run
def letter(request: Pinned, pk: int) -> HttpResponse:
    """The letter that introduces the new manager to the client."""
    row, on = sheet_or_404(request, pk), desk_day(request.generation)
    demand(handover_rules.may_write(who(request), row), subject_kind="client", subject_id=row.client_id)
    handovers.print_letter(handover=row, by=who(request), at=timezone.now())
    return page(
        request, "books/letter.html", handover_pages.letter(who(request), row, request.generation, on)
    )
