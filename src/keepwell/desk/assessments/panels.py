"""What this room hangs on the client's card: the latest assessment sent, and the act."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keepwell.contract.reasons.suitability import FlagReason
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments import notices, pages, queries, rules
from keepwell.desk.clients import panels
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.panels import Place
from keepwell.desk.forms.models import Form
from keepwell.desk.gates.signed import packs_on


def hang() -> None:
    """Register the panel; called when the room is ready."""
    panels.register(
        "assessments-forms",
        rules.PERMISSION,
        forms,
        Place.ASIDE_LATER,
        label=_("Risk assessment"),
        position=15,
    )
    panels.register(
        "assessments-notices",
        "assessments.read_notices",
        owed,
        Place.ASIDE_LATER,
        label=_("The client is to be told"),
        position=6,
    )


def forms(request: Any, line: ClientLine) -> str:
    """The forms of the client, newest first, and whether another may be sent."""
    now = timezone.now()
    packs = packs_on(timezone.localdate(now), request.generation.calendar)
    known = queries.known(line.client_id)
    rows = queries.of_client(line.client_id)
    context = {
        "line": line,
        "rows": [shown(row, now) for row in rows],
        "known": known,
        "verdict": rules.may_send(request.user, line, known, packs, now),
        "may_read_letter": request.user.may("assessments.read_letter"),
    }
    return render_to_string("assessments/card.html", context, request)


def owed(request: Any, line: ClientLine) -> str:
    """What the client is to be told of a new grading; nothing where nothing is owed."""
    rows = notices.owed_to(line.client_id)
    if not rows:
        return ""
    context = {
        "line": line,
        "said": [pages.said(row) for row in rows],
        "may_tell": request.user.may("assessments.tell"),
    }
    return render_to_string("assessments/owed.html", context, request)


def shown(form: Form, now: Any) -> dict[str, Any]:
    """One form as it is told to staff."""
    is_over = form.state == Form.State.OPEN and form.expires_at <= now
    reason = next((one for one in FlagReason if str(one) == form.refusal), None)
    return {
        "form": form,
        "state": _("Run out") if is_over else form.get_state_display(),
        "is_open": form.state == Form.State.OPEN and not is_over,
        "way": AnsweredOn.of(form.way).text,
        "level": form.level.text if form.level else None,
        "n_others": queries.n_others_on_device(form),
        "refusal": reason,
    }
