"""Which clients of the pool a person opened on a day: a limit a day keeps anybody from gathering clients."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients.models import Client


class PoolView(models.Model):
    """One client of the pool opened by one person on one day."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="pool_views")
    by_id = models.BigIntegerField(_("by"))
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        verbose_name = _("client of the pool opened")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["by_id", "on", "client"], name="pool_view_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.client_id} {self.on}"
