"""One-time forms: who asked which client for what, what was answered, and each step that somebody took on the pages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import RiskLevel


class Form(models.Model):
    """A questionnaire sent to one client: its code is kept as a hash, what proves the client as salted hashes.

    Client and staff are plain numbers and names; the pages for clients read them and no other table of the desk.
    """

    class State(models.TextChoices):
        """How far a form is."""

        OPEN = "open", _("Sent")
        ANSWERED = "answered", _("Answered")
        RECEIVED = "received", _("Answered, goes to the next run")
        REFUSED = "refused", _("Not taken over")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LOCKED = "locked", _("Closed after failed checks")

    class Proof(models.TextChoices):
        """What the client is asked for before the first question."""

        PHONE = "phone", _("middle four digits of the phone number")
        DOCUMENT = "document", _("last four of the document number")

    code_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    # on whose device it is answered: a code of `AnsweredOn`
    way = models.CharField(_("way"), max_length=12)
    version = models.CharField(_("questionnaire"), max_length=16)
    client_id = models.CharField(_("client"), max_length=34)
    client_kind = models.CharField(max_length=16)
    client_name = models.CharField(max_length=120)
    record_code = models.CharField(_("customer number"), max_length=32)
    proof_kind = models.CharField(max_length=8, choices=Proof.choices, default=Proof.DOCUMENT)
    proofs = models.JSONField(default=list)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(_("sent by"), max_length=40)
    asked_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("until"))
    n_failed = models.PositiveSmallIntegerField(default=0)
    level_before = models.CharField(max_length=2, blank=True, default="")
    level_before_on = models.DateField(null=True)
    # of the latest test that the firm knows of and that was not taken on these pages: it counts among those of a day
    elsewhere_on = models.DateField(null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    score = models.PositiveSmallIntegerField(null=True)
    risk_level = models.CharField(_("level"), max_length=2, blank=True, default="")
    is_lowest_class = models.BooleanField(default=False)
    is_jump = models.BooleanField(default=False)
    device_code = models.CharField(max_length=64, blank=True, default="")
    received_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        """A client has one open form at most."""

        indexes = [
            models.Index(fields=["client_id", "asked_at"]),
            models.Index(fields=["state", "answered_at"]),
            models.Index(fields=["device_code"], condition=~Q(device_code=""), name="form_by_device"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(state="open"), name="one_open_form_a_client"
            ),
        ]

    def __str__(self) -> str:
        return f"form {self.pk}"

    @property
    def level(self) -> RiskLevel | None:
        """The level told to the client."""
        return RiskLevel.of(self.risk_level) if self.risk_level else None


class Answer(models.Model):
    """One answer, letters of several choices in order; it may be changed until the form is handed in."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="answers")
    question_no = models.PositiveSmallIntegerField()
    letters = models.CharField(max_length=8)

    class Meta:
        """One answer a question."""

        constraints = [models.UniqueConstraint(fields=["form", "question_no"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"{self.question_no}{self.letters}"


class Step(models.Model):
    """A step on the pages, kept for ever: the desk's log is not theirs to write, it takes these over."""

    class What(models.TextChoices):
        """What was done."""

        PROVED = "proved", _("Check passed")
        FAILED = "failed", _("Check failed")
        LOCKED = "locked", _("Closed after failed checks")
        ANSWERED = "answered", _("Handed in")
        REFUSED = "refused", _("Not accepted")

    form = models.ForeignKey(Form, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12, choices=What.choices)
    reason = models.CharField(max_length=24, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        """In their order."""

        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%F %T}"
