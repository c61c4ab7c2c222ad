"""What this room hangs on the client card: the acts, the next steps, the timeline."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import overlay, panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.panels import Place
from keepwell.desk.contacts import entries, pages, queries
from keepwell.desk.gates.signed import before_work, desk_day
from keepwell.desk.generations.queries import pinned
from keepwell.desk.work.queries import n_due, of_client

STEPS = 3
LATEST = 6


def hang() -> None:
    """Register the panels and what lies over the lines of a run; called when the room is ready."""
    overlay.register("contacts", queries.lay)
    overlay.register_reached(queries.reached_since_run)
    panels.register("contacts-acts", "contacts.record", acts, Place.ACTS, position=10)
    panels.register("contacts-next", "contacts.record", next_steps, Place.ASIDE, position=10)
    panels.register(
        "contacts-timeline", "contacts.read", latest, Place.ASIDE_LATER, label=_("Timeline"), position=20
    )
    panels.register("contacts-said", "contacts.read", timeline, Place.SERVICE, position=10)


def waiting(user: Any) -> int | None:
    """The number beside Today; nothing before the first run."""
    generation = pinned()
    if generation is None:
        return None
    on = desk_day(generation)
    return n_due(user, on, before_work(generation, on))


def acts(request: Any, line: ClientLine) -> str:
    """「联系」「记录联系」「预约」 beside the name."""
    return render_to_string("contacts/card_acts.html", {"line": line}, request)


def next_steps(request: Any, line: ClientLine) -> str:
    """At most three open tasks of the client, each to accept or to skip with a reason."""
    day = pages.Day.of(request.user, request.generation)
    steps = pages.rows(of_client(day.user, line.client_id, day.on, STEPS), day)
    return render_to_string("contacts/card_next.html", {"steps": steps, "line": line, "day": day}, request)


def latest(request: Any, line: ClientLine) -> str:
    """The latest of what was said, for the margin of the card; the part 服务 has all."""
    context = entries.timeline(line, request.generation.run_id, request.user, most=LATEST)
    return render_to_string("contacts/card_timeline.html", {**context, "is_short": True}, request)


def timeline(request: Any, line: ClientLine) -> str:
    """What was said, by whom, newest first, with filters."""
    asked = request.GET
    context = entries.timeline(
        line,
        request.generation.run_id,
        request.user,
        asked.get("author", "")[:40],
        asked.get("channel", "")[:16],
    )
    return render_to_string("contacts/card_timeline.html", context, request)
