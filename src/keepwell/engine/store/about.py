"""``delivery.toml`` in a folder of extracts: whose they are, how they are written, whether they are made up."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import DeliveryRefused

FILE = "delivery.toml"


@dataclass(frozen=True, slots=True)
class About:
    """What a delivery says of itself."""

    firm: str = ""
    mapping: str = "keepwell"
    is_made_up: bool = False


def read_about(extracts: Path) -> About:
    """What the folder says; the defaults where it says nothing."""
    path = extracts / FILE
    if not path.exists():
        return About()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:  # neither UTF-8 nor TOML
        told = Text(
            f"{FILE}: {fault}; allowed: TOML 1.0 in UTF-8", f"{FILE}：{fault}；应为 UTF-8 编码的 TOML 1.0"
        )
        raise DeliveryRefused([told]) from fault
    return About(
        str(said.get("firm", "")), str(said.get("mapping", "keepwell")), bool(said.get("is_made_up", False))
    )


def write_about(extracts: Path, about: About) -> None:
    """Say it."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in asdict(about).items()]
    (extracts / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
