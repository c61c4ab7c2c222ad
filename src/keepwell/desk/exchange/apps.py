"""The room of runs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.identities.writeback import vault
from keepwell.desk.people import staff_source
from keepwell.desk.ui import exports
from keepwell.desk.ui.navigation import Page, Place, register


class ExchangeConfig(AppConfig):
    """Can today's figures be used?"""

    name = "keepwell.desk.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Say where the staff of the current run is found, and what this room's acts are called."""
        from keepwell.desk.exchange import quarantine_export, vaulted
        from keepwell.desk.exchange.queries import current_staff

        staff_source.register(current_staff)
        vault.register(vaulted.Vault())
        exports.register(quarantine_export.KIND, quarantine_export.kind())
        verbs.register(
            {
                "exchange.take_in": _("Took a run in"),
                "exchange.write_returns": _("Gave people's acts to the next run"),
                "exchange.read_run": _("Read why a run stopped"),
                "exchange.read_quarantine": _("Read quarantined rows"),
                "exchange.read_source_text": _("Read a row as the source wrote it"),
                "exchange.export_quarantine": _("Took quarantined rows away"),
            }
        )
        register(
            Page(
                url="exchange:runs",
                label=_("Runs"),
                permission="exchange.read_runs",
                places=(Place("hq_brokerage", "overview", 40), Place("admin", "runs", 20)),
                homes={"admin": 1, "hq_brokerage": 1},
            )
        )
        register(
            Page(
                url="exchange:quarantine",
                label=_("Quarantined rows"),
                permission="exchange.read_quarantine",
                places=(Place("hq_brokerage", "overview", 50), Place("admin", "runs", 30)),
            )
        )
