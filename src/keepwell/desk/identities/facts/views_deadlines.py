"""延期: a conflict is to be mended later, for a reason; a second person agrees where the firm signs it so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities.facts import actions, deadlines, putting_off, queries
from keepwell.desk.identities.models import Extension
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import requires

LONGEST = 200
LONGEST_DAY = 10


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _one(request: Pinned, pk: int) -> Extension:
    row = putting_off.one(_user(request), pk)
    if row is None:
        raise Http404(pk)
    return row


def _back(conflict_key: str) -> HttpResponse:
    return redirect(f"{reverse('identities:conflict')}?{urlencode({'key': conflict_key})}")


def _day(typed: str) -> Any:
    try:
        return parse_date(typed[:LONGEST_DAY])
    except ValueError:  # the form of a date, but no day of the calendar
        return None


@requires(deadlines.EXTEND)
@needs_run
@require_POST
def extend(request: Pinned) -> HttpResponse:
    """Ask for a later due date."""
    user = _user(request)
    conflict = queries.one(user, request.POST.get("key", "")[:80])
    if conflict is None:
        raise Http404(request.POST.get("key", ""))
    row = actions.extend(
        conflict=conflict,
        to_on=_day(request.POST.get("to_on", "")),
        reason=request.POST.get("reason", "").strip()[:LONGEST],
        generation=request.generation,
        by=user,
        at=timezone.now(),
    )
    if row.state == Extension.State.PROPOSED:
        messages.success(request, _("Proposed. Until somebody else agrees, the due date stays."))
    else:
        messages.success(request, _("Put off to %(day)s.") % {"day": row.to_on.isoformat()})
    return _back(row.conflict_key)


@requires(deadlines.AGREE)
@needs_run
@require_POST
def decide_extension(request: Pinned, pk: int) -> HttpResponse:
    """Agree to a later due date, or return it."""
    row = _one(request, pk)
    decision = approvals.read_decision(request)
    actions.decide_extension(
        row=row,
        is_agreed=decision.is_approved,
        reason=decision.reason,
        version=decision.version,
        generation=request.generation,
        by=_user(request),
        at=timezone.now(),
    )
    said = (
        _("Approved: the due date is the later one.")
        if decision.is_approved
        else _("Returned to the proposer.")
    )
    messages.success(request, said)
    return redirect("people:approvals")


@requires(deadlines.EXTEND)
@needs_run
@require_POST
def withdraw_extension(request: Pinned, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    row = _one(request, pk)
    actions.withdraw_extension(row=row, generation=request.generation, by=_user(request), at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return _back(row.conflict_key)
