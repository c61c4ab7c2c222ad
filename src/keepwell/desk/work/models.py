"""Tasks that people open, and what became of any task: rows that no run changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes
from keepwell.contract.schema import Code
from keepwell.desk.clients.models import Client
from keepwell.desk.columns import lazy_text


def choices(of: type[Code]) -> list[tuple[str, object]]:
    """A closed list of the contract as a field's choices."""
    return [(str(code), lazy_text(code.text)) for code in of]


class WorkItem(models.Model):
    """Something a room wants done for a client: a promise, an appointment. Open until it is settled.

    It follows the client to whoever looks after them; `owner_code` only says whom it was meant for. With an
    `owner_role` it is that role's instead, within its scope, and `barred_code` names who may not deal with it.
    """

    key = models.CharField(_("key"), max_length=120)
    kind = models.CharField(_("kind"), max_length=24)
    client = models.ForeignKey(Client, models.PROTECT, related_name="work_items", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32)
    owner_code = models.CharField(_("owner"), max_length=16, blank=True, default="")
    owner_role = models.CharField(
        _("role in charge"), max_length=16, blank=True, default="", choices=choices(codes.Role)
    )
    barred_code = models.CharField(_("may not deal with it"), max_length=16, blank=True, default="")
    due_on = models.DateField(_("due on"))
    listed_from_on = models.DateField(_("listed from"))
    reason = models.CharField(_("reason"), max_length=400, blank=True, default="")
    facts = models.JSONField(_("facts"), default=dict)
    url_name = models.CharField(_("page"), max_length=60, blank=True, default="")
    is_open = models.BooleanField(_("open"), default=True)
    by_id = models.BigIntegerField(_("opened by"), null=True)
    by_name = models.CharField(_("opened by"), max_length=40, blank=True, default="")
    opened_at = models.DateTimeField(_("opened at"))
    run = models.CharField(_("run"), max_length=32, blank=True, default="")

    class Meta:
        default_permissions = ()
        verbose_name = _("task")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("record_code", "due_on"), name="open_work_of_record", condition=models.Q(is_open=True)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("key", "record_code"), name="work_item_once")
        ]

    def __str__(self) -> str:
        return self.key


class Outcome(models.Model):
    """What became of a task: recorded once, never changed but by being taken back (another row)."""

    key = models.CharField(_("key"), max_length=120)
    client = models.ForeignKey(Client, models.PROTECT, related_name="outcomes", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32)
    is_moment = models.BooleanField(_("a moment of the run"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=choices(codes.TaskOutcome))
    reason = models.CharField(
        _("reason"), max_length=16, blank=True, default="", choices=choices(codes.SkipReason)
    )
    note = models.CharField(_("note"), max_length=400, blank=True, default="")
    until_on = models.DateField(_("listed again on"), null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    by_id = models.BigIntegerField(_("by"))
    by_name = models.CharField(_("by"), max_length=40)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True, default="")
    at = models.DateTimeField(_("at"))
    on = models.DateField(_("on"))
    run = models.CharField(_("run"), max_length=32, blank=True, default="")
    is_in_force = models.BooleanField(_("in force"), default=True)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("takes back")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("outcome of a task")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("record_code", "key"), name="outcome_in_force", condition=models.Q(is_in_force=True)
            ),
            models.Index(fields=("by_id", "on"), name="outcome_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.outcome}"
