"""R054, R048: the exact assignment is best under its limits, and its prices prove it."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.solver.transport import Longs, assign, upper_bound


def _brute(scores: Longs, lower: Longs, upper: Longs) -> int:
    """Best value of all assignments, by trying every one."""
    n_clients, n_managers = scores.shape
    values = []
    for chosen in itertools.product(range(n_managers), repeat=n_clients):
        load = np.bincount(np.array(chosen, dtype=np.int64), minlength=n_managers)
        if (load >= lower).all() and (load <= upper).all():
            values.append(int(scores[np.arange(n_clients), list(chosen)].sum()))
    return max(values)


@st.composite
def instances(draw: st.DrawFn, most_clients: int = 6) -> tuple[Longs, Longs, Longs]:
    """Scores and limits that some assignment meets."""
    n_clients, n_managers = draw(st.integers(1, most_clients)), draw(st.integers(1, 3))
    row = st.lists(st.integers(-5, 20), min_size=n_managers, max_size=n_managers)
    scores = np.array(draw(st.lists(row, min_size=n_clients, max_size=n_clients)), dtype=np.int64)
    feasible = draw(st.lists(st.integers(0, n_managers - 1), min_size=n_clients, max_size=n_clients))
    load = np.bincount(feasible, minlength=n_managers)
    lower = load - np.array([draw(st.integers(0, int(n))) for n in load])
    upper = load + np.array([draw(st.integers(0, 3)) for _ in load])
    return scores, lower.astype(np.int64), upper.astype(np.int64)


@given(instances())
def test_r054_no_assignment_is_better(case: tuple[Longs, Longs, Longs]) -> None:
    assert assign(*case).value == _brute(*case)


@given(instances(most_clients=60))
def test_r054_prices_prove_the_value_and_limits_hold(case: tuple[Longs, Longs, Longs]) -> None:
    scores, lower, upper = case
    found = assign(scores, lower, upper)
    load = np.bincount(found.manager, minlength=scores.shape[1])
    assert (load >= lower).all()
    assert (load <= upper).all()
    assert upper_bound(scores, found.price, lower, upper) == found.value == found.bound


@given(instances(most_clients=30), st.integers(-100, 100))
def test_r054_any_prices_bound_the_value_from_above(case: tuple[Longs, Longs, Longs], price: int) -> None:
    scores, lower, upper = case
    prices = np.arange(scores.shape[1], dtype=np.int64) * price
    assert upper_bound(scores, prices, lower, upper) >= assign(scores, lower, upper).value


@given(instances(most_clients=30), st.randoms(use_true_random=False))
def test_r054_the_order_of_clients_does_not_change_the_value(
    case: tuple[Longs, Longs, Longs], random: object
) -> None:
    scores, lower, upper = case
    shuffled = list(range(len(scores)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert assign(scores[shuffled], lower, upper).value == assign(scores, lower, upper).value


def test_r048_a_full_manager_has_a_price_and_an_underloaded_one_a_negative() -> None:
    scores = np.array([[9, 1], [8, 1], [7, 1], [6, 5]], dtype=np.int64)
    found = assign(scores, np.array([0, 2]), np.array([2, 4]))
    assert found.manager.tolist() == [0, 0, 1, 1]
    assert found.price[0] > found.price[1]


@pytest.mark.parametrize("lower,upper", [([0, 0], [1, 1]), ([2, 2], [3, 3]), ([2, 0], [1, 5])])
def test_r048_limits_that_nobody_can_meet_are_refused(lower: list[int], upper: list[int]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        assign(np.zeros((3, 2), dtype=np.int64), np.array(lower), np.array(upper))
