"""What this room registers once models are loaded: names of acts, notices, what is done to many clients, approvals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.books import (
    assignments,
    fairness_pages,
    handover_rows,
    handovers,
    panels,
    planning,
    reassigning,
    rules,
)
from keepwell.desk.people import approvals
from keepwell.desk.ui import exports, jobs, notices

VERBS = {
    "books.reassign": _("Gave a client to another manager"),
    "books.put_back": _("Let a client of a plan stay after its day"),
    "books.undo_reassign": _("Took a reassignment back"),
    "books.tell_taker": _("Told a manager of new clients"),
    "books.open_plan": _("Took up a plan of allocation"),
    "books.try_policy": _("Tried out an allocation"),
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
    "books.make_handovers": _("Made the hand-over sheets of a plan"),
    "books.change_handover": _("A hand-over sheet followed its plan"),
    "books.give_client": _("Handed a client over"),
    "books.take_client": _("Took a client over"),
    "books.return_handover": _("Sent a hand-over back for completion"),
    "books.declare_profile": _("Declared a fact of the own profile"),
    "books.confirm_profile": _("Decided about a fact of a colleague's profile"),
    "books.end_profile": _("Ended a fact of the own profile"),
    "books.record_need": _("Recorded what a client needs"),
    "books.open_pooled": _("Opened a client of the pool"),
    "books.print_letter": _("Made the letter to a client about the new manager"),
}


def n_to_sign(user: Any) -> int | None:
    """The number beside hand-overs: those that wait for the reader's own signature."""
    return handover_rows.to_sign(user).count() or None


def register() -> None:
    """Call it in `AppConfig.ready`."""
    verbs.register(VERBS)
    _notices()
    panels.hang()
    exports.register(fairness_pages.EXPORT, fairness_pages.KIND)
    reassigning.offer()
    kept = _("Clients who have moved stay with their new manager; the rest follows when it is started again.")
    jobs.register(
        assignments.CARRY_OUT,
        _("Carry out an approved allocation"),
        planning.carry,
        can_stop=False,
        kept=kept,
    )
    jobs.register(
        handovers.SIGN_ALL,
        _("Sign hand-overs"),
        handovers.sign_all,
        kept=_("What was signed before stays so."),
    )
    approvals.register(
        planning.KIND,
        _("Proposed allocation"),
        rules.APPROVE,
        planning.waiting,
        decided=planning.decided,
        count=planning.n_waiting,
    )


def _notices() -> None:
    """The sentences in which people are told."""
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
    notices.register(
        "books.handovers_made", _("Clients to hand over by %(day)s (plan #%(number)s): %(n)s"), "assigned"
    )
    notices.register(
        "books.handed_over", _("Clients handed over to you, to sign for by %(day)s: %(n)s"), "assigned"
    )
    notices.register("books.handover_returned", _("%(by)s sent a hand-over back: %(missing)s"), "assigned")
    notices.register(
        "books.profile_declared", _("%(by)s declared a fact of the profile: confirm it"), "assigned"
    )
    notices.register("books.profile_confirmed", _("%(by)s confirmed your profile: %(what)s"), "decided")
    notices.register(
        "books.profile_returned", _("%(by)s did not confirm your profile (%(what)s): %(reason)s"), "decided"
    )
