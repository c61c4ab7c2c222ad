"""``firm.toml`` in the data folder: what ``keepwell init`` was told, for those who run and check afterwards."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keepwell.engine.store.errors import BrokenAnswers
from keepwell.engine.store.folder import make_data_folder

FILE = "firm.toml"
NONE = "-"


@dataclass(frozen=True, slots=True)
class Told:
    """What runs and checks take from the answers; ``None`` where nothing was said."""

    mapping: str | None = None
    packs: Path | None = None


def read_answers(data: Path) -> Told:
    """The answers of a data folder; nothing where nobody was asked. Raises ``BrokenAnswers``."""
    said = answers_in(data / FILE)
    packs = said.get("packs", NONE)
    mapping = said.get("mapping")
    return Told(mapping and mapping_in(data, mapping), None if packs == NONE else beside(data, packs))


def answers_in(path: Path) -> dict[str, str]:
    """Every answer of a file; none where there is no file. Raises ``BrokenAnswers`` for one that is not TOML."""
    if not path.exists():
        return {}
    try:
        return {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except ValueError as fault:  # neither UTF-8 nor TOML
        raise BrokenAnswers(path, str(fault)) from fault


def write_answers(path: Path, answers: Mapping[str, str]) -> None:
    """Write the answers down."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in answers.items()]
    make_data_folder(path.parent)
    path.write_text(
        "# What keepwell init was told; check, run and the desk's set-up read it.\n"
        + "\n".join(lines)
        + "\n",
        encoding="utf-8",
    )


def beside(data: Path, folder: str) -> Path:
    """A folder that was named relative to the data folder."""
    path = Path(folder)
    return path if path.is_absolute() else data / path


def mapping_in(data: Path, mapping: str) -> str:
    """A mapping's name, or the path of a mapping file that lies in the data folder."""
    inside = beside(data, mapping)
    return str(inside) if inside.is_file() else mapping
