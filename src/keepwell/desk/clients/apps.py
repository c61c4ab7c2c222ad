"""The room of clients."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
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
        """Register the list, the changes, the search box and what this room's acts are called."""
        register(LIST)
        register(CHANGES)
        register(OVERRIDES)
        register_search("clients:search", "clients.search")
        register_palette("clients:palette", "clients.search")
        verbs.register(
            {
                "clients.read_card": _("Read a client card"),
                "clients.miss_card": _("Asked for a client out of scope"),
                "clients.read_explanation": _("Read how a figure was made"),
                "clients.search": _("Searched clients"),
                "clients.reveal": _("Showed phone, document number or address"),
                "clients.propose_override": _("Proposed an override"),
                "clients.approve_override": _("Approved an override"),
                "clients.return_override": _("Returned an override"),
                "clients.withdraw_override": _("Withdrew an override"),
                "clients.save_view": _("Saved a view"),
                "clients.delete_view": _("Deleted a view"),
                "clients.pin_view": _("Pinned a view"),
                "clients.assign": _("Reassigned a client"),
                "clients.choose_home": _("Changed the home branch"),
                "clients.hand_over": _("Handed a leaver's clients over"),
                "clients.approve_plan": _("Approved an allocation"),
                "clients.read_access": _("Read who can see a client"),
                "clients.export_list": _("Took the client list away"),
            }
        )
        _approvals()
        _staffing()


def _approvals() -> None:
    """What waits for a second person in this room: asked for here, when models are loaded."""
    from keepwell.desk.clients import bulk, exporting, hung, waiting
    from keepwell.desk.people import approvals
    from keepwell.desk.ui import exports, jobs

    approvals.register(
        waiting.KIND, _("Overrides"), "clients.approve_override", waiting.waiting, decided=waiting.decided
    )
    exports.register(exporting.NAME, exporting.KIND)
    hung.hang()
    jobs.register(bulk.KIND, _("Bulk act on clients"), bulk.run, kept=_("What was done before stays done."))


def _staffing() -> None:
    """What the people room asks about staff, and what a leaver's clients become."""
    from keepwell.desk.clients import panels, staffing, views_access

    staffing.register()
    panels.register("access", "clients.read_access", views_access.link, panels.Place.ACTS, position=90)
