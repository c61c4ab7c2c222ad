"""What this room registers once models are loaded: names of acts, notices, what is done to many clients, approvals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.books import assignments, planning, reassigning, rules
from keepwell.desk.people import approvals
from keepwell.desk.ui import jobs, notices

VERBS = {
    "books.reassign": _("Gave a client to another manager"),
    "books.undo_reassign": _("Took a reassignment back"),
    "books.tell_taker": _("Told a manager of new clients"),
    "books.open_plan": _("Took up a plan of allocation"),
    "books.tie": _("Fixed or ruled out a manager for a client"),
    "books.lift_tie": _("Lifted what was fixed or ruled out"),
    "books.agree_plan": _("Agreed to a plan for a team"),
    "books.send_plan": _("Sent a plan for approval"),
    "books.object": _("Objected to a move of a plan"),
    "books.answer_objection": _("Answered an objection"),
    "books.approve_plan": _("Approved a plan of allocation"),
    "books.return_plan": _("Returned a plan of allocation"),
    "books.carry_out_plan": _("Carried out a plan of allocation"),
    "books.end_plan": _("Ended a plan of allocation"),
    "books.print_notice": _("Made the public sheet of a plan"),
}


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    notices.register("books.reassigned", _("%(by)s gave you a client"), "assigned")
    notices.register("books.reassigned_many", _("%(by)s gave you %(n)s clients"), "assigned")
    notices.register("books.plan_opened", _("%(by)s took up plan #%(number)s: look at your team"), "assigned")
    notices.register(
        "books.plan_sent", _("Plan #%(number)s concerns your book; objections until %(day)s"), "informed"
    )
    notices.register(
        "books.objected", _("%(by)s objects to plan #%(number)s; answer until %(day)s"), "assigned"
    )
    notices.register("books.objection_accepted", _("%(by)s accepted your objection: %(answer)s"), "decided")
    notices.register(
        "books.objection_rejected", _("%(by)s did not accept your objection: %(answer)s"), "decided"
    )
    reassigning.offer()
    kept = _("Clients who have moved stay with their new manager; the rest follows when it is started again.")
    jobs.register(
        assignments.CARRY_OUT,
        _("Carry out an approved allocation"),
        planning.carry,
        can_stop=False,
        kept=kept,
    )
    approvals.register(
        planning.KIND,
        _("Proposed allocation"),
        rules.APPROVE,
        planning.waiting,
        decided=planning.decided,
        count=planning.n_waiting,
    )
