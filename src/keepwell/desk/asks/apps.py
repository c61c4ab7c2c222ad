"""The floor of asks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AsksConfig(AppConfig):
    """What would be if?"""

    name = "keepwell.desk.asks"
    label = "asks"
