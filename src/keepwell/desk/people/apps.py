"""The people room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Log-in, roles, one's own settings, and everything that waits for a signature."""

    name = "keepwell.desk.people"
    label = "people"

    def ready(self) -> None:
        """Register what waits for a signature, the way of files out of the house, and what acts are called."""
        from keepwell.desk.people import doors, exits

        exits.register()
        doors.register()
