"""What must be mended, as the run wrote it; its figures of each run, kept; and due dates that people put off."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import quality
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.decided import Decided


class DataGap(Decided, table=quality.DataGap):
    """A fact of a client that is missing, expired, misread or contradictory."""


class Remediation(
    Decided,
    table=quality.Remediation,
    indexes=[("due_on", "-worth_points", "client_id"), ("-worth_points", "client_id")],
):
    """A client whose data must be mended."""

    client = models.OneToOneField(
        Client, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )


class RemediationStatistic(Decided, table=quality.RemediationStatistic):
    """Existing clients of a branch by date, and those whose data are whole."""


class BranchQuality(Decided, table=quality.BranchQuality):
    """What is wrong with the data of a branch's clients."""


class GapStatistic(Decided, table=quality.GapStatistic):
    """Gaps of a branch by fact and kind."""


class KeptQuality(models.Model):
    """The figures of a branch as a run had them, kept when the run is gone: by them the trend is drawn."""

    run = models.CharField(_("run"), max_length=32)
    on = models.DateField(_("data as of"))
    branch_code = models.CharField(_("branch"), max_length=16)
    n_clients = models.PositiveIntegerField(_("Open clients"))
    n_to_mend = models.PositiveIntegerField(_("Clients to mend"))
    n_missing = models.PositiveIntegerField(_("Missing"))
    n_expired = models.PositiveIntegerField(_("Expired"))
    n_misread = models.PositiveIntegerField(_("Misread"))
    n_differing = models.PositiveIntegerField(_("In conflict"))
    n_existing = models.PositiveIntegerField(_("Existing clients"))
    n_done = models.PositiveIntegerField(_("Whole"))

    class Meta:
        default_permissions = ()
        verbose_name = _("data quality of a run")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("branch_code", "on"), name="quality_of_branch")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("run", "branch_code"), name="quality_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.branch_code}: {self.n_to_mend} of {self.n_clients} ({self.run})"


class Extension(models.Model):
    """Somebody asks that a conflict be mended by a later day; where the firm signs it so, a second person decides.

    The conflict's key holds its values: another value is another conflict, with a due date of its own.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PROPOSED = "proposed", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    conflict_key = models.CharField(_("conflict"), max_length=80, db_index=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    from_on = models.DateField(_("due until now"))
    to_on = models.DateField(_("put off to"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    at = models.DateTimeField(_("proposed at"))
    run = models.CharField(_("run"), max_length=32)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("extension of a due date")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("state", "at", "id"), name="extension_by_state")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("conflict_key",), condition=models.Q(state="proposed"), name="one_extension_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("by")),
                name="extension_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__gt=models.F("from_on")), name="extension_is_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conflict_key}: {self.from_on} > {self.to_on} ({self.state})"
