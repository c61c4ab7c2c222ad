"""Texts whose line ends are not all alike: parts of them came from different machines.

DuckDB's parser takes one kind of line end a file. A text that mixes them is copied with every line end outside of
quotes as LF, so that lines keep their numbers; what stands inside quotes stays as it was delivered.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from keepwell.engine.store.readers.found import Found

_FLUSH = 1 << 20


def alike(found: Found, path: Path, delimiter: str, quote: str, spill: Path) -> Path:
    """The text itself where its line ends are alike, else a copy in ``spill`` that ends every line in LF.

    ``path`` is the delivered text as UTF-8.
    """
    kinds = (found.n_lf - found.n_crlf, found.n_crlf, found.n_cr)
    if sum(bool(n) for n in kinds) < 2:
        return path
    target = spill / f"{found.fingerprint}.lines"
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as text:
        _copy(text, _pattern(delimiter, quote), target)
    return target


def _pattern(delimiter: str, quote: str) -> re.Pattern[bytes]:
    """A quoted field as a whole, or a line end that is not LF alone.

    A quote opens a field only where a field begins and closes it only where one ends: a stray one is a sign like
    any other, and must not hide the line ends that follow it.
    """
    ends = b"\r\n|\r"
    if not quote:
        return re.compile(ends)
    sign, parted = re.escape(quote.encode()), re.escape(delimiter.encode())
    begins = b"(?:(?<=" + parted + rb")|(?<=[\r\n])|\A|(?<=\A\xef\xbb\xbf))"
    quoted = (
        sign + b"(?:[^" + sign + b"]++|" + sign + sign + b")*+" + sign + b"(?=" + parted + rb"|[\r\n]|\Z)"
    )
    return re.compile(begins + b"(?P<quoted>" + quoted + b")|" + ends)


def _copy(text: mmap.mmap, pattern: re.Pattern[bytes], target: Path) -> None:
    with target.open("wb", buffering=_FLUSH) as sink:
        done = 0
        for found in pattern.finditer(text):
            if found.lastgroup:
                continue
            sink.write(text[done : found.start()])
            sink.write(b"\n")
            done = found.end()
        sink.write(text[done:])
