"""What is said of and with clients: needs, assessments, consents, managers, applications, contacts, complaints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.sources import clients, events, firm
from keepwell.contract.sources import contacts as said
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes, world
from keepwell.engine.simulator.account_tables import ASKS, permissions
from keepwell.engine.simulator.accounts import A_RECORD, R_AT, R_K, R_OPENED, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import record_cells, staff_codes
from keepwell.engine.simulator.emit import (
    Bytes,
    batch,
    cells_of,
    dates,
    decimals,
    flags,
    from_bytes,
    instants,
    integers,
    pick,
    serials,
)
from keepwell.engine.simulator.event_tables import lateness
from keepwell.engine.simulator.notes import NOTES
from keepwell.engine.simulator.profile_tables import YEARLY, client_words, renewed
from keepwell.engine.simulator.record_tables import closed_on, delivered
from keepwell.engine.simulator.staff import S_BEFORE, S_LEFT, S_NOW, S_TAKEN
from keepwell.engine.simulator.streams import Integers, uniforms, words

Batch = tuple[str, pa.RecordBatch]
_NEEDS = list(codes.Need)
_TOUCH_CHANNELS = [codes.Channel.PHONE, codes.Channel.WECOM, codes.Channel.VISIT, codes.Channel.SMS]
_OUTCOMES = list(codes.ContactOutcome)
_VOICES = [codes.ComplaintKind.COMPLAINT, codes.ComplaintKind.ENQUIRY]
_TOPICS = list(codes.ComplaintTopic)
_ROUTES = [codes.Channel.PHONE, codes.Channel.APP, codes.Channel.COUNTER, codes.Channel.PLATFORM_12386]


def main_records(block: Block) -> Integers:
    """Row of each person's main record."""
    return np.flatnonzero(block.records[:, R_K] == 0)


class Said:
    """Rows of one kind of event about a person that the firm knows of on the last day."""

    def __init__(self, town: Town, block: Block, kind: int) -> None:
        rows = block.events[kind]
        serial = serials(rows[:, 1], block.n)
        days = town.span.on[rows[:, 2]]
        person = block.first + rows[:, 1]
        known = days + lateness(town.seed, person, kind, serial)
        known = np.where(town.stories.tells_of(person), days, known)
        kept = known <= town.span.last
        self.rows, self.serial, self.days, self.known = rows[kept], serial[kept], days[kept], known[kept]
        self.cells: Bytes = record_cells(town.seed, block)[main_records(block)[self.rows[:, 1]]]
        self.n = self.serial.size

    def code(self, letter: str) -> pa.Array:
        """A code of its own for each: letter, customer number, number within the client."""
        tail = cells_of((self.serial, 4), n=self.n)
        head = np.full((self.n, 1), ord(letter), np.uint8)
        return from_bytes(np.concatenate([head, self.cells, tail], axis=1))


def _contacts(town: Town, block: Block) -> Batch:
    d = Said(town, block, world.CONTACT)
    r = d.rows
    reached = r[:, 6] == 0
    at = np.where(reached & (r[:, 7] > 0), (r[:, 9] * 8 + r[:, 10] % 8), -1)
    return batch(
        said.Contact,
        {
            "contact_code": d.code("C"),
            "record_code": from_bytes(d.cells),
            "staff_code": staff_codes(r[:, 4]),
            "contacted_at": instants(d.days, r[:, 3]),
            "contacted_on": dates(d.days),
            "channel": pick(_TOUCH_CHANNELS, r[:, 5]),
            "outcome": pick(_OUTCOMES, r[:, 6]),
            "is_substantial": flags(r[:, 7]),
            "n_minutes": integers(r[:, 8]),
            "note": pick(NOTES, at),
            "known_on": dates(d.known),
        },
    )


def _surveys(town: Town, block: Block) -> Batch:
    d = Said(town, block, world.SURVEY)
    return batch(
        said.Survey,
        {
            "survey_code": d.code("Q"),
            "record_code": from_bytes(d.cells),
            "staff_code": staff_codes(d.rows[:, 5]),
            "answered_on": dates(d.days),
            "score": integers(d.rows[:, 4]),
            "known_on": dates(d.known),
        },
    )


def _complaints(town: Town, block: Block) -> Batch:
    d = Said(town, block, world.COMPLAINT)
    r = d.rows
    desk = np.array([m.number for m in town.staff.members if m.role is codes.Role.SERVICE_DESK] or [0])
    assigned = desk[r[:, 8] % desk.size]
    accused = r[:, 6]
    self_handled = (accused >= 0) & (r[:, 8] % 10_000 < 10_000 * town.firm.contact.accused_share)
    closed = d.days + r[:, 7]
    return batch(
        said.Complaint,
        {
            "complaint_code": d.code("V"),
            "record_code": from_bytes(d.cells),
            "received_at": instants(d.days, r[:, 3]),
            "received_on": dates(d.days),
            "complaint_kind": pick(_VOICES, r[:, 4]),
            "complaint_topic": pick(_TOPICS, r[:, 5]),
            "channel": pick(_ROUTES, r[:, 8] % 7 % 4),
            "accused_code": staff_codes(accused),
            "assigned_code": staff_codes(np.where(self_handled, accused, assigned)),
            "closed_on": dates(closed, closed > town.span.last),
            "known_on": dates(d.known),
        },
    )


