"""To whom clients are given, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.desk.books import leading
from keepwell.desk.clients.forms import BulkForm
from keepwell.desk.people.models import User

AS_PROPOSED = "*"


class ReassignForm(BulkForm):
    """One manager for all, or for each client whom the run proposes; the reason is read by both."""

    to = forms.ChoiceField(label=_("New manager"), widget=forms.Select(attrs={"class": "form-select"}))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(user, data)
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("choose")),
            (AS_PROPOSED, _("whom the run proposes for each client")),
            *leading.takers(user),
        ]
