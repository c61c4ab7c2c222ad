"""The pages for clients."""

from __future__ import annotations

from django.apps import AppConfig


class ClientPagesConfig(AppConfig):
    """What does a client answer, by themselves?"""

    name = "keepwell.desk.client_pages"
    label = "client_pages"
