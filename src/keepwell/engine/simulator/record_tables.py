"""Customer records, investor codes and truth about them: what branches wrote down, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import codes
from keepwell.contract.sources import clients
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import R_AT, R_BRANCH, R_K, R_OPENED, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import branch_codes, record_cells
from keepwell.engine.simulator.emit import Mask, batch, cells_of, dates, from_bytes, numbered, pick
from keepwell.engine.simulator.identifiers import credit_codes, fifteen, phones, resident_numbers, spoiled
from keepwell.engine.simulator.identity_noise import Errors, record_errors
from keepwell.engine.simulator.names import (
    company_names,
    full_names,
    product_client_names,
    surname_at,
    variant,
)
from keepwell.engine.simulator.places import CITIES, ESTATES, ROADS
from keepwell.engine.simulator.streams import Integers, uniforms, words
from keepwell.engine.simulator.world import CLOSE

OCCUPATIONS = list(codes.Occupation)
INCOMES = list(codes.IncomeBand)
KINDS = [codes.ClientKind.PERSON, codes.ClientKind.COMPANY, codes.ClientKind.PRODUCT]
DISTRICTS = [(city, *district) for city, place in enumerate(CITIES) for district in place.districts]
_FIRST_DISTRICT = np.cumsum([0, *[len(place.districts) for place in CITIES]])
HOTLINE = 95_500_000_000
PLACEHOLDER = "111111111111111111"


class Facts(NamedTuple):
    """What is true of each person of a block, as columns."""

    name: pa.Array
    number: np.ndarray[tuple[int, int], np.dtype[np.uint8]]
    phone: Integers
    district: Integers
    address_bits: Integers


def kinds_of(block: Block) -> Integers:
    """0 person, 1 company, 2 product, per person."""
    return block.rows[:, who_is.KIND].astype(np.int64)


def home_branch(block: Block) -> Integers:
    """Branch of each person's main record."""
    return block.records[block.records[:, R_K] == 0, R_BRANCH]


def facts(town: Town, block: Block) -> Facts:
    """Names, document numbers, phones and homes; twins share surname and birthday, households the home."""
    seed, who = town.seed, block.first + np.arange(block.n)
    nothing = np.zeros(block.n, np.int64)
    anchor = block.rows[:, who_is.ANCHOR].astype(np.int64)
    bits = words(seed, who, purposes.NAME, nothing)
    kin = np.where(uniforms(seed, who, purposes.NAME, nothing, 1) < 0.6, anchor, who)
    kin = np.where(block.rows[:, who_is.TWIN] > 0, anchor, kin)
    male = block.rows[:, who_is.MALE].astype(np.int64)
    place = home_branch(block) % len(CITIES)
    homes = words(seed, anchor, purposes.ADDRESS, nothing)
    width = np.array([len(city.districts) for city in CITIES])
    district = _FIRST_DISTRICT[place] + homes % width[place]
    born = words(seed, who, purposes.IDENTITY, nothing)
    codes_of = np.array([row[2] for row in DISTRICTS])
    region = np.where(born % 5 < 3, codes_of[district], codes_of[(born >> 16) % len(DISTRICTS)])
    birth = birthdays(block)
    number = resident_numbers(region, birth, male, born >> 24)
    firms = kinds_of(block) == 1
    number[firms] = credit_codes(region[firms], born[firms])
    people = full_names(surname_at(uniforms(seed, kin, purposes.NAME, nothing, 2)), bits, male)
    city = pick([one.name for one in CITIES], place)
    name = pc.choose(pa.array(kinds_of(block)), people, company_names(city, bits), product_client_names(bits))
    return Facts(name, number, phones(words(seed, who, purposes.PHONE, nothing)), district, homes)


def birthdays(block: Block) -> Integers:
    """Day of birth of each person; twins share it."""
    return block.rows[:, who_is.BIRTH].astype(np.int64)


def closed_on(town: Town, block: Block) -> Integers:
    """Day each person closed everything, 0 if they did not."""
    out = np.zeros(block.n, np.int64)
    gone = block.events[CLOSE]
    out[gone[:, 1]] = town.span.on[gone[:, 2]]
    return out


def delivered(town: Town, block: Block) -> Mask:
    """Which records exist on the last day: opened by then, and not by someone who had left for good before."""
    ends = closed_on(town, block)[block.records[:, R_PERSON]]
    return (block.records[:, R_AT] < town.span.n_run) & ((ends == 0) | (block.records[:, R_OPENED] <= ends))


