"""Two append-only logs, each with ids and a chain of its own: a gap in the firm's log must not show AML work."""

from __future__ import annotations

from datetime import UTC
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Role
from keepwell.contract.schema import Text
from keepwell.desk.audit.chain import digest

FACTS = (
    "at",
    "actor_id",
    "actor_name",
    "actor_role",
    "verb",
    "subject_kind",
    "subject_id",
    "payload",
    "outcome",
    "reason",
    "run",
)


class Entry(models.Model):
    """One act, read or refusal. The actor is kept as plain id and name: people may go, the log stays."""

    class Outcome(models.TextChoices):
        """Done, or refused with a reason."""

        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    at = models.DateTimeField(_("Time"), db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("Person"), max_length=40, blank=True)
    actor_role = models.CharField(_("Role"), max_length=16, blank=True)
    verb = models.CharField(_("Act"), max_length=64)
    subject_kind = models.CharField(max_length=32, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(_("Reason"), max_length=32, blank=True)
    run = models.CharField(_("Run"), max_length=16, blank=True)
    payload_hash = models.CharField(max_length=64)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["verb", "id"]),
            models.Index(fields=["actor_name", "id"]),
            models.Index(fields=["subject_id", "id"]),
            models.Index(fields=["id"], condition=models.Q(outcome="refused"), name="%(class)s_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor_name} at {self.at:%Y-%m-%d %H:%M:%S}"

    def facts(self) -> dict[str, Any]:
        """What the row's hash covers: everything but the hash itself."""
        facts = {name: getattr(self, name) for name in FACTS}
        return {**facts, "at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}

    def write(self) -> None:
        """Insert the row by one plain statement: on SQLite every other writer waits while this one is at it."""
        fields = [field for field in self._meta.concrete_fields if not field.primary_key]
        names, places = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
        values = [field.get_db_prep_save(getattr(self, field.attname), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self._meta.db_table} ({names}) VALUES ({places}) RETURNING id",  # noqa: S608  our own names
                values,
            )
            (self.pk,) = cursor.fetchone()
        self._state.adding, self._state.db = False, connection.alias

    @property
    def role_text(self) -> Text | None:
        """The actor's role at the time, in both languages."""
        return next((role.text for role in Role if role == self.actor_role), None)

    def digest(self) -> str:
        """Hash of what the row holds now."""
        return digest(self.facts())


class Seal(models.Model):
    """A link of the chain."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}: entry {self.entry_id}"


class FirmEntry(Entry):
    """操作日志: everybody but AML officers."""

    class Meta(Entry.Meta):
        db_table = "audit_firm_entry"


class FirmSeal(Seal):
    """The chain of the firm's log."""

    class Meta:
        db_table = "audit_firm_seal"


class AmlEntry(Entry):
    """专用日志: acts of AML officers, theirs alone."""

    class Meta(Entry.Meta):
        db_table = "audit_aml_entry"


class AmlSeal(Seal):
    """The chain of the AML log."""

    class Meta:
        db_table = "audit_aml_seal"


ENTRIES: dict[str, type[Entry]] = {"firm": FirmEntry, "aml": AmlEntry}
SEALS: dict[str, type[Seal]] = {"firm": FirmSeal, "aml": AmlSeal}
