"""Who belongs together: households, twins, kin, companies and their controllers.

Persons are grouped in blocks of 32 neighbours; a keyed shuffle of the block says which nine of them (28%) live in
households of four, three and two. So a person's family is found alone, and is the same at any size of the firm.
"""

from __future__ import annotations

import numpy as np

from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.streams import Floats, Integers, uniform

BLOCK = 32
_ENDS = (4, 7, 9)


@inlined
def _place(seed: int, who: int) -> int:
    """The person's place in the shuffled block."""
    first, mine, place = who - who % BLOCK, uniform(seed, who, purposes.FAMILY, 0, 0), 0
    for other in range(first, first + BLOCK):
        if uniform(seed, other, purposes.FAMILY, 0, 0) < mine:
            place += 1
    return place


@inlined
def at_place(seed: int, who: int, place: int) -> int:
    """The person of the same block at a place of the shuffle."""
    first = who - who % BLOCK
    for other in range(first, first + BLOCK):
        if _place(seed, other) == place:
            return other
    return first


@inlined
def family(seed: int, who: int) -> tuple[int, int, int]:
    """Head of the household (the person themself outside one), its size (1 outside one), 1 for twins.

    The household of two is a pair of twins in one block of 62 (0.1% of persons).
    """
    place = _place(seed, who)
    if place >= 9:
        return who, 1, 0
    start, size = (0, 4) if place < 4 else ((4, 3) if place < 7 else (7, 2))
    twins = 0
    if size == 2 and uniform(seed, who - who % BLOCK, purposes.FAMILY, 1, 0) < 0.016:
        twins = 1
    return at_place(seed, who, start), size, twins


@compiled
def links(seed: int, first: int, rows: Floats, n_clients: int, shares: Floats, at: Integers) -> Integers:
    """Relations of a block of persons: rows of (person, other, kind).

    Kinds: 0 same household, 1 agent on the person's account, 2 guardian of a minor, 3 controller of a company.
    ``shares`` are those of kin agents and of controllers who are clients, ``at`` the columns KIND, ANCHOR,
    HOUSE, BIRTH.
    """
    kind, anchor, house, birth = at[0], at[1], at[2], at[3]
    out = np.empty((rows.shape[0] * 3, 3), np.int64)
    n = 0
    for i in range(rows.shape[0]):
        who, head = first + i, int(rows[i, anchor])
        if rows[i, kind] > 0.0:
            other = at_place(seed, who, 20)
            known = uniform(seed, who, purposes.RELATED, 0, 0) < shares[1]
            if rows[i, kind] == 1.0 and other < n_clients and other != who and known:
                out[n, 0], out[n, 1], out[n, 2], n = who, other, 3, n + 1
            continue
        if rows[i, house] > 1.0 and head < n_clients and head != who:
            out[n, 0], out[n, 1], out[n, 2], n = who, head, 0, n + 1
            if uniform(seed, who, purposes.RELATED, 1, 0) < shares[0] / 0.19:
                out[n, 0], out[n, 1], out[n, 2], n = who, head, 1, n + 1
        if rows[i, birth] > 20454 - 6574:
            other = at_place(seed, who, 12) if head == who else head
            if other < n_clients and other != who:
                out[n, 0], out[n, 1], out[n, 2], n = who, other, 2, n + 1
    return out[:n]
