"""The hand-over of each client whom an approved plan gives to somebody else: a sheet that both managers sign.

What is handed over is frozen when the giver signs, so that both sign the same words; every step stays on record.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.books.acted import LONGEST_REASON, Plan, PlanMove
from keepwell.desk.clients.models import Client


class HandOver(models.Model):
    """One client's sheet: who gives, who takes, by when, and what was told.

    `content` is what stood open when the giver signed: promises, tasks, the last contact.
    """

    class State(models.TextChoices):
        """How far it has come; `STEPS` says what follows what."""

        OPEN = "open", _("To be signed")
        RETURNED = "returned", _("Back for completion")
        DONE = "done", _("Signed by both")
        VOID = "void", _("Not needed")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="handovers")
    move = models.OneToOneField(PlanMove, models.PROTECT, related_name="handover")
    client = models.ForeignKey(Client, models.PROTECT, related_name="handovers")
    from_code = models.CharField(_("from"), max_length=16, blank=True)
    to_code = models.CharField(_("to"), max_length=16)
    effective_on = models.DateField(_("in effect from"))
    due_on = models.DateField(_("to be signed by"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("what the new manager should know"), max_length=400, blank=True)
    content = models.JSONField(_("what is handed over"), default=dict)
    given_by_id = models.BigIntegerField(null=True)
    given_by = models.CharField(_("handed over by"), max_length=40, blank=True)
    given_at = models.DateTimeField(_("handed over at"), null=True)
    taken_by_id = models.BigIntegerField(null=True)
    taken_by = models.CharField(_("taken over by"), max_length=40, blank=True)
    taken_at = models.DateTimeField(_("taken over at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("hand-over")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["from_code", "due_on", "id"], name="handover_from"),
            models.Index(fields=["to_code", "due_on", "id"], name="handover_to"),
            models.Index(fields=["due_on", "id"], name="handover_by_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(taken_by_id=None) | ~models.Q(taken_by_id=models.F("given_by_id")),
                name="handover_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.client_id}: {self.from_code or '-'} > {self.to_code} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether a signature is still missing."""
        return self.state in WAITING

    @property
    def waits_for_taker(self) -> bool:
        """Whether the giver has signed and the taker has not."""
        return self.state == self.State.OPEN and self.given_at is not None


WAITING = (HandOver.State.OPEN, HandOver.State.RETURNED)
STEPS: dict[str, tuple[str, ...]] = {
    HandOver.State.OPEN: (HandOver.State.RETURNED, HandOver.State.DONE, HandOver.State.VOID),
    HandOver.State.RETURNED: (HandOver.State.OPEN, HandOver.State.VOID),
    HandOver.State.DONE: (),
    HandOver.State.VOID: (HandOver.State.OPEN,),
}


class HandOverStep(models.Model):
    """The journal of a hand-over: who did what when, with their words. Never rewritten."""

    class Step(models.TextChoices):
        """What was done."""

        MADE = "made", _("Sheet made")
        GIVEN = "given", _("Handed over")
        RETURNED = "returned", _("Sent back for completion")
        TAKEN = "taken", _("Taken over")
        CHANGED = "changed", _("Given to somebody else by the plan")
        VOID = "void", _("The client stays")
        LETTER = "letter", _("Letter to the client made")

    handover = models.ForeignKey(HandOver, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=8, choices=Step.choices)
    words = models.CharField(_("words"), max_length=400, blank=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("step of a hand-over")

    def __str__(self) -> str:
        return f"{self.handover_id} {self.step}"


LONGEST_NOTE, LONGEST_MISSING = 400, LONGEST_REASON
