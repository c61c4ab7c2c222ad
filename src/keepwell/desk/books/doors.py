"""What this room registers once models are loaded: names of acts, notices, what is done to many clients, approvals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.books import actions, planning, reassigning, rules
from keepwell.desk.people import approvals
from keepwell.desk.ui import jobs, notices

VERBS = {
    "books.reassign": _("Gave a client to another manager"),
    "books.undo_reassign": _("Took a reassignment back"),
    "books.tell_taker": _("Told a manager of new clients"),
    "books.decide_plan": _("Decided a proposed allocation"),
}


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    notices.register("books.reassigned", _("%(by)s gave you a client"), "assigned")
    notices.register("books.reassigned_many", _("%(by)s gave you %(n)s clients"), "assigned")
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
