"""Open complaints as tasks: whoever the signed pack names answers, never the person complained of.

A complaint is the firm's own row, so that its task is opened and closed by what each run has of it: first that the
client be reached, then that it be settled. The second stands as soon as the first is done with, between two runs too.
What somebody settled at the desk stays settled.
Reports of wrongdoing never come here: whoever is reported must not read of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import CalendarKind, Channel, ComplaintTopic, Role
from keepwell.contract.reasons.sentence import days_of
from keepwell.desk.clients.models import ClientLine, ClientRecord, Place
from keepwell.desk.clients.places import pieces
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.sentences import language
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import pinned
from keepwell.desk.people.models import User
from keepwell.desk.people.queries import active, logins_of
from keepwell.desk.records import events
from keepwell.desk.ui import formats, notices
from keepwell.desk.work import actions, kinds
from keepwell.desk.work.actions import CLOSING
from keepwell.desk.work.models import Outcome, WorkItem
from keepwell.desk.work.queries import owners_of
from keepwell.policy.decisions import Deadline
from keepwell.policy.pack import Mark
from keepwell.policy.packs import Packs

KIND = "complaint"
NOTICE = "work.complaint"  # as told before the mark of its term stood with it
MARKED, PROMISED = "work.complaint_marked", "work.complaint_promised"
SETTLE = "/settle"
BATCH = 200
Row = Mapping[str, Any]


def register() -> None:
    """Call it in `AppConfig.ready`: the kind of task, and what those who are only informed read."""
    kinds.register(KIND, _("Complaint"), sentence=said, tone="warning", is_scripted=False, then=then)
    sentence = _("%(name)s complained on %(day)s; to be reached by %(due)s.")
    notices.register(NOTICE, sentence, "informed")
    marked = _("%(name)s complained on %(day)s; to be reached by %(due)s [%(mark)s].")
    notices.register(MARKED, marked, "informed")
    promised = _(
        "%(name)s complained on %(day)s; to be reached by %(due)s: the firm's own promise, not law [%(mark)s]."
    )
    notices.register(PROMISED, promised, "informed")


def said(facts: Mapping[str, Any]) -> str:
    """Why the task is there: what the complaint is about, when and how it came, what comes next, and who has it."""
    told = gettext("Complaint of %(day)s (%(channel)s · %(topic)s), not settled.") % {
        "day": formats.day(dt.date.fromisoformat(facts["received_on"]), language()),
        "channel": lazy_text(Channel.of(facts["channel"]).text),
        "topic": lazy_text(ComplaintTopic.of(facts["topic"]).text),
    }
    next_step = _next(facts)
    in_hand = gettext("In hand: %(name)s.") % {"name": facts["handler"]} if facts.get("handler") else ""
    return ("" if language().startswith("zh") else " ").join(filter(None, (told, next_step, in_hand)))


def _next(facts: Mapping[str, Any]) -> str:
    """What comes next and by when; a promise of the firm's own is told as such, not as law."""
    if "calendar" not in facts:  # opened before the term stood with the task
        reached = gettext("The client was reached; it is to be settled.")
        return reached if facts.get("is_reached") else gettext("The client is to be reached first.")
    if facts.get("is_reached"):
        own = gettext(
            "The client was reached; it is to be settled within %(days)s of receipt: the firm's own promise, "
            "not law [%(mark)s]."
        )
        said = gettext("The client was reached; it is to be settled within %(days)s of receipt [%(mark)s].")
    else:
        own = gettext(
            "The client is to be reached first, within %(days)s of receipt: the firm's own promise, "
            "not law [%(mark)s]."
        )
        said = gettext("The client is to be reached first, within %(days)s of receipt [%(mark)s].")
    days = days_of(facts["n_days"], CalendarKind.of(facts["calendar"])).in_language(language())
    return (own if facts["mark"] == Mark.PRACTICE else said) % {"days": days, "mark": facts["mark"]}


