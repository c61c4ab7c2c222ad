"""The people room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Log-in, roles and one's own settings; its pages stand in the user's menu, not in the navigation."""

    name = "keepwell.desk.people"
    label = "people"
