"""What is asked of the list of questionnaires sent, and what is recorded when a client was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Channel
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments.listing import BRANCH, EXPIRED, JUMP, OTHER, SHARED
from keepwell.desk.assessments.models import SuitabilityNotice
from keepwell.desk.columns import lazy_text
from keepwell.desk.forms.models import Form

TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}
CHOICE = {"class": "form-select"}
STATES = [(Form.State.OPEN, Form.State.OPEN.label), (EXPIRED, _("Run out"))]
STATES += [(one, one.label) for one in Form.State if one != Form.State.OPEN]
WAYS = [(str(one), lazy_text(one.text)) for one in AnsweredOn]
FLAGS = [
    (JUMP, _("Level jumped")),
    (SHARED, _("One device, several clients")),
    (BRANCH, _("The branch's own device")),
    (OTHER, _("Another device than before")),
]
NEVER = {Channel.PLATFORM_12386, Channel.OTHER}  # by neither is a client told anything
CHANNELS = [(str(one), lazy_text(one.text)) for one in Channel if one not in NEVER]


def _all_or(choices: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [("", _("All")), *choices]


class Wanted(forms.Form):
    """State, way, flag, who sent it, from and to; all may be left empty."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=_all_or(STATES), widget=forms.Select(CHOICE)
    )
    way = forms.ChoiceField(
        label=_("Whose device"), required=False, choices=_all_or(WAYS), widget=forms.Select(CHOICE)
    )
    flag = forms.ChoiceField(
        label=_("To look at"), required=False, choices=_all_or(FLAGS), widget=forms.Select(CHOICE)
    )
    who = forms.CharField(label=_("Sent by"), required=False, max_length=40, widget=forms.TextInput(TEXT))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(DAY))


class Tell(forms.Form):
    """Of what the client was told, when, how, and the number of what proves it."""

    notices = forms.MultipleChoiceField(
        label=_("Told of"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what the client was told of."),
            "invalid_choice": _(
                "Somebody recorded this meanwhile, or a run took it back. See what is still owed."
            ),
        },
    )
    told_on = forms.DateField(
        label=_("Told on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        error_messages={"required": _("Give the day on which the client was told.")},
    )
    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, widget=forms.Select(CHOICE))
    proof_code = forms.CharField(
        label=_("Number of the recording or confirmation"),
        max_length=60,
        strip=True,
        widget=forms.TextInput(TEXT),
        error_messages={"required": _("Give the number of the recording, the letter or the confirmation.")},
        help_text=_("At a branch the telling is recorded, online the client confirms it (Art. 25)."),
    )

    def __init__(
        self, *args: Any, owed: Sequence[tuple[SuitabilityNotice, str]], on: dt.date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.owed, self.on = {key_of(row): row for row, _said in owed}, on
        field: Any = self.fields["notices"]
        field.choices = [(key_of(row), said) for row, said in owed]
        self.fields["told_on"].widget.attrs |= {"max": on.isoformat()}

    def clean(self) -> dict[str, Any]:
        """Nobody is told before there is something to tell, or on a day to come."""
        given: dict[str, Any] = super().clean() or {}
        day, chosen = given.get("told_on"), self.chosen(given)
        first = max((row.owed_since_on for row in chosen), default=None)
        if day and first and not first <= day <= self.on:
            self.add_error(
                "told_on", _("The client is told between the new grading and today. Choose such a day.")
            )
        return given

    def chosen(self, given: dict[str, Any] | None = None) -> list[SuitabilityNotice]:
        """The notices that were ticked."""
        told = self.cleaned_data if given is None else given
        return [self.owed[key] for key in told.get("notices", []) if key in self.owed]


def key_of(row: SuitabilityNotice) -> str:
    """A notice of one client, as a form names it."""
    return f"{row.notice_kind}/{row.product_code}/{row.owed_since_on}"
