"""What ingest can refuse, on one screen: each names the place, the value found and the remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.contract.schema import Text


class IngestError(ValueError):
    """Base of everything ingest refuses."""


class MappingError(IngestError):
    """A mapping file that cannot be used: file, dotted key, what was found, what is allowed."""

    def __init__(self, file: str, key: str, found: str, allowed: str) -> None:
        super().__init__(f"{file}: {key}: found {found}; allowed: {allowed}")
        self.file, self.key, self.found, self.allowed = file, key, found, allowed


class FileRefused(IngestError):
    """A delivered file that is not taken in at all; its rows are neither accepted nor lost.

    What of the file's own text is quoted in ``what`` stands after its first colon, in both languages.
    """

    def __init__(self, file: str, what: Text, remedy: Text, line_no: int | None = None) -> None:
        super().__init__(f"{file}: {what.en}. {remedy.en}")
        self.file, self.what, self.remedy, self.line_no = file, what, remedy, line_no

    @property
    def said(self) -> Text:
        """The whole sentence: file, what was found, remedy."""
        return Text(str(self), f"{self.file}：{self.what.zh}。{self.remedy.zh}")


@dataclass(frozen=True, slots=True)
class BadSample:
    """Of a file refused for its many bad rows: what was read, bad rows by verdict, and the first ones of each."""

    table: str
    encoding: str
    n_read: int
    counts: Mapping[str, int]
    rows: Sequence[dict[str, Any]]


class TooManyBad(FileRefused):
    """A file with so many bad rows that it seems to be read wrongly; ``sample`` is what shows where."""

    sample: BadSample


class DeliveryRefused(IngestError):
    """The delivery cannot be used; every fault that was found is in ``faults``, the refused files in ``files`` too."""

    def __init__(self, faults: Sequence[Text], files: Sequence[FileRefused] = ()) -> None:
        super().__init__("the delivery is refused:\n" + "\n".join(f"  - {fault.en}" for fault in faults))
        self.faults, self.files = tuple(faults), tuple(files)


class NoDataOn(IngestError):
    """The as-of date is a day for which nothing was delivered."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said
