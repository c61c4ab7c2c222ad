"""Deciding against the rules: proposed by one, approved by another, until a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.audit import refusals
from keepwell.desk.clients import actions, overrides, queries, rules, waiting
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.cards import reasons
from keepwell.desk.clients.forms import OverrideForm
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people import approvals
from keepwell.desk.ui.http import demand, page, requires, wants_part

PROPOSAL_FIELDS = {
    "OVERRIDE_WITHOUT_END": "expires_on",
    "OVERRIDE_END_IS_PAST": "expires_on",
    "PURPOSE": "reason",
}


@requires("clients.read_overrides")
@needs_run
def listed(request: Pinned) -> HttpResponse:
    """Which classes are decided by people?"""
    user = who(request)
    state = request.GET.get("state", "")
    state = state if state in Override.State.values else ""
    rows = overrides.listed(user, state, request.GET.get("after", ""))
    context = {
        "rows": rows,
        "lines": waiting.all_told(rows.rows, user),
        "chosen": state,
        "states": Override.State.choices,
        "query": f"state={state}" if state else "",
    }
    return page(request, "clients/overrides.html", context)


@requires("clients.propose_override")
@needs_run
def propose(request: Pinned, client_id: str) -> HttpResponse:
    """What should the grade or type be instead, why, and until when?"""
    user, line = who(request), in_scope(request, client_id)
    demand(rules.may_propose(user, line), subject_kind="client", subject_id=client_id)
    form = OverrideForm(line, request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = rules.may_propose_this(
            user,
            line,
            form.wanted,
            form.cleaned_data["reason"],
            form.cleaned_data["expires_on"],
            timezone.localdate(),
        )
        try:
            if verdict:
                return _proposed(request, line, form)
        except IntegrityError:  # two proposed in the same moment: one waits
            verdict = refuse(Refusal.OVERRIDE_WAITS)
        _tell(form, verdict)
        refusals.keep(request, verdict, subject_kind="client", subject_id=client_id)
    context = {
        "line": line,
        "form": form,
        "reasons": reasons(line)[:2],
        "is_beside": wants_part(request),  # on its own page the form answers there
    }
    status = 422 if form.errors else 200
    return page(request, "clients/override.html", context, part="body", status=status)


def _tell(form: OverrideForm, verdict: Verdict) -> None:
    """Say no beside the field that can change it."""
    name = verdict.refusal.name if verdict.refusal else ""
    form.add_error(PROPOSAL_FIELDS.get(name, "to"), waiting.sentence_of(verdict))


def _proposed(request: Pinned, line: ClientLine, form: OverrideForm) -> HttpResponse:
    field, value = form.wanted
    actions.propose_override(
        client_id=line.client_id,
        record_code=queries.records(line)[0].record_code,
        field=field,
        from_value=getattr(line, field),
        to_value=value,
        reason=form.cleaned_data["reason"],
        expires_on=form.cleaned_data["expires_on"],
        told=actions.Asked(
            partial(waiting.title_of, line, field, value),
            rules.APPROVE,
            line.home_branch_code,
            getattr(line.client.grade, "policy_version", ""),
        ),
        run=request.generation.run_id,
        by=who(request),
        at=timezone.now(),
    )
    messages.success(request, _("Proposed. It waits for approval; until then the rules' value stands."))
    return _go(request, reverse("clients:card", args=[line.client_id]))


def _go(request: Pinned, address: str) -> HttpResponse:
    """On to a page: for HTMX by its header, so that the whole page is new."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _one(request: Pinned, pk: int) -> Override:
    row = overrides.one(who(request), pk)
    if row is None:
        raise Http404(pk)
    return row


@contextmanager
def _unless_decided_meanwhile(row: Override) -> Iterator[None]:
    """Somebody else may be faster between reading and writing: that is said, and nothing is done twice."""
    try:
        yield
    except Override.DoesNotExist:
        demand(refuse(Refusal.OVERRIDE_IS_DECIDED), subject_kind="client", subject_id=row.client_id)


@requires("clients.approve_override")
@needs_run
@require_POST
def decide(request: Pinned, pk: int) -> HttpResponse:
    """Approve or return a proposal as it was read."""
    user, row = who(request), _one(request, pk)
    decision = approvals.read_decision(request)
    verdict = rules.may_decide(user, row, decision.version)
    demand(verdict, subject_kind="client", subject_id=row.client_id)
    with _unless_decided_meanwhile(row):
        actions.decide_override(
            override=row,
            is_approved=decision.is_approved,
            reason=decision.reason,
            title=partial(waiting.title, row, overrides.named(user, [row]).get(row.client_id)),
            run=request.generation.run_id,
            by=user,
            at=timezone.now(),
        )
    said = _("Approved: it goes to the next run.") if decision.is_approved else _("Returned to the proposer.")
    messages.success(request, said)
    return _go(request, _back(request))


@requires("clients.propose_override")
@needs_run
@require_POST
def withdraw(request: Pinned, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    user, row = who(request), _one(request, pk)
    demand(rules.may_withdraw(user, row), subject_kind="client", subject_id=row.client_id)
    with _unless_decided_meanwhile(row):
        actions.withdraw_override(override=row, run=request.generation.run_id, by=user, at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return _go(request, _back(request))


def _back(request: Pinned) -> str:
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else reverse("clients:overrides")
