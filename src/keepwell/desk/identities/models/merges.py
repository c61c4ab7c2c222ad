"""What runs joined and parted, kept when the run is gone; and what people parted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes, identity
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.decided import Decided
from keepwell.desk.identities.models.columns import person
from keepwell.desk.work.models import choices


class ClientEvent(Decided, table=identity.ClientEvent):
    """A record whose client is another than in the run before."""


class Split(models.Model):
    """Customer numbers taken out of a client: one act, which stands behind a judgement for each pair across it.

    Across a pair of which two have agreed that it is one client it is proposed by one and has no judgements until
    another agrees. What two agreed to, two take back.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        RETURNED = "returned", _("Returned")
        UNDONE = "undone", _("Taken back")

    STANDS: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.IN_FORCE)

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    taken = models.JSONField(_("customer numbers taken out"))
    kept = models.JSONField(_("customer numbers that stay"))
    reason = models.CharField(_("reason"), max_length=32, choices=choices(codes.JudgementReason))
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")
    by = person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_FORCE)
    in_force_at = models.DateTimeField(_("in force since"), null=True)
    second_by = person(_("agreed by"), null=True)
    second_at = models.DateTimeField(_("agreed at"), null=True)
    second_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    undone_by = person(_("taken back by"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undo_asked_by = person(_("taking back proposed by"), null=True)
    undo_asked_at = models.DateTimeField(_("taking back proposed at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("split")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("state", "-at", "-id"), name="split_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("by")),
                name="split_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {', '.join(self.taken)}"


class KeptEvent(models.Model):
    """A merge or split that some run made, kept when the run is gone: by it an old client number is found."""

    run = models.CharField(_("run"), max_length=32)
    on = models.DateField(_("data as of"))
    record_code = models.CharField(_("customer number"), max_length=32)
    from_client_id = models.CharField(_("client before"), max_length=34)
    to_client_id = models.CharField(_("client now"), max_length=34)
    event = models.CharField(_("event"), max_length=32, choices=choices(codes.IdentityEvent))
    event_reason = models.CharField(_("reason"), max_length=32)

    class Meta:
        default_permissions = ()
        verbose_name = _("merge or split")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("record_code",), name="kept_event_of_record"),
            models.Index(fields=("from_client_id",), name="kept_event_before"),
            models.Index(fields=("to_client_id",), name="kept_event_now"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("run", "record_code", "from_client_id", "to_client_id"), name="event_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_code}: {self.from_client_id} > {self.to_client_id} ({self.run})"
