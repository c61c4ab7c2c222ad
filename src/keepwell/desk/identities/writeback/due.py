"""What waits to be written back: what people verified and a run has taken, as rows by customer number and field.

Only what the current run holds to be so is told to other systems: a verified value that counts there, clients as they
are joined and parted there. What was told and holds no longer is told as withdrawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.golden import Fact, Finding, Standing
from keepwell.contract.schema import Sensitivity
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import (
    GoldenField,
    IdentityConflict,
    Judgement,
    KeptEvent,
    Split,
    Verification,
    WriteBack,
    WriteBackRow,
)
from keepwell.desk.ui import formats

AT_MOST = 2_000  # rows of a file: written in one short transaction
CLIENT = "client_id"  # the field by which customer numbers of one person are told to belong together
NOT_TOLD = (str(Fact.RISK_LEVEL),)  # a level comes from an assessment the client signs, never from this desk
SECRETS = tuple(
    str(fact)
    for fact in Fact
    if fact in CustomerRecord.columns and CustomerRecord.columns[fact].sensitivity is Sensitivity.SECRET
)
Change, Row = WriteBackRow.Change, WriteBackRow.State


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file to be; `secret` names the fact whose value the exchange must open."""

    record_code: str
    branch_code: str
    client_id: str
    field: str
    change: str
    act: str
    by: str
    at: dt.datetime
    how: str
    old_shown: str = ""
    new_shown: str = ""
    value: str = ""
    secret: str = ""
    source_code: str = ""
    conflict_key: str = ""
    is_undoing: bool = False
    verification_id: int | None = None
    judgement_id: int | None = None
    split_id: int | None = None


def lines(generation: Generation) -> list[Line]:
    """The rows of a file made now: what is withdrawn first, then what was refused and is sent again, then what is new.

    At most 2,000, of whole acts; the rest waits for the next file.
    """
    made: list[Line] = []
    for of_act in _by_act(generation):
        if made and len(made) + len(of_act) > AT_MOST:
            break
        made += of_act
    return made


def _again() -> QuerySet[WriteBackRow]:
    """Refused rows that were asked to be sent again, as long as their act stands."""
    stands = Q(verification=None) | Q(verification__state=Verification.State.IN_FORCE)
    return WriteBackRow.objects.filter(stands, is_again=True).order_by("pk")


def _by_act(generation: Generation) -> Iterator[list[Line]]:
    yield from ([line] for line in _told_back(_withdrawn()[:AT_MOST]))
    resent = list(_again()[:AT_MOST])
    wanted = {(row.act, row.record_code) for row in resent}
    acts = Verification.objects.filter(pk__in={row.verification_id for row in resent})
    for of_act in _of_verifications(acts, generation):
        yield [line for line in of_act if (line.act, line.record_code) in wanted]
    yield from _of_verifications(_verified(generation), generation)
    yield from _of_clients(generation, resent)


# --- verified values


def _verified(generation: Generation) -> QuerySet[Verification]:
    """Findings in force that the run knows, of conflicts it still has, of which no file has told."""
    if generation.returns_cut is None:
        return Verification.objects.none()
    told = WriteBackRow.objects.filter(verification=OuterRef("pk"), is_undoing=False)
    has = IdentityConflict.objects.filter(conflict_key=OuterRef("conflict_key"))
    rows = Verification.objects.filter(
        Exists(has), ~Exists(told), state=Verification.State.IN_FORCE, at__lte=generation.returns_cut
    )
    return rows.exclude(golden_field__in=["", *NOT_TOLD])


def _of_verifications(rows: QuerySet[Verification], generation: Generation) -> Iterator[list[Line]]:
    """For each finding a row for every open customer number of the client; none where the run decides otherwise."""
    acts = list(rows.select_related("by").order_by("pk")[:AT_MOST])
    conflicts = _conflicts(acts)
    clients = {row.client_id for row in conflicts.values()}
    fields, records = _fields(clients), _records(clients)
    for act in acts:
        conflict = conflicts.get(act.conflict_key)
        if conflict is None or not generation.knows(act.at):
            continue
        said = {
            row.record_code: row
            for row in fields.get(conflict.client_id, ())
            if row.golden_field == act.golden_field
        }
        yield list(_lines(act, said, records.get(conflict.client_id, ())))


def _conflicts(acts: Sequence[Verification]) -> dict[str, IdentityConflict]:
    found = IdentityConflict.objects.filter(conflict_key__in={act.conflict_key for act in acts})
    return {row.conflict_key: row for row in found}


