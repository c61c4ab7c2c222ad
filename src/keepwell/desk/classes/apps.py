"""The room of classes."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui.navigation import Page, Place, register


class ClassesConfig(AppConfig):
    """How do clients spread over the twelve classes?"""

    name = "keepwell.desk.classes"
    label = "classes"

    def ready(self) -> None:
        """Register the page and the file."""
        from keepwell.desk.audit import verbs
        from keepwell.desk.classes import behind, exporting
        from keepwell.desk.ui import exports

        exports.register(exporting.NAME, exporting.KIND)
        verbs.register(
            {exporting.NAME: _("Took the classes away"), behind.VERB: _("Looked up the rows behind a figure")}
        )
        register(
            Page(
                url="classes:spread",
                label=_("Classes"),
                permission="classes.read",
                places=(
                    Place("branch_head", "branch", 35),
                    Place("compliance", "grounds", 30),
                    Place("audit", "grounds", 30),
                    Place("hq_brokerage", "clients", 20),
                ),
            )
        )
