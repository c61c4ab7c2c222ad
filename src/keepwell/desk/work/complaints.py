"""Open complaints as tasks: whoever the signed pack names answers, never the person complained of.

A complaint is the firm's own row, so that its task is opened and closed by what each run has of it; what somebody
settled at the desk stays settled. Reports of wrongdoing never come here: whoever is reported must not read of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keepwell.contract.codes import Channel, ComplaintTopic, Role
from keepwell.desk.clients.models import Client, ClientLine, Place
from keepwell.desk.clients.places import pieces
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.sentences import language
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates.signed import desk_day, packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.queries import active, logins_of
from keepwell.desk.records import events
from keepwell.desk.ui import formats, notices
from keepwell.desk.work import actions, kinds
from keepwell.desk.work.models import Outcome, WorkItem
from keepwell.desk.work.queries import owners_of
from keepwell.policy.packs import Packs

KIND = "complaint"
NOTICE = "work.complaint"
BATCH = 200
Row = Mapping[str, Any]


def register() -> None:
    """Call it in `AppConfig.ready`: the kind of task, and what those who are only informed read."""
    kinds.register(KIND, _("Complaint"), sentence=said, tone="warning")
    sentence = _("%(name)s complained on %(day)s; to be settled by %(due)s.")
    notices.register(NOTICE, sentence, "assigned")


def said(facts: Mapping[str, Any]) -> str:
    """Why the task is there: what the complaint is about, when and how it came, and who deals with it."""
    told = gettext("Complaint of %(day)s by %(channel)s about %(topic)s, not settled.") % {
        "day": formats.day(dt.date.fromisoformat(facts["received_on"]), language()),
        "channel": lazy_text(Channel.of(facts["channel"]).text),
        "topic": lazy_text(ComplaintTopic.of(facts["topic"]).text),
    }
    if facts.get("handler"):
        told += " " + gettext("In hand: %(name)s.") % {"name": facts["handler"]}
    return told


def follow(*, generation: Generation, before: Generation | None, at: dt.datetime) -> None:
    """Bring the tasks in step with the run that the connection reads; called again, it does nothing.

    With a run before it, those who look after the client are told of what is new.
    """
    signed, run = packs(generation, desk_day(generation)), generation.run_id
    rows = {f"{KIND}/{row['complaint_code']}": row for row in events.open_complaints(run)}
    standing = dict(WorkItem.objects.filter(kind=KIND).values_list("key", "is_open"))
    for keys in pieces([key for key in rows if key not in standing], BATCH):
        items = _made({key: rows[key] for key in keys}, signed, generation, at)
        actions.open_many(items=items, by=None, at=at, run=run)
        if before is not None:
            _tell(items, at)
    for keys in pieces([key for key, is_open in standing.items() if is_open and key not in rows], BATCH):
        actions.turn_many(keys=keys, is_open=False, by=None, at=at, run=run)
    for keys in pieces([key for key, is_open in standing.items() if not is_open and key in rows], BATCH):
        settled = Outcome.objects.filter(key__in=keys, is_in_force=True).values_list("key", flat=True)
        if back := sorted(set(keys) - set(settled)):
            actions.turn_many(keys=back, is_open=True, by=None, at=at, run=run)


def _made(rows: Mapping[str, Row], signed: Packs, generation: Generation, at: dt.datetime) -> list[WorkItem]:
    """The tasks of some complaints; one whose customer number is nobody's in the run waits for a run where it is."""
    answer = signed.complaints.answer
    owners = owners_of({row["record_code"] for row in rows.values()})
    known = set(Client.objects.filter(pk__in=set(owners.values())).values_list("pk", flat=True))
    names = staff_names(row["assigned_code"] for row in rows.values())
    calendar = signed.calendars.of(answer.deadline.calendar)
    return [
        WorkItem(
            key=key,
            kind=KIND,
            client_id=owners[row["record_code"]],
            record_code=row["record_code"],
            owner_code=row["assigned_code"] or "",
            owner_role=str(answer.owner_role),
            barred_code=row["accused_code"] or "",
            due_on=calendar.add(row["received_on"], answer.deadline.n).on,
            listed_from_on=row["received_on"],
            facts=_facts(row, names) | {"priority": answer.priority},
            url_name="clients:service",
            opened_at=at,
            run=generation.run_id,
        )
        for key, row in rows.items()
        if owners.get(row["record_code"]) in known
    ]


def _facts(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "received_on": row["received_on"].isoformat(),
        "topic": row["complaint_topic"],
        "channel": row["channel"],
        "handler": names.get(row["assigned_code"] or "", ""),
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
            url = reverse("clients:service", args=[item.client_id])
            notices.tell(to=user.pk, kind=NOTICE, key=item.key, at=at, facts=facts, url=url)
