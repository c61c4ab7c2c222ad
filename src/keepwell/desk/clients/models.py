"""The persistent client anchor, and the run's decisions about clients.

The anchor outlives every run: people's acts point to it, and so do the decisions, neither at the other.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from urllib.parse import quote

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keepwell.contract import allocation, changes, features, grading, identity, moments, suitability
from keepwell.contract.sources import firm, products
from keepwell.desk.clients import lines
from keepwell.desk.generations.decided import Decided

WARNED = {"leaving", "asleep", "lost"}


class Client(models.Model):
    """The anchor of a client: added by intake, marked when a run no longer has it, never deleted."""

    client_id = models.CharField(_("client"), max_length=34, primary_key=True)
    born_run = models.CharField(_("first run"), max_length=32)
    absent_since_run = models.CharField(_("absent since run"), max_length=32, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("merged into")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("client")

    def __str__(self) -> str:
        return self.client_id


class Place(models.Model):
    """Who looks after the client now and which branch is home: row scope follows from this row alone.

    One row a client, kept from run to run; `Assignment` holds the dated acts behind it.
    """

    class Grounds(models.TextChoices):
        """Why the manager is the manager."""

        SOURCE = "source", _("the firm's own assignment")
        PLAN = "plan", _("an approved plan")
        ACT = "act", _("reassigned by a person")
        LEAVER = "leaver", _("the manager left; the leader holds the client until it is reassigned")
        WISH = "wish", _("the client's wish")

    client = models.OneToOneField(
        Client, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="place"
    )  # anchors are never deleted, so nothing has to be checked at each of a million rows
    manager_code = models.CharField(_("manager"), max_length=16, null=True)  # noqa: DJ001  as the contract's column
    home_branch_code = models.CharField(_("home branch"), max_length=16)
    since_on = models.DateField(_("since"), null=True)
    grounds = models.CharField(_("grounds"), max_length=8, choices=Grounds.choices, default=Grounds.SOURCE)
    home_is_wish = models.BooleanField(_("home branch by the client's wish"), default=False)
    is_existing = models.BooleanField(_("existing client"), default=False)  # as the latest run says

    class Meta:
        default_permissions = ()
        verbose_name = _("place of a client")
        indexes = [
            models.Index(fields=["manager_code"], name="place_manager"),
            models.Index(fields=["home_branch_code"], name="place_home_branch"),
            models.Index(
                fields=["manager_code", "home_branch_code"],
                name="place_of_existing",
                condition=models.Q(is_existing=True),
            ),  # whom a manager has, or nobody, is counted in it alone
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.manager_code or '-'} at {self.home_branch_code}"


class Assignment(models.Model):
    """One dated act: from `starts_on` the client is looked after by `staff_code`, or at home in `branch_code`.

    Periods are half-open; `ends_on` is empty while the act holds. `record_code` is the customer record it concerned,
    so that a split can route it.
    """

    class Relation(models.TextChoices):
        """What the act settles: the manager, or the home branch."""

        SERVICE = "service", _("Service")
        HOME = "home", _("Home branch")

    client = models.ForeignKey(Client, models.PROTECT, related_name="assignments")
    record_code = models.CharField(_("customer number"), max_length=32, blank=True)
    relation = models.CharField(_("relation"), max_length=12, choices=Relation.choices)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True)
    branch_code = models.CharField(_("branch"), max_length=16)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True)
    grounds = models.CharField(_("grounds"), max_length=8, choices=Place.Grounds.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("by"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)

    class Meta:
        default_permissions = ()
        verbose_name = _("assignment")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "relation"],
                condition=models.Q(ends_on=None),
                name="one_assignment_in_force",
            ),
        ]
        # The instant first: with the relation first SQLite would look for a client's acts among all of the relation.
        indexes = [models.Index(fields=["at", "relation"], name="assignment_by_at")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.relation} {self.staff_code or self.branch_code} from {self.starts_on}"


def _one(related_name: str) -> models.OneToOneField[Client, Client]:
    return models.OneToOneField(
        Client, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name=related_name
    )


def _many(related_name: str) -> models.ForeignKey[Client, Client]:
    return models.ForeignKey(
        Client, models.DO_NOTHING, db_constraint=False, db_index=False, related_name=related_name
    )


@cache
def _card_pattern() -> str:
    return reverse("clients:card", args=["-"])


def card_address(client_id: str) -> str:
    """Address of a client's card; the pattern is looked up once a process, for a list has one a row."""
    return _card_pattern().replace("-", quote(client_id, safe=""))