def _assignments(town: Town, block: Block) -> Batch:
    """Service relations with their history, and the relation of whoever brought the client."""
    person = np.flatnonzero((block.seat_of >= 0) & (block.rows[:, who_is.OPENS_AT] < town.span.n_run))
    seat = town.staff.seats[block.seat_of[person]]
    opened = block.rows[person, who_is.OPENED].astype(np.int64)
    served = np.maximum(opened, town.span.first - 900)
    had = (seat[:, S_BEFORE] >= 0) & (served < seat[:, S_LEFT])
    now = (seat[:, S_TAKEN] <= town.span.last) | (seat[:, S_BEFORE] < 0)
    brought = uniforms(town.seed, block.first + person, purposes.HISTORY, person * 0, 1) < 0.3
    parts = [np.flatnonzero(had), np.flatnonzero(now), np.flatnonzero(brought)]
    at = np.concatenate(parts)
    order = np.argsort(at, kind="stable")
    at, which = at[order], np.repeat([0, 1, 2], [part.size for part in parts])[order]
    before = (which == 0) | ((which == 2) & had[at])
    staff = np.where(before, seat[at, S_BEFORE], seat[at, S_NOW])
    taken = np.where(seat[at, S_BEFORE] >= 0, np.maximum(seat[at, S_TAKEN], served[at]), served[at])
    starts = np.where(which == 2, served[at], np.where(which == 1, taken, served[at]))
    ends = np.where(which == 0, seat[at, S_LEFT], 0)
    gone = closed_on(town, block)[person][at]
    ends = np.where((which == 1) & (gone > starts), gone, ends)
    records = record_cells(town.seed, block)[main_records(block)[person[at]]]
    return batch(
        firm.Assignment,
        {
            "record_code": from_bytes(records),
            "staff_code": staff_codes(staff),
            "relation": pick(
                [codes.Relation.SERVICE, codes.Relation.DEVELOPMENT], (which == 2).astype(np.int64)
            ),
            "starts_on": dates(starts),
            "ends_on": dates(ends, ends == 0),
        },
    )


def _needs(town: Town, block: Block) -> Batch:
    """The two strongest needs of 60% of live clients, blurred; half of them stated."""
    person = np.flatnonzero((block.rows[:, who_is.LIVES] > 0) & (block.rows[:, who_is.OPENS_AT] < 0))
    u = uniforms(town.seed, block.first + person, purposes.NEEDS, person * 0, 0)
    person = person[u < 0.6]
    wants = block.rows[person][:, who_is.NEEDS : who_is.NEEDS + 6]
    order = np.argsort(-wants, axis=1, kind="stable")[:, :2]
    who, kind = np.repeat(person, 2), order.ravel()
    bits = words(town.seed, block.first + who, purposes.NEEDS, kind + 1)
    strength = np.minimum(
        wants[np.repeat(np.arange(person.size), 2), kind] * (0.8 + 0.4 * (bits % 1_000) / 1_000), 1.0
    )
    day = renewed(int(town.span.last), (bits >> 20) % YEARLY)
    opened = block.rows[who, who_is.OPENED].astype(np.int64)
    return batch(
        clients.ClientNeed,
        {
            "record_code": from_bytes(record_cells(town.seed, block)[main_records(block)[who]]),
            "need": pick(_NEEDS, kind),
            "strength_share": decimals(np.floor(strength * 1e6).astype(np.int64), 6),
            "need_source": pick([codes.NeedSource.STATED, codes.NeedSource.INFERRED], (bits >> 10) % 2),
            "recorded_on": dates(np.maximum(day, opened)),
        },
    )


