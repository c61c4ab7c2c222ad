"""Compile every locale/*/LC_MESSAGES/*.po under src with Babel (no GNU gettext needed)."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src"


def compile_catalogs(root: Path) -> int:
    """Write a .mo beside each .po under `root` that is newer; answer how many were written."""
    written = 0
    for po in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as text:
            catalog = read_po(text, abort_invalid=True)
        aside = mo.with_suffix(".mo.aside")
        with aside.open("wb") as out:
            write_mo(out, catalog)
        aside.replace(mo)
        written += 1
    return written


if __name__ == "__main__":
    count = compile_catalogs(SOURCE)
    if count:
        print(f"translations compiled: {count}", file=sys.stderr)
