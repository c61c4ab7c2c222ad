"""Where each value comes from and where records disagree, as the run wrote it; what people found out, and by when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import golden, identity, related
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.decided import Decided
from keepwell.desk.identities.models.columns import person, side
from keepwell.desk.work.models import choices


class GoldenField(Decided, table=identity.GoldenField):
    """What each record of a client says of a fact, and which value counts."""


class IdentityConflict(
    Decided,
    table=identity.IdentityConflict,
    indexes=[("urgency", "since_on", "conflict_key"), ("client_id",)],
):
    """A fact in which a client's records disagree, as the run wrote it."""

    client = side("client")


class LimitedAccount(Decided, table=identity.LimitedAccount, indexes=[("client_id",)]):
    """An open account of a kind and market of which the client has more than the limit."""


class RelatedPerson(Decided, table=related.RelatedPerson):
    """Somebody in connection with a client; its grain begins with the client."""


class Verification(models.Model):
    """What came of looking into a conflict, with the client: never changed, only taken back.

    The conflict's key holds its values: when one of them changes, the conflict is another and waits again.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        NOTED = "noted", _("Noted")
        IN_FORCE = "in_force", _("In force")
        UNDONE = "undone", _("Taken back")

    conflict_key = models.CharField(_("conflict"), max_length=80, db_index=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    record_code = models.CharField(_("customer number"), max_length=32)
    golden_field = models.CharField(_("fact"), max_length=32, choices=choices(golden.Fact), blank=True)
    finding = models.CharField(_("finding"), max_length=32, choices=choices(golden.Finding))
    how = models.CharField(_("how"), max_length=32, choices=choices(golden.VerifiedBy))
    grounds = models.CharField(_("grounds"), max_length=200)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_FORCE)
    undone_by = person(_("taken back by"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("verification")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("record_code", "-at"), name="verification_of_record"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("conflict_key",),
                condition=models.Q(state="in_force"),
                name="one_verification_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conflict_key}: {self.finding} ({self.state})"


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
    by = person(_("proposed by"))
    at = models.DateTimeField(_("proposed at"))
    run = models.CharField(_("run"), max_length=32)
    decided_by = person(_("decided by"), null=True)
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
