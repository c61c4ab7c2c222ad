"""The room of books."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.ui.navigation import Page, Place, register


class BooksConfig(AppConfig):
    """Who holds whom?"""

    name = "keepwell.desk.books"
    label = "books"

    def ready(self) -> None:
        """Register one overview a scope, the names of acts, and the sentence of who is given a client."""
        from keepwell.desk.ui import notices  # it needs models, which are ready by now

        verbs.register(VERBS)
        notices.register("books.reassigned", _("%(by)s gave you a client"), "assigned")
        notices.register("books.reassigned_many", _("%(by)s gave you %(n)s clients"), "assigned")
        _pages()
        _acts()


VERBS = {
    "books.reassign": _("Gave a client to another manager"),
    "books.undo_reassign": _("Took a reassignment back"),
    "books.tell_taker": _("Told a manager of new clients"),
    "books.decide_plan": _("Decided a proposed allocation"),
}


def _acts() -> None:
    """What may be done to many clients, the job behind an approved plan, and where it waits for a signature."""
    from keepwell.desk.books import actions, planning, reassigning, rules  # they need models, ready by now
    from keepwell.desk.people import approvals
    from keepwell.desk.ui import jobs

    reassigning.offer()
    kept = _("Clients who have moved stay with their new manager; the rest follows when it is started again.")
    jobs.register(
        actions.CARRY_OUT, _("Carry out an approved allocation"), planning.carry, can_stop=False, kept=kept
    )
    approvals.register(
        planning.KIND,
        _("Proposed allocation"),
        rules.APPROVE,
        planning.waiting,
        decided=planning.decided,
        count=planning.n_waiting,
    )


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
