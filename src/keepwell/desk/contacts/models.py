"""What was said: contacts, their earlier versions, remarks, and forms begun but not saved."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes
from keepwell.desk.clients.models import Client
from keepwell.desk.work.models import choices

# The fields a person fills in and may correct, in the order of the form.
FIELDS = (
    "channel",
    "direction",
    "minutes",
    "outcome",
    "topic",
    "need",
    "promise",
    "promise_due_on",
    "note",
)


class Contact(models.Model):
    """A contact with a client: author and instant never change, what was said can be corrected with a reason.

    `record_code` is the customer record it concerned: after a merge or a split it tells whose contact it is.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="contacts", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32)
    author_id = models.BigIntegerField(_("author"))
    author_name = models.CharField(_("author"), max_length=40)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"))
    contacted_at = models.DateTimeField(_("at"))
    contacted_on = models.DateField(_("Date"))
    channel = models.CharField(_("Channel"), max_length=16, choices=choices(codes.Channel))
    direction = models.CharField(
        _("Who turned to whom"), max_length=4, choices=choices(codes.ContactDirection)
    )
    minutes = models.PositiveSmallIntegerField(_("Minutes"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=choices(codes.ContactOutcome))
    topic = models.CharField(
        _("Topic"), max_length=16, blank=True, default="", choices=choices(codes.ContactTopic)
    )
    need = models.CharField(_("Need"), max_length=16, blank=True, default="", choices=choices(codes.Need))
    promise = models.CharField(_("Promise"), max_length=200, blank=True, default="")
    promise_due_on = models.DateField(_("Promised for"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=400, blank=True, default="")
    item_key = models.CharField(_("task"), max_length=120, blank=True, default="")
    is_capped = models.BooleanField(_("counts against the cap"), default=False)
    run = models.CharField(_("run"), max_length=32, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), default=1)
    is_withdrawn = models.BooleanField(_("taken back"), default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("contact")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("record_code", "-contacted_at"), name="contact_of_record"),
            models.Index(fields=("author_id", "-contacted_at", "-id"), name="contact_of_author"),
            models.Index(fields=("-contacted_at", "-id"), name="contact_newest"),
            models.Index(fields=("recorded_at",), name="contact_recorded"),
            models.Index(
                fields=("promise_due_on",), name="contact_promised", condition=~models.Q(promise="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.contacted_on}"

    @property
    def promise_key(self) -> str:
        """The key of the task that keeps its promise."""
        return f"promise/{self.pk}"

    def facts(self) -> dict[str, Any]:
        """The fields a person fills in, by name."""
        return {name: getattr(self, name) for name in FIELDS}


class ContactVersion(models.Model):
    """What a contact said before a correction: nothing is ever overwritten."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="versions", verbose_name=_("contact"))
    version = models.PositiveIntegerField(_("version"))
    facts = models.JSONField(_("fields before"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    changed_by_id = models.BigIntegerField(_("changed by"))
    changed_by_name = models.CharField(_("changed by"), max_length=40)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("earlier version of a contact")
        ordering: ClassVar[list[str]] = ["-version", "-pk"]

    def __str__(self) -> str:
        return f"{self.contact_id} v{self.version}"


class Remark(models.Model):
    """Something added to a contact by anyone who sees it; the contact itself stays as it is."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="remarks", verbose_name=_("contact"))
    text = models.CharField(_("remark"), max_length=400)
    author_id = models.BigIntegerField(_("author"))
    author_name = models.CharField(_("author"), max_length=40)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("remark")
        ordering: ClassVar[list[str]] = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.author_name}"


class Draft(models.Model):
    """A form begun but not saved: one a person, client and form, shown again at the next opening."""

    user_id = models.BigIntegerField(_("person"))
    client_id = models.CharField(_("client"), max_length=34)
    form = models.CharField(_("form"), max_length=40)
    fields = models.JSONField(_("fields"), default=dict)
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("draft")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user_id", "client_id", "form"), name="draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.form} of {self.client_id}"
