"""The room of books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui.navigation import Page, Place, register


class BooksConfig(AppConfig):
    """Who holds whom?"""

    name = "keepwell.desk.books"
    label = "books"

    def ready(self) -> None:
        """Register one overview a scope, the names of acts, and the sentence of who is given a client."""
        from keepwell.desk.books import doors, pooling  # it needs models, which are ready by now

        doors.register()
        _pages()
        _planning()
        _serving(doors.n_to_sign, pooling.READ)


def _pages() -> None:
    """One overview a scope."""
    register(
        Page(
            url="books:mine",
            label=_("My book"),
            permission="books.read_mine",
            places=(Place("manager", "clients", 20), Place("adviser", "clients", 20)),
            homes={"manager": 1, "adviser": 1},
        )
    )
    register(
        Page(
            url="books:team",
            label=_("Team board"),
            permission="books.read_team",
            places=(Place("team_leader", "team", 20), Place("branch_head", "team", 20)),
            homes={"team_leader": 9},
        )
    )
    register(
        Page(
            url="books:branch",
            label=_("Branch overview"),
            permission="books.read_branch",
            places=(Place("branch_head", "branch", 10),),
            homes={"branch_head": 9},
        )
    )
    register(
        Page(
            url="books:firm",
            label=_("Firm overview"),
            permission="books.read_firm",
            places=(Place("hq_brokerage", "overview", 10),),
            homes={"hq_brokerage": 9},
        )
    )


def _planning() -> None:
    """Plans of allocation, and objections to them."""
    register(
        Page(
            url="books:plans",
            label=_("Allocation"),
            permission="books.read_plans",
            places=(
                Place("team_leader", "team", 10),
                Place("branch_head", "team", 10),
                Place("hq_brokerage", "clients", 20),
            ),
        )
    )
    register(
        Page(
            url="books:objections",
            label=_("Objections"),
            permission="books.object",
            places=(
                Place("manager", "clients", 40),
                Place("adviser", "clients", 40),
                Place("team_leader", "team", 30),
                Place("branch_head", "team", 30),
            ),
        )
    )


def _serving(n_to_sign: Callable[[Any], int | None], read_pool: str) -> None:
    """Hand-overs, the pool, fairness, strengths and needs."""
    register(
        Page(
            url="books:handovers",
            label=_("Hand-overs"),
            permission="books.read_handovers",
            places=(
                Place("manager", "clients", 50),
                Place("adviser", "clients", 50),
                Place("team_leader", "team", 40),
            ),
            count=n_to_sign,
        )
    )
    register(Page(url="books:pool", label=_("Pool"), permission=read_pool))
    register(
        Page(
            url="books:fairness",
            label=_("Fairness"),
            permission="books.read_fairness",
            places=(Place("compliance", "inspect", 40), Place("audit", "inspect", 40)),
        )
    )
    register(
        Page(
            url="books:profiles",
            label=_("Strengths and needs"),
            permission="books.read_profiles",
            places=(
                Place("manager", "reference", 10),
                Place("adviser", "reference", 10),
                Place("team_leader", "team", 50),
            ),
        )
    )
