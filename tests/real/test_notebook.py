"""R024, R026: the example notebook on FAR-Trans says today what stands below its cells."""

from pathlib import Path

import pytest

from tests.real.notebook import cells, executed, said

BOOK = Path(__file__).resolve().parents[2] / "docs/examples/far-trans.ipynb"


def test_r026_the_notebook_of_real_investors_says_what_stands_in_it(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEPWELL_REAL_DATA", str(real_data))
    written = [said(cell) for cell in cells(BOOK)]
    assert len(written) > 6
    assert executed(BOOK) == written
