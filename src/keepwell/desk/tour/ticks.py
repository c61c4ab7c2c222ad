"""What of the tour a person has seen, and whether it is offered to them: no act on clients, so nothing is audited."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from keepwell.desk.people.models import User
from keepwell.desk.tour.models import Tick

NO_MORE = "no-more"
IN_SESSION = "tour_banner"


def seen(user: User) -> set[str]:
    """The steps the user has seen."""
    return set(Tick.objects.filter(user=user).exclude(step=NO_MORE).values_list("step", flat=True))


def turn(*, user: User, step: str, at: dt.datetime) -> bool:
    """Tick a step, or take its tick away; answers whether it is ticked now."""
    tick, is_new = Tick.objects.get_or_create(user=user, step=step, defaults={"at": at})
    if not is_new:
        tick.delete()
    return is_new


def offer_no_more(request: HttpRequest, user: User, at: dt.datetime) -> None:
    """Take the banner off the user's home for good; the tour stays in the frame."""
    Tick.objects.get_or_create(user=user, step=NO_MORE, defaults={"at": at})
    request.session.pop(IN_SESSION, None)


def welcome(request: HttpRequest | None, user: User, **_more: Any) -> None:
    """At the log-in: remember for this session whether the home offers the tour, so that no page asks again."""
    if request is not None and not Tick.objects.filter(user=user).exists():
        request.session[IN_SESSION] = True


def is_offered(request: HttpRequest) -> bool:
    """Whether people see the made-up firm: of a real one no story is told."""
    generation = getattr(request, "generation", None)
    return generation is not None and bool(generation.is_made_up)


def banner(request: HttpRequest) -> bool:
    """Whether the home offers the tour in this session."""
    return bool(request.session.get(IN_SESSION))
