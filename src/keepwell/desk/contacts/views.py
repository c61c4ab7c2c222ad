"""Today: the list, the panel of a task, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keepwell.contract.codes import TaskOutcome
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.clients.actions import reveal
from keepwell.desk.contacts import actions, bulk, pages, queries, rules, sentences
from keepwell.desk.contacts.forms import Promise
from keepwell.desk.gates import queries as gates
from keepwell.desk.gates.signed import desk_instant, next_working_day
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import Refused, demand, page, requires, sentence_of, wants_part
from keepwell.desk.work import queries as work
from keepwell.desk.work import rules as work_rules
from keepwell.desk.work.models import Outcome
from keepwell.desk.work.queries import Item


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _day(request: Pinned) -> pages.Day:
    return pages.Day.of(_user(request), request.generation)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


@requires("contacts.read_today")
@needs_run
def today(request: Pinned) -> HttpResponse:
    """Whom first, and why? Overdue, today, this week."""
    asked = request.GET
    context = pages.today(
        _day(request),
        span=asked.get("span", ""),
        kind=asked.get("kind", ""),
        shown=_number(asked.get("shown", "")),
        chosen=(asked.get("client", ""), asked.get("key", "")),
    )
    return page(request, "contacts/today.html", context, part="list")


@requires("contacts.read_today")
@needs_run
def order(request: Pinned) -> HttpResponse:
    """How the list is ordered, with the signed numbers behind it."""
    return page(request, "contacts/order.html", pages.order_explained(_day(request)), part="body")


@requires("contacts.read_today")
@needs_run
def done(request: Pinned) -> HttpResponse:
    """What I settled today; it can be taken back until a run takes it."""
    day = _day(request)
    context = pages.settled(day, work.settled_on(day.user, day.on))
    return page(request, "contacts/done.html", context, part="body")


@requires("contacts.read_today")
@needs_run
def put_off(request: Pinned) -> HttpResponse:
    """What waits for a later day, and until when; each can be listed again at once."""
    day = _day(request)
    return page(request, "contacts/put_off.html", {"tasks": pages.put_off(day), "day": day}, part="body")


@requires("contacts.record")
@needs_run
@require_POST
def list_again(request: Pinned, outcome_id: int) -> HttpResponse:
    """A task that was put off is listed again from today."""
    day = _day(request)
    found = work.waiting(day.user, day.on, outcome_id)
    if found is None:
        raise Http404(outcome_id)
    run = request.generation.run_id
    actions.list_again(outcome=found, by=day.user, at=timezone.now(), on=day.on, run=run)
    messages.success(request, _("The task is listed again."))
    return redirect("contacts:today")


def _found(request: Pinned, day: pages.Day) -> Item | None:
    """The task a request is about; None when it is settled already. Out of scope is an unknown address."""
    asked = request.POST if request.method == "POST" else request.GET
    client_id, key = asked.get("client", ""), asked.get("key", "")
    item = work.find(day.user, client_id, key, day.on)
    if item is None:
        owner = queries.owner_now(day.user, day.on, client_id, asked.get("record", ""))
        if owner is None:
            raise Http404(client_id)
        item = work.find(day.user, owner.client_id, key, day.on)
    if item is not None:
        demand(work_rules.may_take_up(day.user, item), subject_kind="client", subject_id=item.client_id)
    return item


def _asked(request: Pinned, day: pages.Day) -> Item:
    """The task an act is about; settled already is said so."""
    item = _found(request, day)
    if item is None:
        given = request.POST if request.method == "POST" else request.GET
        said = refuse(Refusal.SETTLED_ALREADY)
        raise Refused(said, subject_kind="client", subject_id=given.get("client", ""))
    return item


@requires("contacts.read_today")
@needs_run
def task(request: Pinned) -> HttpResponse:
    """The panel of one task: script, gates, acts. One that was settled meanwhile is no fault of who looks at it."""
    day = _day(request)
    item = _found(request, day)
    if item is None:
        return page(
            request, "contacts/task.html", {"told": sentence_of(refuse(Refusal.SETTLED_ALREADY))}, part="body"
        )
    at, of = _number(request.GET.get("at", "")), _number(request.GET.get("of", ""))
    context = {"panel": pages.panel(item, day, at, of), "day": day}
    return page(request, "contacts/task.html", context, part="body")


@requires("contacts.record")
@needs_run
def skip(request: Pinned) -> HttpResponse:
    """Why is the task left out? A form in the drawer."""
    day = _day(request)
    item = _asked(request, day)
    context = {"panel": pages.panel(item, day), "reasons": pages.skip_reasons(), "act": "skip"}
    return page(request, "contacts/leave.html", context, part="body")


@requires("contacts.record")
@needs_run
def later(request: Pinned) -> HttpResponse:
    """Until when does the task wait? A form in the drawer."""
    day = _day(request)
    item = _asked(request, day)
    return page(
        request, "contacts/leave.html", {"panel": pages.panel(item, day), "act": "later"}, part="body"
    )


def _record_of(item: Item, user: User) -> str:
    """The customer number an act concerns: the task's own, else one of the reader's branch, else the first."""
    if item.record_code:
        return item.record_code
    records = queries.records_of(item.line, user.branch_code)
    return str(records[0].record_code) if records else ""


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _facts(request: Pinned, day: pages.Day, item: Item) -> dict[str, Any]:
    """What the outcome needs beyond itself; raises `Refused` where the rules say no."""
    outcome, given = request.POST.get("outcome", ""), request.POST
    subject = {"subject_kind": "client", "subject_id": item.client_id}
    if outcome == TaskOutcome.SKIPPED:
        demand(work_rules.may_skip(given.get("reason", "")), **subject)
        return {"settled": {"reason": given["reason"], "note": given.get("note", "")[:400]}}
    if outcome == TaskOutcome.SNOOZED:
        until_on, most = _date(given.get("until_on", "")), day.packs.contact.later.n_days_at_most
        demand(work_rules.may_snooze(item.due_on, until_on, day.on, most), **subject)
        return {"settled": {"until_on": until_on}}
    said = {"channel": sentences.channel_of(item), "topic": sentences.topic_of(item)}
    if outcome == TaskOutcome.NOT_REACHED:
        return {"said": said, "settled": {"until_on": pages.next_try(day)}}
    if outcome == TaskOutcome.REACHED:
        return {"said": said}
    raise Http404(outcome)


@requires("contacts.record")
@needs_run
@require_POST
def outcome(request: Pinned) -> HttpResponse:
    """One click: reached, not reached, skipped, later. The task leaves the list; 「撤销」 brings it back."""
    day, at = _day(request), timezone.now()
    item = _asked(request, day)
    settled = actions.record_outcome(
        item=item,
        outcome=request.POST.get("outcome", ""),
        record_code=_record_of(item, day.user),
        contacted_at=desk_instant(request.generation, at),
        on=day.on,
        run=request.generation.run_id,
        by=day.user,
        at=at,
        **_facts(request, day, item),
    )
    messages.success(request, _undoable(request, settled, day))
    if not wants_part(request):
        return redirect("contacts:today")
    where = _stands_at(request)
    is_today = where == reverse("contacts:today")
    if not is_today and settled.outcome != TaskOutcome.REACHED:  # from a card, or a task's own page
        back = where if where.startswith(reverse("clients:list")) else reverse("contacts:today")
        return HttpResponse(headers={"HX-Redirect": back})
    return _after(request, day, item, settled, is_today=is_today)


def _stands_at(request: Pinned) -> str:
    """The address of the page the click came from; the list for what is no address."""
    listed = reverse("contacts:today")
    try:
        return urlsplit(request.headers.get("HX-Current-URL", listed)).path
    except ValueError:  # such as http://[::1
        return listed


def _undoable(request: Pinned, settled: Outcome, day: pages.Day) -> SafeString:
    """「已记为“已接通”。」 with 「撤销」."""
    said = _("Recorded as “%(outcome)s”.") % {"outcome": settled.get_outcome_display()}
    if settled.until_on:
        until = formats.day(settled.until_on, sentences.language(), day.on)
        said += " " + _("Listed again on %(day)s.") % {"day": until}
    return format_html(
        '{} <form method="post" action="{}" class="kw-undo"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><button class="kw-plain" data-undo>{}</button></form>',
        said,
        reverse("contacts:undo", args=[settled.pk]),
        get_token(request),
        _("Undo"),
    )


def _after(request: Pinned, day: pages.Day, item: Item, settled: Outcome, *, is_today: bool) -> HttpResponse:
    """The panel after an outcome: the entry to complete, else the next task; the row goes, the counts follow."""
    counts = pages.counted(day)
    context: dict[str, Any] = {
        "day": day,
        "counts": counts,
        "chips": pages.chips(counts, request.POST.get("span", "")),
        "n_done": work.n_settled_on(day.user, day.on),
        "slug": pages.slug(item),
        "is_part": is_today,
    }
    template = "contacts/next.html"
    if settled.outcome == TaskOutcome.REACHED and settled.contact_id:
        contact = queries.one(day.user, day.on, settled.contact_id)
        template = "contacts/complete.html"
        context |= {"contact": contact, "line": item.line, "form": _promise_form(contact, day)}
    else:
        context["panel"] = _next(request, day)
    response = page(request, template, context, part="body")
    event = {"kw-settled": {"row": pages.slug(item), "due": context["counts"].due}}
    response.headers["HX-Trigger-After-Settle"] = json.dumps(event)
    if (
        request.headers.get("HX-Target") != "task-panel"
    ):  # from the drawer: what comes next stands beside the list
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#task-panel", "innerHTML"
    return response


def _next(request: Pinned, day: pages.Day) -> dict[str, Any] | None:
    """The panel of the task with which the reader's list goes on, else of the first one."""
    client_id, key = request.POST.get("next_client", ""), request.POST.get("next_key", "")
    item = work.find(day.user, client_id, key, day.on) if key else None
    if item is None or not work_rules.may_take_up(day.user, item):
        item = next(iter(work.open_items(day.user, day.on, limit=1, through=day.through)), None)
    return pages.panel(item, day) if item else None


