"""What this room hangs on its own card below the fold: accounts over branches and the largest holdings, on reveal."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import cards, changed, panels, queries, rules
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.panels import Place

MOST = 6


def hang() -> None:
    """Register both panels; called when the room is ready."""
    panels.register(
        "holdings", "clients.read", holdings, Place.MAIN_LATER, label=_("Largest holdings"), position=10
    )
    panels.register(
        "accounts", "clients.read", accounts, Place.MAIN_LATER, label=_("Accounts and branches"), position=20
    )
    panels.register(
        "classes", "clients.read_service", classes, Place.MAIN_LATER, label=_("Classes so far"), position=30
    )


def classes(request: Any, line: ClientLine) -> str:
    """The classes and states of the runs kept, where one decided otherwise than the run before."""
    rows = changed.history(line.client_id, request.generation.run_id)
    return render_to_string("clients/classes_so_far.html", {"rows": rows, "line": line}, request)


def holdings(request: Any, line: ClientLine) -> str:
    """The largest holdings of the last day delivered, with their share of what is held."""
    context = cards.largest(line, request.generation, MOST)
    context |= {"line": line, "service": bool(rules.may_see_service(request.user))}
    return render_to_string("clients/largest.html", context, request)


def accounts(request: Any, line: ClientLine) -> str:
    """The fund accounts, by branch."""
    held = queries.accounts(line)
    branches = queries.branch_names({row.branch_code for row in held})
    context = {"accounts": held, "branches": branches, "line": line}
    return render_to_string("clients/held_at.html", context, request)
