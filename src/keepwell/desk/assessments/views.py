"""Sending a link, and handing the branch's device over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.codes import ClientKind
from keepwell.contract.reasons.forms import SendReason
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments import actions, locking, panels, queries, rules, sending
from keepwell.desk.assessments.actions import Sent
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.opening import in_scope, who
from keepwell.desk.forms import printing
from keepwell.desk.forms.letter import file_name
from keepwell.desk.forms.models import Form
from keepwell.desk.forms.printing import Sender
from keepwell.desk.gates.signed import packs_on
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.actions import record_logout
from keepwell.desk.ui.http import demand, page, requires
from keepwell.policy.answers import version_in_use
from keepwell.policy.packs import Packs

ONCE = "assessments.link"  # in the session, until it is shown


@requires("assessments.send")
@needs_run
def send(request: Pinned, client_id: str) -> HttpResponse:
    """May the client be asked now, by which rules, and by which way?"""
    user, line, at = who(request), in_scope(request, client_id), timezone.now()
    packs, known = _packs(request), queries.known(client_id)
    verdict = rules.may_send(user, line, known, packs, at)
    if request.method == "POST":
        demand(verdict, subject_kind="client", subject_id=client_id)
        made = _made(request, line, AnsweredOn.OWN_DEVICE)
        request.session[ONCE] = {"form": made.form.pk, "code": made.code}
        return HttpResponseRedirect(reverse("assessments:sent", args=[made.form.pk]))
    rule = packs.suitability
    rows = [panels.shown(form, at) for form in queries.of_client(client_id)]
    context = {
        "line": line,
        "verdict": verdict,
        "known": known,
        "rule": rule.retest,
        "links": rule.links,
        "rows": rows,
        "may_read_letter": user.may("assessments.read_letter"),
    }
    return page(request, "assessments/send.html", context)


@requires("assessments.send")
@needs_run
def sent(request: Pinned, pk: int) -> HttpResponse:
    """The link, this once."""
    form, line = _in_scope(request, pk)
    held = request.session.get(ONCE) or {}
    code = ""
    if held.get("form") == form.pk:
        code = str(request.session.pop(ONCE)["code"])
    link = sending.link_of(code) if code else ""
    context: dict[str, Any] = {
        "line": line,
        "row": panels.shown(form, timezone.now()),
        "link": link,
        "picture": sending.picture_of(link) if link else "",
        "letters": sending.letters(form, link) if link else [],
    }
    return page(request, "assessments/sent.html", context)


@requires("assessments.read_letter")
@needs_run
def letter(request: Pinned, pk: int) -> HttpResponse:
    """The letter that the client was given, once more: for the file, or on paper."""
    form, _line = _in_scope(request, pk)
    if form.answered_at is None:
        raise Http404(pk)
    demand(rules.may_print(), subject_kind="client", subject_id=form.client_id)
    on = timezone.localdate(form.answered_at)
    made = printing.pdf(form, packs_on(on, request.generation.calendar), _sender(request))
    run = request.generation.run_id
    actions.read_letter(form=form, run=run, by=who(request), at=timezone.now())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, file_name(form)) or "inline"
    return answer


def _sender(request: Pinned) -> Sender:
    """What the pages for clients show of the firm, where the desk is told; the firm's name is always known."""
    told = settings.CLIENT_FIRM or request.generation.firm_name
    return Sender(told, settings.CLIENT_LICENCE, settings.CLIENT_COMPLAINTS)


@require_POST
@requires("assessments.send")
@needs_run
def withdraw(request: Pinned, pk: int) -> HttpResponse:
    """Make an open link lead nowhere."""
    form, _line = _in_scope(request, pk)
    done = actions.withdraw(form=form, run=request.generation.run_id, by=who(request), at=timezone.now())
    said = _("The link leads nowhere now.") if done else _("It was answered or withdrawn meanwhile.")
    messages.success(request, said) if done else messages.warning(request, said)
    return HttpResponseRedirect(reverse("assessments:send", args=[form.client_id]))


@require_POST
@requires("assessments.send")
@needs_run
def hand_over(request: Pinned, client_id: str) -> HttpResponse:
    """The client answers on this device: whoever was logged in here is logged out before the link is shown."""
    user, line, at = who(request), in_scope(request, client_id), timezone.now()
    told: dict[str, Any] = {"subject_kind": "client", "subject_id": client_id}
    demand(rules.may_send(user, line, queries.known(client_id), _packs(request), at), **told)
    demand(rules.has_checked(request.POST.get("is_checked") == "on"), **told)
    made = _made(request, line, AnsweredOn.COUNTER)
    record_logout(by=user, at=at)
    logout(request)
    answer = render(request, "assessments/counter.html", {"link": sending.link_of(made.code)})
    locking.lock(answer, made.form)
    return answer


def _made(request: Pinned, line: ClientLine, way: AnsweredOn) -> Sent:
    packs, at = _packs(request), timezone.now()
    version = version_in_use(packs.questionnaires, ClientKind.of(line.client_kind), timezone.localdate(at))
    if version is None:  # signed away between two requests of one second
        demand(rules.not_sent(SendReason.NO_QUESTIONNAIRE))
        raise Http404
    return actions.send(
        line=line,
        record_code=queries.first_record(line.client_id),
        version=version,
        known=queries.known(line.client_id),
        way=way,
        packs=packs,
        run=request.generation.run_id,
        by=who(request),
        at=at,
    )


def _in_scope(request: Pinned, pk: int) -> tuple[Form, ClientLine]:
    found = queries.one(who(request), pk)
    if found is None:
        raise Http404(pk)
    return found


def _packs(request: Pinned) -> Packs:
    return packs_on(timezone.localdate(), request.generation.calendar)
