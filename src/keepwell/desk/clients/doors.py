"""What this room registers once models are loaded: names of acts, approvals, exports, jobs, panels, staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.clients import bulk, exporting, hung, panels, staffing, views_access, waiting
from keepwell.desk.people import approvals
from keepwell.desk.ui import exports, jobs

VERBS = {
    "clients.read_card": _("Read a client card"),
    "clients.miss_card": _("Asked for a client out of scope"),
    "clients.read_explanation": _("Read how a figure was made"),
    "clients.search": _("Searched clients"),
    "clients.reveal": _("Showed phone, document number or address"),
    "clients.hash_tails": _("Kept what a client is asked for on the pages for clients, as hashes"),
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
    "clients.return_plan": _("Returned an allocation"),
    "clients.carry_out_plan": _("Carried out an approved allocation"),
    "clients.read_access": _("Read who can see a client"),
    "clients.export_list": _("Took the client list away"),
}


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    approvals.register(
        waiting.KIND, _("Overrides"), "clients.approve_override", waiting.waiting, decided=waiting.decided
    )
    exports.register(exporting.NAME, exporting.KIND)
    hung.hang()
    kept = _("What was done before stays done.")
    jobs.register(bulk.KIND, _("Bulk act on clients"), bulk.run, kept=kept, undo_url=bulk.undo_url)
    staffing.register()
    panels.register("access", "clients.read_access", views_access.link, panels.Place.ACTS, position=90)
