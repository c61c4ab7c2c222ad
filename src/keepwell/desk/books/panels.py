"""What this room hangs on a client's card: the needs the match stands on, on reveal."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from keepwell.desk.books import profile_pages, profile_rules
from keepwell.desk.clients import panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.panels import Place
from keepwell.desk.gates.signed import desk_day


def hang() -> None:
    """Call it when the room is ready."""
    panels.register(
        "books-needs", profile_rules.RECORD, needs, Place.ASIDE_LATER, label=_("Needs"), position=60
    )


def needs(request: Any, line: ClientLine) -> str:
    """What is known of the client's needs, with source and age."""
    context = profile_pages.needs(request.user, line, request.generation, desk_day(request.generation))
    return render_to_string("books/card_needs.html", context, request)