def _address(town: Town, block: Block, true: Facts, wrong: Errors) -> pa.Array:
    """District, road and number; another way of writing it; or another place altogether."""
    person = block.records[:, R_PERSON]
    bits, district = true.address_bits[person], true.district[person]
    other = words(town.seed, block.first + person, purposes.NOISE_VALUE, block.records[:, R_K])
    moved = wrong.address == 2
    bits = np.where(moved, other, bits)
    district = np.where(moved, other % len(DISTRICTS), district)
    city = pick([f"{CITIES[row[0]].name}市" for row in DISTRICTS], district)
    area = pick([row[1] for row in DISTRICTS], district)
    road = pick(ROADS, (bits >> 8) % len(ROADS))
    number = pick([f"{k}号" for k in range(1, 400)], (bits >> 16) % 399)
    estate = pick(ESTATES, (bits >> 28) % len(ESTATES))
    house = pick([f"{k}幢" for k in range(1, 41)], (bits >> 34) % 40)
    flat = pick([f"{k // 4 + 1}0{k % 4 + 1}室" for k in range(72)], (bits >> 42) % 72)
    short = pick([f"{k + 1}-{j // 4 + 1}0{j % 4 + 1}" for k in range(40) for j in range(72)],
                 ((bits >> 34) % 40) * 72 + (bits >> 42) % 72)  # fmt: skip  # one expression
    full = pc.binary_join_element_wise(city, area, road, number, estate, house, flat, "")
    brief = pc.binary_join_element_wise(area, road, number, estate, short, "")
    return pc.if_else(pa.array(wrong.address == 1), brief, full)


def _documents(block: Block, true: Facts, wrong: Errors) -> pa.Array:
    """Document numbers as written: right, of 15 digits, with a wrong check digit, a placeholder, or missing."""
    person = block.records[:, R_PERSON]
    cells = true.number[person]
    cells = np.where(wrong.id_bad_digit[:, None], spoiled(cells), cells)
    cells = np.where(wrong.id_placeholder[:, None], np.frombuffer(PLACEHOLDER.encode(), np.uint8), cells)
    product = kinds_of(block)[person] == 2
    full = from_bytes(np.ascontiguousarray(cells), wrong.id_missing)
    old = from_bytes(fifteen(true.number[person]), wrong.id_missing)
    registration = numbered("S", (true.address_bits[person] % 900_000 + 100_000, 6), n=person.size)
    return pc.if_else(pa.array(product), registration, pc.if_else(pa.array(wrong.id_fifteen), old, full))


def _phone(town: Town, block: Block, true: Facts, wrong: Errors) -> pa.Array:
    person = block.records[:, R_PERSON]
    other = phones(words(town.seed, block.first + person, purposes.PHONE, block.records[:, R_K] + 10))
    number = np.where(wrong.phone_outdated, other, true.phone[person])
    number = np.where(wrong.hotline, HOTLINE, number)
    return from_bytes(cells_of((number, 11), n=number.size))


def _validity(town: Town, block: Block, wrong: Errors) -> tuple[Integers, Mask]:
    """Day a document runs out and whether it is not given: ten or twenty years, most renewed in time."""
    person = block.records[:, R_PERSON]
    u = uniforms(town.seed, block.first + person, purposes.IDENTITY, person * 0, 3)
    ahead = 30 + np.floor(u * 3_650).astype(np.int64)
    soon = u < 0.012
    valid = int(town.span.on[-1]) + np.where(soon, np.floor(u / 0.012 * 30).astype(np.int64), ahead)
    valid = np.where(wrong.id_expired, int(town.span.on[-1]) - 30 - (ahead % 700), valid)
    human = kinds_of(block)[person] == 0
    return valid, ~human | (u > 0.97)


def _stated(block: Block, wrong: Errors, kept: Mask) -> dict[str, pa.Array]:
    """Sex, birth, occupation and income as written; institutions have none."""
    person = block.records[:, R_PERSON]
    row = block.rows[person]
    firm = row[:, who_is.KIND] > 0
    work = row[:, who_is.WORK].astype(np.int64)
    work = np.where(wrong.occupation, (work + 5 + block.records[:, R_K]) % 19, work)
    cut = pa.array(kept)
    columns = {
        "sex": pick([codes.Sex.FEMALE, codes.Sex.MALE], np.where(firm, -1, row[:, who_is.MALE])),
        "birth_on": dates(birthdays(block)[person], firm),
        "nationality": pick(["中国"], np.where(firm, -1, 0)),
        "occupation": pick(OCCUPATIONS, np.where(firm, -1, work)),
        "income_band": pick(INCOMES, np.where(firm, -1, row[:, who_is.INCOME])),
    }
    return {name: column.filter(cut) for name, column in columns.items()}


