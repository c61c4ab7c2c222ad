"""What is asked when someone decides against the rules, or keeps a view."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients import overrides
from keepwell.desk.clients.acted import Override, SavedView
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.columns import lazy_text


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


class BulkForm(forms.Form):
    """For which day, about what; `key` makes the form one job however often it is sent."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    about = forms.CharField(
        label=_("About"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_on(self) -> dt.date:
        """A day from today on, within the next years."""
        on: dt.date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise forms.ValidationError(_("The day lies in the past. Choose today or later."))
        if on > timezone.localdate() + FAR:
            raise forms.ValidationError(TOO_FAR)
        return on
