"""Where the pages of this room stand in the navigation, and the numbers beside them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from keepwell.desk.generations.queries import pinned
from keepwell.desk.identities.pairs.queries import n_waiting
from keepwell.desk.identities.writeback.queries import n_back
from keepwell.desk.ui.navigation import Page, Place


def waiting(user: Any) -> int | None:
    """The number beside the queue; nothing before the first run."""
    generation = pinned()
    return n_waiting(user, generation) if generation else None


def back(user: Any) -> int | None:
    """The number beside the write-back: rows that came back refused."""
    return n_back(user) or None


PAIRS = Page(
    url="identities:pairs",
    label=_("Same person"),
    permission="identities.judge",
    places=(Place("service_desk", "clients", 30),),
    homes={"service_desk": 0},  # of whoever sees no list of clients: the service desk of headquarters
    count=waiting,
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
    count=back,
)
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
# Verify facts stands without a number: counting a large branch is for its own page.
PAGES = (PAIRS, MERGES, DUPLICATES, CONFLICTS, WRITE_BACK, REMEDIATION, QUALITY)
