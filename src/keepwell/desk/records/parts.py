"""Row groups of immutable Parquet files: what a file's footer says is read once, not for each card.

A run's tables lie in small row groups, so that one client's rows are few to read; of a million clients the footer alone
names thousands of groups and takes longer to read than the rows. Footers are kept up to a number of bytes, the ones
used longest ago go first.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FOOTERS_AT_MOST = 24 * 2**20  # bytes as written; about ten times as much in memory
Name = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A file with its footer, and the least and largest value of some key in each row group, where all tell theirs."""

    path: str
    footer: pq.FileMetaData
    key: str
    lows: tuple[str, ...]
    highs: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.footer.schema.names)

    def groups(self, codes: Sequence[str]) -> list[int]:
        """The row groups that can hold one of the codes, in the file's order; all of a file not sorted by its key."""
        if len(self.lows) < self.footer.num_row_groups:
            return list(range(self.footer.num_row_groups))
        return sorted({at for code in codes for at in self._of(code)})

    def _of(self, code: str) -> range:
        return range(bisect_left(self.highs, code), bisect_right(self.lows, code))

    def read(self, columns: Sequence[str], codes: Sequence[str]) -> pa.Table:
        """The rows whose key is one of the codes, in the file's order."""
        wanted = list(dict.fromkeys((*columns, self.key)))
        with pq.ParquetFile(self.path, metadata=self.footer) as file:
            rows = file.read_row_groups(self.groups(codes), columns=wanted, use_threads=False)
        held = pc.is_in(rows[self.key], value_set=pa.array(codes, rows.schema.field(self.key).type))
        return rows.filter(held).select(list(columns))


class Footers:
    """The parts used lately, by file and key; bounded by the size of their footers."""

    def __init__(self, at_most: int = FOOTERS_AT_MOST) -> None:
        """An empty store."""
        self._at_most = at_most
        self._kept: OrderedDict[tuple[Name, str], Part] = OrderedDict()
        self._lock = threading.Lock()

    def part(self, path: str, key: str) -> Part:
        """The file with its footer; read anew when the file is another one.

        Raises `FileNotFoundError`.
        """
        found = Path(path).stat()
        name = ((path, found.st_mtime_ns, found.st_size), key)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        made = opened(path, key)
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > 1 and self._size() > self._at_most:
                self._kept.popitem(last=False)
        return made

    def _size(self) -> int:
        return sum(part.footer.serialized_size for part in self._kept.values())


def opened(path: str, key: str) -> Part:
    """Read a file's footer and where its row groups begin and end."""
    footer = pq.read_metadata(path)
    bounds = list(_bounds(footer, key))
    lows, highs = tuple(low for low, _ in bounds), tuple(high for _, high in bounds)
    follow = all(earlier <= later for ends in (lows, highs) for earlier, later in pairwise(ends))
    return Part(path, footer, key, lows, highs) if follow else Part(path, footer, key, (), ())


def _bounds(footer: pq.FileMetaData, key: str) -> Iterator[tuple[str, str]]:
    """Least and largest value of each row group that tells them."""
    at = footer.schema.names.index(key)
    for number in range(footer.num_row_groups):
        told = footer.row_group(number).column(at).statistics
        if told is not None and told.has_min_max:
            yield (told.min, told.max)