def _lines(
    act: Verification, said: dict[str, GoldenField], records: Sequence[ClientRecord]
) -> Iterator[Line]:
    chosen = next((row for row in said.values() if row.standing == Standing.CHOSEN), None)
    right = said.get(act.record_code)
    one_is_right = act.finding == Finding.ONE_IS_RIGHT
    if one_is_right and said and (not right or not chosen or right.value_mark != chosen.value_mark):
        return  # the run holds another value to be true: nothing is told until it agrees
    for record in records:
        own = said.get(record.record_code)
        about = _about(act, record, own)
        if not said or not one_is_right or (own and chosen and own.value_mark == chosen.value_mark):
            if own or not said:
                yield Line(**about, change=str(Change.CONFIRMED), new_shown=about["old_shown"])
        elif chosen:
            yield Line(
                **about,
                change=str(Change.SET),
                new_shown=masked(chosen),
                source_code=chosen.record_code,
                value="" if is_secret(chosen) else str(chosen.shown_value),
                secret=chosen.golden_field if is_secret(chosen) else "",
            )


def _about(act: Verification, record: ClientRecord, own: GoldenField | None) -> dict[str, Any]:
    return {
        "record_code": record.record_code,
        "branch_code": record.branch_code,
        "client_id": record.client_id,
        "field": act.golden_field,
        "act": f"verification-{act.pk}",
        "by": act.by.staff_code or act.by.username,
        "at": act.at,
        "how": act.how,
        "old_shown": masked(own) if own else "",
        "conflict_key": act.conflict_key,
        "verification_id": act.pk,
    }


def is_secret(row: GoldenField) -> bool:
    """Whether the run's row has the value masked, so that it has to be opened."""
    return row.golden_field in SECRETS


def masked(row: GoldenField) -> str:
    """A value as rows keep it: names and dates of birth masked, secrets as the run masks them."""
    value = str(row.shown_value)
    if row.golden_field == Fact.CLIENT_NAME:
        return formats.mask_name(value)
    return f"{value[:4]}-**-**" if row.golden_field == Fact.BIRTH_ON else value


def _fields(client_ids: Iterable[str]) -> dict[str, list[GoldenField]]:
    found: dict[str, list[GoldenField]] = {}
    for row in GoldenField.objects.filter(client_id__in=set(client_ids)).order_by("record_code"):
        found.setdefault(row.client_id, []).append(row)
    return found


def _records(client_ids: Iterable[str]) -> dict[str, list[ClientRecord]]:
    """Open customer numbers: a closed one is changed by nobody."""
    found: dict[str, list[ClientRecord]] = {}
    rows = ClientRecord.objects.filter(client_id__in=set(client_ids), closed_on=None).order_by("record_code")
    for row in rows:
        found.setdefault(row.client_id, []).append(row)
    return found


# --- who is one person


def _joined(generation: Generation) -> QuerySet[Judgement]:
    """Judgements of "the same" that the run knows, of which no file has told."""
    told = WriteBackRow.objects.filter(judgement=OuterRef("pk"))
    rows = Judgement.objects.filter(
        ~Exists(told), judgement=str(Said.SAME), state=Judgement.State.IN_FORCE, in_force_at__isnull=False
    )
    return rows.filter(in_force_at__lte=generation.returns_cut) if generation.returns_cut else rows.none()


def _parted(generation: Generation) -> QuerySet[Split]:
    """Splits in force that the run knows, of which no file has told."""
    told = WriteBackRow.objects.filter(split=OuterRef("pk"), is_undoing=False)
    rows = Split.objects.filter(~Exists(told), state=Split.State.IN_FORCE)
    return rows.filter(in_force_at__lte=generation.returns_cut) if generation.returns_cut else rows.none()


def _rejoined(generation: Generation) -> QuerySet[Split]:
    """Splits that were told, were taken back, and the run knows it."""
    rows = WriteBackRow.objects.filter(split=OuterRef("pk"))
    found = Split.objects.filter(Exists(rows.filter(is_undoing=False)), ~Exists(rows.filter(is_undoing=True)))
    return found.filter(undone_at__lte=generation.returns_cut) if generation.returns_cut else found.none()


@dataclass(frozen=True, slots=True)
class _Act:
    """A judgement or split: its customer numbers, and what its rows say of it."""

    codes: Sequence[str]
    by: Any
    at: dt.datetime
    told: dict[str, Any]

    @property
    def is_of_one(self) -> bool:
        """Whether it says that its numbers are one client."""
        return "judgement_id" in self.told


