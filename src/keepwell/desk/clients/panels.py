"""What other rooms hang on a client's card, checked for permission one by one.

A room calls `register` in `AppConfig.ready`. What stands above the fold is rendered in the card's own request; the rest
is a placeholder that fetches itself when it is scrolled into view, from an address that checks scope and permission
again. A panel that renders nothing takes no room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from keepwell.desk.clients.models import ClientLine
from keepwell.desk.people.models import User

Render = Callable[[Any, ClientLine], str]


class Place(StrEnum):
    """Where on the card: the acts beside the name, a column of a tab; `*_later` are fetched on reveal."""

    ACTS = "acts"
    MAIN = "main"
    ASIDE = "aside"
    MAIN_LATER = "main_later"
    ASIDE_LATER = "aside_later"
    IDENTITY = "identity"
    RELATED = "related"
    SERVICE = "service"
    SERVICE_ASIDE = "service_aside"


LATER = {Place.MAIN_LATER, Place.ASIDE_LATER}


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its name is its address, its label what a reader waits for."""

    name: str
    permission: str
    render: Render
    place: Place
    label: Any
    position: int


_panels: dict[str, Panel] = {}


def register(
    name: str, permission: str, render: Render, place: Place | str, *, label: object = "", position: int = 50
) -> None:
    """Hang a panel on the card: `render(request, line)` answers its HTML, already escaped, or nothing.

    `name` is a slug such as "contacts-timeline"; within a place lower positions stand first.
    """
    _panels[name] = Panel(name, permission, render, Place(place), label or name, position)


def named(name: str) -> Panel | None:
    """The panel of that name, `None` when no room has hung it."""
    return _panels.get(name)


def shown(
    request: HttpRequest, line: ClientLine, user: User, *places: Place
) -> Mapping[str, list[SafeString]]:
    """HTML of the panels at these places that the user may see: rendered now, or a placeholder for later."""
    allowed = [panel for panel in _panels.values() if panel.place in places and user.may(panel.permission)]
    found: dict[str, list[SafeString]] = {str(place): [] for place in places}
    for panel in sorted(allowed, key=lambda panel: (panel.position, panel.name)):
        html = _placeholder(panel, line) if panel.place in LATER else panel.render(request, line)
        if html:
            found[str(panel.place)].append(mark_safe(html))  # noqa: S308  rooms escape what they render
    return found


def _placeholder(panel: Panel, line: ClientLine) -> str:
    address = reverse("clients:panel", args=[line.client_id, panel.name])
    return render_to_string("clients/panel_later.html", {"address": address, "label": panel.label})
