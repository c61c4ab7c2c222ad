"""The log of contacts, the forms to record, correct and appoint, and their drafts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import refuse
from keepwell.desk.audit import refusals
from keepwell.desk.clients.actions import miss_card
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.contacts import actions, drafts, entries, forms, pages, queries, rules
from keepwell.desk.contacts.models import Contact
from keepwell.desk.gates import actions as gates
from keepwell.desk.gates import queries as gate_queries
from keepwell.desk.gates import rules as gate
from keepwell.desk.gates.signed import desk_instant
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import demand, page, requires
from keepwell.desk.work import queries as work
from keepwell.desk.work import rules as work_rules

LATEST = 3


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _day(request: Pinned) -> pages.Day:
    return pages.Day.of(_user(request), request.generation)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@requires("contacts.read_log")
@needs_run
def log(request: Pinned) -> HttpResponse:
    """What was said, what was promised? Newest first."""
    day, asked = _day(request), request.GET
    wanted = queries.Wanted(
        author="me" if asked.get("author") == "me" else "",
        channel=asked.get("channel", "")[:16],
        first_on=_date(asked.get("from", "")),
        last_on=_date(asked.get("to", "")),
        promise_open=asked.get("promise") == "open",
    )
    context = entries.log(day.user, day.on, wanted, asked.get("after", ""))
    return page(request, "contacts/log.html", {**context, "day": day}, part="found")


def _owner(request: Pinned, day: pages.Day, client_id: str) -> ClientLine:
    """The client a form is about, as they are today: merged or split meanwhile, the record tells who it is."""
    record = (
        request.POST.get("record_code", "") if request.method == "POST" else request.GET.get("record", "")
    )
    line = queries.owner_now(day.user, day.on, client_id, record)
    if line is None:
        run = request.generation.run_id
        miss_card(client_id=client_id, run=run, by=day.user, at=timezone.now())
        raise Http404(client_id)
    return line


@requires("contacts.record")
@needs_run
def panel(request: Pinned, client_id: str) -> HttpResponse:
    """「联系」 from the card: the client's first task with its script, or the form where there is none."""
    day = _day(request)
    line = _owner(request, day, client_id)
    items = work.of_client(day.user, line.client_id, day.on, work.PAGE)
    item = next((one for one in items if work_rules.may_take_up(day.user, one)), None)
    if item is None:  # what is open is for others: what the client says is recorded all the same
        return redirect("contacts:record", line.client_id)
    return page(request, "contacts/task.html", {"panel": pages.panel(item, day), "day": day}, part="body")


@requires("contacts.read")
@needs_run
def latest(request: Pinned, client_id: str) -> HttpResponse:
    """What was said last, beside the task: nobody calls without knowing it."""
    day = _day(request)
    said = entries.timeline(_owner(request, day, client_id), request.generation.run_id, day.user, most=LATEST)
    return page(request, "contacts/latest.html", said, part="body")


def _numbers(line: ClientLine, user: User) -> list[tuple[str, str]]:
    rows = queries.records_of(line, user.branch_code)
    names = branch_names({row.branch_code for row in rows})
    return [
        (row.record_code, f"{row.record_code} · {names.get(row.branch_code, row.branch_code)}")
        for row in rows
    ]


