"""What was written back to the firm's other systems: numbered files, their rows, and what those systems answered.

The text of a file lies here encrypted, until every row has been answered. Its rows are kept masked.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.identities.models.columns import person

LONGEST = 200


class WriteBack(models.Model):
    """A file of corrected identity data: what left the house, for what, and how far it was answered.

    One with many secrets in full `WAITS` for a second person; returned or withdrawn it has no rows: they wait again.
    """

    class State(models.TextChoices):
        """How far the firm's systems have answered."""

        WAITS = "waits", _("Waits for a second person")
        SENT = "sent", _("Sent")
        PART = "part", _("Acknowledged in part")
        DONE = "done", _("Acknowledged")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    VOID: ClassVar[tuple[str, ...]] = (State.RETURNED, State.WITHDRAWN)

    number = models.PositiveIntegerField(_("number"), unique=True)
    purpose = models.CharField(_("purpose"), max_length=LONGEST)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    n_rows = models.PositiveIntegerField(_("rows"))
    n_accepted = models.PositiveIntegerField(_("accepted"), default=0)
    n_refused = models.PositiveIntegerField(_("refused"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64)
    sealed = models.BinaryField(_("encrypted"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.SENT)
    n_secrets = models.PositiveIntegerField(_("values in full"), default=0)
    decided_by = person(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason"), max_length=LONGEST, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("write-back")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(n_rows__gte=models.F("n_accepted") + models.F("n_refused")),
                name="write_back_answers_within_rows",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("by")),
                name="write_back_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"

    @property
    def is_void(self) -> bool:
        """Whether it never left: what stood in it waits for another file."""
        return self.state in self.VOID

    @property
    def n_open(self) -> int:
        """Rows without an answer."""
        return self.n_rows - self.n_accepted - self.n_refused


class WriteBackRow(models.Model):
    """One customer number and field of a file, masked; what stands in it comes from one act of a person.

    `is_undoing` rows say that what an earlier row of the act said holds no longer. A refused row `is_back` on the work
    list until somebody has it sent `is_again` or takes the act back.
    """

    class Change(models.TextChoices):
        """What the other system is told to do."""

        SET = "set", _("new value")
        CONFIRMED = "confirmed", _("value confirmed")
        WITHDRAWN = "withdrawn", _("no longer verified")

    class State(models.TextChoices):
        """What the other system answered."""

        SENT = "sent", _("not answered")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not accepted")

    write_back = models.ForeignKey(WriteBack, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("row"))
    record_code = models.CharField(_("customer number"), max_length=32)
    branch_code = models.CharField(_("branch"), max_length=16)
    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+", verbose_name=_("client"))
    field = models.CharField(_("field"), max_length=32)
    change = models.CharField(_("change"), max_length=9, choices=Change.choices)
    old_shown = models.CharField(_("old value"), max_length=240, blank=True)
    new_shown = models.CharField(_("new value"), max_length=240, blank=True)
    source_code = models.CharField(_("taken from"), max_length=32, blank=True)
    act = models.CharField(_("act"), max_length=40)
    verification = models.ForeignKey("identities.Verification", models.PROTECT, null=True, related_name="+")
    judgement = models.ForeignKey("identities.Judgement", models.PROTECT, null=True, related_name="+")
    split = models.ForeignKey("identities.Split", models.PROTECT, null=True, related_name="+")
    conflict_key = models.CharField(max_length=80, blank=True)
    is_undoing = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.SENT)
    reason = models.CharField(_("reason"), max_length=LONGEST, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    is_back = models.BooleanField(default=False)
    is_again = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("row of a write-back")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("write_back", "line"), name="one_line_a_file"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("conflict_key",), name="refused_conflicts", condition=models.Q(is_back=True)
            ),
            models.Index(fields=("act",), name="rows_sent_again", condition=models.Q(is_again=True)),
        ]

    def __str__(self) -> str:
        return f"{self.write_back_id}/{self.line}: {self.field} of {self.record_code}"

    @property
    def stands(self) -> bool:
        """Whether it still says what holds: of a finding that it is in force, or that it was taken back."""
        if self.verification is None:
            return True
        return bool(self.is_undoing == (self.verification.undone_at is not None))


class Acknowledgement(models.Model):
    """A file in which the firm's systems answered: every row of it is accepted, refused or unknown."""

    write_back = models.ForeignKey(WriteBack, models.PROTECT, related_name="answers")
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    n_rows = models.PositiveIntegerField(_("rows"))
    n_accepted = models.PositiveIntegerField(_("accepted"))
    n_refused = models.PositiveIntegerField(_("refused"))
    n_unknown = models.PositiveIntegerField(_("unknown"))
    unknown = models.JSONField(_("unknown rows"), default=list)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("acknowledgement")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("write_back", "sha256"), name="one_answer_once"),
            models.CheckConstraint(
                condition=models.Q(
                    n_rows=models.F("n_accepted") + models.F("n_refused") + models.F("n_unknown")
                ),
                name="every_answer_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.write_back_id}: {self.n_rows} rows"
