"""What clients are to be told of new gradings and the self-check, as the run wrote them; and that somebody told it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import suitability
from keepwell.contract.codes import Channel
from keepwell.contract.suitable import GradedAnew
from keepwell.desk.clients.models import Client
from keepwell.desk.columns import lazy_text
from keepwell.desk.generations.decided import Decided

ORDER = ("owed_since_on", "client_id", "notice_kind", "product_code")


class SuitabilityNotice(Decided, table=suitability.SuitabilityNotice, indexes=[ORDER]):
    """What was graded anew and the client was not told of yet."""

    client = models.ForeignKey(
        Client, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="suitability_notices"
    )


class SuitabilityCheck(Decided, table=suitability.SuitabilityCheck):
    """One item of the half-yearly self-check."""


class Told(models.Model):
    """A client was told of one new grading: by whom, when, how, and by what it is proved; it does not change."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="told", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32, db_index=True)
    notice_kind = models.CharField(
        _("what was graded"),
        max_length=16,
        choices=[(str(one), lazy_text(one.text)) for one in GradedAnew],
    )
    product_code = models.CharField(_("product"), max_length=24, blank=True)
    level_before = models.CharField(_("before"), max_length=16, blank=True)
    level_now = models.CharField(_("now"), max_length=16, blank=True)
    owed_since_on = models.DateField(_("owed since"))
    told_on = models.DateField(_("told on"))
    channel = models.CharField(
        _("channel"), max_length=8, choices=[(str(one), lazy_text(one.text)) for one in Channel]
    )
    proof_code = models.CharField(_("number of the recording or confirmation"), max_length=60)
    by_id = models.BigIntegerField(_("told by"))
    by_name = models.CharField(_("told by"), max_length=40)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True)
    at = models.DateTimeField(_("recorded at"))
    run = models.CharField(_("run"), max_length=32)

    class Meta:
        default_permissions = ()
        verbose_name = _("notice told")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("client", "notice_kind", "product_code", "owed_since_on"), name="notice_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.notice_kind} {self.told_on}"