def _consents(town: Town, block: Block) -> Iterator[Batch]:
    """Consent to marketing per channel, some withdrawn; and those who do not want to be called."""
    kept = np.flatnonzero(delivered(town, block))
    person, k = block.first + block.records[kept, R_PERSON], block.records[kept, R_K]
    codes_of = record_cells(town.seed, block)[kept]
    opened = block.records[kept, R_OPENED]
    channels = [codes.Channel.PHONE, codes.Channel.APP, codes.Channel.WECOM, codes.Channel.SMS]
    u = np.stack([uniforms(town.seed, person, purposes.CONSENTS, k * 8 + c, 0) for c in range(4)])
    channel, at = np.nonzero(u < np.array([[0.7], [0.8], [0.5], [0.6]]))
    fate = uniforms(town.seed, person[at], purposes.CONSENTS, k[at] * 8 + channel, 1)
    last = int(town.span.last)
    withdrawn = opened[at] + np.floor(fate / 0.05 * (town.span.on[-1] - opened[at])).astype(np.int64)
    order = np.lexsort((channel, at))
    channel, at, fate, withdrawn = channel[order], at[order], fate[order], withdrawn[order]
    yield batch(
        clients.Consent,
        {
            "record_code": from_bytes(codes_of[at]),
            "purpose": pick(["marketing"], at * 0),
            "channel": pick(channels, channel),
            "given_on": dates(opened[at]),
            "withdrawn_on": dates(withdrawn, (fate >= 0.05) | (withdrawn > last)),
        },
    )
    no = np.flatnonzero(uniforms(town.seed, person, purposes.CONSENTS, k * 8 + 6, 0) < 0.03)
    bits = words(town.seed, person[no], purposes.CONSENTS, k[no] * 8 + 7)
    starts = np.maximum(opened[no], town.span.first - 500 + bits % 480)
    ends = starts + 200 + (bits >> 16) % 200
    yield batch(
        clients.DoNotContact,
        {
            "record_code": from_bytes(codes_of[no]),
            "channel": pick(channels, bits % 2 * 3),
            "starts_on": dates(starts),
            "ends_on": dates(ends, (bits >> 12) % 5 > 0),
        },
    )


class Asked(NamedTuple):
    """Stages of applications: row of the record, kind, stage, day, place in ``ASKS`` or −1."""

    record: Integers
    kind: Integers
    stage: Integers
    days: Integers
    ask: Integers


def _asked(town: Town, block: Block) -> Asked:
    """Openings, permissions and closings of the span, stage by stage, in the order of records."""
    on, gone = town.span.on, block.events[world.CLOSE]
    opens = np.flatnonzero((block.records[:, R_AT] >= 0) & delivered(town, block))
    closes = main_records(block)[gone[:, 1]]
    account, ask, granted = permissions(town, block)
    inside = granted >= town.span.first
    account, ask, granted = account[inside], ask[inside], granted[inside]
    asks = block.accounts[account, A_RECORD]
    parts = [
        Asked(opens, opens * 0, opens * 0, on[block.records[opens, R_AT]], opens * 0 - 1),
        Asked(opens, opens * 0, opens * 0 + 2, on[block.records[opens, R_AT]], opens * 0 - 1),
        Asked(closes, closes * 0 + 2, closes * 0, on[np.maximum(gone[:, 2] - 3, 0)], closes * 0 - 1),
        Asked(closes, closes * 0 + 2, closes * 0 + 1, on[np.maximum(gone[:, 2] - 1, 0)], closes * 0 - 1),
        Asked(closes, closes * 0 + 2, closes * 0 + 2, on[gone[:, 2]], closes * 0 - 1),
        Asked(asks, asks * 0 + 1, asks * 0, granted, ask),
        Asked(asks, asks * 0 + 1, asks * 0 + 2, granted, ask),
    ]
    whole = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    order = np.argsort(whole[0], kind="stable")
    return Asked(*[column[order] for column in whole])


def _applications(town: Town, block: Block) -> Batch:
    """Openings, permissions and closings with their stages, those known on the last day."""
    a = _asked(town, block)
    person = block.first + block.records[a.record, R_PERSON]
    serial = block.records[a.record, R_K] * 64 + a.kind * 16 + a.stage * 4 + np.maximum(a.ask, 0) * 1_024
    known = a.days + lateness(town.seed, person, 90, serial)
    kept = known <= town.span.last
    number = record_cells(town.seed, block)[a.record]
    letter = np.array([ord("O"), ord("P"), ord("X")], np.uint8)[a.kind]
    tail = (49 + np.maximum(a.ask, 0)).astype(np.uint8)
    code = np.concatenate([letter[:, None], number, tail[:, None]], axis=1)[kept]
    kinds = [codes.ApplicationKind.OPENING, codes.ApplicationKind.PERMISSION, codes.ApplicationKind.CLOSING]
    second = 36_000 + words(town.seed, person, purposes.CLOSING, a.kind) % 3_600 + a.stage * 7_200
    return batch(
        events.Application,
        {
            "application_code": from_bytes(code),
            "record_code": from_bytes(number[kept]),
            "application_kind": pick(kinds, a.kind[kept]),
            "stage": pick(list(codes.ApplicationStage), a.stage[kept]),
            "staged_at": instants(a.days[kept], second[kept]),
            "staged_on": dates(a.days[kept]),
            "permission_kind": pick([one[0] for one in ASKS], a.ask[kept]),
            "known_on": dates(known[kept]),
        },
    )


def person_tables(town: Town, block: Block) -> Iterator[Batch]:
    """All that is known of persons besides their accounts."""
    yield _assignments(town, block)
    yield _needs(town, block)
    yield from client_words(town, block)
    yield from _consents(town, block)
    yield _applications(town, block)
    yield _contacts(town, block)
    yield _surveys(town, block)
    yield _complaints(town, block)
