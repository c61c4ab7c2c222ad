"""What people type about contacts: validated here, saved nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes
from keepwell.desk.clients.forms import FAR, TOO_FAR
from keepwell.desk.contacts.models import Contact
from keepwell.desk.work.models import choices

EMPTY = [("", _("not said"))]
LONGEST_BACK = 10  # years
# How a contact came about: channel and direction in one choice (flows.md: 到店, 来电).
WAYS: dict[str, tuple[Any, codes.Channel, codes.ContactDirection]] = {
    "call_out": (_("We called"), codes.Channel.PHONE, codes.ContactDirection.OUT),
    "call_in": (_("Client called"), codes.Channel.PHONE, codes.ContactDirection.IN),
    "at_branch": (_("Came to the branch"), codes.Channel.COUNTER, codes.ContactDirection.IN),
    "visit": (_("We visited"), codes.Channel.VISIT, codes.ContactDirection.OUT),
    "wecom_out": (_("WeCom, we wrote"), codes.Channel.WECOM, codes.ContactDirection.OUT),
    "wecom_in": (_("WeCom, client wrote"), codes.Channel.WECOM, codes.ContactDirection.IN),
    "sms": (_("Text message"), codes.Channel.SMS, codes.ContactDirection.OUT),
    "app": (_("App message"), codes.Channel.APP, codes.ContactDirection.OUT),
    "email": (_("E-mail"), codes.Channel.EMAIL, codes.ContactDirection.OUT),
    "letter": (_("Letter"), codes.Channel.LETTER, codes.ContactDirection.OUT),
    "other": (_("Other"), codes.Channel.OTHER, codes.ContactDirection.OUT),
}


def way_of(channel: str, direction: str) -> str:
    """The choice that stands for a channel and a direction."""
    exact = [name for name, (_l, way, turn) in WAYS.items() if (str(way), str(turn)) == (channel, direction)]
    near = [name for name, (_l, way, _turn) in WAYS.items() if str(way) == channel]
    return next(iter([*exact, *near]), "other")


class Promise(forms.Form):
    """Topic, need and promise: what is added to an entry that one click made."""

    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[*EMPTY, *choices(codes.ContactTopic)]
    )
    need = forms.ChoiceField(label=_("Need"), required=False, choices=[*EMPTY, *choices(codes.Need)])
    promise = forms.CharField(label=_("Promise"), required=False, max_length=200, strip=True)
    promise_due_on = forms.DateField(
        label=_("Promised for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        for name, field in self.fields.items():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
            if name == "promise_due_on":
                field.widget.attrs["min"] = on.isoformat()

    def clean(self) -> dict[str, Any]:
        """A promise has its day, from today on; a day without a promise says nothing."""
        facts: dict[str, Any] = super().clean() or {}
        promise, due_on = facts.get("promise"), facts.get("promise_due_on")
        if promise and not due_on and "promise_due_on" not in self.errors:
            self.add_error(
                "promise_due_on", _("Give the day by which it is kept; it becomes a task on that day.")
            )
        if due_on and not promise:
            self.add_error("promise", _("Say what was promised, or clear the day."))
        if promise and due_on and due_on < self.on and due_on != self.initial.get("promise_due_on"):
            self.add_error("promise_due_on", _("The day lies in the past. Choose today or later."))
        if due_on and due_on > self.on + FAR:
            self.add_error("promise_due_on", TOO_FAR)
        return facts


class Said(Promise):
    """A whole contact, as it is recorded or corrected."""

    way = forms.ChoiceField(
        label=_("Channel"), choices=[(name, label) for name, (label, _c, _d) in WAYS.items()]
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=600)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=choices(codes.ContactOutcome))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order: Iterable[str] | None = (
        "way",
        "minutes",
        "outcome",
        "topic",
        "need",
        "promise",
        "promise_due_on",
        "note",
    )

    def facts(self) -> dict[str, Any]:
        """The contact's fields as the room keeps them."""
        given = dict(self.cleaned_data)
        _label, channel, direction = WAYS[given.pop("way")]
        keep = {
            name: value
            for name, value in given.items()
            if name not in {"contacted_at", "record_code", "reason"}
        }
        keep.pop("wants_no_contact", None)
        return {**keep, "channel": str(channel), "direction": str(direction)}


class Record(Said):
    """A new contact: when, and which customer number it concerned where there are several."""

    contacted_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    record_code = forms.ChoiceField(label=_("Customer number"))
    wants_no_contact = forms.BooleanField(
        label=_("The client asks us not to contact them"),
        required=False,
        help_text=_("Care and marketing contacts are then closed; legal notices stay possible."),
    )
    field_order = (
        "way",
        "contacted_at",
        "outcome",
        "minutes",
        "topic",
        "need",
        "promise",
        "promise_due_on",
        "note",
        "record_code",
        "wants_no_contact",
    )

    def __init__(self, *args: Any, records: list[tuple[str, str]], now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        number = self.fields["record_code"]
        number.choices = records  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["wants_no_contact"].widget.attrs.pop("class", None)
        if len(records) == 1:
            number.widget = forms.HiddenInput()
        number.initial = records[0][0] if records else ""
        self.fields["contacted_at"].initial = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")

    def clean_contacted_at(self) -> dt.datetime:
        """A contact lies in the past."""
        at: dt.datetime = self.cleaned_data["contacted_at"]
        if at > self.now + dt.timedelta(minutes=1):
            raise forms.ValidationError(
                _("A contact cannot lie in the future. For a plan, make an appointment.")
            )
        if at.year < self.now.year - LONGEST_BACK:
            raise forms.ValidationError(_("The day lies more than ten years back. Check the year."))
        return at


class Correct(Said):
    """A correction: what the contact should say, and why."""

    reason = forms.CharField(label=_("Reason of the correction"), required=False, max_length=200, strip=True)
    field_order = (*(Said.field_order or ()), "reason")


class Appoint(forms.Form):
    """An appointment: day and subject."""

    due_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    about = forms.CharField(
        label=_("About"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["due_on"].widget.attrs["min"] = on.isoformat()

    def clean_due_on(self) -> dt.date:
        """An appointment lies ahead."""
        due_on: dt.date = self.cleaned_data["due_on"]
        if due_on < self.on:
            raise forms.ValidationError(_("The day lies in the past. Choose today or later."))
        if due_on > self.on + FAR:
            raise forms.ValidationError(TOO_FAR)
        return due_on


class RemarkForm(forms.Form):
    """Something added to a contact."""

    text = forms.CharField(
        label=_("Remark"), max_length=400, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    )


def typed(contact: Contact) -> dict[str, Any]:
    """A contact as the initial values of its form."""
    return {**contact.facts(), "way": way_of(contact.channel, contact.direction)}
