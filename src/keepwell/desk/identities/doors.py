"""What the boards hang elsewhere: pages in the navigation, a file, a panel of approvals, the names of the acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.identities import deadlines, exporting, later, letting_go, releases
from keepwell.desk.people import approvals
from keepwell.desk.ui import exports
from keepwell.desk.ui.navigation import Page, Place, register

REMEDIATION = Page(
    url="identities:remediation",
    label=_("Remediation"),
    permission="identities.read_remediation",
    places=(
        Place("branch_head", "service", 50),
        Place("counter", "counter", 50),
        Place("service_desk", "clients", 46),
        Place("hq_brokerage", "clients", 40),
    ),
)
QUALITY = Page(
    url="identities:quality",
    label=_("Data quality"),
    permission="identities.read_remediation",
    places=(
        Place("branch_head", "service", 60),
        Place("service_desk", "clients", 47),
        Place("hq_brokerage", "clients", 50),
    ),
)
VERBS = {
    "identities.export_remediation": _("Took clients to be brought up to date away"),
    "identities.extend_conflict": _("Asked for a later due date of a conflict"),
    "identities.agree_extension": _("Agreed to a later due date of a conflict"),
    "identities.return_extension": _("Returned a later due date of a conflict"),
    "identities.withdraw_extension": _("Withdrew a later due date of a conflict"),
    "identities.agree_write_back": _("Let a write-back file go"),
    "identities.return_write_back": _("Returned a write-back file"),
    "identities.withdraw_write_back": _("Withdrew a write-back file"),
    "identities.decide_write_back": _("Decided on a write-back file"),
    "identities.weigh_write_back": _("Read a write-back file that waits"),
}


def hang() -> None:
    """Register all of it; called when the room is ready."""
    register(REMEDIATION)
    register(QUALITY)
    exports.register(exporting.NAME, exporting.KIND)
    approvals.register(
        releases.KIND,
        _("Write-back"),
        letting_go.AGREE,
        releases.waiting,
        decided=releases.decided,
        rows=releases.open_to,
    )
    approvals.register(later.KIND, _("Later due date"), deadlines.AGREE, later.waiting, decided=later.decided)
    verbs.register(VERBS)
