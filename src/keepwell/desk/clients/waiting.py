"""Overrides as the page of approvals and the page of overrides show them: values in words, who, when, until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.contract import grading
from keepwell.contract.verdict import Verdict
from keepwell.desk.clients import overrides, rules
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

TONES = {"proposed": "warning", "approved": "good", "returned": "bad", "withdrawn": "plain"}
KIND = "clients.override"
RUN_SAYS = {
    "grade": ("grade_override_key", "grade_reason"),
    "service_type": ("type_override_key", "service_type_reason"),
}


def told(row: Override, line: ClientLine | None, user: User) -> dict[str, Any]:
    """An override in words; `line` is missing when the client left the run."""
    today = timezone.localdate()
    is_over = row.state == Override.State.APPROVED and not overrides.is_in_force(row, today)
    name = line.client_name if line else row.client_id
    return {
        "row": row,
        "line": line,
        "name": name if user.sees_names or line is None else formats.mask_name(name),
        "what": row.get_field_display(),
        "before": code_text(grading.ClientGrade, row.field, row.from_value),
        "after": code_text(grading.ClientGrade, row.field, row.to_value),
        "state": _("Over") if is_over else row.get_state_display(),
        "tone": "plain" if is_over else TONES[row.state],
        "may_withdraw": bool(rules.may_withdraw(user, row)) and bool(user.may(rules.PROPOSE)),
        "is_in_force": overrides.is_in_force(row, today),
    }


def title(row: Override, line: ClientLine | None) -> str:
    """What a notice calls the override: the client masked, the field, the new value."""
    return title_of(line, row.field, row.to_value)


def title_of(line: ClientLine | None, field: str, value: str) -> str:
    """The same before it is proposed."""
    name = formats.mask_name(line.client_name) if line else ""
    after = code_text(grading.ClientGrade, field, value)
    return _("Override of %(name)s: %(what)s %(after)s") % {
        "name": name,
        "what": Override.Field(field).label,
        "after": after,
    }


def all_told(rows: Sequence[Override], user: User) -> list[dict[str, Any]]:
    """A page of overrides in words: one query for the clients' names."""
    lines = overrides.named(user, rows)
    return [told(row, lines.get(row.client_id), user) for row in rows]


def waiting(user: User) -> list[approvals.Waiting]:
    """What the user may approve, for 待我审批; their own proposals stand among them and say who else must sign."""
    rows = overrides.waiting(user)
    return [_waiting(row, facts, user) for row, facts in zip(rows, all_told(rows, user), strict=True)]


def standing(line: ClientLine, user: User) -> list[dict[str, Any]]:
    """The client's overrides that wait or are in force, in words: what the card lays over the run's decision."""
    rows = [{**told(row, line, user), "is_in_run": _decides(row, line)} for row in overrides.of_client(line)]
    return [row for row in rows if row["row"].state == Override.State.PROPOSED or row["is_in_force"]]


def _decides(row: Override, line: ClientLine) -> bool:
    """Whether the current run has taken the override in and decided by it."""
    grade = getattr(line.client, "grade", None)
    if grade is None:
        return False
    key, reason = RUN_SAYS[row.field]
    return getattr(grade, key) == str(row.pk) and getattr(grade, reason) == "overridden"


def _waiting(row: Override, facts: dict[str, Any], user: User) -> approvals.Waiting:
    return approvals.Waiting(
        kind=KIND,
        pk=row.pk,
        title=_("Override of %(name)s") % {"name": facts["name"]},
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by.display_name,
        proposed_at=row.proposed_at,
        decide_url=reverse("clients:decide_override", args=[row.pk]),
        version=row.version,
        grounds=row.reason,
        difference=[(facts["what"], facts["before"], facts["after"])],
        facts=[(_("Holds until"), row.expires_on.isoformat())],
        subject_link=reverse("clients:card", args=[row.client_id]),
        told=rules.asked_instead(user, row),
        verdict=rules.may_decide(user, row, row.version),
    )


def decided(user: User) -> list[approvals.Decided]:
    """What the user has decided lately."""
    rows = overrides.decided_by(user)
    return [
        approvals.Decided(
            title=_("%(name)s: %(what)s %(before)s → %(after)s") % facts,
            is_approved=row.state == Override.State.APPROVED,
            at=row.decided_at or row.proposed_at,
            reason=row.decision_reason,
            proposed_by=row.proposed_by.display_name,
            subject_link=reverse("clients:card", args=[row.client_id]),
            note=_("goes to the next run") if facts["is_in_force"] else "",
        )
        for row, facts in zip(rows, all_told(rows, user), strict=True)
    ]


def sentence_of(verdict: Verdict) -> str:
    """The verdict's sentence in the reader's language."""
    return verdict.in_language(language())
