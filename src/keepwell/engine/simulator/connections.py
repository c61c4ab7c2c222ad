"""Who is declared beside a customer record: guardians of minors; of companies who controls, represents and owns them.

A tenth of the larger stakes lie on the bound of 25% itself and a tenth of the smaller ones just below it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import codes
from keepwell.contract.related import PartyKind
from keepwell.contract.sources.clients import RelatedParty
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.account_tables import relations, who_opened_before
from keepwell.engine.simulator.accounts import R_K, R_OPENED, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import person_record
from keepwell.engine.simulator.emit import (
    Mask,
    batch,
    dates,
    decimals,
    flags,
    from_bytes,
    integers,
    numbered,
    pick,
    truth,
)
from keepwell.engine.simulator.identifiers import resident_numbers
from keepwell.engine.simulator.names import full_names, surname_at
from keepwell.engine.simulator.record_tables import DISTRICTS, delivered, kinds_of
from keepwell.engine.simulator.streams import Integers, uniforms, words

Batch = tuple[str, pa.RecordBatch]
GUARDIAN, CONTROLLER, LARGER, SMALLER, REPRESENTATIVE = range(5)
KINDS = [
    PartyKind.GUARDIAN, PartyKind.CONTROLLER, PartyKind.SHAREHOLDER, PartyKind.SHAREHOLDER,
    PartyKind.LEGAL_REPRESENTATIVE,
]  # fmt: skip
BOUND, BELOW, ONE = 250_000, 249_900, 1_000_000
ADULT_DAYS, OLDEST_DAYS = 20_454 - 9_000, 20_454 - 24_000


class Entries(NamedTuple):
    """Declared entries of a block: whose, as what, which client the other is (-1: none), the share in millionths."""

    person: Integers
    slot: Integers
    other: Integers
    share: Integers


def entries(town: Town, block: Block) -> Entries:
    """The entries of a block by person; nobody is named who may not be delivered."""
    links = relations(town, block)
    links = links[who_opened_before(town, links[:, 1])]
    main = block.records[:, R_K] == 0
    here = np.zeros(block.n, np.bool_)
    here[block.records[main & delivered(town, block), R_PERSON]] = True
    wards = links[(links[:, 2] == 2)]
    wards = wards[here[wards[:, 0] - block.first]]
    companies = block.first + np.flatnonzero(here & (kinds_of(block) == 1))
    known = np.full(block.n, -1, np.int64)
    owned = links[links[:, 2] == 3]
    known[owned[:, 0] - block.first] = owned[:, 1]
    parts = [(wards[:, 0], GUARDIAN, wards[:, 1])]
    heads = known[companies - block.first]
    parts += [(companies, slot, heads) for slot in (CONTROLLER, LARGER)]
    parts += [(companies, slot, np.full(companies.size, -1)) for slot in (SMALLER, REPRESENTATIVE)]
    person = np.concatenate([part[0] for part in parts])
    slot = np.concatenate([np.full(part[0].size, part[1]) for part in parts])
    other = np.concatenate([part[2] for part in parts])
    order = np.lexsort((slot, person))
    person, slot, other = person[order], slot[order], other[order]
    return Entries(person, slot, other, _shares(town, person, slot))


def _shares(town: Town, person: Integers, slot: Integers) -> Integers:
    """In millionths of the company; -1 for entries that are no holding."""
    u = uniforms(town.seed, person, purposes.RELATED, slot * 0 + 3, 0)
    edge = uniforms(town.seed, person, purposes.RELATED, slot * 0 + 3, 1) < 0.1
    larger = np.where(edge, BOUND, (250_100 + u * 490_000).astype(np.int64) // 100 * 100)
    smaller = np.where(edge, BELOW, (10_000 + u * 230_000).astype(np.int64) // 100 * 100)
    return np.where(slot == LARGER, larger, np.where(slot == SMALLER, smaller, -1))


def _outsiders(town: Town, told: Entries) -> tuple[pa.Array, pa.Array]:
    """Name and number of who is no client; the controller and the larger holder are one."""
    as_one = np.where(told.slot == LARGER, CONTROLLER, told.slot)
    bits = words(town.seed, told.person, purposes.RELATED, 10 + as_one)
    born = words(town.seed, told.person, purposes.RELATED, 20 + as_one)
    male = bits >> 40 & 1
    surname = surname_at(uniforms(town.seed, told.person, purposes.RELATED, 10 + as_one, 1))
    birth = OLDEST_DAYS + born % (ADULT_DAYS - OLDEST_DAYS)
    region = np.array([row[2] for row in DISTRICTS])[(born >> 20) % len(DISTRICTS)]
    return full_names(surname, bits, male), from_bytes(resident_numbers(region, birth, male, born >> 30))


def _opened(block: Block) -> Integers:
    """The day each person's main record was opened."""
    main = block.records[block.records[:, R_K] == 0]
    out = np.zeros(block.n, np.int64)
    out[main[:, R_PERSON]] = main[:, R_OPENED]
    return out


def related_parties(town: Town, block: Block) -> Batch:
    """Entries as the firm delivers them; of guardians and smaller holders a fifth is over."""
    told = entries(town, block)
    n = told.person.size
    is_client = told.other >= 0
    outside: Mask = ~is_client
    names, numbers = _outsiders(town, told)
    starts = _opened(block)[told.person - block.first]
    may_end = (told.slot == GUARDIAN) | (told.slot == SMALLER)
    over = may_end & (uniforms(town.seed, told.person, purposes.RELATED, told.slot * 0 + 4, 0) < 0.2)
    nobody = pa.nulls(n, pa.string())
    mask = pa.array(outside)
    return batch(
        RelatedParty,
        {
            "relation_code": numbered("G", (told.person * 8 + told.slot, 12), n=n),
            "record_code": person_record(town.seed, told.person),
            "party_kind": pick(KINDS, told.slot),
            "party_record_code": pc.if_else(
                pa.array(is_client), person_record(town.seed, np.maximum(told.other, 0)), nobody
            ),
            "party_client_kind": pc.if_else(mask, pick([codes.ClientKind.PERSON], told.slot * 0), nobody),
            "party_name": pc.if_else(mask, names, nobody),
            "id_kind": pc.if_else(mask, pick([codes.IdKind.RESIDENT], told.slot * 0), nobody),
            "id_number": pc.if_else(mask, numbers, nobody),
            "held_share": decimals(np.maximum(told.share, 0), 6, told.share < 0),
            "starts_on": dates(starts),
            "ends_on": dates(np.maximum(starts + 30, town.span.first - 300), ~over),
        },
    )


def stakes(town: Town, block: Block) -> Batch:
    """Truth of holdings: whose company, which client holds it (none: an outsider), and who is its beneficial owner."""
    told = entries(town, block)
    rows = np.flatnonzero(told.share >= 0)
    other = told.other[rows]
    return truth(
        "stake",
        {
            "company": integers(told.person[rows]),
            "holder": integers(np.maximum(other, 0), other < 0),
            "entry": numbered("G", (told.person[rows] * 8 + told.slot[rows], 12), n=rows.size),
            "millionths": integers(told.share[rows]),
            "is_owner": flags(told.share[rows] >= BOUND),
        },
    )
