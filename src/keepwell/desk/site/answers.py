"""What `keepwell init` was told: `firm.toml` in the data folder; the environment stands before it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILE = "firm.toml"
OWNER = "owner_"  # then the role that signs a pack


@dataclass(frozen=True, slots=True)
class Answers:
    """What the desk's set-up needs of the answers; the defaults hold where the file says nothing."""

    firm: str = ""
    database: str = ""
    language: str = "zh-hans"
    administrators: tuple[str, ...] = ()
    packs: str = "-"
    owners: Mapping[str, str] = field(default_factory=dict)
    years_kept: int | None = None


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
        owners={key.removeprefix(OWNER): name for key, name in said.items() if key.startswith(OWNER)},
        years_kept=int(said["years_kept"]) if said.get("years_kept", "").isdigit() else None,
    )
