"""``make docs``: everything in docs/ that can be made from the contract, the packs, the pipeline and the tests.

A house test makes the pages again and compares: committed docs never lie.
"""

from __future__ import annotations

from collections.abc import Callable

from tools import docs_commands, docs_cover, docs_map, docs_rules, docs_tables
from tools.docs_desk import ROOT

PAGES: dict[str, Callable[[], str]] = {
    "map.md": docs_map.house_map,
    "tables.en.md": lambda: docs_tables.dictionary("en"),
    "tables.zh.md": lambda: docs_tables.dictionary("zh"),
    "features.md": docs_tables.features,
    "rulebook.md": docs_rules.rulebook,
    "requirements.md": docs_cover.requirements,
    "commands.md": docs_commands.commands,
}


def main() -> None:
    """Write every page; say which changed."""
    for name, make in PAGES.items():
        path = ROOT / "docs" / name
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/{name} is new")


if __name__ == "__main__":
    main()