def _term(signed: Packs, *, is_reached: bool) -> dict[str, Any]:
    """By when, on which calendar, and how well that is known: what the sentence of the task says."""
    answer = signed.complaints.answer
    deadline = answer.settled if is_reached else answer.first_contact
    mark = signed.complaints.mark_of(f"answer.{'settled' if is_reached else 'first_contact'}").mark
    told = {"n_days": deadline.n, "calendar": str(deadline.calendar), "mark": str(mark)}
    return {"is_reached": is_reached, **told}


def then(item: WorkItem) -> WorkItem | None:
    """Once the client is reached the complaint is to be settled; once that is done, nothing more."""
    generation = pinned()
    if generation is None or item.key.endswith(SETTLE):
        return None
    signed = packs(generation, desk_day(generation))
    since = dt.date.fromisoformat(item.facts["received_on"])
    named = ("kind", "client_id", "record_code", "owner_code", "owner_role", "barred_code", "url_name")
    return WorkItem(
        key=item.key + SETTLE,
        due_on=_due(since, signed.complaints.answer.settled, signed),
        listed_from_on=since,
        facts=item.facts | _term(signed, is_reached=True),
        **{name: getattr(item, name) for name in named},
    )


def reached(*, client_id: str, on: dt.date, but: str, by: User, at: dt.datetime, run: str) -> None:
    """A client was reached, whatever about: what they complained of before that day is to be settled now.

    So each run counts it. `but` is the task that the contact itself settles; nobody moves on what is about them.
    """
    records = ClientRecord.objects.filter(client_id=client_id).values("record_code")
    items = WorkItem.objects.filter(kind=KIND, record_code__in=records, is_open=True).exclude(key=but)
    for item in items:
        is_before = item.facts["received_on"] < on.isoformat()
        is_own = bool(item.barred_code) and item.barred_code == by.staff_code
        if is_before and not is_own and not item.key.endswith(SETTLE):
            actions.go_on(item=item, by=by, at=at, run=run)


def unreached(*, client_id: str, last_on: dt.date | None, by: User, at: dt.datetime, run: str) -> None:
    """A contact that had reached a client is taken back: what nothing else moved on is to be reached first again.

    `last_on` is the day on which somebody has reached the client all the same; what the run counts stands too.
    """
    line = ClientLine.objects.filter(pk=client_id).first()
    days = [day for day in (last_on, line.last_contact_on if line else None) if day]
    records = ClientRecord.objects.filter(client_id=client_id).values("record_code")
    duties = WorkItem.objects.filter(kind=KIND, record_code__in=records, is_open=True, key__endswith=SETTLE)
    for duty in duties:
        key = duty.key.removesuffix(SETTLE)
        is_still = any(duty.facts["received_on"] < day.isoformat() for day in days)
        is_own = bool(duty.barred_code) and duty.barred_code == by.staff_code
        if is_still or is_own or _settled([key]):
            continue
        for item in WorkItem.objects.filter(key=key, record_code=duty.record_code):
            actions.go_back(item=item, by=by, at=at, run=run)


def follow(*, generation: Generation, before: Generation | None, at: dt.datetime) -> None:
    """Bring the tasks in step with the run that the connection reads; called again, it does nothing.

    With a run before it, those who look after the client are told of what is new.
    """
    signed, run = packs(generation, desk_day(generation)), generation.run_id
    standing = dict(WorkItem.objects.filter(kind=KIND).values_list("key", "is_open"))
    wanted: set[str] = set()
    found = events.open_complaints(run)
    for rows in (found[start : start + BATCH] for start in range(0, len(found), BATCH)):
        items = {item.key: item for item in _made(rows, signed, generation, at)}
        wanted |= set(items)
        if new := [item for key, item in items.items() if key not in standing]:
            actions.open_many(items=new, by=None, at=at, run=run)
            if before is not None:
                _tell([item for item in new if not item.facts["is_reached"]], at)
    for keys in pieces([key for key, is_open in standing.items() if is_open and key not in wanted], BATCH):
        actions.turn_many(keys=keys, is_open=False, by=None, at=at, run=run)
    for keys in pieces([key for key, is_open in standing.items() if not is_open and key in wanted], BATCH):
        if back := sorted(set(keys) - _settled(keys)):
            actions.turn_many(keys=back, is_open=True, by=None, at=at, run=run)


