"""Plans of allocation: the list, one plan, one client of it, and what is decided about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from keepwell.desk.books import (
    actions,
    assignments,
    plan_rows,
    plan_words,
    planning,
    proving,
    reviewing,
    rules,
    swapping,
)
from keepwell.desk.books.acted import Plan, PlanMove
from keepwell.desk.books.queries import certificates_of
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import demand, page, requires


def who(request: HttpRequest) -> User:
    """The person who asks; `requires` lets nobody else in."""
    user: Any = request.user
    return user


def plan_or_404(request: Pinned, pk: int) -> Plan:
    """A plan within scope."""
    plan = plan_rows.one(who(request), pk)
    if plan is None:
        raise Http404(pk)
    return plan


def move_or_404(request: Pinned, pk: int) -> PlanMove:
    """A client of a plan, if that concerns the user."""
    move = plan_rows.move(who(request), pk)
    if move is None:
        raise Http404(pk)
    return move


@requires(rules.READ)
@needs_run
def plans(request: Pinned) -> HttpResponse:
    """How far has each branch's plan come?"""
    return page(request, "books/plans.html", planning.listed(who(request), request.GET.get("after", "")))


@requires(rules.READ)
@needs_run
def proposal(request: Pinned) -> HttpResponse:
    """What would the run change, and to whom, before anybody takes it up?"""
    user = who(request)
    plan = plan_rows.open_of(user.branch_code) if user.branch_code else None
    manager = request.GET.get("manager", "")[:16]
    if plan is not None:
        return redirect(f"/books/plan/{plan.pk}/" + (f"?manager={manager}" if manager else ""))
    context = planning.proposal(user, manager, request.GET.get("after", ""))
    context["proof"] = certificates_of([user.branch_code]).get(user.branch_code)
    return page(request, "books/proposal.html", context)


@requires(rules.READ)
@needs_run
def plan(request: Pinned, pk: int) -> HttpResponse:
    """Is it divided rightly: who comes, who goes, why, and within which limits?"""
    found = plan_or_404(request, pk)
    asked = request.GET.get("manager", "")[:16], request.GET.get("after", "")
    return page(request, "books/plan.html", planning.shown(who(request), found, *asked))


@requires(rules.READ)
@needs_run
def proof(request: Pinned, pk: int) -> HttpResponse:
    """Does the plan hold, reckoned anew from the evidence alone?"""
    found = plan_or_404(request, pk)
    return page(request, "books/proved.html", {"plan": found, "proof": proving.proof(found)})


@requires(rules.REVIEW)
@needs_run
def swaps(request: Pinned) -> HttpResponse:
    """Which two clients of the branch would gain together by changing places?"""
    return page(request, "books/swaps.html", swapping.listed(who(request)))


@require_POST
@requires(rules.REVIEW)
@needs_run
def open_plan(request: Pinned) -> HttpResponse:
    """Take the run's proposal for the branch up as a plan."""
    found = actions.open_plan(by=who(request), at=timezone.now(), run=request.generation.run_id)
    messages.success(
        request, gettext("Taken up as plan #%(number)s. Teams look at it now.") % {"number": found.pk}
    )
    return redirect("books:plan", found.pk)


@require_POST
@requires(rules.REVIEW)
@needs_run
def agree(request: Pinned, pk: int) -> HttpResponse:
    """Agree for one's team; the last one sends the plan for approval."""
    found = plan_or_404(request, pk)
    now = actions.agree(plan=found, generation=request.generation, by=who(request), at=timezone.now())
    is_sent = now.state == Plan.State.OBJECTIONS
    said = gettext("Agreed, and sent for approval.") if is_sent else gettext("Agreed for your team.")
    messages.success(request, said)
    return redirect("books:plan", pk)


@require_POST
@requires(rules.APPROVE)
@needs_run
def decide(request: Pinned, pk: int) -> HttpResponse:
    """Approve a plan of one's branch, or return it with a reason."""
    decision = approvals.read_decision(request)
    found = assignments.decide(
        plan=plan_or_404(request, pk),
        decision=decision,
        generation=request.generation,
        by=who(request),
        at=timezone.now(),
    )
    messages.success(request, plan_words.state(found))
    return redirect("books:plan", pk)


@requires(rules.READ)
@needs_run
def move(request: Pinned, pk: int) -> HttpResponse:
    """Why this manager for this client, and who else?"""
    found = move_or_404(request, pk)
    return page(request, "books/move.html", reviewing.shown(who(request), found))


@requires(rules.REVIEW)
@needs_run
def change_move(request: Pinned, pk: int) -> HttpResponse:
    """Give a client of a plan to somebody else: what it costs, whether the limits hold, who is swapped out for it."""
    found, given = move_or_404(request, pk), request.POST if request.method == "POST" else request.GET
    to, swap = given.get("to", "")[:16], given.get("swap", "")[:34]
    if request.method != "POST":
        return page(request, "books/change_move.html", reviewing.asked(who(request), found, to))
    cost = actions.change_move(
        move=found,
        to=to,
        reason=given.get("reason", ""),
        by=who(request),
        at=timezone.now(),
        swap=actions.Swap(swap) if swap else None,
    )
    anew = proving.proof(found.plan)
    facts = {
        "cost": plan_words.cost(cost),
        "value": formats.number(anew.value, plan_words.FIGURES),
        "gap": formats.percent(anew.gap_share, 3),
    }
    messages.success(request, gettext("Changed. Price %(cost)s. Total score %(value)s, gap %(gap)s.") % facts)
    if anew.is_sound:
        messages.success(request, gettext("Reckoned anew from the evidence: it holds."))
    return redirect("books:move", pk)


@require_POST
@requires(rules.REVIEW)
@needs_run
def tie(request: Pinned, pk: int) -> HttpResponse:
    """Fix a client with the manager they have in the plan, or rule another one out."""
    kind, code = request.POST.get("kind", "")[:4], request.POST.get("staff_code", "")[:16]
    reason = request.POST.get("reason", "")
    found = move_or_404(request, pk)
    actions.tie(move=found, kind=kind, staff_code=code, reason=reason, by=who(request), at=timezone.now())
    messages.success(request, gettext("Noted for this plan and every later one."))
    return redirect("books:move", pk)


@require_POST
@requires(rules.REVIEW)
@needs_run
def lift_tie(request: Pinned, pk: int) -> HttpResponse:
    """Lift what was fixed or ruled out."""
    row = plan_rows.tie_of_branch(who(request), pk)
    if row is None:
        raise Http404(pk)
    actions.lift_tie(row=row, by=who(request), at=timezone.now(), run=request.generation.run_id)
    messages.success(request, gettext("Lifted."))
    back = request.POST.get("move", "")
    return (
        redirect("books:move", int(back)) if back.isdecimal() and len(back) < 10 else redirect("books:plans")
    )


@require_POST
@requires(rules.READ)
@needs_run
def notice(request: Pinned, pk: int) -> HttpResponse:
    """The public sheet of an approved plan, to be printed and posted in the branch."""
    found = plan_or_404(request, pk)
    demand(rules.may_post(who(request), found), subject_kind="plan", subject_id=str(pk))
    assignments.print_notice(plan=found, by=who(request), at=timezone.now())
    return page(request, "books/notice.html", planning.notice(found))
