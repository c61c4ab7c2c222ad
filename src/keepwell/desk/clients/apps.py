"""The room of clients."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui.navigation import Page, Place, register, register_palette, register_search

MINE = _("My clients")
LIST = Page(
    url="clients:list",
    label=_("Clients"),
    permission="clients.read",
    places=(
        Place("manager", "clients", 10, MINE),
        Place("adviser", "clients", 10, MINE),
        Place("team_leader", "work", 20),
        Place("branch_head", "branch", 30),
        Place("counter", "counter", 10),
        Place("service_desk", "clients", 10),
        Place("compliance", "grounds", 20),
        Place("audit", "grounds", 20),
        Place("aml_branch", "clients", 10),
        Place("aml_hq", "grounds", 10),
        Place("hq_brokerage", "clients", 10),
    ),
    homes={"counter": 1, "service_desk": 1, "aml_branch": 1, "aml_hq": 1},
)
CHANGES = Page(
    url="clients:changes",
    label=_("Changes overnight"),
    permission="clients.read_changes",
    places=(
        Place("manager", "clients", 30),
        Place("adviser", "clients", 30),
        Place("team_leader", "work", 30),
        Place("branch_head", "branch", 40),
        Place("hq_brokerage", "clients", 30),
    ),
)
OVERRIDES = Page(url="clients:overrides", label=_("Overrides"), permission="clients.read_overrides")


class ClientsConfig(AppConfig):
    """Who is this client?"""

    name = "keepwell.desk.clients"
    label = "clients"

    def ready(self) -> None:
        """Register the list, the changes, the search box, and what needs the models to be loaded."""
        register(LIST)
        register(CHANGES)
        register(OVERRIDES)
        register_search("clients:search", "clients.search")
        register_palette("clients:palette", "clients.search")
        from keepwell.desk.clients import doors

        doors.register()
