"""What this room hangs elsewhere: the number beside its queue, the way from the card, a panel of approvals."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.generations.queries import pinned
from keepwell.desk.identities import connections, history, queries, rules, signing, sources, splits, telling
from keepwell.desk.identities import waiting as proposals
from keepwell.desk.people import approvals


def hang() -> None:
    """Register the panels; called when the room is ready."""
    panels.register("identities-merges", "identities.read_merges", link, panels.Place.ACTS, position=80)
    panels.register("identities-sources", "clients.read", where_from, panels.Place.IDENTITY, position=10)
    panels.register("identities-branches", "clients.read", branches, panels.Place.RELATED, position=5)
    panels.register("identities-related", "clients.read", related, panels.Place.RELATED, position=10)
    approvals.register(
        proposals.KIND,
        _("Same person"),
        rules.SECOND,
        proposals.waiting,
        decided=proposals.decided,
        rows=queries.open_to,
    )
    taken_back = _("Same person, taken back")
    approvals.register(proposals.UNDO, taken_back, rules.SECOND, proposals.undo, rows=queries.undo_open_to)
    approvals.register(
        signing.KIND,
        _("Split"),
        rules.SECOND,
        signing.waiting,
        decided=signing.decided,
        rows=splits.open_to,
    )


def waiting(user: Any) -> int | None:
    """The number beside the queue; nothing before the first run."""
    generation = pinned()
    return queries.n_waiting(user, generation) if generation else None


def n_back(user: Any) -> int | None:
    """The number beside the write-back: rows that came back refused."""
    return telling.n_back(user) or None


def where_from(request: Any, line: ClientLine) -> str:
    """「各项资料取自何处」 below the accounts; nothing for a client with one customer number."""
    told = sources.of_client(line, request.user) | {"line": line}
    is_told = told["facts"] or told["others"] or told["diligence"]
    return render_to_string("identities/sources.html", told, request) if is_told else ""


def branches(request: Any, line: ClientLine) -> str:
    """「服务营业部」 and 「合并与拆分」 below the accounts."""
    return render_to_string("identities/history.html", history.of_client(line, request.user), request)


def related(request: Any, line: ClientLine) -> str:
    """「关联人」 below the accounts; nothing for a client without any."""
    told = connections.of_client(line, request.user)
    return render_to_string("identities/related.html", told, request) if told["others"] else ""


def link(request: Any, line: ClientLine) -> str:
    """「合并历史」 beside the name."""
    return render_to_string("identities/card_link.html", {"line": line}, request)
