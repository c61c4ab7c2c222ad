"""The room of identities."""

from __future__ import annotations

from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.ui.navigation import Page, Place, register

PAIRS = Page(
    url="identities:pairs",
    label=_("Same person"),
    permission="identities.judge",
    places=(Place("service_desk", "clients", 30),),
    homes={"service_desk": 0},  # of whoever sees no list of clients: the service desk of headquarters
)
MERGES = Page(
    url="identities:merges",
    label=_("Merges and splits"),
    permission="identities.read_merges",
    places=(
        Place("service_desk", "clients", 40),
        Place("compliance", "grounds", 40),
        Place("audit", "grounds", 40),
    ),
)
DUPLICATES = Page(
    url="identities:duplicates",
    label=_("Duplicate check"),
    permission="identities.check_duplicate",
    places=(Place("counter", "counter", 30), Place("service_desk", "clients", 50)),
)
CONFLICTS = Page(
    url="identities:conflicts",
    label=_("Verify facts"),
    permission="identities.read_conflicts",
    places=(Place("counter", "counter", 40), Place("service_desk", "clients", 45)),
)
WRITE_BACK = Page(
    url="identities:write_backs",
    label=_("Write-back"),
    permission="identities.write_back",
    places=(Place("service_desk", "clients", 60),),
)
VERBS = {
    "identities.read_pair": _("Compared two clients"),
    "identities.judge_pair": _("Judged whether two records are one client"),
    "identities.propose_same": _("Proposed that two valid documents are one client"),
    "identities.agree_same": _("Agreed that two valid documents are one client"),
    "identities.return_same": _("Returned a proposal that two documents are one client"),
    "identities.propose_other": _("Proposed to judge otherwise what two had agreed to"),
    "identities.agree_other": _("Agreed to judge otherwise what two had agreed to"),
    "identities.return_other": _("Returned a proposal to judge otherwise what two had agreed to"),
    "identities.undo_judgement": _("Took a judgement back"),
    "identities.propose_undo": _("Proposed to take back what two had agreed to"),
    "identities.agree_undo": _("Agreed to take back what two had agreed to"),
    "identities.return_undo": _("Left in force what two had agreed to"),
    "identities.read_merges": _("Read how a client came together"),
    "identities.split_client": _("Split a client"),
    "identities.undo_split": _("Took a split back"),
    "identities.propose_split": _("Proposed to split what two had agreed to"),
    "identities.agree_split": _("Agreed to split what two had agreed to"),
    "identities.return_split": _("Returned a proposal to split what two had agreed to"),
    "identities.propose_undo_split": _("Proposed to take back a split that two had agreed to"),
    "identities.agree_undo_split": _("Agreed to take back a split that two had agreed to"),
    "identities.return_undo_split": _("Left a split in force that two had agreed to"),
    "identities.check_duplicate": _("Checked for a duplicate"),
    "identities.read_conflict": _("Read a conflict of identity data"),
    "identities.settle_conflict": _("Settled a conflict of identity data"),
    "identities.try_conflict": _("Looked into a conflict of identity data"),
    "identities.undo_settlement": _("Took a settled conflict back"),
    "identities.verify_number": _("Saw the original of a doubtful number"),
    "identities.drop_number": _("Removed a mistyped number"),
    "identities.make_write_back": _("Made a write-back file"),
    "identities.fetch_write_back": _("Fetched a write-back file"),
    "identities.take_answer": _("Took an answer to a write-back in"),
    "identities.send_again": _("Had a refused row written back again"),
}


class IdentitiesConfig(AppConfig):
    """Are these one client?"""

    name = "keepwell.desk.identities"
    label = "identities"

    def ready(self) -> None:
        """Register the pages, what waits for a second person, the way from the card, and the names of the acts."""
        from keepwell.desk.identities import doors, panels

        register(replace(PAIRS, count=panels.waiting))
        register(MERGES)
        register(DUPLICATES)
        register(CONFLICTS)  # without a number: counting a large branch is for its own page
        register(replace(WRITE_BACK, count=panels.n_back))
        panels.hang()
        doors.hang()
        verbs.register(VERBS)
