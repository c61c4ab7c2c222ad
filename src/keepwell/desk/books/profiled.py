"""What people said of managers and clients for the match: each fact declared, confirmed by another, dated.

Nothing is overwritten: a new word ends the one before. What is not said, or too old, counts as neutral and is listed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Need, NeedSource
from keepwell.desk.clients.models import Client
from keepwell.desk.columns import ScaledDecimalField, lazy_text

STRENGTHS = (
    (100, _("very strong")),
    (75, _("strong")),
    (50, _("middling")),
    (25, _("slight")),
)
WANTS = (*STRENGTHS, (0, _("no longer needed")))


class ProfileFact(models.Model):
    """One fact of a manager's profile, from the declaration to its end; `value` is a code of the kind's list."""

    class Kind(models.TextChoices):
        """What is said of a manager."""

        SPECIALTY = "specialty", _("Specialty")
        STYLE = "style", _("Trading style of clients that suit")
        SERVICE_TYPE = "service_type", _("Service type of clients that suit")
        CERTIFICATE = "certificate", _("Certificate")
        LANGUAGE = "language", _("Language")
        INTEREST = "interest", _("Interest")
        STRENGTH = "strength", _("Strength")
        WEAKNESS = "weakness", _("Weakness")
        HOURS = "hours", _("Weekly hours")
        LEAVE = "leave", _("Leave")

    class State(models.TextChoices):
        """How far it has come."""

        DECLARED = "declared", _("Waiting to be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        RETURNED = "returned", _("Not confirmed")
        ENDED = "ended", _("Ended")

    staff_code = models.CharField(_("staff number"), max_length=16)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    value = models.CharField(_("what"), max_length=16, blank=True)
    words = models.CharField(_("words"), max_length=120, blank=True)
    strength = models.PositiveSmallIntegerField(_("how strong"), null=True)
    weekly_hours: Any = ScaledDecimalField(_("weekly hours"), scale=2, null=True)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DECLARED)
    declared_by_id = models.BigIntegerField()
    declared_by = models.CharField(_("declared by"), max_length=40)
    declared_at = models.DateTimeField(_("declared at"))
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(_("decided by"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("fact of a manager's profile")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["staff_code", "state"], name="profile_of_staff"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["staff_code", "kind", "value", "state"],
                condition=models.Q(state__in=["declared", "confirmed"]),
                name="profile_fact_once",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id=None)
                | models.Q(state="ended")
                | ~models.Q(decided_by_id=models.F("declared_by_id")),
                name="profile_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_code} {self.kind} {self.value} ({self.state})"

    @property
    def waits(self) -> bool:
        """Whether the leader has not looked at it yet."""
        return self.state == self.State.DECLARED


class NeedFact(models.Model):
    """What somebody learned of a client's need: the latest word on each need holds."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="need_facts")
    record_code = models.CharField(_("customer number"), max_length=32)
    need = models.CharField(
        _("need"), max_length=16, choices=[(str(one), lazy_text(one.text)) for one in Need]
    )
    strength = models.PositiveSmallIntegerField(_("how strong"), choices=WANTS)
    source = models.CharField(
        _("source"), max_length=12, choices=[(str(one), lazy_text(one.text)) for one in NeedSource]
    )
    words = models.CharField(_("in the client's words"), max_length=200, blank=True)
    is_latest = models.BooleanField(_("latest word"), default=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=40)
    at = models.DateTimeField(_("at"))
    recorded_on = models.DateField(_("on"))

    class Meta:
        default_permissions = ()
        verbose_name = _("need of a client")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["recorded_on", "id"], name="need_by_age", condition=models.Q(is_latest=True)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "need"], condition=models.Q(is_latest=True), name="one_latest_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.need} {self.strength}"
