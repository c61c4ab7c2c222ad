"""What this room registers about people, roles and covers: pages, the panel, the names of acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.people import approvals, staffing
from keepwell.desk.ui.navigation import Page, Place
from keepwell.desk.ui.navigation import register as register_page

VERBS = {
    "people.propose_grant": _("Proposed a role"),
    "people.withdraw_grant": _("Withdrew a proposed role"),
    "people.grant_role": _("Gave a role"),
    "people.return_grant": _("Returned a proposed role"),
    "people.decide_grant": _("Decided on a role"),
    "people.disable": _("Disabled a login"),
    "people.cover": _("Set a cover"),
    "people.covers": _("Set a cover"),
    "people.end_cover": _("Ended a cover"),
    "people.new": _("Proposed a role"),
    "people.role": _("Proposed a role"),
    "people.reset": _("Asked for a new password"),
    "people.propose_file": _("Proposed a staff file"),
}


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    approvals.register(
        staffing.KIND,
        _("Roles"),
        "people.grant",
        staffing.waiting,
        decided=staffing.decided,
        rows=staffing.open_to,
    )
    register_page(
        Page(
            url="people:staff",
            label=_("People"),
            permission="people.read",
            places=(Place("admin", "people", 10),),
        )
    )
    register_page(
        Page(
            url="people:roles",
            label=_("Roles"),
            permission="people.read",
            places=(Place("admin", "people", 20),),
        )
    )
    register_page(
        Page(
            url="people:covers",
            label=_("Covers"),
            permission="people.cover",
            places=(Place("team_leader", "team", 30), Place("branch_head", "team", 30)),
        )
    )
