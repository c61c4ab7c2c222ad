"""Fields cut out of records of equal length, a whole column at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_END = 10


def records(block: bytes, n_records: int, size: int) -> NDArray[np.uint8]:
    """The bytes of ``n_records`` records of ``size`` bytes, one a row."""
    return np.frombuffer(block, dtype=np.uint8, count=n_records * size).reshape(n_records, size)


def column(rows: NDArray[np.uint8], cut: slice, encoding: str) -> Sequence[str]:
    """One field of every record as text; bytes that are invalid become U+FFFD.

    All fields are decoded at once with line ends between them, which no encoding here takes for part of a
    character; a field that itself holds one is why the count is compared.
    """
    width = cut.stop - cut.start
    ended = np.full((len(rows), width + 1), _END, dtype=np.uint8)
    ended[:, :width] = rows[:, cut]
    texts = ended.tobytes().decode(encoding, "replace").split("\n")[:-1]
    if len(texts) == len(rows):
        return texts
    return [row[cut].tobytes().decode(encoding, "replace") for row in rows]