def _settled(keys: Iterable[str]) -> set[str]:
    """Which of these tasks people have dealt with."""
    rows = Outcome.objects.filter(key__in=list(keys), is_in_force=True, outcome__in=CLOSING)
    return set(rows.values_list("key", flat=True))


def _made(rows: Sequence[Row], signed: Packs, generation: Generation, at: dt.datetime) -> list[WorkItem]:
    """What each complaint asks for now: that the client be reached, and once they were, that it be settled.

    One whose customer number is nobody's in the run waits for a run where it is.
    """
    owners = owners_of({row["record_code"] for row in rows})
    lines = ClientLine.objects.in_bulk(set(owners.values()))
    names = staff_names(row["assigned_code"] for row in rows)
    dealt_with = _settled(f"{KIND}/{row['complaint_code']}" for row in rows)
    found = []
    for row in rows:
        line = lines.get(owners.get(row["record_code"], ""))
        if line is None:
            continue
        key, since = f"{KIND}/{row['complaint_code']}", row["received_on"]
        is_reached = key in dealt_with or bool(line.last_contact_on and line.last_contact_on > since)
        item = _item(row, line, signed, is_reached=is_reached)
        item.key = key + SETTLE if is_reached else key
        item.facts |= {"handler": names.get(row["assigned_code"] or "", "")}
        item.opened_at, item.run = at, generation.run_id
        found.append(item)
    return found


def _item(row: Row, line: ClientLine, signed: Packs, *, is_reached: bool) -> WorkItem:
    answer = signed.complaints.answer
    deadline = answer.settled if is_reached else answer.first_contact
    return WorkItem(
        kind=KIND,
        client_id=line.client_id,
        record_code=row["record_code"],
        owner_code=row["assigned_code"] or "",
        owner_role=str(answer.owner_role),
        barred_code=row["accused_code"] or "",
        due_on=_due(row["received_on"], deadline, signed),
        listed_from_on=row["received_on"],
        facts=_facts(row) | {"priority": answer.priority} | _term(signed, is_reached=is_reached),
        url_name="clients:service",
    )


def _due(since: dt.date, deadline: Deadline, signed: Packs) -> dt.date:
    return signed.calendars.of(deadline.calendar).add(since, deadline.n).on


def _facts(row: Row) -> dict[str, Any]:
    return {
        "received_on": row["received_on"].isoformat(),
        "topic": row["complaint_topic"],
        "channel": row["channel"],
    }


def _tell(items: Sequence[WorkItem], at: dt.datetime) -> None:
    """Those who look after the clients, and the heads of their branches, learn of it; not whoever it is about."""
    ids = [item.client_id for item in items]
    places, lines = Place.objects.in_bulk(ids), ClientLine.objects.in_bulk(ids)
    managers: dict[str, list[Any]] = {}
    for user in logins_of({place.manager_code or "" for place in places.values()}):
        managers.setdefault(user.staff_code, []).append(user)
    heads: dict[str, list[Any]] = {}
    for user in active().filter(role=str(Role.BRANCH_HEAD)):
        heads.setdefault(user.branch_code, []).append(user)
    for item in items:
        place = places[item.client_id]
        informed = [*managers.get(place.manager_code or "-", ()), *heads.get(place.home_branch_code, ())]
        for user in informed:
            if user.staff_code and user.staff_code == item.barred_code:
                continue
            name = formats.mask_name(lines[item.client_id].client_name)
            facts = {"name": name, "day": item.facts["received_on"], "due": item.due_on.isoformat()}
            facts["mark"] = item.facts["mark"]
            kind = PROMISED if facts["mark"] == Mark.PRACTICE else MARKED
            url = reverse("clients:service", args=[item.client_id])
            notices.tell(to=user.pk, kind=kind, key=item.key, at=at, facts=facts, url=url)
