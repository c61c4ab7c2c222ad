"""The people who log in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.columns import lazy_text
from keepwell.desk.people.roles import SCOPE_TEXTS, Profile, Scope, is_at_headquarters, profile_of


class UserManager(BaseUserManager["User"]):
    """Finds users by their user name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of that name, of any case; raises `User.DoesNotExist`."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A member of staff who may log in: one role, and the staff, branch and team codes that bound what they see."""

    class Theme(models.TextChoices):
        """Light, dark or as the system is."""

        AUTO = "auto", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(_("User name"), max_length=40, unique=True)
    display_name = models.CharField(_("Name"), max_length=40)
    role = models.CharField(
        _("Role"), max_length=16, choices=[(str(role), lazy_text(role.text)) for role in codes.Role]
    )
    staff_code = models.CharField(_("Staff number"), max_length=16, blank=True, db_index=True)
    branch_code = models.CharField(_("Branch"), max_length=16, blank=True)
    team_code = models.CharField(_("Team"), max_length=16, blank=True)
    language = models.CharField(
        _("Language"),
        max_length=8,
        default="zh-hans",
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    theme = models.CharField(_("Theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    green_is_up = models.BooleanField(_("Green is up, red is down"), default=False)
    single_keys = models.BooleanField(_("Single-letter shortcuts"), default=True)
    must_change_password = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=[str(role) for role in codes.Role]), name="user_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} ({self.role})"

    @cached_property
    def profile(self) -> Profile:
        """The row of the role table; of the part at headquarters where the login works there."""
        return profile_of(self.role, self.branch_code)

    @property
    def is_at_headquarters(self) -> bool:
        """Whether the login does the part of its role's work that is the firm's."""
        return is_at_headquarters(self.role, self.branch_code)

    @property
    def role_text(self) -> Text:
        """The role's name in both languages."""
        return self.profile.role.text

    @property
    def scope(self) -> Scope:
        """How far the user sees."""
        return self.profile.scope

    @property
    def scope_text(self) -> Text:
        """The scope in words."""
        return SCOPE_TEXTS[self.scope]

    @property
    def sees_names(self) -> bool:
        """Whether clients' names are shown in full."""
        return self.profile.sees_names

    @property
    def audit_stream(self) -> str:
        """The log that the user's acts go to."""
        return self.profile.audit_stream

    @property
    def navigation_groups(self) -> tuple[str, ...]:
        """Groups of the side navigation, in order."""
        return self.profile.groups

    @cached_property
    def own_logins(self) -> frozenset[int]:
        """This login, and every other of the same staff number."""
        same = User.objects.filter(staff_code=self.staff_code) if self.staff_code else User.objects.none()
        return frozenset({self.pk, *same.values_list("pk", flat=True)})

    def is_same_person(self, pk: int) -> bool:
        """Whether a login is of the same person: four eyes are two people, not two logins."""
        return pk in self.own_logins

    def may(self, permission: str) -> Verdict:
        """Whether the role holds the permission."""
        if permission in self.profile.permissions:
            return ALLOWED
        return refuse(Refusal.NOT_THIS_ROLE, role_name=self.profile.role)


class Cover(models.Model):
    """From `from_on` until `until_on`, that day included, a person also sees the clients of a colleague."""

    covered_code = models.CharField(_("Colleague's staff number"), max_length=16)
    covering = models.ForeignKey(User, models.PROTECT, related_name="covers", verbose_name=_("Covered by"))
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("To"))
    reason = models.CharField(_("Reason"), max_length=200)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("Set by"))
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("cover")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["covering", "until_on"], name="cover_covering")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="cover_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.covering_id} for {self.covered_code}, {self.from_on} to {self.until_on}"


class Grant(models.Model):
    """A role proposed by one administrator and given by another: new logins, other roles, new passwords.

    `rows` hold one person each as (username, display_name, role, staff_code, branch_code, team_code); a staff file is
    one proposal of many rows. `version` grows with each change, and a decision binds to the one that was read.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        NEW = "new", _("New login")
        ROLE = "role", _("Other role")
        PASSWORD = "password", _("New password")
        FILE = "file", _("Staff file")

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "proposed", _("Waits for another administrator")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    rows = models.JSONField(_("People"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("Proposed by"))
    proposed_at = models.DateTimeField(_("Proposed at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("proposed role")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "proposed_at"], name="grant_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.proposed_by_id}: {self.state}"
