"""`python -m keepwell.desk.ui.messages`: extract the desk's words, keep their translations, compile (Babel only)."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DESK = Path(__file__).resolve().parent.parent
CATALOG = DESK / "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
VOLATILE = (
    "POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|"
    "Report-Msgid-Bugs-To|Project-Id-Version|Generated-By"
)
HEADER = "# The desk's words in 简体中文. Domain terms are bilingual in the contract, not here."


def sources() -> Iterator[Path]:
    """Code and templates of the desk, in order."""
    yield from sorted(path for path in DESK.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in DESK.rglob("*.html"))


def found() -> dict[str | tuple[str, str], str | None]:
    """Message ids (or id and plural) in the order of the files, with their context."""
    messages: dict[str | tuple[str, str], str | None] = {}
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # Django turns a template into a kind of Python; its indentation is the template's, so it goes
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            key = tuple(message) if isinstance(message, list | tuple) else message
            messages.setdefault(key, context)  # type: ignore[arg-type]  # a pair or a word
    return messages


def merged(old: Catalog) -> Catalog:
    """A catalogue of exactly the words found, with the translations that `old` has."""
    new = Catalog(locale="zh_Hans", header_comment=HEADER, fuzzy=False)
    for key, context in sorted(found().items(), key=lambda item: str(item[0])):
        before = old.get(key if isinstance(key, str) else key[0], context)
        empty = "" if isinstance(key, str) else ("",)
        new.add(key, before.string if before else empty, context=context)
    return new


def written(catalog: Catalog) -> str:
    """The catalogue as it stands in the file: without dates, places and addresses that change by themselves."""
    out = io.BytesIO()
    write_po(out, catalog, no_location=True, width=110, include_previous=False)
    text = out.getvalue().decode()
    return re.sub(rf'^"({VOLATILE}):.*\\n"\n', "", text, flags=re.MULTILINE)


def read() -> Catalog:
    """The catalogue of the repository; empty before there is one."""
    if not CATALOG.exists():
        return Catalog(locale="zh_Hans")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def untranslated(catalog: Catalog) -> list[str]:
    """Message ids without a translation."""
    return [str(message.id) for message in catalog if message.id and not all(_strings(message.string))]


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (string or "",)


def main() -> int:
    """Write the catalogue, compile it, name what is untranslated; 1 when anything is."""
    catalog = merged(read())
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    CATALOG.write_text(written(catalog), encoding="utf-8")
    with CATALOG.with_suffix(".mo").open("wb") as file:
        write_mo(file, read())
    missing = untranslated(catalog)
    for word in missing:
        sys.stdout.write(f"untranslated: {word}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
