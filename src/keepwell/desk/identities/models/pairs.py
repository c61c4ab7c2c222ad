"""Pairs that wait for a judgement, as the run wrote them; and what people said of them, which no run changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes, identity
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.decided import Decided
from keepwell.desk.identities.models import lines
from keepwell.desk.identities.models.columns import person, side
from keepwell.desk.work.models import choices


class IdentityPair(Decided, table=identity.IdentityPair):
    """Two customer records that wait for a judgement, as the run wrote them."""


class PairLine(Decided, table=lines.PairLine, indexes=lines.PairLine.indexes, fill=lines.fill_statement()):
    """The same pair as the queue orders it."""

    left_client = side("left")
    right_client = side("right")


class PairEvidence(Decided, table=identity.PairEvidence):
    """How the two records of a pair agree, field by field."""


class Judgement(models.Model):
    """What somebody said of two customer records: never changed, only taken back or followed by another.

    A "same" against two valid documents, and whatever is said of what two have agreed to, is proposed by one and comes
    into force when another has agreed; until then what was in force stays so. Of a pair one row at most is in force,
    and one at most proposed.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        RETURNED = "returned", _("Returned")
        FOLLOWED = "followed", _("Followed by another")
        UNDONE = "undone", _("Taken back")

    STANDS: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.IN_FORCE)

    left_code = models.CharField(_("customer number"), max_length=32)
    right_code = models.CharField(_("customer number"), max_length=32)
    left_client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    right_client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    judgement = models.CharField(_("Judgement"), max_length=16, choices=choices(codes.Judgement))
    reason = models.CharField(_("reason"), max_length=32, choices=choices(codes.JudgementReason))
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")
    proof = models.CharField(_("Proof of the change"), max_length=200, blank=True, default="")
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
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("follows")
    )
    split = models.ForeignKey(
        "identities.Split", models.PROTECT, null=True, related_name="judgements", verbose_name=_("split")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("judgement")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("state", "-at", "-id"), name="judgement_by_state"),
            models.Index(fields=("left_code",), name="judgement_of_left"),
            models.Index(fields=("right_code",), name="judgement_of_right"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("left_code", "right_code", "state"),
                condition=models.Q(state__in=("proposed", "in_force")),
                name="one_judgement_a_state",
            ),
            models.CheckConstraint(
                condition=models.Q(left_code__lt=models.F("right_code")), name="judgement_left_is_lesser"
            ),
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("by")),
                name="judgement_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_code} {self.right_code}: {self.judgement} ({self.state})"
