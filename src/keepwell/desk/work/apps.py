"""The room of work."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs


class WorkConfig(AppConfig):
    """What is to be done?"""

    name = "keepwell.desk.work"
    label = "work"

    def ready(self) -> None:
        """Name this room's acts."""
        verbs.register(
            {
                "work.open_item": _("Opened a task"),
                "work.settle": _("Settled a task"),
                "work.undo": _("Took a task's outcome back"),
                "work.close_item": _("Closed a task without ground"),
            }
        )