def _promise_form(contact: Any, day: pages.Day) -> Promise:
    return Promise(initial=contact.facts() if contact else {}, on=day.on, prefix="")


@requires("contacts.record")
@needs_run
@require_POST
def complete(request: Pinned, contact_id: int) -> HttpResponse:
    """Topic, need and promise into the entry that one click made."""
    day = _day(request)
    contact = queries.one(day.user, day.on, contact_id)
    if contact is None:
        raise Http404(contact_id)
    demand(rules.may_correct(contact, day.user), subject_kind="client", subject_id=contact.client_id)
    form = Promise(request.POST, initial=contact.facts(), on=day.on)
    line = queries.lines_of(day.user, day.on, [contact]).get(contact.pk)
    context: dict[str, Any] = {"contact": contact, "line": line, "form": form, "day": day}
    if form.is_valid():
        actions.complete_contact(
            contact=contact,
            facts=form.cleaned_data,
            by=day.user,
            at=timezone.now(),
            on=day.on,
            run=request.generation.run_id,
        )
        messages.success(request, _("Saved in the same entry."))
        if not wants_part(request):
            return redirect("contacts:today")
        context = {"panel": _next(request, day), "day": day}
        response = page(request, "contacts/task.html", context, part="body")
        response.headers["HX-Trigger-After-Settle"] = "kw-completed"
        return response
    return page(request, "contacts/complete.html", context, part="body", status=422)


