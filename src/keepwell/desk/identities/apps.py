"""The room of identities."""

from __future__ import annotations

from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    """Are these one client?"""

    name = "keepwell.desk.identities"
    label = "identities"

    def ready(self) -> None:
        """Register the pages, what waits for a second person, what the card shows, the file, the names of the acts."""
        from keepwell.desk.audit import verbs
        from keepwell.desk.identities import approvals, pages, panels
        from keepwell.desk.identities.remediation import exporting
        from keepwell.desk.identities.verbs import VERBS
        from keepwell.desk.ui import exports, navigation

        for page in pages.PAGES:
            navigation.register(page)
        panels.hang()
        approvals.hang()
        exports.register(exporting.NAME, exporting.KIND)
        verbs.register(VERBS)