class ClientLine(
    Decided, table=lines.ClientLine, indexes=lines.ClientLine.indexes, fill=lines.fill_statement()
):
    """One line of a client list; `manager_name` and `branch_name` are set by the query that lists it.

    So is what people did since the run (`overlay`): the latest contact, the open tasks and the nearest deadline.
    """

    client = _one("line")
    manager_name = branch_name = ""
    desk_contact_on: dt.date | None = None
    desk_tasks: tuple[int, dt.date | None] | None = None

    def get_absolute_url(self) -> str:
        """The client's card."""
        return card_address(self.client_id)

    @property
    def contacted_on(self) -> dt.date | None:
        """The latest contact known, of the run or of the desk since."""
        return max(filter(None, (self.last_contact_on, self.desk_contact_on)), default=None)

    @property
    def n_tasks(self) -> int:
        """How many tasks are open now."""
        return self.n_moments if self.desk_tasks is None else self.desk_tasks[0]

    @property
    def next_task_on(self) -> dt.date | None:
        """The nearest of their deadlines."""
        return self.next_due_on if self.desk_tasks is None else self.desk_tasks[1]

    @property
    def is_warned(self) -> bool:
        """Whether the state asks for attention."""
        return self.activity_state in WARNED


class ClientProfile(Decided, table=identity.Client):
    """Who the client is: the decided table `client`."""

    client = _one("profile")


class ClientFeature(Decided, table=features.ClientFeature):
    """What is known of the client as of the run's date."""

    client = _one("features")


class ClientGrade(Decided, table=grading.ClientGrade):
    """Grade, service type and activity state."""

    client = _one("grade")


class AllocationProposal(
    Decided, table=allocation.AllocationProposal, indexes=[("branch_code", "is_change")]
):
    """The manager the engine proposes."""

    client = _one("proposal")


class ClientRecord(Decided, table=identity.ClientRecord, indexes=[("client_id",)]):
    """The customer records that are this client."""

    client = _many("records")


class ClientSecret(Decided, table=identity.ClientSecret, seals=True):
    """Document number, phone and address, encrypted; `actions.reveal` alone opens them."""

    client = _one("secret")


class ClientAccount(Decided, table=identity.ClientAccount, indexes=[("client_id",)]):
    """The fund accounts of the client."""

    client = _many("accounts")


class SearchToken(Decided, table=identity.SearchToken):
    """Words by which the client is found."""

    client = _many("tokens")


class Moment(Decided, table=moments.Moment, indexes=[("manager_code", "due_on")]):
    """Occasions to be in touch."""

    client = _many("moments")


class ClientChange(Decided, table=changes.ClientChange, indexes=[("changed", "client_id")]):
    """What the run decided differently from its parent."""

    client = _many("changes")


class ClientMove(
    Decided,
    table=changes.ClientMove,
    indexes=[
        ("before_grade", "before_service_type", "client_id"),
        ("before_activity_state", "client_id"),
    ],
):
    """Whose class or state is another than when the month before ended."""

    client = _one("move")


class Branch(Decided, table=firm.Branch):
    """The firm's branches, as the run saw them."""


class Team(Decided, table=firm.Team):
    """The firm's teams, as the run saw them."""


class Staff(Decided, table=firm.Staff):
    """The firm's staff, as the run saw them."""


class Product(Decided, table=products.Product):
    """The products clients hold."""


class ProductSuitability(Decided, table=suitability.ProductSuitability):
    """The level each product counts with: the firm's own, never below the list."""
