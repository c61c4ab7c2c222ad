"""Chapter 4, allocation. Whom a way of sharing out favours shows in the fairness report; the engine favours nobody."""

import pandas as pd
import pytest

from keepwell import allocate
from keepwell.contract.serving import Basis, Trait
from tests.biased_history import history

SHOWN = {"senior": Trait.SENIOR, "friends": Trait.TIED, "list": Trait.LISTED}
SOON = 0.1


def shows(told: object, basis: Basis) -> set[str]:
    rows = told.leanings  # type: ignore[attr-defined]  # a frame of pandas
    return set(rows[(rows["basis"] == str(basis)) & rows["is_showing"]]["trait"])


@pytest.mark.parametrize("bias", [*SHOWN, "none"])
def test_a_planted_bias_shows_and_no_other(bias: str) -> None:
    """R055, R057: who favours seniors, friends or the first in the list is seen, and nobody else is accused."""
    told = allocate(*history(bias), effort=SOON)
    assert shows(told, Basis.NOW) == ({str(SHOWN[bias])} if bias in SHOWN else set())
    assert shows(told, Basis.BY_ASSETS) == {str(Trait.SENIOR)}


@pytest.mark.parametrize("bias", SHOWN)
def test_the_engine_favours_nobody_where_it_decides(bias: str) -> None:
    """R040, R057: clients whom nobody has yet are placed without a leaning, whoever developed them."""
    clients, managers = history(bias)
    told = allocate(clients.drop(columns="manager_code"), managers, effort=SOON)
    assert shows(told, Basis.PROPOSED) == set()


def test_what_continuity_keeps_of_a_bias_is_told_of_the_proposal_too() -> None:
    """R054: whoever may move nobody inherits what was, and the report says so of the proposal."""
    told = allocate(*history("friends"), most_changes=0, bands={}, effort=SOON)
    assert shows(told, Basis.PROPOSED) == {str(Trait.TIED)}


def test_the_order_of_the_rows_changes_no_byte_of_the_plan() -> None:
    """R057: neither a place in the list of managers nor one in the list of clients is worth anything."""
    clients, managers = history("list")
    told = allocate(clients, managers, effort=SOON)
    shuffled = allocate(
        clients.sample(frac=1, random_state=3), managers.sample(frac=1, random_state=4), effort=SOON
    )
    for name in ("proposal", "alternatives", "limits", "certificate"):
        pd.testing.assert_frame_equal(getattr(told, name), getattr(shuffled, name), check_exact=True)
