"""The ledger of contacts that count against the cap, and clients' wishes not to be contacted.

Both hold the customer record they concerned: it tells the client after a merge or a split.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients.models import Client


class Touch(models.Model):
    """One care or marketing contact that reached a client: any room that turns to clients counts here."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="touches", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32)
    touched_on = models.DateField(_("on"))
    source = models.CharField(_("counted by"), max_length=60)

    class Meta:
        default_permissions = ()
        verbose_name = _("contact that counts")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("record_code", "touched_on"), name="touch_of_record")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("source",), name="touch_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.touched_on}"


class NoContact(models.Model):
    """The client's wish not to be contacted, from a day; closed when the client says otherwise."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="wishes", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32, db_index=True)
    since_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"), null=True)
    noted_by_id = models.BigIntegerField(_("noted by"))
    noted_by_name = models.CharField(_("noted by"), max_length=40)
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("wish not to be contacted")

    def __str__(self) -> str:
        return f"{self.client_id} since {self.since_on}"
