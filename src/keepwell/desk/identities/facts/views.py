"""资料核实: where records disagree, which value is true, how it was found out; taken back like a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.golden import Finding, Severity, VerifiedBy
from keepwell.contract.reasons.identity import ConflictReason
from keepwell.desk.clients.models import Branch
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import language
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities.facts import actions, putting_off, queries, rules, signing, telling
from keepwell.desk.identities.models import IdentityConflict
from keepwell.desk.identities.reach import is_of_headquarters
from keepwell.desk.identities.undoing import undoable
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires

LONGEST, LONGEST_CODE = 200, 16


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _narrowed(given: Any, user: User) -> dict[str, str]:
    """To what the work list is narrowed: a severity and a kind of it; a branch, where the firm is seen."""
    known: dict[str, set[Any]] = {"severity": set(Severity), "kind": set(ConflictReason)}
    narrowed = {name: given[name] for name, codes in known.items() if given.get(name) in codes}
    branch = given.get("branch", "")[:LONGEST_CODE]
    is_known = branch and is_of_headquarters(user) and Branch.objects.filter(pk=branch).exists()
    return narrowed | ({"branch": branch} if is_known else {})


def _address(row: IdentityConflict | None, narrowed: Mapping[str, str]) -> str:
    """The page of a conflict on the list as it is narrowed; without one that list."""
    asked = {"key": row.conflict_key, **narrowed} if row else narrowed
    address = reverse("identities:conflict" if row else "identities:conflicts")
    return f"{address}?{urlencode(asked)}" if asked else address


def _asked(request: Pinned, given: Any) -> IdentityConflict:
    row = queries.one(_user(request), given.get("key", "")[:80])
    if row is None:
        raise Http404(given.get("key", ""))
    return row


@requires(rules.READ)
@needs_run
def conflicts(request: Pinned) -> HttpResponse:
    """Which value is true? The gravest kind first, then the longest waiting."""
    user = _user(request)
    narrowed = _narrowed(request.GET, user)
    severity, kind, branch = (narrowed.get(name, "") for name in ("severity", "kind", "branch"))
    rows = queries.listed(user, request.GET.get("after", ""), **narrowed)
    putting_off.overlay(rows.rows)
    refused = queries.refused_of(row.conflict_key for row in rows.rows)
    context = {
        "rows": rows,
        "shown": [
            one
            | {
                "url": _address(one["row"], narrowed),
                "refused": refused.get(one["row"].conflict_key),
                "branch_url": _address(None, narrowed | {"branch": one["line"].home_branch_code}),
            }
            for one in telling.listed(rows.rows, user)
        ],
        "n": queries.n_waiting(user, branch),
        "branch": branch,
        "branch_name": branch_names([branch]).get(branch, branch) if branch else "",
        "of_branch": urlencode({"branch": branch}) if branch else "",
        "all_branches": _address(None, {name: narrowed[name] for name in narrowed if name != "branch"}),
        "severity": severity,
        "kind": kind,
        "query": urlencode(narrowed),
        "chips": [("", _("All"))] + [(str(code), code.text.in_language(language())) for code in Severity],
        "kinds": telling.kinds(severity, request.generation),
        "is_of_headquarters": is_of_headquarters(user),
        "as_of": request.generation.as_of_on,
    }
    return page(request, "identities/conflicts.html", context)


@requires(rules.READ)
@needs_run
def conflict(request: Pinned) -> HttpResponse:
    """All values with their customer numbers, what was tried, and the choice; who read it is traced."""
    user, row = _user(request), _asked(request, request.GET)
    narrowed = _narrowed(request.GET, user)
    actions.read_conflict(conflict=row, run=request.generation.run_id, by=user, at=timezone.now())
    putting_off.overlay([row])
    context = telling.opened(row, user)
    context |= signing.of_conflict(row, user, request.generation, is_settled=context["settled"] is not None)
    context |= {
        "may_keep": rules.may_keep(is_over=any(value.is_over for value in context["values"])),
        "may_settle": bool(user.may(rules.SETTLE)),
        "may_open": bool(user.may("clients.read")),
        "is_of_headquarters": is_of_headquarters(user),
        "ways": [(str(code), code.text.in_language(language())) for code in VerifiedBy],
        "as_of": request.generation.as_of_on,
        "next": _address(queries.following(user, row, **narrowed), narrowed),
        "all": _address(None, narrowed),
        "narrowed": narrowed.items(),
        "refused": queries.refused_of([row.conflict_key]).get(row.conflict_key),
    }
    return page(request, "identities/conflict.html", context)


@requires(rules.SETTLE)
@needs_run
@require_POST
def settle_conflict(request: Pinned) -> HttpResponse:
    """One value is right, all are, or nobody was reached: with how and on what grounds; the next one follows."""
    user, given = _user(request), request.POST
    row, narrowed = _asked(request, given), _narrowed(given, user)
    finding, how = given.get("finding", ""), given.get("how", "")
    grounds = given.get("grounds", "").strip()[:LONGEST]
    values = telling.opened(row, user)["values"]
    held = [one.record_code for value in values for one in value.rows]
    right = given.get("record", "") if row.golden_field else ""
    verdict = rules.is_found_out(finding=finding, how=how, grounds=grounds, right=right in held)
    demand(verdict, subject_kind="client", subject_id=row.client_id)
    if finding == Finding.ALL_ARE_RIGHT:
        may_keep = rules.may_keep(is_over=any(value.is_over for value in values))
        demand(may_keep, subject_kind="client", subject_id=row.client_id)
    kept = actions.settle_conflict(
        conflict=row,
        finding=finding,
        record_code=right if finding == Finding.ONE_IS_RIGHT else held[0],
        how=how,
        grounds=grounds,
        generation=request.generation,
        by=user,
        at=timezone.now(),
    )
    if finding == Finding.NOT_REACHED:
        messages.success(request, _("Noted; the conflict stays on the list."))
        return redirect(_address(row, narrowed))
    undo = reverse("identities:undo_settlement", args=[kept.pk])
    said = _("Recorded; it takes effect with the next run.")
    messages.success(request, undoable(request, said, undo, narrowed))
    return redirect(_address(queries.following(user, row, **narrowed), narrowed))


@requires(rules.SETTLE)
@needs_run
@require_POST
def undo_settlement(request: Pinned, pk: int) -> HttpResponse:
    """Take a finding back: the conflict waits again."""
    user = _user(request)
    row = queries.verification(user, pk)
    if row is None:
        raise Http404(pk)
    actions.undo_settlement(row=row, generation=request.generation, by=user, at=timezone.now())
    messages.success(request, _("Taken back; both acts stay on record."))
    return redirect(_address(queries.one(user, row.conflict_key), _narrowed(request.POST, user)))
