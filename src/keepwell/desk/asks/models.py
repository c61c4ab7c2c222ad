"""Asks with who asked, and what was answered."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract.asking import OVER, AskKind, AskState
from keepwell.desk.columns import in_reader_language


class Ask(models.Model):
    """One ask. ``body`` and ``answer`` name clients and staff by number alone.

    People are kept as plain id and name: this floor holds no key to anyone.
    """

    key = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(_("kind"), max_length=20)
    run_id = models.CharField(_("run"), max_length=32)
    body = models.JSONField(default=dict)
    seconds = models.PositiveSmallIntegerField()
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=40)
    stream = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=str(AskState.WAITING))
    answer = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["actor_id", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return AskState.of(self.state) in OVER

    @property
    def state_text(self) -> str:
        """What became of it, in the reader's language."""
        return in_reader_language(AskState.of(self.state).text)

    @property
    def kind_text(self) -> str:
        """What was asked, in the reader's language."""
        return in_reader_language(AskKind.of(self.kind).text)

    @property
    def waits_until(self) -> dt.datetime:
        """When whoever asked waits no longer."""
        return self.asked_at + dt.timedelta(seconds=self.seconds)

    def as_file(self) -> dict[str, Any]:
        """What the host is told: not who asks."""
        return {
            "kind": self.kind, "run": self.run_id, "asked_at": self.asked_at.isoformat(), "seconds": self.seconds,
            "body": self.body,
        }  # fmt: skip