@requires("contacts.record")
@needs_run
@require_POST
def undo(request: Pinned, outcome_id: int) -> HttpResponse:
    """Take an outcome of one's own back: a new act, both stay on record."""
    day = _day(request)
    settled = work.last_by(day.user, outcome_id)
    demand(work_rules.may_undo(settled, request.generation.run_id))
    if settled is None:
        raise Http404(outcome_id)
    actions.undo_outcome(
        outcome=settled, by=day.user, at=timezone.now(), on=day.on, run=request.generation.run_id
    )
    messages.success(request, _("Taken back; the task stands on the list again."))
    return redirect("contacts:today")


@requires("contacts.record")
@needs_run
@require_POST
@never_cache
def dial(request: Pinned) -> HttpResponse:
    """The number once, for a task: behind every gate, with the purpose filled in, and logged."""
    day, at = _day(request), timezone.now()
    item = _asked(request, day)
    n_days = day.packs.moments.cap.window_days
    standing = gates.standings([item.line], day.on, n_days)[item.client_id]
    allowed = pages.may_dial(item, day, standing, desk_instant(request.generation, at))
    demand(allowed, subject_kind="client", subject_id=item.client_id)
    actions.dial(client_id=item.client_id, task=item.key, by=day.user, at=at, run=request.generation.run_id)
    number = reveal(
        client_id=item.client_id,
        field="phone",
        purpose="call",
        note=sentences.label(item)[0],
        by=day.user,
        at=at,
        run=request.generation.run_id,
    )
    context = {"number": number, "line": item.line, "panel": pages.panel(item, day)}
    return page(request, "contacts/dial.html", context, part="body")


@requires("contacts.record")
@needs_run
@require_POST
def plan(request: Pinned) -> HttpResponse:
    """Arrange several contacts for a day, the next working one unless another is asked for: preview, then result."""
    day = _day(request)
    asked = request.POST.get("until_on")
    until_on = next_working_day(request.generation, day.on) if asked is None else _date(asked)
    wanted = bulk.read(request.POST.getlist("task"), until_on, day)
    if request.POST.get("confirmed") != "yes":
        return page(
            request, "contacts/plan.html", {"wanted": wanted, "sentence": bulk.told(wanted)}, part="body"
        )
    bulk.arrange(wanted, day, timezone.now())
    return page(request, "contacts/plan.html", {"wanted": wanted, "day": day, "is_done": True}, part="body")
