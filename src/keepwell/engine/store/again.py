"""A file that was delivered before comes again: mostly it changes nothing, but it may take a correction back.

What another file corrected since is taken back when that file is not delivered beside it: of two files delivered
together the one that came later stands. A file that lay beside a correction when it came says nothing against it.

A file with rows that could not be taken in yet is read each night. Of it only those rows are news: what it, or another
file, said before and what was corrected since is not said anew by that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from keepwell.engine.store.conformed import Brought, Index


@dataclass(frozen=True, slots=True)
class Bound:
    """What staged rows do not correct: rows of ``standing`` parts, and any if they ``repeat`` what was said before."""

    standing: frozenset[str] = frozenset()
    repeats: bool = False


FREE = Bound()


@dataclass(frozen=True, slots=True)
class Again:
    """What was known of a table before this run, and the keys of the files that are delivered now."""

    index: Index
    delivered: Collection[str]
    for_run: str = ""

    def takes_back(self, key: str) -> bool:
        """Whether reading a known file again may change something."""
        if not any(one.n_superseding and one.key not in self.delivered for one in self._since(key)):
            return False
        corrected = {part for one in self.index.corrected for part in one.parts}
        mine = [one for one in self.index.brought if one.key == key]
        return any(one.n_repeated or one.part in corrected or not one.part for one in mine)

    def bound(self, key: str) -> Bound:
        """What the rows of a file that was known before do not correct."""
        return Bound(frozenset(self._standing(key)), repeats=not self.takes_back(key))

    def _standing(self, key: str) -> set[str]:
        """The parts whose rows the file does not correct: of files that came later and are delivered beside it.

        A part of many files stands when any of them is such a one; so does a part of which no file is known.
        """
        later = {one.key for one in self._since(key)} & set(self.delivered)
        of_part: dict[str, set[str]] = {part.file: set() for part in self.index.parts}
        for one in self.index.brought:
            of_part.setdefault(one.part, set()).add(one.key)
        return {
            part.file for part in self.index.parts if not of_part[part.file] or of_part[part.file] & later
        }

    def order(self, key: str) -> int:
        """Where the file stands among those that were known before this run; -1 for one that was not."""
        return max((at for at, one in enumerate(self._before()) if one.key == key), default=-1)

    def _since(self, key: str) -> list[Brought]:
        return self._before()[self.order(key) + 1 :]

    def _before(self) -> list[Brought]:
        """What a killed attempt at this run took in does not count: the next attempt ends as that would have."""
        return [one for one in self.index.brought if not self.for_run or one.run != self.for_run]


def beside(index: Index, keys: Collection[str]) -> None:
    """Note that known files lay beside the correction just brought: they move behind it."""
    moved = [one for key in keys if (one := index.known(key)) is not None]
    index.brought = [one for one in index.brought if not any(one is other for other in moved)] + moved
