"""合并历史: how numbers came together, what parting them would move, the split itself and its undoing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract import identity
from keepwell.contract.codes import Judgement as Said
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.clients.actions import miss_card
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import code_text
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities import naming, numbers, second
from keepwell.desk.identities.facts import telling as facts
from keepwell.desk.identities.merges import actions, consequences, queries, rules, telling
from keepwell.desk.identities.models import Split
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.identities.pairs import rules as judging
from keepwell.desk.identities.pairs import telling as said
from keepwell.desk.identities.pairs.views import decided
from keepwell.desk.identities.reach import JUDGE, sees_names
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires

LONGEST = 200
LONGEST_NUMBER = 34
READ = "identities.read_merges"


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires(READ)
@needs_run
def merges(request: Pinned) -> HttpResponse:
    """What was joined and parted lately; a client by a number of today or of before a merge."""
    user, generation = _user(request), request.generation
    context: dict[str, Any] = {}
    if request.method == "POST":
        number = request.POST.get("number", "").strip()[:LONGEST_NUMBER]
        line = numbers.found(user, number)
        if line is not None:
            return redirect("identities:merged", line.client_id)
        asked = numbers.asked_for(number)
        miss_card(client_id=asked, run=generation.run_id, by=user, at=timezone.now())
        context["refusal"] = refuse(Refusal.NOT_FOUND)
    rows = queries.events(user, request.GET.get("after", ""))
    context |= {
        "rows": rows,
        "events": telling.told(rows.rows, user),
        "ahead": [_split(row, request) for row in queries.ahead(user, generation)],
        "may_undo": bool(user.may(rules.SPLIT)),
    }
    return page(request, "identities/merges.html", context, status=422 if "refusal" in context else 200)


def _client(request: Pinned, client_id: str) -> ClientLine:
    """A client within reach; a miss is traced and answered as an unknown address is."""
    user = _user(request)
    line = numbers.client(user, client_id)
    if line is None:
        miss_card(client_id=client_id, run=request.generation.run_id, by=user, at=timezone.now())
        raise Http404(client_id)
    return line


@requires(READ)
@needs_run
def merged(request: Pinned, client_id: str) -> HttpResponse:
    """By what is this one client, and can it be parted?"""
    user, generation = _user(request), request.generation
    if numbers.client(user, client_id) is None:
        heir = numbers.found(user, client_id)
        if heir is not None:
            return redirect("identities:merged", heir.client_id)
    line = _client(request, client_id)
    actions.read_merges(client_id=line.client_id, run=generation.run_id, by=user, at=timezone.now())
    records = numbers.records_of(line)
    codes = [row.record_code for row in records]
    branches = branch_names({row.branch_code for row in records})
    events = queries.events_of(line, codes)
    before = {row.from_client_id for row in events}  # a split of those is part of the history
    parted = [_split(row, request) for row in queries.of_clients(user, {line.client_id, *before}, codes)]
    profile = numbers.profiles([line.client_id]).get(line.client_id)
    context = {
        "line": line,
        "name": naming.name_of(profile, names=sees_names(user)),
        "records": [
            {
                "row": row,
                "branch": branches.get(row.branch_code, row.branch_code),
                "evidence": code_text(identity.ClientRecord, "link_reason", row.link_reason),
            }
            for row in records
        ],
        "scored": _scored(codes),
        "judgements": [said.said(row, generation) for row in pairs.about(user, codes)],
        "events": telling.told(events, user),
        "splits": parted,
        "past_splits": [one for one in parted if not one["stands"]],
        "may_split": rules.may_split(user, {row.branch_code for row in records})
        and rules.no_split_waits(queries.ahead_of(codes, generation)),
        "may_undo": bool(user.may(rules.SPLIT)),
        "is_read_only": not user.may(JUDGE),
        "may_open": bool(user.may("clients.read")),
    }
    context |= facts.of_client(line, user)  # what the numbers agree in, and what not
    return page(request, "identities/merged.html", context)


def _scored(codes: Sequence[str]) -> list[dict[str, Any]]:
    """The pairs of these numbers that a score joined, with what spoke for and against it."""
    return [
        {"left": left, "right": right, "evidence": [said.told(row) for row in rows]}
        for (left, right), rows in pairs.evidence_within(codes).items()
    ]


def _split(row: Split, request: Pinned) -> dict[str, Any]:
    return {
        "split": row,
        "taken": naming.listed(row.taken),
        "kept": naming.listed(row.kept),
        "undo": rules.may_undo_split(_user(request), row, numbers.branches_of([*row.taken, *row.kept])),
        "is_known": bool(row.in_force_at and request.generation.knows(row.in_force_at)),
        "stands": row.state in Split.STANDS,
        "reason": row.get_reason_display(),
    }


@requires(rules.SPLIT)
@needs_run
def split_client(request: Pinned, client_id: str) -> HttpResponse:
    """What would parting move? Then, if nothing has changed since it was read, the split."""
    user, generation = _user(request), request.generation
    line = _client(request, client_id)
    given = request.POST if request.method == "POST" else request.GET
    asked = set(given.getlist("taken"))
    subject = {"subject_kind": "client", "subject_id": client_id}
    records = numbers.records_of(line)
    taken = [row.record_code for row in records if row.record_code in asked]
    kept = [row.record_code for row in records if row.record_code not in asked]
    demand(rules.may_split(user, {row.branch_code for row in records}), **subject)
    two_sides = rules.has_two_sides(taken, kept)
    if request.method != "POST":
        refusal = two_sides and rules.no_split_waits(queries.ahead_of([*taken, *kept], generation))
        if not refusal:
            return page(request, "identities/split.html", {"line": line, "refusal": refusal})
        return _preview(request, line, taken)
    demand(two_sides, **subject)
    demand(judging.has_reason(str(Said.NOT_SAME), given.get("reason", "")), **subject)
    row = actions.split_client(
        client_id=client_id,
        taken=taken,
        kept=kept,
        reason=given.get("reason", ""),
        unchanged=partial(_unchanged, line, taken, given.get("mark", ""), request),
        note=given.get("note", "").strip()[:LONGEST],
        generation=generation,
        by=user,
        at=timezone.now(),
    )
    if row.state == Split.State.PROPOSED:
        messages.success(request, _("Sent to a second person; until then it stays one client."))
    else:
        messages.success(request, _("Recorded: from the next run on these are two clients."))
    return redirect("identities:merged", client_id)


def _unchanged(line: ClientLine, taken: Sequence[str], mark: str, request: Pinned) -> Verdict:
    user, generation = _user(request), request.generation
    preview = consequences.of(line, taken, generation, desk_day(generation), user)
    return consequences.unchanged(preview, mark, line, generation, user)


def _preview(request: Pinned, line: ClientLine, taken: Sequence[str]) -> HttpResponse:
    user, generation = _user(request), request.generation
    preview = consequences.of(line, taken, generation, desk_day(generation), user)
    records = [row for part in preview.parts for row in part.records]
    context = {
        "line": line,
        "name": naming.name_of(
            numbers.profiles([line.client_id]).get(line.client_id), names=sees_names(user)
        ),
        "preview": preview,
        "taken": taken,
        "branches": branch_names({row.branch_code for row in records}),
        "reasons": next(one for one in said.choices() if one["code"] == Said.NOT_SAME)["reasons"],
    }
    return page(request, "identities/split.html", context)


@requires(rules.SPLIT)
@needs_run
@require_POST
def undo_split(request: Pinned, pk: int) -> HttpResponse:
    """Take a split back; from the next run on the evidence decides again."""
    user = _user(request)
    row = queries.one(user, pk)
    if row is None:
        raise Http404(pk)
    was = row.state
    if not actions.undo_split(split=row, generation=request.generation, by=user, at=timezone.now()):
        messages.success(request, _("Sent to a second person; until then it stays in force."))
        return redirect("identities:merged", row.client_id)
    if was == Split.State.PROPOSED:
        messages.success(request, _("Taken back; both acts stay on record."))
    else:
        messages.success(request, _("Taken back; from the next run on the evidence decides again."))
    return redirect("identities:merges")


@requires(second.AGREE)
@needs_run
@require_POST
def second_split(request: Pinned, pk: int) -> HttpResponse:
    """Agree that numbers two had joined are parted, or that such a split is taken back; or return it."""
    return decided(request, queries.one(_user(request), pk), actions.second_split)
