"""Forms of the people room: they validate and never save."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Role
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import No, Verdict
from keepwell.desk.columns import in_reader_language, lazy_text
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import HEADQUARTERS, HEADQUARTERS_TEXT
from keepwell.desk.people.rules import has_known_place, missing_place
from keepwell.desk.people.staff_source import Places, facts_of, places
from keepwell.desk.ui.http import sentence_of


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
        elif new and new == data.get("old"):  # whoever gave a one-time password knows it
            self.add_error("new", _("That is the current password. Choose another one."))
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


TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}
ISO = "%Y-%m-%d"  # what a browser's field of a day takes
SELECT = {"class": "form-select"}
CODES = ("staff_code", "branch_code", "team_code")
CODE_LABELS = {"staff_code": _("Staff number"), "branch_code": _("Branch"), "team_code": _("Team")}
BESIDE: dict[No, str] = {  # the field that can change a no
    Refusal.STAFF_NUMBER_MISSING: "staff_code",
    Refusal.UNKNOWN_BRANCH: "branch_code",
    Refusal.UNKNOWN_TEAM: "team_code",
    Refusal.TEAM_ELSEWHERE: "team_code",
    Refusal.LOGIN_EXISTS: "username",
    Refusal.LOGIN_WAITS: "username",
    Refusal.LAST_ADMINISTRATOR: "role",
    Refusal.OWN_ROLE: "username",
    Refusal.COVER_OUT_OF_SCOPE: "covering",
    Refusal.COVER_OF_ONESELF: "covering",
    Refusal.COVER_EXISTS: "covering",
    Refusal.COVER_ENDS_BEFORE: "until_on",
    Refusal.COVER_TOO_LONG: "until_on",
}


def say_no(form: forms.Form, verdict: Verdict) -> None:
    """Tell a refusal beside the field that can change it, or above the form where none can."""
    field = BESIDE.get(verdict.refusal, "") if verdict.refusal else ""
    form.add_error(field if field in form.fields else None, sentence_of(verdict))


class RoleForm(forms.Form):
    """Role and scope of one person; what is left empty is taken from the staff file of the current run."""

    display_name = forms.CharField(label=_("Name"), max_length=40, widget=forms.TextInput(TEXT))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(str(role), lazy_text(role.text)) for role in Role],
        widget=forms.Select(SELECT),
    )
    staff_code = forms.CharField(
        label=_("Staff number"), required=False, max_length=16, widget=forms.TextInput(TEXT)
    )
    branch_code = forms.CharField(
        label=_("Branch"),
        required=False,
        max_length=16,
        help_text=_("Empty: as the staff file says"),
        widget=forms.TextInput(TEXT),
    )
    team_code = forms.CharField(
        label=_("Team"),
        required=False,
        max_length=16,
        help_text=_("Empty: as the staff file says"),
        widget=forms.TextInput(TEXT),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = places()
        if known is None:  # before the first run there is nothing to choose from
            return
        for name, choices in (("branch_code", _branches(known)), ("team_code", _teams(known))):
            had = str(self.initial.get(name) or "")
            gone = (
                [(had, _("%(code)s · no longer there") % {"code": had})] if _is_gone(had, name, known) else []
            )
            field = self.fields[name]
            field.help_text = ""
            field.widget = forms.Select(SELECT, choices=[("", _("As the staff file says")), *gone, *choices])

    def clean(self) -> dict[str, Any]:
        """Fill the place from the staff file; it must be one of the firm's, and the role's scope must not be empty."""
        data = super().clean() or {}
        row = {name: data.get(name, "") for name in CODES}
        facts, known = facts_of([row["staff_code"]]).get(row["staff_code"]), places()
        if facts:
            row["branch_code"] = row["branch_code"] or facts.branch_code
            row["team_code"] = row["team_code"] or facts.team_code
        if known and not row["branch_code"]:
            row["branch_code"] = known.branch_of(row["team_code"])
        data |= row
        if not (verdict := has_known_place(row)):
            say_no(self, verdict)
        elif data.get("role") and (missing := missing_place(data["role"], row)):
            sentence = _("This role sees the clients of one %(place)s: fill it in.")
            self.add_error(missing, sentence % {"place": CODE_LABELS[missing]})
        return data

    def row(self) -> dict[str, str]:
        """One person as a proposal holds them: the user name typed, or that of the login that is changed."""
        names = ("display_name", "role", *CODES)
        username = self.cleaned_data.get("username") or self.initial.get("username", "")
        return {"username": str(username), **{name: str(self.cleaned_data[name]) for name in names}}


def _branches(known: Places) -> list[Any]:
    """The firm's branches, headquarters after them."""
    named = {HEADQUARTERS: in_reader_language(HEADQUARTERS_TEXT)} | dict(known.branches)
    return [(code, f"{name} · {code}") for code, name in sorted(named.items())]


def _teams(known: Places) -> list[Any]:
    """The teams under their branches."""
    return [
        (
            name,
            [(code, f"{team} · {code}") for code, (team, home) in known.teams.items() if home == branch],
        )
        for branch, name in sorted(known.branches.items())
        if any(home == branch for _team, home in known.teams.values())
    ]


def _is_gone(code: str, name: str, known: Places) -> bool:
    """Whether a person's branch or team is none of the firm's any more: shown, so that nobody changes it unseen."""
    there = {*known.branches, HEADQUARTERS} if name == "branch_code" else set(known.teams)
    return bool(code) and code not in there


class NewLoginForm(RoleForm):
    """The same with a user name."""

    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,40}$",
        label=_("User name"),
        error_messages={"invalid": _("2 to 40 letters, digits, dots, dashes.")},
        widget=forms.TextInput(TEXT),
    )
    field_order = ("username", "display_name", "staff_code", "role", "branch_code", "team_code", "reason")


class StaffFileForm(forms.Form):
    """A file of staff: who, in which role, where."""

    file = forms.FileField(
        label=_("Staff file"),
        help_text=_(
            "CSV or Excel, at most 1 MB. Columns: staff_code, staff_name, role; branch_code, team_code."
        ),
        widget=forms.FileInput({"class": "form-control", "accept": ".csv,.xlsx"}),
    )


class CoverForm(forms.Form):
    """Who covers whom, from when to when, why."""

    covered = forms.ModelChoiceField(
        label=_("Whose clients"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    covering = forms.ModelChoiceField(
        label=_("Covered by"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, format=ISO))
    until_on = forms.DateField(label=_("To, that day included"), widget=forms.DateInput(DAY, format=ISO))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(TEXT))

    def __init__(self, people: QuerySet[User], latest_on: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until_on"].widget.attrs["max"] = latest_on.isoformat()
        self.fields["until_on"].help_text = _("%(day)s at the latest; for longer, change the manager.") % {
            "day": latest_on.isoformat()
        }
        for name in ("covered", "covering"):
            field: Any = self.fields[name]
            field.queryset = people
            field.label_from_instance = _told
            field.empty_label = _("Choose…")


def _told(user: User) -> str:
    return f"{user.display_name} · {user.staff_code} · {in_reader_language(user.role_text)}"
