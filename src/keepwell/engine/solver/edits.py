"""How many letters must be changed, put in or left out to make one text of another (Levenshtein 1965).

All edits of a column of the table are followed at once, as the bits of one word (Myers 1999, as Hyyrö 2001 writes it):
of texts up to 64 bytes so many steps as the other is long. Longer texts go row by row.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]

WORD = 64
N_BYTES = 256
ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def edits(left: Bytes, left_at: Ints, right: Bytes, right_at: Ints) -> Longs:
    """Edits between the texts of one place in two columns, counted in bytes.

    A column is all its bytes and where each text begins; one place more than texts, where the last one ends.
    """
    n = left_at.size - 1
    found = np.empty(n, np.int64)
    seen = np.zeros(N_BYTES, np.uint64)
    for row in range(n):
        found[row] = _apart(
            left[left_at[row] : left_at[row + 1]], right[right_at[row] : right_at[row + 1]], seen
        )
    return found


@njit(cache=True, nogil=True)
def _apart(left: Bytes, right: Bytes, seen: Words) -> int:
    """Edits between two texts; what they begin and end with alike needs none. ``seen`` comes and goes all zero."""
    first, last = 0, min(left.size, right.size)
    while first < last and left[first] == right[first]:
        first += 1
    both = 0
    while both < last - first and left[left.size - 1 - both] == right[right.size - 1 - both]:
        both += 1
    one, other = left[first : left.size - both], right[first : right.size - both]
    if one.size > other.size:
        one, other = other, one
    if one.size == 0:
        return int(other.size)
    return _in_bits(one, other, seen) if one.size <= WORD else _in_rows(one, other)


@njit(cache=True, nogil=True)
def _in_bits(short: Bytes, long: Bytes, seen: Words) -> int:
    """Bit by bit in one word: ``more`` and ``fewer`` are where the count rises or falls from a letter to the next."""
    for place in range(short.size):
        seen[short[place]] |= ONE << np.uint64(place)
    end = ONE << np.uint64(short.size - 1)
    more, fewer, total = ~np.uint64(0), np.uint64(0), short.size
    for letter in long:
        same = seen[letter]
        held = same | fewer
        straight = (((same & more) + more) ^ more) | same
        rise, fall = fewer | ~(straight | more), more & straight
        total += int((rise & end) != 0) - int((fall & end) != 0)
        rise, fall = (rise << ONE) | ONE, fall << ONE
        more, fewer = fall | ~(held | rise), rise & held
    for letter in short:
        seen[letter] = 0
    return int(total)


@njit(cache=True, nogil=True)
def _in_rows(short: Bytes, long: Bytes) -> int:
    """Row by row of the whole table."""
    row = np.arange(short.size + 1)
    for letter in long:
        before = row[0]
        row[0] += 1
        for place in range(short.size):
            changed = before + int(short[place] != letter)
            before = row[place + 1]
            row[place + 1] = min(changed, before + 1, row[place] + 1)
    return int(row[short.size])
