"""What this room registers about signatures and files: the page, the panel, the job, the names of acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.people import approvals, export_panel, exports
from keepwell.desk.ui import jobs
from keepwell.desk.ui.navigation import Page, Place
from keepwell.desk.ui.navigation import register as register_page

VERBS = {
    "people.request_export": _("Asked for a file"),
    "people.approve_export": _("Let a file go"),
    "people.return_export": _("Returned a request for a file"),
    "people.withdraw_export": _("Withdrew a request for a file"),
    "people.decide_export": _("Decided on a file"),
    "people.export": _("Asked for a file"),
}


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    approvals.register(
        export_panel.KIND,
        _("Exports"),
        "people.approvals",
        export_panel.waiting,
        decided=export_panel.decided,
        rows=export_panel.open_to,
    )
    jobs.register(
        exports.JOB,
        _("Export"),
        exports.run,
        kept=_("No file was kept. The approval stands."),
        finished=exports.finished,
        may_fetch=exports.may_fetch,
    )
    register_page(
        Page(
            url="people:approvals",
            label=_("My approvals"),
            permission="people.approvals",
            places=(
                Place("branch_head", "branch", 20),
                Place("compliance", "handle", 30),
                Place("audit", "handle", 30),
                Place("hq_brokerage", "overview", 30),
                Place("admin", "people", 30),
            ),
            count=approvals.n_waiting,
        )
    )
    register_page(Page(url="people:exports", label=_("My exports"), permission="people.own"))
