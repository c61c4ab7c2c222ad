"""Lists of this room as files, masked as on the page: questionnaires sent, and the self-check for the inspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.desk.assessments import listing, pages
from keepwell.desk.assessments.forms import Wanted
from keepwell.desk.assessments.models import SuitabilityCheck
from keepwell.desk.forms.models import Form
from keepwell.desk.gates.signed import packs_on
from keepwell.desk.generations.queries import current
from keepwell.desk.people.models import User
from keepwell.desk.ui.exports import AT_MOST, Kind

FORMS, CHECK = "assessments.export_forms", "assessments.export_check"


def query_of(values: QueryDict) -> str:
    """The filters as part of an address, in one order."""
    kept = QueryDict(mutable=True)
    kept.update({name: value for name in Wanted.base_fields if (value := values.get(name, ""))})
    return kept.urlencode()


def wanted_of(values: QueryDict) -> dict[str, Any]:
    """What an address asks for; what is no such thing is not asked."""
    form = Wanted(values)
    return form.cleaned_data if form.is_valid() else {}


def _wanted(user: User, query: str) -> QuerySet[Form]:
    return listing.sent(user, wanted_of(QueryDict(query)), timezone.now())


def form_columns(_user: User) -> Sequence[str]:
    """What the page shows."""
    head = [_("Sent"), _("Sent by"), _("Client"), _("Customer number"), _("Whose device"), _("State")]
    return [
        *head,
        _("Until"),
        _("Answered"),
        _("Score"),
        _("Level"),
        _("Level jumped"),
        _("Device of n clients"),
        _("The branch's own device"),
        _("Another device than before"),
    ]


def form_count(user: User, query: str, at_most: int) -> int:
    """How many questionnaires pass, counted up to a limit."""
    return _wanted(user, query).order_by()[:at_most].count()


def form_rows(user: User, query: str) -> Iterator[Sequence[Any]]:
    """The questionnaires that pass, newest first."""
    generation, at = current(), timezone.now()
    if generation is None:
        return
    packs = packs_on(timezone.localdate(at), generation.calendar)
    for one in pages.sent(list(_wanted(user, query).order_by("-id")[:AT_MOST]), user, packs, at):
        form = one["form"]
        head = [form.asked_at, form.asked_by_name, one["name"], form.record_code, one["way"], one["state"]]
        jump = _("yes") if form.is_jump else ""
        yield [
            *head,
            form.expires_at,
            form.answered_at,
            form.score,
            one["level"],
            jump,
            one["n_clients"] or None,
            _("yes") if form.is_branch_device else "",
            _("yes") if form.is_other_device else "",
        ]


def form_told(query: str) -> str:
    """The filters in words."""
    asked = Wanted(QueryDict(query))
    if not asked.is_valid():
        return ""
    told = []
    for name, value in asked.cleaned_data.items():
        if value:
            words = dict(getattr(asked.fields[name], "choices", ()))
            told.append(f"{asked.fields[name].label}: {words.get(value, value)}")
    return ", ".join(told)


def check_columns(_user: User) -> Sequence[str]:
    """What the page shows."""
    return [_("Checked item"), _("Grounds"), _("Checked"), _("Not in order"), _("Share"), _("Policy")]


def check_count(_user: User, _query: str, at_most: int) -> int:
    """How many items there are."""
    return SuitabilityCheck.objects.all()[:at_most].count()


def check_rows(_user: User, _query: str) -> Iterator[Sequence[Any]]:
    """The items in their order."""
    for one in pages.checked(SuitabilityCheck.objects.all()):
        row = one["row"]
        yield [one["label"], one["article"], row.n_checked, row.n_found, row.found_share, row.policy_version]


KINDS = {
    FORMS: Kind(
        label=gettext_lazy("Questionnaires sent"),
        permission=FORMS,
        columns=form_columns,
        rows=form_rows,
        count=form_count,
        told=form_told,
        page="assessments:forms",
    ),
    CHECK: Kind(
        label=gettext_lazy("Suitability self-check"),
        permission=CHECK,
        columns=check_columns,
        rows=check_rows,
        count=check_count,
        page="assessments:self_check",
    ),
}
