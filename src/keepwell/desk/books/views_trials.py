"""What-ifs of an allocation: the form, what is asked, and both plans side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.contract.asking import AskKind
from keepwell.desk.asks import asking, queries
from keepwell.desk.books import trials
from keepwell.desk.books.views_plan import who
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires

STOP_POLLING = 286  # htmx's own status


@requires(trials.READ)
@needs_run
def trial(request: Pinned) -> HttpResponse:
    """What would be if the limits, weights, budget or people were others?"""
    user, now = who(request), timezone.now()
    branch = trials.branch_of(user, request.GET.get("branch", "")[:16])
    ask = trials.last(user, request.generation.run_id, branch, now)
    kept = None if "signed" in request.GET else ask
    form = trials.form_of(request.generation, branch, desk_day(request.generation), ask=kept)
    return page(request, "books/trial.html", trials.shown(user, branch, form, ask, now))


@require_POST
@requires(trials.READ)
@needs_run
def try_out(request: Pinned) -> HttpResponse:
    """Ask the host; the page that follows shows its answer."""
    user, now = who(request), timezone.now()
    branch = trials.branch_of(user, request.POST.get("branch", "")[:16])
    form = trials.form_of(request.generation, branch, desk_day(request.generation), request.POST)
    if not branch:
        raise Http404
    if not form.is_valid():
        return page(request, "books/trial.html", trials.shown(user, branch, form, None, now), status=422)
    run = request.generation.run_id
    asking.ask(
        kind=AskKind.ALLOCATION, run_id=run, body=form.body(branch), by=user, at=now, verb="books.try_policy"
    )
    return redirect(f"{reverse('books:trial')}?{urlencode({'branch': branch})}")


@requires(trials.READ)
@needs_run
def trial_answer(request: Pinned, key: str) -> HttpResponse:
    """The answer alone, asked for anew until there is one."""
    row = queries.one(who(request), key)
    if row is None:
        raise Http404(key)
    ask = asking.look(row, timezone.now())
    status = STOP_POLLING if ask.is_over else 200
    return render(request, "books/trial_answer.html", trials.answer(ask), status=status)
