"""What is asked when someone decides against the rules, or keeps a view."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import overrides
from keepwell.desk.clients.acted import Override, SavedView
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.columns import lazy_text
from keepwell.desk.people.models import User


def choices_for(line: ClientLine) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What a client's grade and service type may become: every value but the one they have."""
    return [
        (
            Override.Field(field).label,
            [
                (f"{field}:{code}", lazy_text(code.text))
                for code in codes
                if str(code) != getattr(line, field)
            ],
        )
        for field, codes in overrides.CODES.items()
    ]


class OverrideForm(forms.Form):
    """The new value, why, and until when; the rules' own reasons stand beside it."""

    to = forms.ChoiceField(label=_("Should be"), widget=forms.Select(attrs={"class": "form-select"}))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        help_text=_("Facts with numbers; the approver reads them."),
    )
    expires_on = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
        help_text=_("From this day on the rules decide again."),
    )

    def __init__(self, line: ClientLine, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = choices_for(line)  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def wanted(self) -> tuple[str, str]:
        """Field and value that were chosen."""
        field, _sign, value = self.cleaned_data["to"].partition(":")
        return field, value


class ViewForm(forms.Form):
    """A name for the list's filters, and who finds it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        strip=True,
        error_messages={"required": _("Write a name for the view: that is how your team finds it.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    reach = forms.ChoiceField(label=_("Who finds it"), widget=forms.RadioSelect)
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, reaches: list[SavedView.Reach], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reach"].choices = [(str(one), one.label) for one in reaches]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["reach"].initial = str(reaches[0])


FAR = dt.timedelta(days=3 * 366)  # a typing error in the year, and calendars end
TOO_FAR = _("The day lies more than three years ahead. Check the year.")


def _next_weekday() -> dt.date:
    """The day the form offers: tomorrow, or Monday; whether it is free of holidays the gates know."""
    day = timezone.localdate()
    return day + dt.timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))


def _new_key() -> str:
    return uuid.uuid4().hex


class BulkForm(forms.Form):
    """What an act over many clients asks for; `key` makes the form one job however often it is sent."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=_new_key)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__({"key": _new_key(), **data.dict()} if data is not None else None)
        self.user = user

    def given(self) -> dict[str, Any]:
        """What stands in the form, as plain values for a job: what was filled in rightly, else what is offered."""
        if self.is_bound:
            self.full_clean()
        known = self.cleaned_data if self.is_bound else {}
        values = {
            name: known.get(name, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != "key"
        }
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value or ""
            for name, value in values.items()
        }


class DayForm(BulkForm):
    """For which day, about what."""

    on = forms.DateField(
        label=_("Day"),
        initial=_next_weekday,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    about = forms.CharField(
        label=_("About"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean_on(self) -> dt.date:
        """A day from today on, within the next years."""
        on: dt.date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise forms.ValidationError(_("The day lies in the past. Choose today or later."))
        if on > timezone.localdate() + FAR:
            raise forms.ValidationError(TOO_FAR)
        return on
