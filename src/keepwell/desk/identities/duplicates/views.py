"""查重: is this person on file somewhere? The answer names a branch to ask, and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.verdict import ALLOWED
from keepwell.desk.audit import refusals
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities import numbers
from keepwell.desk.identities.duplicates import actions, documents, queries, rules
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import page, requires

LONGEST_TYPED = 60  # with spaces; what is longer is no number, and need not be read


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires(rules.CHECK)
@needs_run
def duplicates(request: Pinned) -> HttpResponse:
    """Is there a file of this person, and at which branch? The number is asked by POST and kept nowhere readable."""
    user = _user(request)
    context: dict[str, Any] = {"is_resident": True}
    if request.method == "POST":
        context |= _answer(request, user)
    context["doubtful"] = queries.to_verify(user)
    status = 422 if {"mistake", "refusal"} & set(context) else 200
    answer = page(request, "identities/duplicates.html", context, part="answer", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(request: Pinned, user: User) -> dict[str, Any]:
    is_resident = request.POST.get("kind", "resident") == "resident"
    number = documents.standard(request.POST.get("number", "")[:LONGEST_TYPED], is_resident=is_resident)
    context: dict[str, Any] = {"is_resident": is_resident}
    if not documents.has_form(number, is_resident=is_resident):
        mistake = (
            _("A resident number has 18 places, the last a digit or X; 15 places of before 1999 will do.")
            if is_resident
            else _("Type the number as the document shows it, 5 to 40 places.")
        )
        return context | {"mistake": mistake}
    digest = numbers.digest_of(number)
    if not digest:
        return context | {"mistake": _("This desk has no key to look numbers up by. Tell the administrator.")}
    allowed = rules.may_look_up(user, request.generation, timezone.now())
    if not allowed:  # nothing was looked up, so nothing of the number is traced
        refusals.keep(request, allowed, subject_kind="user", subject_id=user.username)
        return context | {"refusal": allowed}
    # What an original shows is looked up as it stands.
    is_plain = not is_resident or queries.is_verified(digest)
    verdict = ALLOWED if is_plain else rules.fits(number)
    branches = queries.branches_with(digest) if verdict else []
    actions.check_duplicate(
        digest=digest,
        branches=branches,
        verdict=verdict,
        generation=request.generation,
        by=user,
        at=timezone.now(),
    )
    if not verdict:
        return context | {"refusal": verdict}
    names = branch_names(branches)
    return context | {
        "is_answered": True,
        "is_here": user.branch_code in branches,
        "elsewhere": [names.get(code, code) for code in branches if code != user.branch_code],
    }


@requires(rules.CHECK)
@needs_run
@require_POST
def verify_number(request: Pinned, pk: int) -> HttpResponse:
    """The original was seen: the number waits no longer."""
    user = _user(request)
    row = queries.check(user, pk)
    if row is None:
        raise Http404(pk)
    actions.verify_number(row=row, run=request.generation.run_id, by=user, at=timezone.now())
    messages.success(request, _("Noted as verified. Type the number again: it is looked up as it stands."))
    return redirect("identities:duplicates")


@requires(rules.CHECK)
@needs_run
@require_POST
def drop_number(request: Pinned, pk: int) -> HttpResponse:
    """The number was typed by mistake: it waits no longer, and the right one is typed."""
    user = _user(request)
    row = queries.check(user, pk)
    if row is None:
        raise Http404(pk)
    actions.drop_number(row=row, run=request.generation.run_id, by=user, at=timezone.now())
    messages.success(request, _("Removed. Type the number as the original shows it."))
    return redirect("identities:duplicates")
