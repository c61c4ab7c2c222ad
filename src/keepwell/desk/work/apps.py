"""The room of work."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.ui.navigation import Page, register, register_notices


class WorkConfig(AppConfig):
    """What is to be done?"""

    name = "keepwell.desk.work"
    label = "work"

    def ready(self) -> None:
        """Register the notices behind the dot of the top bar; name this room's acts."""
        from keepwell.desk.work import complaints, leaving, overlay

        leaving.register()
        overlay.register()
        complaints.register()
        register(Page(url="work:notices", label=_("Notices"), permission="people.own"))
        register_notices("work:notices")
        verbs.register(
            {
                "work.open_item": _("Opened a task"),
                "work.settle": _("Settled a task"),
                "work.undo": _("Took a task's outcome back"),
                "work.close_item": _("Closed a task without ground"),
                "work.open_many": _("Opened tasks for what a run found"),
                "work.turn_many": _("Closed or reopened tasks as a run says"),
            }
        )
