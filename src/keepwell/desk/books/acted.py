"""What people do with a proposed allocation: a plan taken up from a run, its moves, agreements, objections, ties.

A plan outlives the nights: its moves and each manager's limits and price are copied from the evidence of the run it
was taken up from, so that what is discussed for days does not change under the hand. `Tie` outlives the plan.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients.models import Client
from keepwell.desk.columns import ScaledDecimalField

MICRO, NANO = 6, 9  # decimals of scores, and of prices, as in the evidence
LONGEST_REASON = 200


def _micro(label: Any, **options: Any) -> models.Field[Decimal | int, Decimal]:
    """A score, with the evidence's decimals."""
    field: Any = ScaledDecimalField(label, scale=MICRO, **options)
    return field


def _nano(label: Any, **options: Any) -> models.Field[Decimal | int, Decimal]:
    """A price, with the evidence's decimals."""
    field: Any = ScaledDecimalField(label, scale=NANO, **options)
    return field


class Plan(models.Model):
    """A branch's plan of allocation, from review to the day on which managers change."""

    class State(models.TextChoices):
        """How far it has come; `TRANSITIONS` says what follows what."""

        REVIEW = "review", _("Team review")
        OBJECTIONS = "objections", _("Waiting for approval")
        APPROVED = "approved", _("Approved, not yet in effect")
        DONE = "done", _("In effect")
        RETURNED = "returned", _("Returned")

    branch_code = models.CharField(_("branch"), max_length=16)
    run = models.CharField(_("run"), max_length=32)
    policy_version = models.CharField(_("policy"), max_length=80)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REVIEW)
    n_moves = models.PositiveIntegerField(_("clients who change manager"))
    value = _micro(_("total score"))
    bound = _micro(_("upper bound"))
    current_value = _micro(_("score of the status quo"))
    opened_by_id = models.BigIntegerField()
    opened_by = models.CharField(_("taken up by"), max_length=40)
    opened_at = models.DateTimeField(_("taken up at"))
    sent_by_id = models.BigIntegerField(null=True)
    sent_by = models.CharField(_("sent by"), max_length=40, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    objections_until = models.DateField(_("objections until"), null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(_("decided by"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    effective_on = models.DateField(_("in effect from"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("plan of allocation")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch_code", "-id"], name="plan_of_branch"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["branch_code"],
                condition=models.Q(state__in=["review", "objections", "approved"]),
                name="one_plan_open",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id=None) | ~models.Q(decided_by_id=models.F("sent_by_id")),
                name="plan_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.branch_code} {self.run} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in OPEN


OPEN = (Plan.State.REVIEW, Plan.State.OBJECTIONS, Plan.State.APPROVED)
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Plan.State.REVIEW: (Plan.State.OBJECTIONS, Plan.State.RETURNED),
    Plan.State.OBJECTIONS: (Plan.State.APPROVED, Plan.State.RETURNED),
    Plan.State.APPROVED: (Plan.State.DONE,),
    Plan.State.DONE: (),
    Plan.State.RETURNED: (),
}


class PlanManager(models.Model):
    """A manager of the branch as the plan's evidence has them: limits, the price of a place, whether eligible."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="managers")
    staff_code = models.CharField(_("staff number"), max_length=16)
    is_eligible = models.BooleanField(_("may take clients"))
    n_lower = models.IntegerField(_("lower limit"))
    n_upper = models.IntegerField(_("upper limit"))
    price = _nano(_("price of a place"))

    class Meta:
        default_permissions = ()
        verbose_name = _("manager in a plan")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "staff_code"], name="manager_once_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.staff_code}"


class PlanLimit(models.Model):
    """One limit of a manager as the plan's evidence has it: from where to where, how much now, the price of more."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="limits")
    staff_code = models.CharField(_("staff number"), max_length=16)
    resource = models.CharField(_("limit"), max_length=16)
    lower: Any = ScaledDecimalField(_("lower limit"), scale=2, null=True)
    upper: Any = ScaledDecimalField(_("upper limit"), scale=2, null=True)
    now: Any = ScaledDecimalField(_("now"), scale=2)
    price = _nano(_("price of one more"))

    class Meta:
        default_permissions = ()
        verbose_name = _("limit in a plan")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "staff_code", "resource"], name="limit_once_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.staff_code} {self.resource}"


class PlanMove(models.Model):
    """One client of a plan: from whom, to whom the run proposed, to whom the plan gives them now.

    `to_code` equal to `from_code`: the client stays. `proposed_code` is empty for a client swapped in by people, of
    whom the run proposed no move. Scores and price are the run's evidence.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="moves")
    client = models.ForeignKey(Client, models.PROTECT, related_name="plan_moves")
    from_code = models.CharField(_("from"), max_length=16, blank=True)
    proposed_code = models.CharField(_("proposed"), max_length=16)
    to_code = models.CharField(_("to"), max_length=16)
    score = _micro(_("score"))
    price = _nano(_("price"))
    best_code = models.CharField(_("best-scoring manager"), max_length=16)
    best_score = _micro(_("best score"))
    why = models.CharField(_("why"), max_length=32)
    use = models.JSONField(_("what is taken of each limit"), default=dict)
    cost = _nano(_("price of the change"), default=0)
    cost_is_exact = models.BooleanField(_("price is exact"), default=True)
    is_moved = models.BooleanField(_("has moved"), default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("move in a plan")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "client"], name="client_once_a_plan"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "to_code"], name="plan_moves_to"),
            models.Index(fields=["plan", "from_code"], name="plan_moves_from"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.client_id}: {self.from_code or '-'} > {self.to_code}"

    @property
    def is_changed(self) -> bool:
        """Whether people gave the client to somebody else than the run proposed."""
        return self.to_code != self.proposed_code

    @property
    def stays(self) -> bool:
        """Whether the client keeps the present manager."""
        return self.to_code == self.from_code


class PlanAgreement(models.Model):
    """A team has looked at its part of a plan and agrees; an empty team is the whole branch."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="agreements")
    team_code = models.CharField(_("team"), max_length=16, blank=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("agreement of a team")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "team_code"], name="team_agrees_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.team_code or '*'}"


class PlanChange(models.Model):
    """The journal of a plan: who gave which client to whom instead, at what price, why. Never rewritten."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="changes")
    move = models.ForeignKey(PlanMove, models.CASCADE, related_name="changes")
    before_code = models.CharField(_("before"), max_length=16, blank=True)
    after_code = models.CharField(_("after"), max_length=16, blank=True)
    cost = _nano(_("price of the change"))
    cost_is_exact = models.BooleanField(_("price is exact"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("change of a plan")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.move_id}: {self.before_code or '-'} > {self.after_code or '-'}"


class Objection(models.Model):
    """Somebody does not agree with a move: a manager, or a client for whom it is recorded (R060)."""

    class Whose(models.TextChoices):
        """Who objects."""

        MANAGER = "manager", _("Manager")
        CLIENT = "client", _("Client")

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Objection accepted")
        REJECTED = "rejected", _("Objection not accepted")

    move = models.ForeignKey(PlanMove, models.PROTECT, related_name="objections")
    whose = models.CharField(_("who objects"), max_length=8, choices=Whose.choices)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("recorded by"), max_length=40)
    at = models.DateTimeField(_("at"))
    due_on = models.DateField(_("answer until"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=LONGEST_REASON, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by = models.CharField(_("answered by"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("objection")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on", "id"], name="objection_by_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["move"], condition=models.Q(state="open"), name="one_objection_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by_id=None) | ~models.Q(answered_by_id=models.F("by_id")),
                name="objection_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.move_id} {self.whose} ({self.state})"


class Tie(models.Model):
    """A client fixed with a manager, or a manager ruled out for a client, for every plan until it is lifted."""

    class Kind(models.TextChoices):
        """Which of the two."""

        PIN = "pin", _("Fixed")
        BAN = "ban", _("Ruled out")

    client = models.ForeignKey(Client, models.PROTECT, related_name="ties")
    record_code = models.CharField(_("customer number"), max_length=32, blank=True, default="")
    staff_code = models.CharField(_("staff number"), max_length=16)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    branch_code = models.CharField(_("branch"), max_length=16)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by_id = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=40)
    at = models.DateTimeField(_("at"))
    lifted_by = models.CharField(_("lifted by"), max_length=40, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("tie between client and manager")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "staff_code", "kind"],
                condition=models.Q(lifted_at=None),
                name="one_tie_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.kind} {self.staff_code}"
