"""What the rule book may ask for: the packs of a firm that signed something else."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from keepwell.policy.packs import DEFAULTS, Packs, load_packs
from tests.small_firm import AS_OF


@pytest.fixture
def firm_packs(tmp_path: Path) -> Callable[..., Packs]:
    """Packs with one of them changed: its id, the text to replace and the text that the firm signed."""

    def changed(pack: str, old: str, new: str, as_of: dt.date = AS_OF) -> Packs:
        text = (DEFAULTS / f"{pack}.toml").read_text(encoding="utf-8")
        assert old in text, f"{pack}.toml does not say {old}"
        (tmp_path / f"{pack}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_packs(as_of, tmp_path)

    return changed
