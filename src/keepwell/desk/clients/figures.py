"""The six figures of the card's band, each a link to how it was made where a rule made it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract import features, grading, identity
from keepwell.desk.clients import holders
from keepwell.desk.clients.models import ClientFeature, ClientLine
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.columns import undelivered
from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags import formats as shown


def of_client(line: ClientLine, as_of: dt.date) -> list[dict[str, Any]]:
    """Assets, contribution, risk level, state, manager, last contact; unknown is a dash with its reason."""
    known: ClientFeature | None = getattr(line.client, "features", None)
    found = [
        _assets(line, known),
        _contribution(line, known),
        _risk(line, known, as_of),
        _state(line),
        _manager(line),
        _contact(line, known, as_of),
    ]
    return [{**one, "drawer": True} for one in found]


def _how(line: ClientLine, figure: str) -> str:
    return reverse("clients:explain", args=[line.client_id, figure])


def _why_unknown(known: ClientFeature | None, name: str) -> str:
    """Why the figure is not known, empty when it is."""
    if known is None:
        return _("No row in the run")
    return undelivered(features.ClientFeature.columns[name]) if getattr(known, name) is None else ""


def _assets(line: ClientLine, known: ClientFeature | None) -> dict[str, Any]:
    why = _why_unknown(known, "assets_amount")
    change = formats.percent(known.assets_change_30d_share if known else None, with_sign=True)
    return {
        "label": _("Assets"),
        "value": shown.amount(known.assets_amount if known else None, why),
        "note": why or _("30 days %(change)s") % {"change": change},
        "link": _how(line, "assets"),
    }


def _contribution(line: ClientLine, known: ClientFeature | None) -> dict[str, Any]:
    why = _why_unknown(known, "contribution_365d_amount")
    commission = formats.amount(known.net_commission_365d_amount if known else None, language())
    return {
        "label": _("Contribution, 12 months"),
        "value": shown.amount(known.contribution_365d_amount if known else None, why),
        "note": why or _("net commission %(amount)s") % {"amount": commission},
        "link": _how(line, "contribution"),
    }


def _risk(line: ClientLine, known: ClientFeature | None, as_of: dt.date) -> dict[str, Any]:
    valid_to = known.assessment_valid_to if known else None
    is_over = bool(valid_to and valid_to < as_of)
    note = _("not assessed")
    if valid_to:
        until = formats.day(valid_to, language(), as_of)
        note = (_("expired %(day)s") if is_over else _("valid to %(day)s")) % {"day": until}
    return {
        "label": _("Risk level"),
        "value": code_text(features.ClientFeature, "risk_level", known.risk_level if known else None),
        "note": note,
        "tone": "warning" if is_over else "",
        "link": _how(line, "risk_level"),
    }


def _state(line: ClientLine) -> dict[str, Any]:
    return {
        "label": _("Activity state"),
        "value": code_text(grading.ClientGrade, "activity_state", line.activity_state),
        "note": code_text(identity.Client, "population", line.population),
        "tone": "warning" if line.is_warned else "",
        "link": _how(line, "activity_state") if line.activity_state else "",
    }


def _manager(line: ClientLine) -> dict[str, Any]:
    """Who looks after the client today, people's acts since the run among them."""
    holder = holders.of([line.client.place])[line.client_id]
    return {
        "label": _("Relationship manager"),
        "value": _in_chinese(holder.name) if holder.name else _("nobody"),
        "note": holders.told(holder),
        "tone": "warning" if holder.is_for_now else "",
        "link": _how(line, "assignment"),
    }


def _in_chinese(name: str) -> str:
    """A name that a screen reader reads as Chinese on an English page."""
    return format_html('<span lang="zh-CN">{}</span>', name) if language() == "en" else name


def _contact(line: ClientLine, known: ClientFeature | None, as_of: dt.date) -> dict[str, Any]:
    """The latest contact, of the run or of the desk since; by when the next is due."""
    on = line.contacted_on
    why = _why_unknown(known, "n_contacts_365d") or _("none on record")
    since = on is not None and on != line.last_contact_on
    value = formats.UNKNOWN
    if on is not None:
        n = (as_of - on).days
        ago = ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}
        value = formats.day(on, language(), as_of) if since or on >= as_of else ago
    note = _("recorded here since the run") if since else on.isoformat() if on else why
    return {
        "label": _("Last contact"),
        "value": value,
        "note": _next(line, as_of) or note,
        "link": _how(line, "last_contact"),
    }


def _next(line: ClientLine, as_of: dt.date) -> str:
    """By when the client should be contacted next: the nearest deadline of what is open."""
    if line.next_task_on is None:
        return ""
    return _("next by %(day)s") % {"day": formats.day(line.next_task_on, language(), as_of)}
