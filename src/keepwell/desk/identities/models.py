"""The run's pairs, evidence and events; and what people said of them, which no run changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract import codes, golden, identity, related
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.decided import Decided
from keepwell.desk.identities import lines, mending, sent
from keepwell.desk.work.models import choices


def _side(name: str) -> models.ForeignKey[Client, Client]:
    return models.ForeignKey(
        Client, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name=name
    )


class IdentityPair(Decided, table=identity.IdentityPair):
    """Two customer records that wait for a judgement, as the run wrote them."""


class PairLine(Decided, table=lines.PairLine, indexes=lines.PairLine.indexes, fill=lines.fill_statement()):
    """The same pair as the queue orders it."""

    left_client = _side("left")
    right_client = _side("right")


class PairEvidence(Decided, table=identity.PairEvidence):
    """How the two records of a pair agree, field by field."""


class ClientEvent(Decided, table=identity.ClientEvent):
    """A record whose client is another than in the run before."""


class GoldenField(Decided, table=identity.GoldenField):
    """What each record of a client says of a fact, and which value counts."""


class IdentityConflict(
    Decided,
    table=identity.IdentityConflict,
    indexes=[("urgency", "since_on", "conflict_key"), ("client_id",)],
):
    """A fact in which a client's records disagree, as the run wrote it."""

    client = _side("client")


class LimitedAccount(Decided, table=identity.LimitedAccount, indexes=[("client_id",)]):
    """An open account of a kind and market of which the client has more than the limit."""


class RelatedPerson(Decided, table=related.RelatedPerson):
    """Somebody in connection with a client; its grain begins with the client."""


def _person(name: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=name, **options
    )


class Split(models.Model):
    """Customer numbers taken out of a client: one act, which stands behind a judgement for each pair across it.

    Across a pair of which two have agreed that it is one client it is proposed by one and has no judgements until
    another agrees. What two agreed to, two take back.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        RETURNED = "returned", _("Returned")
        UNDONE = "undone", _("Taken back")

    STANDS: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.IN_FORCE)

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    taken = models.JSONField(_("customer numbers taken out"))
    kept = models.JSONField(_("customer numbers that stay"))
    reason = models.CharField(_("reason"), max_length=32, choices=choices(codes.JudgementReason))
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")
    by = _person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_FORCE)
    in_force_at = models.DateTimeField(_("in force since"), null=True)
    second_by = _person(_("agreed by"), null=True)
    second_at = models.DateTimeField(_("agreed at"), null=True)
    second_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    undone_by = _person(_("taken back by"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undo_asked_by = _person(_("taking back proposed by"), null=True)
    undo_asked_at = models.DateTimeField(_("taking back proposed at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("split")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("state", "-at", "-id"), name="split_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("by")),
                name="split_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {', '.join(self.taken)}"


class Judgement(models.Model):
    """What somebody said of two customer records: never changed, only taken back or followed by another.

    A "same" against two valid documents, and whatever is said of what two have agreed to, is proposed by one and comes
    into force when another has agreed; until then what was in force stays so. Of a pair one row at most is in force,
    and one at most proposed.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        RETURNED = "returned", _("Returned")
        FOLLOWED = "followed", _("Followed by another")
        UNDONE = "undone", _("Taken back")

    STANDS: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.IN_FORCE)

    left_code = models.CharField(_("customer number"), max_length=32)
    right_code = models.CharField(_("customer number"), max_length=32)
    left_client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    right_client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    judgement = models.CharField(_("Judgement"), max_length=16, choices=choices(codes.Judgement))
    reason = models.CharField(_("reason"), max_length=32, choices=choices(codes.JudgementReason))
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")
    proof = models.CharField(_("Proof of the change"), max_length=200, blank=True, default="")
    by = _person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_FORCE)
    in_force_at = models.DateTimeField(_("in force since"), null=True)
    second_by = _person(_("agreed by"), null=True)
    second_at = models.DateTimeField(_("agreed at"), null=True)
    second_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    undone_by = _person(_("taken back by"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undo_asked_by = _person(_("taking back proposed by"), null=True)
    undo_asked_at = models.DateTimeField(_("taking back proposed at"), null=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("follows")
    )
    split = models.ForeignKey(
        Split, models.PROTECT, null=True, related_name="judgements", verbose_name=_("split")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("judgement")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("state", "-at", "-id"), name="judgement_by_state"),
            models.Index(fields=("left_code",), name="judgement_of_left"),
            models.Index(fields=("right_code",), name="judgement_of_right"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("left_code", "right_code", "state"),
                condition=models.Q(state__in=("proposed", "in_force")),
                name="one_judgement_a_state",
            ),
            models.CheckConstraint(
                condition=models.Q(left_code__lt=models.F("right_code")), name="judgement_left_is_lesser"
            ),
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("by")),
                name="judgement_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_code} {self.right_code}: {self.judgement} ({self.state})"


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
    by = _person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_FORCE)
    undone_by = _person(_("taken back by"), null=True)
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


class KeptEvent(models.Model):
    """A merge or split that some run made, kept when the run is gone: by it an old client number is found."""

    run = models.CharField(_("run"), max_length=32)
    on = models.DateField(_("data as of"))
    record_code = models.CharField(_("customer number"), max_length=32)
    from_client_id = models.CharField(_("client before"), max_length=34)
    to_client_id = models.CharField(_("client now"), max_length=34)
    event = models.CharField(_("event"), max_length=32, choices=choices(codes.IdentityEvent))
    event_reason = models.CharField(_("reason"), max_length=32)

    class Meta:
        default_permissions = ()
        verbose_name = _("merge or split")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("record_code",), name="kept_event_of_record"),
            models.Index(fields=("from_client_id",), name="kept_event_before"),
            models.Index(fields=("to_client_id",), name="kept_event_now"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("run", "record_code", "from_client_id", "to_client_id"), name="event_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_code}: {self.from_client_id} > {self.to_client_id} ({self.run})"


class DuplicateCheck(models.Model):
    """Somebody asked whether a person is on file; of the number only a keyed hash is kept."""

    class Answer(models.TextChoices):
        """What was answered."""

        FOUND = "found", _("On file")
        NONE = "none", _("Not on file")
        DOUBTFUL = "doubtful", _("Check digit does not fit")

    digest = models.CharField(_("hash of the number"), max_length=32)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices)
    branch_code = models.CharField(_("asked from branch"), max_length=16, blank=True)
    by = _person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    verified_by = _person(_("verified by"), null=True)
    verified_at = models.DateTimeField(_("verified at"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("duplicate check")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("branch_code", "-id"),
                name="check_to_verify",
                condition=models.Q(answer="doubtful", verified_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:6]}: {self.answer}"


WriteBack, WriteBackRow, Acknowledgement = sent.WriteBack, sent.WriteBackRow, sent.Acknowledgement
KeptQuality, Extension = mending.KeptQuality, mending.Extension
