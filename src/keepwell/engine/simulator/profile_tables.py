"""What managers told of themselves; in which language and by whom clients wish to be served, and by whom not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.serving import ConflictKind, Language, TraitKind, WishKind
from keepwell.contract.sources import clients, firm
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import R_BRANCH, R_K, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import record_cells, staff_codes
from keepwell.engine.simulator.emit import batch, dates, from_bytes, pick
from keepwell.engine.simulator.record_tables import delivered
from keepwell.engine.simulator.staff import S_NOW
from keepwell.engine.simulator.streams import Integers, words

Batch = tuple[str, pa.RecordBatch]
SERIAL = 700  # of the streams of traits and languages
YEARLY, HALF = 300, 2
ASKS_LANGUAGE, WISHES, RELATED = 83, 120, 60  # of ten thousand clients
REFUSES = 4  # every so manieth wish is that it be somebody else
SPEAKS, CERTIFIED = 25, 20  # of a hundred managers
SPOKEN = list(Language)[:4]
SERVED = [codes.ServiceType.CAUTIOUS, codes.ServiceType.BALANCED, codes.ServiceType.ENTERPRISING]
TRAITS = [*codes.TradingStyle, *SERVED, *SPOKEN, *codes.Need, "CFP"]
FIRST = {
    TraitKind.STYLE: 0,
    TraitKind.SERVICE_TYPE: len(codes.TradingStyle),
    TraitKind.LANGUAGE: len(codes.TradingStyle) + len(SERVED),
    TraitKind.INTEREST: len(codes.TradingStyle) + len(SERVED) + len(SPOKEN),
    TraitKind.CERTIFICATE: len(TRAITS) - 1,
}


def renewed(last: int, key: Integers) -> Integers:
    """The latest day on which something is said anew: once in so many days, each on a day of its own."""
    return last - (last + key * 37) % YEARLY


def staff_traits(town: Town) -> Batch:
    """Half of the managers tell a style and a type, some a language and a certificate, each the strongest need."""
    number = np.array([member.number for member in town.staff.members if member.has_book], np.int64)
    bits = words(town.seed, number, purposes.STAFF, number * 0 + SERIAL)
    told = {
        TraitKind.STYLE: (bits % HALF == 0, (bits >> 4) % len(codes.TradingStyle)),
        TraitKind.SERVICE_TYPE: ((bits >> 8) % HALF == 0, (bits >> 12) % len(SERVED)),
        TraitKind.LANGUAGE: ((bits >> 16) % 100 < SPEAKS, (bits >> 24) % len(SPOKEN)),
        TraitKind.CERTIFICATE: ((bits >> 32) % 100 < CERTIFIED, number * 0),
        TraitKind.INTEREST: (number >= 0, town.staff.taste[number].argmax(axis=1)),
    }
    kinds = list(told)
    who = np.concatenate([np.flatnonzero(has) for has, _ in told.values()])
    kind = np.repeat(np.arange(len(kinds)), [int(has.sum()) for has, _ in told.values()])
    trait = np.concatenate([FIRST[name] + at[has] for name, (has, at) in told.items()])
    order = np.lexsort((kind, who))
    return batch(
        firm.StaffTrait,
        {
            "staff_code": staff_codes(number[who[order]]),
            "trait_kind": pick(kinds, kind[order]),
            "trait": pick(TRAITS, trait[order]),
            "confirmed_on": dates(renewed(int(town.span.last), number[who[order]] + kind[order])),
        },
    )


def client_words(town: Town, block: Block) -> Iterator[Batch]:
    """A few persons ask for a language beside Mandarin, or for or against a manager of the branch; few are related."""
    main = np.flatnonzero((block.records[:, R_K] == 0) & delivered(town, block))
    person = block.records[main, R_PERSON].astype(np.int64)
    bits = words(town.seed, block.first + person, purposes.NEEDS, person * 0 + SERIAL)
    is_person = block.rows[person, who_is.KIND] == 0
    records = record_cells(town.seed, block)[main]
    staff = _somebody(town, block.records[main, R_BRANCH].astype(np.int64), bits >> 30)
    asks = is_person & (bits % 10_000 < ASKS_LANGUAGE)
    yield batch(
        clients.ClientLanguage,
        {
            "record_code": from_bytes(records[asks]),
            "language": pick(SPOKEN, (bits[asks] >> 20) % len(SPOKEN)),
        },
    )
    wishes = is_person & ((bits >> 14) % 10_000 < WISHES)
    yield batch(
        clients.ManagerWish,
        {
            "record_code": from_bytes(records[wishes]),
            "staff_code": staff_codes(staff[wishes]),
            "wish_kind": pick(list(WishKind), ((bits[wishes] >> 8) % REFUSES == 0).astype(np.int64)),
            "wished_on": dates(renewed(int(town.span.last), bits[wishes] % YEARLY)),
        },
    )
    related = is_person & ((bits >> 40) % 10_000 < RELATED)
    since = np.full(int(related.sum()), town.span.first - YEARLY)
    yield batch(
        firm.StaffConflict,
        {
            "staff_code": staff_codes(staff[related]),
            "record_code": from_bytes(records[related]),
            "conflict_kind": pick([ConflictKind.FAMILY, ConflictKind.BUSINESS], (bits[related] >> 6) % 2),
            "starts_on": dates(since),
            "ends_on": dates(since + YEARLY, (bits[related] >> 44) % HALF > 0),
        },
    )


def _somebody(town: Town, branch: Integers, bits: Integers) -> Integers:
    """Whoever holds a seat of the branch now."""
    low, high = town.staff.seat_range[branch, 0], town.staff.seat_range[branch, 1]
    return np.asarray(town.staff.seats[low + bits % np.maximum(high - low, 1), S_NOW])
