"""How the firm numbers things: customers, accounts, staff, branches, products, devices, addresses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_KIND, A_NUMBER, R_K, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.emit import Bytes, Mask, cells_of, numbered
from keepwell.engine.simulator.products import KIND, NOTE, Goods
from keepwell.engine.simulator.streams import Integers, permuted, uniforms, words

_PREFIX = np.array([10, 15, 18, 12, 13])
_BOARD_PREFIX = np.array([699, 9, 689, 309, 839, 29])
_KIND_PREFIX = np.array([0, 519, 19, 124, 80, 81, 0, 580, 90])


def record_numbers(seed: int, block: Block) -> Integers:
    """Ten digits of each record: a permutation of 8·person + record, so that neighbours tell nothing."""
    return permuted(
        seed, purposes.RECORD_CODE, (block.first + block.records[:, R_PERSON]) * 8 + block.records[:, R_K]
    )


def record_cells(seed: int, block: Block) -> Bytes:
    """Customer numbers of 12 digits."""
    return cells_of("36", (record_numbers(seed, block), 10), n=block.records.shape[0])


def account_cells(seed: int, block: Block) -> Bytes:
    """Account numbers of 12 digits; the first two tell the kind."""
    numbers = permuted(seed, purposes.ACCOUNT_CODE, block.accounts[:, A_NUMBER])
    return cells_of((_PREFIX[block.accounts[:, A_KIND]], 2), (numbers, 10), n=numbers.size)


def person_record(seed: int, persons: Integers, number: Integers | int = 0) -> pa.Array:
    """Customer number of a record of any persons, by default the main one."""
    return numbered("36", (permuted(seed, purposes.RECORD_CODE, persons * 8 + number), 10), n=persons.size)


def staff_codes(numbers: Integers, nulls: Mask | None = None) -> pa.Array:
    """Staff numbers S00001, ...; negative numbers are null."""
    gone = numbers < 0 if nulls is None else nulls | (numbers < 0)
    return numbered("S", (np.where(gone, 0, numbers) + 1, 5), n=numbers.size, nulls=gone)


def branch_codes(numbers: Integers) -> pa.Array:
    """Branch codes B001, ..."""
    return numbered("B", (numbers + 1, 3), n=numbers.size)


def product_texts(goods: Goods) -> list[str]:
    """Six digits for what trades on an exchange or is a fund, letters for what the firm issues; invented."""
    out = []
    for p, cell in enumerate(goods.cells):
        kind, place = int(cell[KIND]), p - int(goods.pools[int(cell[KIND]), 0])
        if kind == 0:
            out.append(f"{_BOARD_PREFIX[cell[12]]:03d}{place + 1:03d}")
        elif kind == 6:
            out.append(f"{900 if place % 2 == 0 else 200}{990 + place:03d}")
        elif kind == NOTE:
            out.append(f"SY{place + 1:05d}")
        else:
            out.append(f"{_KIND_PREFIX[kind]:03d}{place + 1:03d}")
    return out


def _device_owner(seed: int, block: Block, share: float) -> Integers:
    """The head of the household where one device is shared, else the person."""
    persons = block.first + np.arange(block.n)
    anchor = block.rows[:, who_is.ANCHOR].astype(np.int64)
    shared = uniforms(seed, anchor, purposes.DEVICE, np.full(block.n, 1 << 30), 0) < share
    return np.where(shared, anchor, persons)


def device_cells(town: Town, block: Block) -> tuple[Bytes, Bytes]:
    """First and second device of each person, 16 characters."""
    owner = _device_owner(town.seed, block, town.firm.identity.one_device_share)
    persons = block.first + np.arange(block.n)
    first = words(town.seed, owner, purposes.DEVICE, np.full(block.n, (1 << 30) + 1)) % 10**15
    second = words(town.seed, persons, purposes.DEVICE, np.full(block.n, (1 << 30) + 2)) % 10**15
    return cells_of("D", (first, 15), n=block.n), cells_of("D", (second, 15), n=block.n)


def address_cells(numbers: Integers) -> Bytes:
    """IPv4 addresses of 15 characters from random numbers; each part lies in 101 .. 220."""
    parts: list[tuple[Integers, int] | str] = []
    for k in range(4):
        parts += [(101 + (numbers // 120**k) % 120, 3), "."]
    return cells_of(*parts[:-1], n=numbers.size)
