"""Which encoding a text is in, found by decoding all of it, and the text as UTF-8.

UTF-8 is tried first (a byte order mark is no part of the text), then GBK, then GB18030: each is strict, so a
wrong guess cannot pass. A file that is in none of them is refused with the line of its first bad byte.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.store.readers.found import CHUNK, Found

_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


def as_utf8(found: Found, wanted: str, spill: Path) -> tuple[Path, str]:
    """The file itself or a copy in UTF-8 in ``spill``, and the encoding it was in.

    ``wanted`` is a mapping's encoding. When a mapping forces one, bytes that are invalid in it become U+FFFD
    and their rows go to quarantine; with ``auto`` they refuse the file, as the guess may be wrong.
    """
    if found.bad_utf8 is None and wanted in {"auto", "utf-8"}:
        return found.path, "utf-8"
    target = spill / f"{found.fingerprint}.utf8"
    if wanted != "auto":
        _recode(found, wanted, "replace", target)
        return target, wanted
    tried = [("utf-8", line_of(found.path, found.bad_utf8 or 0))]
    for encoding in ("gbk", "gb18030"):
        fault = _recode(found, encoding, "strict", target)
        if fault is None:
            return target, encoding
        tried.append((encoding, line_of(found.path, fault)))
    raise FileRefused(
        found.name,
        _what(found, tried),
        Text(
            "Save it as UTF-8 or GB18030, or name its encoding in the mapping",
            "请存为 UTF-8 或 GB18030，或在映射中写明编码",
        ),
        line_of(found.path, found.bad_utf8 or 0),
    )


def _what(found: Found, tried: list[tuple[str, int]]) -> Text:
    """In which encodings the file is not, and where that shows; or the one it is in, which is not read."""
    with found.path.open("rb") as stream:
        mark = _MARKS.get(stream.read(2))
    if mark:
        return Text(f"the file is {mark}", f"文件编码为 {mark}")
    en = ", ".join(f"as {encoding} line {line} is invalid" for encoding, line in tried)
    zh = "，".join(f"按 {encoding} 第 {line} 行无效" for encoding, line in tried)
    return Text(
        f"the file is neither UTF-8 nor GBK nor GB18030: {en}", f"文件不是 UTF-8、GBK 或 GB18030：{zh}"
    )


def _recode(found: Found, encoding: str, errors: str, target: Path) -> int | None:
    """Write the file as UTF-8 in pieces; the position of the first bad byte, or None if all was valid."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors)
    position = 0
    with found.path.open("rb") as source, target.open("wb") as sink:
        while True:
            piece = source.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                sink.write(decoder.decode(piece, not piece).encode())
            except UnicodeDecodeError as fault:
                return position - pending + fault.start
            position += len(piece)
            if not piece:
                return None


def line_of(path: Path, position: int) -> int:
    """The line, from 1, that holds the byte at ``position``."""
    n_lines = 1
    with path.open("rb") as stream:
        while position > 0 and (piece := stream.read(min(CHUNK, position))):
            n_lines += piece.count(b"\n")
            position -= len(piece)
    return n_lines
