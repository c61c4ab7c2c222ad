"""What a split would move: shown before it is done, with a mark by which a change in between is noticed (M25)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Coalesce

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import (
    AllocationProposal,
    Assignment,
    ClientAccount,
    ClientLine,
    ClientRecord,
    Place,
)
from keepwell.desk.clients.queries import branch_names, staff_names
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import numbers
from keepwell.desk.identities.merges import queries
from keepwell.desk.identities.models import Judgement, Verification
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.work import queries as work
from keepwell.desk.work.kinds import kind
from keepwell.desk.work.models import Outcome, WorkItem

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two clients there would be."""

    records: Sequence[ClientRecord]
    n_accounts: int
    tasks: Sequence[dict[str, Any]]
    n_tasks: int
    n_overrides: int
    verified: Sequence[dict[str, Any]]
    is_taken: bool
    has_assignment: bool

    @property
    def codes(self) -> list[str]:
        """Its customer numbers."""
        return [row.record_code for row in self.records]


@dataclass(frozen=True, slots=True)
class Preview:
    """Both clients, what the next run decides anew, and the mark of what was read."""

    kept: Part
    taken: Part
    n_moments: int
    manager: str
    home: str
    has_proposal: bool
    agreed: Sequence[Judgement]
    mark: str

    @property
    def parts(self) -> tuple[Part, Part]:
        """The one that stays, the one that is taken out."""
        return self.kept, self.taken


def of(line: ClientLine, taken: Sequence[str], generation: Generation, on: dt.date, user: User) -> Preview:
    """What would become of the client's open work, findings and allocation: twelve queries."""
    records = numbers.records_of(line)
    codes = [row.record_code for row in records]
    held = _Held(
        numbers.accounts(codes),
        list(WorkItem.objects.filter(record_code__in=codes, is_open=True).order_by("due_on", "pk")),
        _overrides(line),
        _verifications(codes),
        _assigned(line, records),
        codes[0],
    )
    place = Place.objects.filter(pk=line.client_id).first()
    manager = (place.manager_code if place else None) or ""
    home = place.home_branch_code if place else line.home_branch_code
    lines = ClientLine.objects.filter(client_id=line.client_id)
    return Preview(
        held.part([row for row in records if row.record_code not in taken], is_taken=False),
        held.part([row for row in records if row.record_code in taken], is_taken=True),
        work.of_moments(user, on, lines).count(),
        staff_names([manager]).get(manager, manager),
        branch_names([home]).get(home, home),
        AllocationProposal.objects.filter(pk=line.client_id, is_change=True).exists(),
        queries.agreed_across(taken, [code for code in codes if code not in taken]),
        _mark(generation, codes, held, place),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What hangs on the client's numbers; what names none goes with the first."""

    accounts: Mapping[str, Sequence[ClientAccount]]
    items: Sequence[WorkItem]
    overrides: Sequence[Override]
    verifications: Sequence[Verification]
    assigned: str
    first: str

    def part(self, records: Sequence[ClientRecord], *, is_taken: bool) -> Part:
        """What goes with these numbers."""
        numbers = {row.record_code for row in records}
        open_here = [item for item in self.items if item.record_code in numbers]
        return Part(
            records,
            sum(len(self.accounts.get(code, ())) for code in numbers),
            [_task(item) for item in open_here[:SHOWN]],
            len(open_here),
            sum((row.record_code or self.first) in numbers for row in self.overrides),
            [_verified(row) for row in self.verifications if row.record_code in numbers],
            is_taken,
            self.assigned in numbers,
        )


def _overrides(line: ClientLine) -> Sequence[Override]:
    states = [Override.State.PROPOSED, Override.State.APPROVED]
    return list(Override.objects.filter(client_id=line.client_id, state__in=states).order_by("pk"))


def _verifications(codes: Sequence[str]) -> Sequence[Verification]:
    """What was found out and counts: a finding goes with the customer number that has it right."""
    rows = Verification.objects.filter(record_code__in=codes, state=Verification.State.IN_FORCE)
    return list(rows.order_by("pk"))


def _verified(row: Verification) -> dict[str, Any]:
    fact = row.get_golden_field_display() if row.golden_field else row.get_finding_display()
    return {"fact": fact, "record_code": row.record_code}


def _assigned(line: ClientLine, records: Sequence[ClientRecord]) -> str:
    """The customer number by which the manager in force was decided; else the first at the home branch."""
    row = Assignment.objects.filter(
        client_id=line.client_id, relation=Assignment.Relation.SERVICE, ends_on=None
    ).first()
    if row and row.record_code:
        return str(row.record_code)
    at_home = [one.record_code for one in records if one.branch_code == line.home_branch_code]
    return str((at_home or [one.record_code for one in records])[0])


def _task(item: WorkItem) -> dict[str, Any]:
    return {"label": kind(item.kind).label, "due_on": item.due_on, "record_code": item.record_code}


def _mark(generation: Generation, codes: Sequence[str], held: _Held, place: Place | None) -> str:
    judged = Judgement.objects.filter(left_code__in=codes, right_code__in=codes, state__in=Judgement.STANDS)
    seen = {
        "run": generation.run_id,
        "records": sorted(codes),
        "items": [(item.pk, str(item.due_on)) for item in held.items],
        "overrides": [(row.pk, row.version) for row in held.overrides],
        "verified": [row.pk for row in held.verifications],
        "place": [place.manager_code, place.home_branch_code] if place else [],
        "judged": sorted(judged.values_list("pk", "state")),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


def unchanged(preview: Preview, mark: str, line: ClientLine, generation: Generation, user: User) -> Verdict:
    """What is confirmed is what was read (M25); says who changed it last."""
    if preview.mark == mark:
        return ALLOWED
    by, at = _last_change(line, [*preview.kept.codes, *preview.taken.codes], generation, user)
    return refuse(Refusal.CHANGED_SINCE, changed_by=by, changed_at=formats.moment(at))


def _last_change(
    line: ClientLine, codes: Sequence[str], generation: Generation, user: User
) -> tuple[str, dt.datetime | None]:
    """Who acted last on what the preview shows, and when; the run itself where nobody did since."""
    items = WorkItem.objects.filter(record_code__in=codes).order_by("-opened_at")
    settled = Outcome.objects.filter(record_code__in=codes).order_by("-at")
    placed = Assignment.objects.filter(client_id=line.client_id).exclude(by_name="").order_by("-at")
    proposed = Override.objects.filter(client_id=line.client_id).order_by("-proposed_at")
    found_out = Verification.objects.filter(record_code__in=codes).order_by(
        Coalesce("undone_at", "at").desc()
    )
    found_out = found_out.select_related("by", "undone_by")
    told: list[tuple[dt.datetime, str]] = [
        (generation.taken_in_at, f"#{formats.run_number(generation.run_id)}"),
        *items.values_list("opened_at", "by_name")[:1],
        *settled.values_list("at", "by_name")[:1],
        *placed.values_list("at", "by_name")[:1],
        *proposed.values_list("proposed_at", "proposed_by__display_name")[:1],
        *((row.undone_at or row.at, (row.undone_by or row.by).display_name) for row in found_out[:1]),
        *((row.at, row.by.display_name) for row in pairs.about(user, codes)[:1]),
    ]
    at, by = max(told)
    return by, at
