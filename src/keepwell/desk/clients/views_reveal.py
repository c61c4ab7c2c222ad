"""A secret fact in full: asked for with a purpose, shown once, masked again after a minute."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from keepwell.contract.identity import ClientSecret
from keepwell.desk.clients import actions, reveals
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.columns import lazy_text
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires, wants_part

TITLES = {
    "phone": _("Show phone"),
    "id_number": _("Show document number"),
    "address": _("Show address"),
}


@requires(reveals.PERMISSION)
@require_http_methods(["GET", "POST"])
@needs_run
def reveal(request: Pinned, client_id: str, field: str) -> HttpResponse:
    """The form that asks the purpose, or after it the value."""
    if field not in reveals.FIELDS:
        raise Http404(field)
    line = in_scope(request, client_id)
    given = request.POST if request.method == "POST" else request.GET
    context = _asked(line, field) | {
        "purpose": given.get("purpose", ""),
        "note": given.get("note", "")[: reveals.LONGEST_NOTE],
    }
    if request.method == "POST":
        context |= _shown(request, line, field, context["purpose"], context["note"])
    answer = page(request, "clients/reveal.html", context, part="body")
    answer.headers["Cache-Control"] = "no-store"
    if context.get("value") and not wants_part(request):  # without a script the page leaves by itself
        answer.headers["Refresh"] = f"{reveals.SECONDS}; url={reverse('clients:card', args=[client_id])}"
    return answer


def _asked(line: ClientLine, field: str) -> dict[str, Any]:
    column = ClientSecret.columns[field]
    masked = {"phone": line.client.profile.phone_masked, "id_number": line.client.profile.id_masked}
    return {
        "line": line,
        "field": field,
        "title": TITLES.get(field, lazy_text(column.label)),
        "label": lazy_text(column.label),
        "masked": masked.get(field) or reveals.HIDDEN,
        "purposes": reveals.Purpose.choices,
        "longest": reveals.LONGEST_NOTE,
        "seconds": reveals.SECONDS,
    }


def _shown(request: Pinned, line: ClientLine, field: str, purpose: str, note: str) -> dict[str, Any]:
    value = actions.reveal(
        client_id=line.client_id,
        field=field,
        purpose=purpose,
        note=note,
        by=who(request),
        at=timezone.now(),
        run=request.generation.run_id,
    )
    return {"value": value, "is_asked": True}
