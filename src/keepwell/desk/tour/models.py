"""The stories of the made-up firm, and what of its tour a person has seen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract.schema import Text


class Story(models.Model):
    """One story: of which customer records it is told, and by whom they are looked after.

    It names records, which stay: which client they belong to, and whether the reader may see that client, is asked
    whenever the story is told. `also` are customer records of whom it is told besides, a list a member of staff.
    """

    key = models.CharField(_("key"), max_length=32, primary_key=True)
    position = models.PositiveSmallIntegerField(_("position"))
    on = models.DateField(_("on"))
    title_en = models.CharField(_("title in English"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    look_en = models.CharField(_("what to see, in English"), max_length=400)
    look_zh = models.CharField(_("what to see, in Chinese"), max_length=400)
    staff_code = models.CharField(_("staff number"), max_length=16, blank=True, default="")
    records = models.JSONField(_("customer numbers"), default=list)
    also = models.JSONField(_("told besides of"), default=list)

    class Meta:
        default_permissions = ()
        verbose_name = _("story")

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text(self.title_en, self.title_zh)

    @property
    def casts(self) -> tuple[list[str], ...]:
        """The records it can be told of, the first choice first."""
        return (self.records, *self.also)

    @property
    def look(self) -> Text:
        """What to see."""
        return Text(self.look_en, self.look_zh)


class Tick(models.Model):
    """A person has seen a step of the tour, or wants to be offered it no more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.CharField(_("step"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("step seen")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "step"), name="tour_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.step}"
