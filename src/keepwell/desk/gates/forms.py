"""What is asked at the gate of products, and what closes a client's own wish."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.contract.suitable import StartedBy
from keepwell.desk.columns import lazy_text

STARTED = [(str(one), lazy_text(one.text)) for one in StartedBy]
PLAIN = {"class": "form-control", "autocomplete": "off", "spellcheck": "false"}


class Check(forms.Form):
    """Which product, and who named it first."""

    product = forms.CharField(
        label=_("Product, by name or code"),
        max_length=60,
        strip=True,
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Name the product, or give its code.")},
    )
    started_by = forms.ChoiceField(
        label=_("Who named the product first"),
        choices=STARTED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who named it first: other rules hold for each.")},
    )

    amount = forms.DecimalField(
        label=_("Amount to be ordered, in yuan"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=18,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "decimal", "step": "0.01"}),
        help_text=_("Compared with what is left of the quota and with what a handler may order at once."),
        error_messages={"min_value": _("Give an amount above nothing, or leave it empty.")},
    )

    @property
    def who(self) -> StartedBy:
        """Who named it first."""
        return StartedBy.of(self.cleaned_data["started_by"])


class Warned(forms.Form):
    """The number of the signed warning, its day, and the number of the recording that belongs to it."""

    warning_code = forms.CharField(
        label=_("Number of the signed warning"),
        max_length=60,
        strip=True,
        widget=forms.TextInput(attrs=PLAIN),
    )
    warning_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    recording_code = forms.CharField(
        label=_("Number of the recording"),
        max_length=60,
        strip=True,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("The audio, video or electronic trace of this warning."),
    )

    def __init__(self, *args: Any, asked_on: dt.date, on: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked_on, self.on = asked_on, on
        self.fields["warning_on"].widget.attrs |= {"min": asked_on.isoformat(), "max": on.isoformat()}

    def clean_warning_on(self) -> dt.date:
        """The warning is signed for this wish: not before it, and not in days to come."""
        day: dt.date = self.cleaned_data["warning_on"]
        if not self.asked_on <= day <= self.on:
            raise forms.ValidationError(
                _("The warning is signed between the day of the wish and today. Choose such a day.")
            )
        return day