def _acts(generation: Generation, resent: Sequence[WriteBackRow]) -> Iterator[_Act]:
    joined = _joined(generation).values("pk"), {row.judgement_id for row in resent} - {None}
    same = Judgement.objects.filter(Q(pk__in=joined[0]) | Q(pk__in=joined[1]))
    for one in same.select_related("by").order_by("pk")[:AT_MOST]:
        told = {"judgement_id": one.pk, "how": "judgement", "act": f"judgement-{one.pk}"}
        yield _Act([one.left_code, one.right_code], one.by, one.in_force_at or one.at, told)
    parted = _parted(generation).values("pk"), {row.split_id for row in resent if not row.is_undoing} - {None}
    splits = Split.objects.filter(Q(pk__in=parted[0]) | Q(pk__in=parted[1]))
    for split in splits.select_related("by").order_by("pk")[:AT_MOST]:
        told = {"split_id": split.pk, "how": "split", "act": f"split-{split.pk}"}
        yield _Act([*split.taken, *split.kept], split.by, split.in_force_at or split.at, told)
    rejoined = _rejoined(generation).values("pk"), {row.split_id for row in resent if row.is_undoing}
    undone = Split.objects.filter(Q(pk__in=rejoined[0]) | Q(pk__in=rejoined[1]))
    for split in undone.select_related("undone_by").order_by("pk")[:AT_MOST]:
        told = {"split_id": split.pk, "how": "split_undone", "act": f"split-{split.pk}", "is_undoing": True}
        yield _Act([*split.taken, *split.kept], split.undone_by, split.undone_at or split.at, told)


def _of_clients(generation: Generation, resent: Sequence[WriteBackRow]) -> Iterator[list[Line]]:
    """For each judgement and split the clients that its customer numbers have in the run, with all their numbers."""
    acts = list(_acts(generation, resent))
    held = ClientRecord.objects.filter(record_code__in={code for act in acts for code in act.codes})
    owners = dict(held.values_list("record_code", "client_id"))
    records = _records(owners.values())
    before = _before(records)
    for act in acts:
        clients = sorted({owners[code] for code in act.codes if code in owners})
        if not act.is_of_one or len(clients) == 1:  # else the run holds evidence against it: nothing is told
            yield [_belongs(act, record, before) for client in clients for record in records.get(client, ())]


def _before(records: Mapping[str, Sequence[ClientRecord]]) -> dict[tuple[str, str], str]:
    """Of which client a customer number was before a run gave it the one it has, so far as one did."""
    codes = {record.record_code for of_client in records.values() for record in of_client}
    events = KeptEvent.objects.filter(record_code__in=codes, to_client_id__in=records).order_by("pk")
    return {(row.record_code, row.to_client_id): row.from_client_id for row in events}


def _belongs(act: _Act, record: ClientRecord, before: Mapping[tuple[str, str], str]) -> Line:
    return Line(
        record_code=record.record_code,
        branch_code=record.branch_code,
        client_id=record.client_id,
        field=CLIENT,
        change=str(Change.SET),
        by=act.by.staff_code or act.by.username,
        at=act.at,
        old_shown=before.get((record.record_code, record.client_id), ""),
        new_shown=record.client_id,
        value=record.client_id,
        **act.told,
    )


# --- what holds no longer


def _withdrawn() -> QuerySet[WriteBackRow]:
    """Rows that told of a finding which was taken back since, and were not refused; told so once, or once more."""
    told = WriteBackRow.objects.filter(
        verification=OuterRef("verification"), record_code=OuterRef("record_code"), is_undoing=True
    ).exclude(is_again=True)
    rows = WriteBackRow.objects.filter(
        ~Exists(told), verification__state=Verification.State.UNDONE, is_undoing=False
    )
    has_left = rows.exclude(write_back__state=WriteBack.State.WAITS)  # else there is nothing to withdraw yet
    return has_left.exclude(state=Row.REFUSED).order_by("pk")


def _told_back(rows: QuerySet[WriteBackRow]) -> Iterator[Line]:
    for row in rows.select_related("verification__undone_by"):
        act: Any = row.verification  # which has been taken back, and so names by whom
        yield Line(
            record_code=row.record_code,
            branch_code=row.branch_code,
            client_id=row.client_id,
            field=row.field,
            change=str(Change.WITHDRAWN),
            act=row.act,
            by=act.undone_by.staff_code or act.undone_by.username,
            at=act.undone_at,
            how=act.how,
            old_shown=row.new_shown,
            is_undoing=True,
            verification_id=act.pk,
        )
