"""Forms of the people room: they validate and never save."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from keepwell.desk.people.models import User


class PasswordForm(forms.Form):
    """The old password and the new one twice."""

    old = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters, not only digits, not one of the common ones."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """The current password must be right."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("That is not the current password."))
        return old

    def clean(self) -> dict[str, Any]:
        """Both new ones alike and strong enough."""
        data = super().clean() or {}
        new = data.get("new", "")
        if new != data.get("again", ""):
            self.add_error("again", _("The two new passwords differ."))
        elif new:
            try:
                password_validation.validate_password(new, self.user)
            except forms.ValidationError as error:
                self.add_error("new", error)
        return data


class SettingsForm(forms.ModelForm):
    """Language, theme, colours of up and down, keys."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["language", "theme", "green_is_up", "single_keys"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "language": forms.Select(attrs={"class": "form-select"}),
            "theme": forms.Select(attrs={"class": "form-select"}),
        }
