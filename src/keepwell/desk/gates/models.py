"""The ledger of contacts that count against the cap, clients' wishes not to be contacted, and matches left open.

All hold the customer record they concerned: it tells the client after a merge or a split.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients.models import Client
from keepwell.desk.people.models import User


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


class OpenMatch(models.Model):
    """A client's own wish for a product that does not match, or that owes something: open until all of it is on record.

    `duties` are the codes of what is owed before the sale; nothing here sells, the trading system does.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="matches", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32, db_index=True)
    product_code = models.CharField(_("product"), max_length=24)
    product_name = models.CharField(_("product"), max_length=120)
    match_reason = models.CharField(_("reason"), max_length=40)
    duties = models.JSONField(_("owed before the sale"))
    figures = models.JSONField(_("figures"))
    policy_version = models.CharField(_("policy"), max_length=80)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    run = models.CharField(_("run"), max_length=32)
    warning_on = models.DateField(_("warning signed on"), null=True)
    warning_code = models.CharField(_("number of the signed warning"), max_length=60, blank=True)
    recording_code = models.CharField(_("number of the recording"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("recorded by")
    )
    # an earlier check on record says that staff named the product: a second person looks whose wish it is
    staff_named_at = models.DateTimeField(_("named by staff"), null=True)
    staff_named_by_id = models.BigIntegerField(null=True)
    staff_named_by_name = models.CharField(_("named by"), max_length=40, blank=True, default="")
    seen_at = models.DateTimeField(_("looked at"), null=True)
    seen_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("second person")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("open match")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("record_code", "product_code"),
                condition=models.Q(recorded_at=None),
                name="one_open_match",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.product_code} {self.asked_at}"
