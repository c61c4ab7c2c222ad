"""Which files a delivery holds, which kind each is, and that none changes while it is read."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import SUFFIXES, FileRule, Mapping
from keepwell.engine.store.about import FILE as ABOUT

CONTROL = "control.csv"
OTHER_WORKBOOKS = (
    ".xls",
    ".xlsm",
    ".xlsb",
    ".ods",
    ".et",
)  # known for what they are, so that the remedy is right
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class State:
    """What would tell that a file was touched: size, times, and which file it is."""

    n_bytes: int
    modified_ns: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Found:
    """A delivered file; ``name`` is its path inside the delivery. Line ends and ``bad_utf8`` are for texts.

    ``n_lf`` counts the LF, those of CRLF with them, ``n_cr`` the CR that no LF follows.
    """

    name: str
    path: Path
    state: State
    fingerprint: str
    n_lines: int
    bad_utf8: int | None
    n_lf: int = 0
    n_crlf: int = 0
    n_cr: int = 0

    def require_unchanged(self) -> None:
        """Raise ``FileRefused`` if the file was touched since it was fingerprinted."""
        try:
            now = state(self.path)
        except FileNotFoundError:
            gone = Text("the file was removed while it was read", "文件在读取过程中被移走")
            raise FileRefused(self.name, gone, Text("Deliver it again", "请重新交付")) from None
        if now != self.state:
            raise FileRefused(
                self.name,
                Text(
                    f"the file changed while it was read ({self.state.n_bytes} bytes before, {now.n_bytes} after)",
                    f"文件在读取过程中被改动（之前 {self.state.n_bytes} 字节，之后 {now.n_bytes} 字节）",
                ),
                Text(
                    "Deliver a finished file: write it aside and rename it",
                    "请交付写完的文件：先写到别处，再改名",
                ),
            )


def state(path: Path) -> State:
    """The state of a file now."""
    seen = path.stat()
    return State(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def inspect(path: Path, name: str) -> Found:
    """Read a file once, in pieces: SHA-256, lines and their ends, first byte that is not UTF-8 (or None)."""
    before = state(path)
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
    n_lf, n_crlf, n_cr, last, position = 0, 0, 0, b"\n", 0
    bad: int | None = None
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            n_lf += piece.count(b"\n")
            n_crlf += piece.count(b"\r\n") + (last == b"\r" and piece[:1] == b"\n")
            n_cr += piece.count(b"\r")
            if decoder is not None:
                bad = _bad_byte(decoder, piece, position)
                decoder = None if bad is not None else decoder
            position += len(piece)
            last = piece[-1:]
    if decoder is not None:
        bad = _bad_byte(decoder, b"", position, final=True)
    n_lines = n_lf + (last != b"\n")
    found = Found(name, path, before, digest.hexdigest(), n_lines, bad, n_lf, n_crlf, n_cr - n_crlf)
    found.require_unchanged()
    return found


def _bad_byte(
    decoder: codecs.IncrementalDecoder, piece: bytes, position: int, *, final: bool = False
) -> int | None:
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as fault:
        return position - pending + fault.start
    return None


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files of a delivery by the key of their kind, and those that match nothing."""

    by_key: dict[str, list[tuple[str, Path]]]
    unmatched: list[str]


def files_of(extracts: Path, mapping: Mapping) -> Sorted:
    """Sort a delivery's files by the mapping's patterns; names are compared without regard to case."""
    by_key: dict[str, list[tuple[str, Path]]] = {}
    unmatched: list[str] = []
    within = extracts.resolve()
    for path in sorted(extracts.rglob("*")):
        name = path.relative_to(extracts).as_posix()
        if any(part.startswith(".") for part in path.relative_to(extracts).parts):
            continue
        if (
            name in (CONTROL, ABOUT)
            or _matches(name, mapping.ignored)
            or (path.is_dir() and not path.is_symlink())
        ):
            continue
        key = next((rule.key for rule in mapping.files.values() if _is_of(name, rule)), None)
        if key is None or not _is_delivered(path, within):
            unmatched.append(name.encode("utf-8", "backslashreplace").decode())
        else:
            by_key.setdefault(key, []).append((name, path))
    return Sorted(by_key, unmatched)


def _is_delivered(path: Path, within: Path) -> bool:
    """Whether it is a file of the delivery, under a name that is text.

    A link that leads out of the folder would let whoever delivers read any file the engine may read.
    """
    is_text = not any("\ud800" <= sign <= "\udfff" for sign in path.as_posix())
    return is_text and path.is_file() and path.resolve().is_relative_to(within)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)


def _is_of(name: str, rule: FileRule) -> bool:
    """A pattern with a suffix or a wildcard is matched whole; a bare word names a file or a folder of files."""
    if "." in rule.pattern or "*" in rule.pattern:
        return _matches(name, (rule.pattern,))
    folder, _, _rest = name.partition("/")
    suffix = Path(name).suffix.lower()
    stem = name[: -len(suffix)] if suffix else name
    return suffix in {*SUFFIXES, *OTHER_WORKBOOKS} and rule.pattern.lower() in {
        stem.lower(),
        folder.lower() if "/" in name else "",
    }
