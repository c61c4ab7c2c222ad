"""One connection a test, bounded as a small server is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepwell.engine.store.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(threads=2, memory="1GB", spill=tmp_path / "spill") as opened:
        yield opened
