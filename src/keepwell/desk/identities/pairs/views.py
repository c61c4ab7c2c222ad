"""同一人核对: one pair after the other, judged by key, taken back; what was judged; the second person's word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.codes import Judgement as Said
from keepwell.desk.clients.sentences import code_text
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities import second
from keepwell.desk.identities.models import Judgement, PairLine, Split
from keepwell.desk.identities.pairs import actions, force, queries, rules, telling
from keepwell.desk.identities.reach import JUDGE, is_of_headquarters
from keepwell.desk.identities.undoing import undoable
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires, wants_part

AHEAD = 6
LONGEST = 200


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _address(pair: PairLine | None) -> str:
    """The page of a pair; without one that of the queue's first."""
    address = reverse("identities:pairs")
    if pair is None:
        return address
    return f"{address}?{urlencode({'left': pair.left_code, 'right': pair.right_code})}"


def _page(request: Pinned, pair: PairLine | None) -> HttpResponse:
    """The pair with its evidence, how many wait, which come next; who compared whom is traced."""
    user, generation = _user(request), request.generation
    context: dict[str, Any] = {
        "n": queries.n_waiting(user, generation),
        "is_of_headquarters": is_of_headquarters(user),
    }
    if pair is not None:
        actions.read_pair(
            left_client_id=pair.left_client_id,
            right_client_id=pair.right_client_id,
            run=generation.run_id,
            by=user,
            at=timezone.now(),
        )
        ahead = queries.queue(user, generation, AHEAD, after=pair)
        context |= {
            "shown": telling.shown(pair, user, generation),
            "ahead": [_ahead(one) for one in ahead],
            "next": _address(ahead[0]) if ahead else "",
        }
    return page(request, "identities/pairs.html", context, part="pair")


def _ahead(pair: PairLine) -> dict[str, Any]:
    reason = code_text(PairLine.contract_table, "pair_reason", pair.pair_reason)
    return {"pair": pair, "url": _address(pair), "reason": reason}


@requires(JUDGE)
@needs_run
def pairs(request: Pinned) -> HttpResponse:
    """Are they the same person? The pair asked for while it waits, else the first of the queue."""
    user, generation, asked = _user(request), request.generation, request.GET
    pair = queries.one(user, generation, asked.get("left", ""), asked.get("right", ""))
    return _page(request, pair or next(iter(queries.queue(user, generation, 1)), None))


def _asked(request: Pinned) -> PairLine:
    """The pair a judgement is about; settled meanwhile is said so (M25), out of reach is an unknown address."""
    user, generation, given = _user(request), request.generation, request.POST
    left_code, right_code = given.get("left", ""), given.get("right", "")
    pair = queries.one(user, generation, left_code, right_code)
    if pair is None:
        listed = queries.listed(user, left_code, right_code)
        if listed is not None:
            stands = queries.standing(left_code, right_code)
            demand(rules.is_free(stands, generation), subject_kind="client", subject_id=listed.left_client_id)
        raise Http404(left_code)
    return pair


@requires(JUDGE)
@needs_run
@require_POST
def judge_pair(request: Pinned) -> HttpResponse:
    """The same, not the same, not sure, with a reason: recorded at once, the next pair follows."""
    user, generation, given = _user(request), request.generation, request.POST
    pair = _asked(request)
    judgement, reason = given.get("judgement", ""), given.get("reason", "")
    proof = given.get("proof", "").strip()[:LONGEST] if judgement == Said.SAME else ""
    subject = {"subject_kind": "client", "subject_id": pair.left_client_id}
    demand(rules.has_reason(judgement, reason), **subject)
    may_be_one = rules.may_be_one(pair, *queries.valid_documents(pair.left_code, pair.right_code))
    if judgement == Said.SAME and not proof:
        demand(may_be_one, **subject)
    row = actions.judge_pair(
        couple=force.Couple.of(
            (pair.left_code, pair.left_client_id), (pair.right_code, pair.right_client_id)
        ),
        judgement=judgement,
        reason=reason,
        note=given.get("note", "").strip()[:LONGEST],
        proof="" if may_be_one else proof,
        generation=generation,
        by=user,
        at=timezone.now(),
    )
    messages.success(request, _undoable(request, row))
    following = queries.queue(user, generation, 1, after=pair) or queries.queue(user, generation, 1)
    pair_now = following[0] if following else None
    return _page(request, pair_now) if wants_part(request) else redirect(_address(pair_now))


def _undoable(request: Pinned, row: Judgement) -> SafeString:
    """「已记为“同一人”，下次运行生效。」 with 「撤销」."""
    if row.state == Judgement.State.PROPOSED:
        said = _("Sent to a second person; the pair waits there.")
    else:
        said = _("Recorded as “%(judgement)s”; it takes effect with the next run.") % {
            "judgement": row.get_judgement_display()
        }
    return undoable(request, said, reverse("identities:undo_judgement", args=[row.pk]), {})


@requires(JUDGE)
@needs_run
@require_POST
def undo_judgement(request: Pinned, pk: int) -> HttpResponse:
    """Take a judgement back: the pair waits again."""
    user, generation = _user(request), request.generation
    row = queries.judgement(user, pk)
    if row is None:
        raise Http404(pk)
    if actions.undo_judgement(row=row, generation=generation, by=user, at=timezone.now()):
        messages.success(request, _("Taken back; both acts stay on record."))
    else:
        messages.success(request, _("Sent to a second person; until then it stays in force."))
    return redirect(_address(queries.one(user, generation, row.left_code, row.right_code)))


@requires(JUDGE)
@needs_run
def judged(request: Pinned) -> HttpResponse:
    """What was judged, by whom, why; what stands can be taken back here."""
    user = _user(request)
    rows = queries.judged(user, request.GET.get("after", ""))
    shown = [telling.said(row, request.generation) for row in rows.rows]
    return page(request, "identities/judged.html", {"rows": rows, "shown": shown})


@requires(second.AGREE)
@needs_run
@require_POST
def second_judgement(request: Pinned, pk: int) -> HttpResponse:
    """Agree to "the same client" against two valid documents, or return it, as it was read."""
    row = queries.judgement(_user(request), pk)
    return decided(request, row, actions.second_judgement)


@requires(second.AGREE)
@needs_run
@require_POST
def second_undo(request: Pinned, pk: int) -> HttpResponse:
    """Agree that what two agreed to is taken back, or leave it in force, as it was read."""
    row = queries.judgement(_user(request), pk)
    said = {True: _("Taken back; both acts stay on record."), False: _("It stays in force.")}
    return decided(request, row, actions.second_undo, said)


def decided(
    request: Pinned,
    row: Judgement | Split | None,
    decide: Callable[..., None],
    said: Mapping[bool, str] | None = None,
) -> HttpResponse:
    """Post the second person's word to its act, and say what follows; out of reach is an unknown address."""
    if row is None:
        raise Http404(request.path)
    decision = approvals.read_decision(request)
    decide(
        row=row,
        is_agreed=decision.is_approved,
        reason=decision.reason,
        version=decision.version,
        generation=request.generation,
        by=_user(request),
        at=timezone.now(),
    )
    follows = said or {True: _("Approved: it goes to the next run."), False: _("Returned to the proposer.")}
    messages.success(request, follows[decision.is_approved])
    return redirect("people:approvals")
