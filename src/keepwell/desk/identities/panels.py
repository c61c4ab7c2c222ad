"""What this room hangs on the client card: the way to the history, where each value comes from, branches, relations."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from keepwell.desk.clients import panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.identities import related as relations
from keepwell.desk.identities.facts import telling as facts
from keepwell.desk.identities.merges import telling as merges


def hang() -> None:
    """Register the panels; called when the room is ready."""
    panels.register("identities-merges", "identities.read_merges", link, panels.Place.ACTS, position=80)
    panels.register("identities-sources", "clients.read", where_from, panels.Place.IDENTITY, position=10)
    panels.register("identities-branches", "clients.read", branches, panels.Place.RELATED, position=5)
    panels.register("identities-related", "clients.read", related, panels.Place.RELATED, position=10)


def link(request: Any, line: ClientLine) -> str:
    """「合并历史」 beside the name."""
    return render_to_string("identities/card_link.html", {"line": line}, request)


def where_from(request: Any, line: ClientLine) -> str:
    """「各项资料取自何处」 below the accounts; nothing for a client with one customer number."""
    told = facts.of_client(line, request.user) | {"line": line}
    is_told = told["facts"] or told["others"] or told["diligence"]
    return render_to_string("identities/sources.html", told, request) if is_told else ""


def branches(request: Any, line: ClientLine) -> str:
    """「服务营业部」 and 「合并与拆分」 below the accounts."""
    return render_to_string("identities/history.html", merges.of_client(line, request.user), request)


def related(request: Any, line: ClientLine) -> str:
    """「关联人」 below the accounts; nothing for a client without any."""
    told = relations.of_client(line, request.user)
    return render_to_string("identities/related.html", told, request) if told["others"] else ""
