"""The generations the desk has taken in, and the one row that says which is current."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class Generation(models.Model):
    """One run's decisions as the desk took them in. Where they lie follows from the run's number alone."""

    run_id = models.CharField(_("run"), max_length=32, primary_key=True)
    as_of_on = models.DateField(_("data as of"))
    currency = models.CharField(_("base currency"), max_length=8)
    calendar = models.CharField(_("calendar"), max_length=40)
    calendar_mark = models.CharField(_("evidence mark of the calendar"), max_length=4, default="V")
    firm_name = models.CharField(_("firm"), max_length=120)
    is_made_up = models.BooleanField(_("made-up firm"))
    manifest_hash = models.CharField(_("hash of the manifest"), max_length=64)
    layout_hash = models.CharField(_("hash of the layout"), max_length=64, default="")
    n_clients = models.BigIntegerField(_("clients"))
    taken_in_at = models.DateTimeField(_("taken in at"))
    returns_cut = models.DateTimeField(_("acts of the desk up to"), null=True)
    is_kept = models.BooleanField(_("still readable"), default=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("generation")

    def __str__(self) -> str:
        return self.run_id

    @property
    def as_of(self) -> dt.date:
        """The day the data goes up to; the name every page's frame asks for."""
        return self.as_of_on

    def knows(self, at: dt.datetime) -> bool:
        """Whether the run's decisions already count an act of that instant; what it does not know lies over them."""
        return self.returns_cut is not None and at <= self.returns_cut

    @property
    def is_unusual(self) -> bool:
        """Whether amounts are not yuan or days are not counted on a verified calendar: said on every page."""
        return self.currency != "CNY" or self.calendar_mark == "P"

    @property
    def number(self) -> str:
        """The run as people say it: without leading zeros."""
        return self.run_id.lstrip("0") or self.run_id


class Pointer(models.Model):
    """The only row: which generation people see, and which came before it."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    generation = models.ForeignKey(Generation, models.PROTECT, related_name="+", verbose_name=_("current"))
    previous = models.ForeignKey(
        Generation, models.PROTECT, related_name="+", null=True, verbose_name=_("the one before")
    )

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(only=1), name="one_pointer")]

    def __str__(self) -> str:
        return str(self.generation_id)


class DrawnCut(models.Model):
    """The only row: the last instant up to which acts were told to a run; see `generations.cuts`."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField(_("acts of the desk up to"))

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(only=1), name="one_drawn_cut")]

    def __str__(self) -> str:
        return self.at.isoformat()
