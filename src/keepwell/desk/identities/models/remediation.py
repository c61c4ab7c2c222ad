"""What must be mended, as the run wrote it; and its figures of each run, kept."""

from __future__ import annotations

from typing import ClassVar

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
