"""What this room hangs on the client card: what the client can bear, and the way to a check."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.panels import Place
from keepwell.desk.clients.sentences import language
from keepwell.desk.gates import limits as own_limits
from keepwell.desk.gates import pages, rules
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User


def hang() -> None:
    """Register the panel; called when the room is ready."""
    panels.register(
        "suitability",
        "clients.read_service",
        suitability,
        Place.ASIDE_LATER,
        label=_("Suitability"),
        position=5,
    )
    panels.register(
        "suitability-limits",
        "clients.read_service",
        limits,
        Place.ASIDE_LATER,
        label=_("The institution's own limits"),
        position=7,
    )


def word(line: ClientLine, product_code: str | None, generation: Generation, user: User) -> str:
    """The gate's word on a product that a task names, for the panel with its script; nothing where none is known."""
    offered = pages.offered(line, product_code, generation) if product_code else None
    if offered is None:
        return ""
    context = {"offered": offered, "may_check": user.may(rules.CHECK), "html_language": language()}
    return render_to_string("gates/offered.html", context)


def suitability(request: Any, line: ClientLine) -> str:
    """Declared and recomputed level, validity, lowest class, term and kinds, flags, matches left open."""
    gate = pages.Gate.of(line, request.generation)
    context = {
        "line": line,
        "suited": pages.suitability(gate),
        "asked": [one for one in pages.asked(gate, request.user) if one["owed"]],
        "may_check": request.user.may(rules.CHECK),
    }
    return render_to_string("gates/suitability.html", context, request)


def limits(request: Any, line: ClientLine) -> str:
    """What an institution permits itself, how much room is left, who may act; nothing for whoever has no limits."""
    found = own_limits.limits(line, request.generation, request.user)
    if found is None:
        return ""
    return render_to_string("gates/limits.html", {"limits": found}, request)
