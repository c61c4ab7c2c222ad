"""The tour's page, its ticks, and the end of its offer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.desk.generations.http import needs_run
from keepwell.desk.people.models import User
from keepwell.desk.tour import ticks
from keepwell.desk.tour.telling import told_to
from keepwell.desk.ui.http import page, requires, wants_part


def _user(request: HttpRequest) -> User:
    """The one for whom it is told; 404 in a real firm, of which there is nothing to tell."""
    if not ticks.is_offered(request):
        raise Http404
    user: Any = request.user
    return user


def _shown(request: HttpRequest, user: User) -> HttpResponse:
    steps = told_to(user)
    n_seen = sum(step.is_seen for step in steps)
    context = {
        "steps": steps,
        "n_seen": n_seen,
        "n_steps": len(steps),
        "share": n_seen / len(steps) if steps else 0.0,
    }
    return page(request, "tour/tour.html", context, part="steps")


@requires("people.own")
@needs_run
def tour(request: HttpRequest) -> HttpResponse:
    """What is there to see for my role?"""
    return _shown(request, _user(request))


@require_POST
@requires("people.own")
@needs_run
def tick(request: HttpRequest) -> HttpResponse:
    """A step is seen, or not after all."""
    user, step = _user(request), request.POST.get("step", "")
    if step not in {one.key for one in told_to(user)}:
        raise Http404
    ticks.turn(user=user, step=step, at=timezone.now())
    return _shown(request, user) if wants_part(request) else redirect(f"{reverse('tour:tour')}#{step}")


@require_POST
@requires("people.own")
@needs_run
def dismiss(request: HttpRequest) -> HttpResponse:
    """The home offers the tour no more."""
    ticks.offer_no_more(request, _user(request), timezone.now())
    return redirect("people:home")
