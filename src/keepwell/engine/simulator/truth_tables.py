"""What really happened and who is who: written to a folder of its own that no stage may open (§12)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import codes
from keepwell.engine.simulator import fees, world
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator.account_tables import open_accounts, relations
from keepwell.engine.simulator.accounts import R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import account_cells, person_record, record_cells, staff_codes
from keepwell.engine.simulator.emit import dates, flags, floats, from_bytes, integers, pick, texts, truth
from keepwell.engine.simulator.identity_noise import record_errors
from keepwell.engine.simulator.record_tables import delivered, facts
from keepwell.engine.simulator.streams import Integers

Batch = tuple[str, pa.RecordBatch]
_PATHS = ["at_once", "pieces", "closing", "custody"]
_LINKS = ["household", "agent", "guardian", "controller"]
_STATES = ["undecided", "leaving", "left", "returned", "closed"]
_FIELDS = (
    ("phone_outdated", "phone", "outdated"),
    ("hotline", "phone", "hub"),
    ("occupation", "occupation", "conflict"),
    ("risk", "risk_level", "conflict"),
    ("id_missing", "id_number", "missing"),
    ("id_fifteen", "id_number", "fifteen_digits"),
    ("id_bad_digit", "id_number", "bad_check_digit"),
    ("id_placeholder", "id_number", "placeholder"),
    ("id_expired", "id_valid_to", "expired"),
)


def _persons(block: Block) -> Batch:
    rows = block.rows
    count = np.bincount(block.records[:, R_PERSON], minlength=block.n)
    number = block.first + np.arange(block.n)
    columns = {
        "person": integers(number),
        "kind": pick(
            [codes.ClientKind.PERSON, codes.ClientKind.COMPANY, codes.ClientKind.PRODUCT],
            rows[:, who_is.KIND],
        ),
        "records": integers(count),
        "household": integers(rows[:, who_is.ANCHOR]),
        "household_size": integers(rows[:, who_is.HOUSE]),
        "twin": flags(rows[:, who_is.TWIN]),
        "lives": flags(rows[:, who_is.LIVES]),
        "opened_on": dates(rows[:, who_is.OPENED]),
        "opens_in_span": flags(rows[:, who_is.OPENS_AT] >= 0),
        "log_assets": floats(rows[:, who_is.LOG_ASSETS]),
        "birth_on": dates(rows[:, who_is.BIRTH]),
        "male": flags(rows[:, who_is.MALE]),
        "income_band": integers(rows[:, who_is.INCOME]),
        "risk_level": integers(rows[:, who_is.RISK]),
        "lowest_class": flags(rows[:, who_is.LOWEST]),
        "need": floats(rows[:, who_is.NEED]),
        **{f"need_{need}": floats(rows[:, who_is.NEEDS + k]) for k, need in enumerate(codes.Need)},
        "digital": floats(rows[:, who_is.DIGITAL]),
        "price_sensitivity": floats(rows[:, who_is.PRICE]),
        "loyalty": floats(rows[:, who_is.LOYAL]),
        "trade_rate": floats(rows[:, who_is.TRADES]),
        "login_rate": floats(rows[:, who_is.LOGINS]),
        "breadth": integers(rows[:, who_is.BREADTH]),
    }
    return truth("person", columns)


def _records(town: Town, block: Block) -> Iterator[Batch]:
    """Which person a record is of, and every field that departs from the truth."""
    kept = delivered(town, block)
    cells = record_cells(town.seed, block)
    person = block.first + block.records[:, R_PERSON]
    yield truth("record_of", {"record": from_bytes(cells[kept]), "person": integers(person[kept])})
    wrong, true = record_errors(town.firm.identity, town.seed, block), facts(town, block)
    names, at = true.name, block.records[:, R_PERSON]
    parts: list[tuple[Integers, str, str]] = [
        (np.flatnonzero(kept & getattr(wrong, mask)), field, kind) for mask, field, kind in _FIELDS
    ]
    for k, kind in enumerate(("homophone", "traditional", "full_width", "typing"), 1):
        parts.append((np.flatnonzero(kept & (wrong.name == k)), "client_name", kind))
    for k, kind in enumerate(("format", "other_place"), 1):
        parts.append((np.flatnonzero(kept & (wrong.address == k)), "address", kind))
    rows = np.concatenate([part[0] for part in parts])
    order = np.argsort(rows, kind="stable")
    rows, part = rows[order], np.repeat(np.arange(len(parts)), [part[0].size for part in parts])[order]
    numbers = from_bytes(true.number[at[rows]])
    values = {"id_number": 0, "client_name": 1}
    value = pa.array(np.array([values.get(one[1], 2) for one in parts])[part])
    texts = pc.choose(value, numbers, names.take(pa.array(at[rows])), pa.nulls(rows.size, pa.string()))
    yield truth(
        "field_error",
        {
            "record": from_bytes(cells[rows]),
            "field": pick([part[1] for part in parts], part),
            "kind": pick([part[2] for part in parts], part),
            "true_value": texts,
        },
    )


def _relations(town: Town, block: Block) -> Batch:
    links = relations(town, block)
    return truth(
        "relation",
        {"a": integers(links[:, 0]), "b": integers(links[:, 1]), "kind": pick(_LINKS, links[:, 2])},
    )


def _months(block: Block) -> Batch:
    m = block.months
    names = ("h", "h_observable", "h0", "h1", "tau", "p90")
    return truth(
        "client_month",
        {
            "person": integers(block.first + m[:, 0]),
            "month": integers(m[:, 1]),
            "manager": staff_codes(m[:, 2].astype(np.int64)),
            **{name: floats(m[:, 3 + k]) for k, name in enumerate(names)},
            "contacted": flags(m[:, 9]),
            "arm": integers(m[:, 10], m[:, 10] < 0),
            "state": pick(_STATES, m[:, 11].astype(np.int64)),
            "s": floats(m[:, 12]),
        },
    )


def _decisions(town: Town, block: Block) -> Batch:
    r = block.events[world.DECISION]
    ends = np.minimum(r[:, 6], town.span.on.size - 1)
    day = np.minimum(r[:, 2], town.span.on.size - 1)
    return truth(
        "decision",
        {
            "person": integers(block.first + r[:, 1]),
            "on": dates(town.span.on[day]),
            "path": pick(_PATHS, r[:, 4]),
            "share": floats(r[:, 5] / 1e6),
            "ends_on": dates(town.span.on[ends], r[:, 6] >= town.span.on.size),
            "closes": flags(r[:, 8] < 1 << 30),
        },
    )


def _matches(town: Town, block: Block) -> Batch:
    """Need times specialty of each client who has a manager, with every holder of a seat of the branch."""
    person = np.flatnonzero(block.seat_of >= 0)
    branch = town.staff.seats[block.seat_of[person], 0]
    low, high = town.staff.seat_range[branch, 0], town.staff.seat_range[branch, 1]
    width = high - low
    who = np.repeat(person, width)
    starts = np.repeat(np.cumsum(width) - width, width)
    seat = np.repeat(low, width) + np.arange(who.size) - starts
    staff = town.staff.seats[seat, 2]
    value = np.zeros(who.size)
    for k in range(6):
        wants = block.rows[who, who_is.NEEDS + k]
        value += wants * town.staff.taste[staff, k]
    return truth(
        "match", {"person": integers(block.first + who), "staff": staff_codes(staff), "value": floats(value)}
    )


def _fee_plants(town: Town, block: Block) -> Batch:
    rows = np.flatnonzero((block.plants > 0) & open_accounts(town, block))
    kind = block.plants[rows]
    return truth(
        "fee_plant",
        {
            "account": from_bytes(account_cells(town.seed, block)[rows]),
            "kind": pick(fees.PLANTS, kind),
            "role": pick(["subject", "near_miss"], (kind >= fees.CONSENTED).astype(np.int64)),
            "f": floats(block.excess[rows]),
        },
    )


def truth_tables(town: Town, block: Block) -> Iterator[Batch]:
    """Truth of a block of persons."""
    yield _persons(block)
    yield from _records(town, block)
    yield _relations(town, block)
    yield _months(block)
    yield _decisions(town, block)
    yield _matches(town, block)
    yield _fee_plants(town, block)


def stories(town: Town) -> Batch:
    """The stories of the tour, a row a customer record to look at; empty for a small firm.

    A story told a second time, of another's client, has the same name and another member of staff.
    """
    rows = [(story, person, k) for story in town.stories.told for person, k in story.records]
    person, k = (np.array([row[at] for row in rows], np.int64) for at in (1, 2))
    said = [story for story, _, _ in rows]
    columns: dict[str, pa.Array] = {
        "story": texts([story.key for story in said]),
        "person": integers(person),
        "record": person_record(town.seed, person, k),
        "staff": staff_codes(np.array([story.staff for story in said], np.int64)),
        "on": dates(np.full(person.size, town.span.last)),
        "title_zh": texts([story.title.zh for story in said]),
        "title_en": texts([story.title.en for story in said]),
        "look_zh": texts([story.look.zh for story in said]),
        "look_en": texts([story.look.en for story in said]),
    }
    return truth("stories", columns)


def shared_truth(town: Town) -> Iterator[Batch]:
    """Truth of staff and market. ``place`` is the manager's in the branch's list."""
    members = [
        member for member in town.staff.members if member.role in {codes.Role.MANAGER, codes.Role.ADVISER}
    ]
    number = np.array([member.number for member in members], np.int64)
    place = {int(seat[k]): int(seat[5]) for seat in town.staff.seats for k in (1, 2)}
    taste = town.staff.taste[number]
    yield truth(
        "manager",
        {
            "staff": staff_codes(number),
            "gamma": floats(town.staff.gamma[number]),
            **{f"specialty_{need}": floats(taste[:, k]) for k, need in enumerate(codes.Need)},
            "bias": pick([town.firm.bias], number * 0),
            "place": integers(np.array([place.get(int(one), 0) for one in number], np.int64)),
        },
    )
    yield stories(town)
    n = town.span.n_run
    yield truth(
        "market",
        {
            "day": dates(town.span.on[:n]),
            "state": integers(town.index.states),
            "ret": floats(town.index.returns),
        },
    )
