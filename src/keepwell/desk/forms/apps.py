"""The room of one-time forms."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """What is a client asked outside the desk?"""

    name = "keepwell.desk.forms"
    label = "forms"
