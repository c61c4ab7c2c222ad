"""What `keepwell init` was told: `firm.toml` in the data folder; the environment stands before it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = "firm.toml"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the desk's set-up needs of the answers; the defaults hold where the file says nothing."""

    firm: str = ""
    database: str = ""
    language: str = "zh-hans"
    administrators: tuple[str, ...] = ()
    packs: str = "-"


def read_answers(data: Path) -> Answers:
    """The answers in a data folder, or the defaults without a file. Raises `TOMLDecodeError` for a broken one."""
    path = data / FILE
    if not path.exists():
        return Answers()
    said = {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    database = said.get("database", "sqlite")
    named = [said[key] for key in ("administrator_1", "administrator_2") if key in said]
    return Answers(
        firm=said.get("firm", ""),
        database="" if database == "sqlite" else database,
        language=said.get("language", "zh-hans"),
        administrators=tuple(named),
        packs=said.get("packs", "-"),
    )
