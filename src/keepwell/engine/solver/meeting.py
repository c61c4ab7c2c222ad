"""Who stands near whom in groups that are in order: so many after each, and each two once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

HALF = 32  # bits of a pair's number for each of its ends


def next_ones(node: Ints, is_first: NDArray[np.bool_], n_next: int) -> Longs:
    """Numbers of the pairs of each node with the next ones of its group.

    ``node`` stands group by group, in order; ``is_first`` tells where a group begins.
    """
    group = np.cumsum(is_first)
    met = [
        _numbered(node[:-step], node[step:], group[:-step] == group[step:]) for step in range(1, n_next + 1)
    ]
    return np.concatenate(met)


def each_once(met: Iterable[Longs]) -> tuple[Ints, Ints]:
    """The ends of pairs by their numbers, each pair once, in order; the lesser node on the left."""
    number = np.sort(np.concatenate([np.empty(0, np.int64), *met]))
    number = number[np.append(True, np.diff(number) != 0)[: number.size]]
    return (number >> HALF).astype(np.int32), (number & ((1 << HALF) - 1)).astype(np.int32)


def _numbered(one: Ints, other: Ints, is_wanted: NDArray[np.bool_]) -> Longs:
    one, other = one[is_wanted], other[is_wanted]
    return np.minimum(one, other).astype(np.int64) << HALF | np.maximum(one, other)
