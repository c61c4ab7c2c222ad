"""Collect every visible string of the desk into locale/zh_Hans/LC_MESSAGES/django.po.

`.venv/bin/python tools/messages.py` adds new strings with an empty translation, keeps what is translated, drops
what is gone, and names what is still empty. Plain extraction: a house test asks the same question.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

DESK = Path(__file__).resolve().parent.parent / "src/keepwell/desk"
PO = DESK / "locale/zh_Hans/LC_MESSAGES/django.po"
CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
TAG = re.compile(r"""{%\s*trans(?:late)?\s+(?P<quote>["'])(?P<id>.*?)(?P=quote)""")
CALL = re.compile(r"""\b_\((?P<quote>["'])(?P<id>.*?)(?P=quote)\)""")
BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%}(?P<id>.*?)"
    r"(?:{%\s*plural\s*%}(?P<plural>.*?))?{%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
Message = str | tuple[str, ...]


def block(text: str, *, trimmed: bool) -> str:
    """Write a block's text as Django looks it up: variables as %(name)s, lines joined when trimmed."""
    said = re.sub(r"{{\s*(\w+)[^}]*}}", r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in said.splitlines() if line.strip()) if trimmed else said


def of_template(text: str) -> Iterator[Message]:
    """Find the messages of a template."""
    for found in (*TAG.finditer(text), *CALL.finditer(text)):
        yield found["id"]
    for found in BLOCK.finditer(text):
        forms = [
            block(form, trimmed="trimmed" in found["options"])
            for form in (found["id"], found["plural"])
            if form
        ]
        yield forms[0] if len(forms) == 1 else tuple(forms)


def of_module(path: Path) -> Iterator[Message]:
    """Find the messages of a Python module."""
    with path.open("rb") as file:
        for _line, message, _comments, _context in extract("python", file, keywords=CALLS):
            yield message


def visible(desk: Path = DESK) -> dict[Message, str]:
    """Every message of the desk with the file that says it first."""
    found: dict[Message, str] = {}
    for path in sorted(desk.rglob("*.html")):
        for message in of_template(path.read_text(encoding="utf-8")):
            found.setdefault(message, str(path.relative_to(desk)))
    for path in sorted(desk.rglob("*.py")):
        for message in of_module(path):
            found.setdefault(message, str(path.relative_to(desk)))
    return found


def untranslated(catalog: Catalog, messages: dict[Message, str]) -> list[str]:
    """Name each message without a finished translation, with the file that says it."""
    lacking = []
    for message, where in messages.items():
        entry = catalog.get(message)
        told = entry.string if entry and not entry.fuzzy else ""
        if not (all(told) if isinstance(told, tuple) else told):
            lacking.append(f"{where}: {message}")
    return lacking


def read() -> Catalog:
    """Read the catalog; an empty one when there is none."""
    if not PO.exists():
        return Catalog(locale="zh_Hans", project="Keepwell", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def main() -> int:
    """Renew the catalog; the exit code is 1 while something is untranslated."""
    old, messages = read(), visible()
    new = Catalog(locale="zh_Hans", project="Keepwell", charset="utf-8")
    for message, where in sorted(messages.items(), key=lambda item: (item[1], str(item[0]))):
        kept = old.get(message)
        new.add(message, kept.string if kept else None, locations=[(where, 1)])
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=110, include_lineno=False, omit_header=False)
    lacking = untranslated(new, messages)
    print("\n".join(lacking) or f"{len(messages)} messages, all translated")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
