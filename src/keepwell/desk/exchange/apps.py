"""The room of runs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.people import staff_source


class ExchangeConfig(AppConfig):
    """Can today's figures be used?"""

    name = "keepwell.desk.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Say where the staff of the current run is found, and what this room's acts are called."""
        from keepwell.desk.exchange.queries import current_staff

        staff_source.register(current_staff)
        verbs.register({"exchange.take_in": _("Took a run in")})