def _contactable(town: Town, block: Block, true: Facts, wrong: Errors) -> dict[str, pa.Array]:
    person = block.records[:, R_PERSON]
    mail = true.address_bits[person] % 10
    number = words(town.seed, block.first + person, purposes.PHONE, person * 0 + 5) % 10**8
    return {
        "phone": _phone(town, block, true, wrong),
        "email": numbered("u", (number, 8), "@example.com", n=person.size, nulls=mail > 3),
        "address": _address(town, block, true, wrong),
    }


def customer_records(town: Town, block: Block, true: Facts, wrong: Errors) -> tuple[str, pa.RecordBatch]:
    """The table of customer records."""
    kept, person = delivered(town, block), block.records[:, R_PERSON]
    opened, ends = block.records[:, R_OPENED], closed_on(town, block)[person]
    kind = kinds_of(block)[person]
    valid, unsaid = _validity(town, block, wrong)
    age = words(town.seed, block.first + person, purposes.RECORD_DATES, block.records[:, R_K] + 20) % 1_500
    updated = int(town.span.on[-1]) - age
    updated = np.where(updated > town.span.last, updated - 1_500, updated)  # the update before the coming one
    updated = np.maximum(opened, updated)
    documents = [codes.IdKind.RESIDENT, codes.IdKind.CREDIT_CODE, codes.IdKind.REGISTRATION]
    columns = {
        "record_code": from_bytes(record_cells(town.seed, block)),
        "branch_code": branch_codes(block.records[:, R_BRANCH]),
        "client_kind": pick(KINDS, kind),
        "client_name": variant(true.name.take(pa.array(person)), wrong.name),
        "id_kind": pick(documents, np.where(wrong.id_missing, -1, kind)),
        "id_number": _documents(block, true, wrong),
        "id_valid_to": dates(valid, unsaid | wrong.id_missing),
        **_contactable(town, block, true, wrong),
        "opened_on": dates(opened),
        "closed_on": dates(ends, ends == 0),
        "updated_on": dates(updated),
    }
    mask = pa.array(kept)
    columns = {name: column.filter(mask) for name, column in columns.items()}
    return batch(clients.CustomerRecord, {**columns, **_stated(block, wrong, kept)})


def investors(town: Town, block: Block) -> tuple[str, pa.RecordBatch]:
    """One code per person on all records; 2% of records have none."""
    person = block.records[:, R_PERSON]
    code = words(town.seed, block.first + person, purposes.INVESTOR, person * 0) % 10**8
    u = uniforms(town.seed, block.first + person, purposes.INVESTOR, block.records[:, R_K], 1)
    kept = delivered(town, block) & (u > 0.02)
    who = block.first + person[kept]
    cells = cells_of("1", (who * 1_000 + code[kept] % 1_000, 11), n=who.size)
    rows = from_bytes(record_cells(town.seed, block)[kept])
    return batch(clients.Investor, {"record_code": rows, "investor_code": from_bytes(cells)})


def wishes(town: Town, block: Block) -> tuple[str, pa.RecordBatch]:
    """At which of their branches clients of several wish to be looked after: two fifths of them said so."""
    person, home = block.records[:, R_PERSON], home_branch(block)
    u = uniforms(town.seed, block.first + person, purposes.WISHES, person * 0, 0)
    known = delivered(town, block) & ~town.stories.tells_of(block.first + person)
    rows = np.flatnonzero(
        known & (block.records[:, R_K] == 1) & (block.records[:, R_BRANCH] != home[person]) & (u < 0.4)
    )
    who, opened = person[rows], block.records[rows, R_OPENED]
    wished = opened + np.floor(u[rows] / 0.4 * (town.span.on[-1] - opened)).astype(np.int64)
    seen = wished <= town.span.last
    rows, who, wished = rows[seen], who[seen], wished[seen]
    stays = who % 2 == 0
    return batch(
        clients.BranchWish,
        {
            "record_code": from_bytes(record_cells(town.seed, block)[rows]),
            "branch_code": branch_codes(np.where(stays, home[who], block.records[rows, R_BRANCH])),
            "wished_on": dates(wished),
        },
    )


def record_tables(town: Town, block: Block) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Customer records, investor codes and wished branches of a block."""
    true, wrong = facts(town, block), record_errors(town.firm.identity, town.seed, block)
    yield customer_records(town, block, true, wrong)
    yield investors(town, block)
    yield wishes(town, block)