@requires("contacts.record")
@needs_run
def record(request: Pinned, client_id: str) -> HttpResponse:
    """Record a contact: what was typed but not saved is there again."""
    day, at = _day(request), timezone.now()
    line = _owner(request, day, client_id)
    now = desk_instant(request.generation, at)
    draft = drafts.kept(day.user, client_id, "record")
    if request.method != "POST" and request.GET.get("fresh") == "1":
        drafts.drop(day.user, client_id, "record")
        draft = None
    start = {"outcome": "reached", "way": "at_branch" if day.user.role == "counter" else "call_in"}
    if day.user.role not in {"counter", "service_desk"}:
        start["way"] = "call_out"
    form = forms.Record(
        request.POST if request.method == "POST" else None,
        initial={**start, **(draft.fields if draft else {})},
        records=_numbers(line, day.user),
        now=now,
        on=day.on,
    )
    if request.method == "POST" and form.is_valid():
        contact = actions.record_contact(
            client_id=line.client_id,
            record_code=form.cleaned_data["record_code"],
            facts=form.facts(),
            contacted_at=form.cleaned_data["contacted_at"],
            wants_no_contact=form.cleaned_data["wants_no_contact"],
            by=day.user,
            at=at,
            on=day.on,
            run=request.generation.run_id,
        )
        drafts.drop(day.user, client_id, "record")
        messages.success(request, _moved(client_id, line, contact))
        return redirect(_card(line))
    status = 422 if request.method == "POST" else 200
    said = entries.timeline(line, request.generation.run_id, day.user, "", "")
    context = {**said, "form": form, "draft": draft, "asked_id": client_id, "day": day}
    return page(request, "contacts/record.html", context, status=status)


def _moved(client_id: str, line: ClientLine, contact: Contact) -> str:
    if client_id != line.client_id:
        return _(
            "Recorded. The client was merged or split meanwhile; the entry stands with who they are today."
        )
    if contact.promise:
        return _("Recorded. The promise is on Today of whoever looks after the client, on its day.")
    return _("Recorded.")


def _card(line: ClientLine) -> str:
    return reverse("clients:service", args=[line.client_id])


@requires("contacts.record")
@needs_run
def appoint(request: Pinned, client_id: str) -> HttpResponse:
    """Make an appointment: a task on its day, within the gates of that day."""
    day = _day(request)
    line = _owner(request, day, client_id)
    form = forms.Appoint(request.POST if request.method == "POST" else None, on=day.on)
    if request.method == "POST" and form.is_valid():
        due_on = form.cleaned_data["due_on"]
        n_days = day.packs.moments.cap.window_days
        standing = gate_queries.standings([line], due_on, n_days)[line.client_id]
        allowed = gate.may_plan(day.packs.moments.cap, standing, is_capped=True, on=due_on)
        demand(allowed, subject_kind="client", subject_id=line.client_id)
        actions.appoint(
            client_id=line.client_id,
            record_code=_numbers(line, day.user)[0][0],
            due_on=due_on,
            about=form.cleaned_data["about"],
            by=day.user,
            at=timezone.now(),
            on=day.on,
            run=request.generation.run_id,
        )
        messages.success(request, _("Appointment made; it is on Today on its day."))
        return redirect(_card(line))
    status = 422 if request.method == "POST" else 200
    return page(request, "contacts/appoint.html", {"form": form, "line": line}, part="body", status=status)


@requires("contacts.record")
@needs_run
@require_POST
def draft(request: Pinned, client_id: str, form: str) -> HttpResponse:
    """Keep what is typed so far, so that a session that ends loses nothing."""
    day = _day(request)
    _owner(request, day, client_id)
    drafts.keep(day.user, client_id, form[:40], request.POST.dict(), timezone.now())
    return HttpResponse(status=204)


@requires("contacts.record")
@needs_run
@require_POST
def allow(request: Pinned, client_id: str) -> HttpResponse:
    """The client says that contact is welcome again."""
    day = _day(request)
    line = _owner(request, day, client_id)
    codes = [code for code, _name in _numbers(line, day.user)]
    run = request.generation.run_id
    gates.allow_contact(
        client_id=line.client_id, record_codes=codes, on=day.on, by=day.user, at=timezone.now(), run=run
    )
    messages.success(request, _("Noted: the client may be contacted again."))
    return redirect(_card(line))


def _contact(day: pages.Day, contact_id: int) -> Contact:
    contact = queries.one(day.user, day.on, contact_id)
    if contact is None:
        raise Http404(str(contact_id))
    return contact


@requires("contacts.read")
@needs_run
def entry(request: Pinned, contact_id: int) -> HttpResponse:
    """One contact: what it says now, what it said before, what was added."""
    day = _day(request)
    contact = _contact(day, contact_id)
    line = queries.lines_of(day.user, day.on, [contact]).get(contact.pk)
    context = {
        **entries.entry(contact, line, day.user, day.on),
        "remark_form": forms.RemarkForm(),
        "user_may_record": bool(day.user.may("contacts.record")),
    }
    return page(request, "contacts/entry.html", context, part="body")


