"""What is asked of a fact of a profile, kind by kind, and of a client's need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Need, NeedSource, ServiceType, TradingStyle
from keepwell.contract.schema import Code
from keepwell.contract.serving import Language
from keepwell.desk.books.profiled import STRENGTHS, WANTS, ProfileFact
from keepwell.desk.columns import lazy_text

Kind = ProfileFact.Kind
TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}
CHOICE = {"class": "form-select"}


def _choices(of: type[Code], but: Sequence[Code] = ()) -> list[tuple[str, Any]]:
    return [(str(one), lazy_text(one.text)) for one in of if one not in but]


VALUES: dict[str, list[tuple[str, Any]]] = {
    Kind.SPECIALTY: _choices(Need),
    Kind.STYLE: _choices(TradingStyle),
    Kind.SERVICE_TYPE: _choices(ServiceType, [ServiceType.UNASSESSED]),
    Kind.LANGUAGE: _choices(Language),
    Kind.INTEREST: _choices(Need),
}
ASKED: dict[str, tuple[str, ...]] = {
    Kind.SPECIALTY: ("value", "strength"),
    Kind.STYLE: ("value",),
    Kind.SERVICE_TYPE: ("value",),
    Kind.CERTIFICATE: ("name", "words", "starts_on", "ends_on"),
    Kind.LANGUAGE: ("value",),
    Kind.INTEREST: ("value",),
    Kind.STRENGTH: ("words",),
    Kind.WEAKNESS: ("words",),
    Kind.HOURS: ("weekly_hours",),
    Kind.LEAVE: ("starts_on", "ends_on"),
}
OPTIONAL = {(str(Kind.CERTIFICATE), "ends_on")}


class Declare(forms.Form):
    """One fact of a kind: only what that kind asks for."""

    value = forms.ChoiceField(label=_("What"), widget=forms.Select(CHOICE))
    name = forms.CharField(label=_("Certificate"), max_length=16, widget=forms.TextInput(TEXT))
    strength = forms.TypedChoiceField(
        label=_("How strong"), choices=STRENGTHS, coerce=int, widget=forms.Select(CHOICE)
    )
    words = forms.CharField(label=_("In one sentence"), max_length=120, widget=forms.TextInput(TEXT))
    weekly_hours = forms.DecimalField(
        label=_("Weekly hours"),
        min_value=0,
        max_value=80,
        decimal_places=2,
        widget=forms.NumberInput({"class": "form-control", "step": "0.5"}),
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DAY))

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{kind}-%s")
        self.kind = kind
        for name in [name for name in self.fields if name not in ASKED[kind]]:
            del self.fields[name]
        if "value" in self.fields:
            self.fields["value"].choices = VALUES[kind]  # type: ignore[attr-defined]  # a ChoiceField
        if kind == Kind.CERTIFICATE:
            self.fields["words"].label = _("Number and who issued it")
        for of, name in OPTIONAL:
            if of == kind:
                self.fields[name].required = False

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return str(Kind(self.kind).label)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            self.add_error("ends_on", _("The last day is not before the first."))
        return given

    def facts(self) -> dict[str, Any]:
        """What is stored: a certificate's name and a leave's first day are what tells it from others."""
        told = dict(self.cleaned_data)
        if "name" in told:
            told["value"] = told.pop("name")
        if self.kind == Kind.LEAVE:
            told["value"] = told["starts_on"].isoformat()
        return told


class RecordNeed(forms.Form):
    """A need, how strong, from where, in the client's words."""

    need = forms.ChoiceField(label=_("Need"), choices=_choices(Need), widget=forms.Select(CHOICE))
    strength = forms.TypedChoiceField(
        label=_("How strong"), choices=WANTS, coerce=int, widget=forms.Select(CHOICE)
    )
    source = forms.ChoiceField(label=_("Source"), choices=_choices(NeedSource), widget=forms.Select(CHOICE))
    words = forms.CharField(
        label=_("In the client's words"), max_length=200, required=False, widget=forms.TextInput(TEXT)
    )
