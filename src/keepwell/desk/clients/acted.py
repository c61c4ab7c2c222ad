"""What people decide and keep about clients: overrides of a grade, saved views, clients opened lately.

These are acts: no run changes them. They point to the client anchor, which outlives every run.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_QUERY = 1000  # letters of the filters that a view holds


class Override(models.Model):
    """Someone says that a client's grade or service type should be another until a day; a second person decides."""

    class Field(models.TextChoices):
        """What may be decided by people instead of the rules."""

        GRADE = "grade", _("Grade")
        SERVICE_TYPE = "service_type", _("Service type")

    class State(models.TextChoices):
        """How far it has come."""

        PROPOSED = "proposed", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="overrides", verbose_name=_("client")
    )
    record_code = models.CharField(_("customer number"), max_length=32, blank=True, default="")
    field = models.CharField(_("what"), max_length=16, choices=Field.choices)
    from_value = models.CharField(_("decided by the rules"), max_length=16)
    to_value = models.CharField(_("decided by people"), max_length=16)
    reason = models.CharField(_("reason"), max_length=500)
    expires_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        default_permissions = ()
        verbose_name = _("override")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("client", "state"), name="override_of_client"),
            models.Index(fields=("state", "-proposed_at", "-id"), name="override_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("client", "field"),
                condition=models.Q(state="proposed"),
                name="one_override_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="override_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.field} {self.from_value} > {self.to_value} ({self.state})"


class PlanDecision(models.Model):
    """What the head of a branch decided about one run's proposal: carried out from that day, or returned."""

    branch_code = models.CharField(_("branch"), max_length=16)
    run = models.CharField(_("run"), max_length=32)
    is_approved = models.BooleanField(_("approved"))
    is_done = models.BooleanField(_("carried out"), default=False)
    n_changes = models.PositiveIntegerField(_("clients who change manager"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("by"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("decision about a proposed allocation")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("branch_code", "run"), name="one_decision_of_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.branch_code} {self.run}: {'approved' if self.is_approved else 'returned'}"


class SavedView(models.Model):
    """Filters of the client list under a name: one's own, or the team's, who each see their own clients by it."""

    class Reach(models.TextChoices):
        """Who finds the view."""

        PRIVATE = "private", _("Private")
        TEAM = "team", _("Team")
        BRANCH = "branch", _("Branch")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("saved by")
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=LONGEST_QUERY, blank=True)
    reach = models.CharField(_("who finds it"), max_length=8, choices=Reach.choices, default=Reach.PRIVATE)
    place_code = models.CharField(_("team or branch"), max_length=16, blank=True, default="")
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("saved view")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("reach", "place_code"), name="view_by_reach"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("owner", "name"), name="one_view_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PinnedView(models.Model):
    """A view that a person keeps in front."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="pins")

    class Meta:
        default_permissions = ()
        verbose_name = _("pinned view")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "view"), name="pinned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class RecentClient(models.Model):
    """A client whose card a person has opened lately; only the newest few are kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("client opened lately")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("user", "-opened_at"), name="recent_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "client"), name="recent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.client_id}"