@requires("contacts.record")
@needs_run
@require_POST
def remark(request: Pinned, contact_id: int) -> HttpResponse:
    """Add to a contact, whoever recorded it."""
    day = _day(request)
    contact = _contact(day, contact_id)
    form = forms.RemarkForm(request.POST)
    if form.is_valid():
        run = request.generation.run_id
        actions.add_remark(
            contact=contact, text=form.cleaned_data["text"], by=day.user, at=timezone.now(), run=run
        )
        messages.success(request, _("Remark added."))
    else:
        demand(refuse(Refusal.PURPOSE), subject_kind="contact", subject_id=str(contact.pk))
    return redirect("contacts:entry", contact.pk)


@requires("contacts.record")
@needs_run
def correct(request: Pinned, contact_id: int) -> HttpResponse:
    """Correct an own contact with a reason; when it was changed meanwhile, field by field."""
    day = _day(request)
    contact = _contact(day, contact_id)
    demand(rules.may_correct(contact, day.user), subject_kind="contact", subject_id=str(contact.pk))
    line = queries.lines_of(day.user, day.on, [contact]).get(contact.pk)
    posted = request.method == "POST"
    form = forms.Correct(request.POST if posted else None, initial=forms.typed(contact), on=day.on)
    context: dict[str, Any] = {"form": form, "contact": contact, "line": line, "version": contact.version}
    if not posted or not form.is_valid():
        return page(request, "contacts/correct.html", context, status=422 if posted else 200)
    verdict = rules.needs_reason(form.cleaned_data["reason"])
    demand(verdict, subject_kind="contact", subject_id=str(contact.pk))
    try:
        is_done = _corrected(request, day, contact, form)
    except Contact.DoesNotExist:  # once more between reading and writing
        contact, is_done = _contact(day, contact_id), False
    if not is_done:
        return _conflict(request, {**context, "contact": contact}, contact, form.facts())
    messages.success(request, _("Corrected; the version before can be read."))
    return redirect("contacts:entry", contact.pk)


def _corrected(request: Pinned, day: pages.Day, contact: Contact, form: forms.Correct) -> bool:
    """Write the correction; answers whether it stands, `False` while fields are still to be chosen."""
    facts, lost = form.facts(), {}
    if request.POST.get("version") != str(contact.version):
        names = rules.differing(contact.facts(), facts)
        if not names:  # the same form, sent twice
            return True
        chosen = {name: request.POST.get(f"use_{name}", "") for name in names}
        if "" in chosen.values() or request.POST.get("seen") != str(contact.version):
            return False
        lost = {name: facts[name] for name in names if chosen[name] == "theirs"}
        facts = {name: value for name, value in facts.items() if name not in lost}
    actions.correct_contact(
        contact=contact,
        facts=facts,
        also=lost,
        reason=form.cleaned_data["reason"],
        by=day.user,
        at=timezone.now(),
        on=day.on,
        run=request.generation.run_id,
    )
    return True


def _conflict(
    request: Pinned, context: dict[str, Any], contact: Contact, facts: dict[str, Any]
) -> HttpResponse:
    """The differing fields side by side (M25), a refusal in the log; what was typed stays in the form."""
    names = rules.differing(contact.facts(), facts)
    told = entries.conflict(contact, facts, names)
    local = timezone.localtime(told["changed_at"])
    verdict = refuse(
        Refusal.EDITED_MEANWHILE,
        changed_by=told["changed_by"],
        changed_at=Text(f"{local:%H:%M}", f"{local:%H:%M}"),
        n_fields=len(names),
    )
    refusals.keep(request, verdict, subject_kind="contact", subject_id=str(contact.pk))
    return page(
        request, "contacts/correct.html", {**context, "conflict": told, "verdict": verdict}, status=409
    )
