"""What asks for care with a client: facts with numbers, then what to do, from the client's own rows alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keepwell.desk.clients.models import ClientFeature, ClientGrade, ClientLine, ClientProfile
from keepwell.desk.clients.sentences import code_text, language, reason_of
from keepwell.desk.ui import formats

SOON = dt.timedelta(days=30)
GRAVE = {"leaving", "lost"}


@dataclass(frozen=True)
class Warned:
    """One warning: what it is about, the facts, what to do."""

    title: str
    facts: str
    remedy: str


def of_client(line: ClientLine, as_of: dt.date) -> list[Warned]:
    """The client's warnings, the gravest first."""
    client = line.client
    grade, known = getattr(client, "grade", None), getattr(client, "features", None)
    found = [
        _state(grade, known),
        _document(client.profile, as_of),
        _assessment(known, as_of),
        _lowest(known),
    ]
    return [one for one in found if one]


def _day(value: dt.date, as_of: dt.date) -> str:
    return formats.day(value, language(), as_of)


def _state(grade: ClientGrade | None, known: ClientFeature | None) -> Warned | None:
    if grade is None or grade.activity_state not in GRAVE:
        return None
    return Warned(
        code_text(ClientGrade.contract_table, "activity_state", grade.activity_state),
        reason_of(grade, "activity_reason", {}, known),
        _("Listen first and ask why; propose no product in this talk."),
    )


def _document(profile: ClientProfile, as_of: dt.date) -> Warned | None:
    until = profile.id_valid_to
    if until is None or until >= as_of + SOON:
        return None
    if until < as_of:
        facts = _("The document expired on %(day)s.") % {"day": _day(until, as_of)}
        return Warned(
            _("Document expired"), facts, _("Ask the client to renew it at a branch or in the app.")
        )
    facts = _("The document is valid to %(day)s.") % {"day": _day(until, as_of)}
    return Warned(_("Document expires soon"), facts, _("Remind the client to renew it in time."))


def _assessment(known: ClientFeature | None, as_of: dt.date) -> Warned | None:
    until = known.assessment_valid_to if known else None
    if until is None or until >= as_of + SOON:
        return None
    day = {"day": _day(until, as_of)}
    if until < as_of:
        return Warned(
            _("Risk assessment expired"),
            _("The risk assessment expired on %(day)s: nothing may be recommended, no permission opened.")
            % day,
            _("The client has to take it anew, in person or in the app."),
        )
    facts = _("The risk assessment is valid to %(day)s; after that nothing may be recommended.") % day
    return Warned(_("Risk assessment expires soon"), facts, _("Remind the client to take it anew."))


def _lowest(known: ClientFeature | None) -> Warned | None:
    if known is None or not known.is_lowest_class:
        return None
    return Warned(
        _("Lowest risk class"),
        _("The client's assessment puts them in the lowest class."),
        _("Only products of the lowest risk may be sold to them; talk about service, not about products."),
    )
