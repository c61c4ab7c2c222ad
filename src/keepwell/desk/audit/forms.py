"""The log's filter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}


class LogFilter(forms.Form):
    """Who, what, from and to; all may be left empty."""

    actor = forms.CharField(label=_("Person"), required=False, max_length=40, widget=forms.TextInput(TEXT))
    verb = forms.ChoiceField(label=_("Act"), required=False, widget=forms.Select({"class": "form-select"}))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(DAY))
