"""Who can see this client, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from keepwell.desk.clients import access, actions
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires


@requires("clients.read_access")
@needs_run
def seen_by(request: Pinned, client_id: str) -> HttpResponse:
    """Who can see this client, on what grounds, since when; and who read it lately."""
    line = in_scope(request, client_id)
    run = request.generation.run_id
    actions.read_access(client_id=client_id, run=run, by=who(request), at=timezone.now())
    return page(request, "clients/access.html", access.of_client(line))


def link(request: Any, line: ClientLine) -> str:
    """The way here from the card."""
    return render_to_string("clients/access_link.html", {"line": line}, request)
