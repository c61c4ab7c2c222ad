"""R054: the example notebook of a made-up branch says today what stands below its cells."""

from pathlib import Path

from tests.real.notebook import cells, executed, said

BOOK = Path(__file__).resolve().parents[3] / "docs/examples/allocation.ipynb"


def test_r054_the_notebook_of_a_made_up_branch_says_what_stands_in_it() -> None:
    written = [said(cell) for cell in cells(BOOK)]
    assert len(written) > 10
    assert executed(BOOK) == written
