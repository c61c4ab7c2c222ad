"""The log's filter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit.models import Entry

TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}


class LogFilter(forms.Form):
    """Who, about what, which act, with what outcome, from and to; all may be left empty."""

    actor = forms.CharField(label=_("Person"), required=False, max_length=40, widget=forms.TextInput(TEXT))
    subject = forms.CharField(label=_("Subject"), required=False, max_length=64, widget=forms.TextInput(TEXT))
    verb = forms.CharField(
        label=_("Act"), required=False, max_length=64, widget=forms.Select({"class": "form-select"})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("All")), *Entry.Outcome.choices],
        widget=forms.Select({"class": "form-select"}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(DAY))
