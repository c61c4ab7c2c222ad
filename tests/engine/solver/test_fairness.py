"""Measures of fairness: by hand on small books, their invariants on any, and against plain loops."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from keepwell.engine.solver import fairness

BOOKS = st.integers(1, 12).flatmap(
    lambda m: st.tuples(
        arrays(np.int64, m, elements=st.integers(0, 500)), arrays(np.int64, m, elements=st.integers(0, 9))
    )
)


def test_an_even_load_is_perfectly_even_whatever_the_capacities() -> None:
    """R048: load follows capacity."""
    told = fairness.evenness(np.array([10, 20, 5]), np.array([4, 8, 2]))
    assert told.gini == pytest.approx(0.0, abs=1e-12)
    assert (told.jain, told.lowest, told.highest) == pytest.approx((1.0, 1.0, 1.0))


def test_one_manager_who_carries_all_is_as_uneven_as_can_be() -> None:
    told = fairness.evenness(np.array([0, 0, 0, 8]), np.array([1, 1, 1, 1]))
    assert (told.gini, told.jain) == pytest.approx((0.75, 0.25))
    assert (told.lowest, told.highest) == (0.0, 4.0)
    points = fairness.lorenz(np.array([0, 0, 0, 8]), np.array([1, 1, 1, 1]))
    assert points.tolist() == [[0, 0], [0.25, 0], [0.5, 0], [0.75, 0], [1, 1]]


def test_nobody_with_capacity_or_no_load_is_even() -> None:
    nobody = fairness.evenness(np.array([3, 4]), np.array([0, 0]))
    nothing = fairness.evenness(np.array([0, 0]), np.array([1, 1]))
    assert (nobody.gini, nobody.jain, nothing.gini, nothing.jain) == (0.0, 1.0, 0.0, 1.0)


def test_a_load_on_somebody_without_capacity_is_told_as_infinite() -> None:
    share = fairness.of_fair_share(np.array([6, 2, 0]), np.array([4, 0, 0]))
    assert share.tolist() == [0.75, np.inf, 0.0]


@given(BOOKS)
def test_measures_lie_in_their_ranges_and_hang_on_no_order(book: tuple[np.ndarray, np.ndarray]) -> None:
    load, capacity = book
    told = fairness.evenness(load, capacity)
    turned = fairness.evenness(load[::-1], capacity[::-1])
    assert 0 <= told.gini <= 1
    assert 0 < told.jain <= 1 + 1e-12
    assert (told.gini, told.jain) == pytest.approx((turned.gini, turned.jain), abs=1e-12)


def test_envy_counts_who_has_more_even_without_their_best_client() -> None:
    """The third has 30 without the best client, more than the first's 20 and the second's 25; nobody else has."""
    value, owner = np.array([20, 25, 30, 30]), np.array([0, 1, 2, 2])
    assert fairness.envied(value, owner, np.array([1, 1, 1])).tolist() == [1, 1, 0]
    assert fairness.envied(value, owner, np.array([1, 1, 2])).tolist() == [0, 0, 0]


@given(BOOKS, st.integers(0, 2**31))
def test_envy_is_that_of_a_plain_loop(book: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    value, capacity = book
    owner = np.random.default_rng(seed).integers(-1, len(capacity), len(value))
    told = fairness.envied(value, owner, capacity)
    for m, n_envied in enumerate(told):
        own = value[owner == m].sum()
        others = [
            (value[owner == j].sum() - value[owner == j].max(initial=0)) * int(capacity[m])
            > own * int(capacity[j])
            for j in range(len(capacity))
            if capacity[j] > 0 and capacity[m] > 0
        ]
        assert n_envied == sum(others)


def test_a_mix_apart_says_what_part_of_the_book_would_have_to_change() -> None:
    counts = fairness.mix(np.array([0, 0, 1, 1, -1]), np.array([0, 0, 1, 1, 0]), 3, 2)
    assert counts.tolist() == [[2, 0], [0, 2], [0, 0]]
    assert fairness.apart(counts).tolist() == [0.5, 0.5, 0.0]


def test_what_groups_lose_is_counted_and_summed_exactly() -> None:
    n, loss = fairness.loss_by_group(
        np.array([9, 8, 7, 6]), np.array([9, 5, 7, 1]), np.array([0, 1, 1, -1]), 3
    )
    assert n.tolist() == [1, 2, 0]
    assert loss.tolist() == [0, 3, 0]


def test_places_by_value_are_within_the_own_stratum_and_equals_share_theirs() -> None:
    told = fairness.standing(np.array([5, 1, 5, 7, 2]), np.array([0, 0, 0, 1, 1]))
    assert told == pytest.approx([2 / 3, 1 / 6, 2 / 3, 0.75, 0.25])


@given(
    arrays(np.float64, 9, elements=st.integers(0, 4).map(float)),
    arrays(np.int64, 9, elements=st.integers(0, 4)),
)
def test_a_leaning_is_kendalls_and_turns_its_sign_with_the_trait(
    amount: np.ndarray, trait: np.ndarray
) -> None:
    told = fairness.leaning(amount, trait, np.zeros(9, dtype=np.int64))
    pairs = [
        np.sign(amount[i] - amount[j]) * np.sign(trait[i] - trait[j]) for i, j in combinations(range(9), 2)
    ]
    untied = [sum(side[i] != side[j] for i, j in combinations(range(9), 2)) for side in (amount, trait)]
    most = float(np.sqrt(untied[0] * untied[1]))
    assert told.tau == pytest.approx(sum(pairs) / most if most else 0.0)
    assert fairness.leaning(amount, -trait, np.zeros(9, dtype=np.int64)).z == -told.z


def test_the_leanings_standard_error_is_that_of_all_orders() -> None:
    """Kendall's variance, with ties, is the variance over every order in which the trait could stand."""
    amount, trait = np.array([1.0, 2.0, 2.0, 3.0, 5.0]), (1, 1, 2, 3, 3)
    place = np.zeros(5, dtype=np.int64)
    seen = [fairness.leaning(amount, np.array(order), place) for order in permutations(trait)]
    assert np.mean([one.z for one in seen]) == pytest.approx(0.0, abs=1e-12)
    assert np.mean([one.z**2 for one in seen]) == pytest.approx(1.0)


def test_friends_are_counted_beside_what_capacity_alone_would_bring() -> None:
    owner = np.array([0, 0, 1, 1, -1])
    told = fairness.favour(
        owner, (np.array([0, 2, 3, 4]), np.array([0, 0, 1, 1])), np.array([3, 1]), np.array([0, 0])
    )
    assert told.n_held == 2
    assert told.n_expected == pytest.approx(0.75 + 0.75 + 0.25)
    assert not told.shows


def test_by_assets_only_gives_the_richest_to_the_most_senior_until_full() -> None:
    start, manager = np.array([0, 2, 4, 6, 8, 10]), np.array([0, 1] * 5)
    owner = fairness.by_assets_only(
        start, manager, np.array([4, 2, 0, 1, 3]), np.array([1, 0]), np.array([2, 2])
    )
    assert owner.tolist() == [0, 0, 1, 1, 1]
    assert fairness.by_assets_only(
        start[:2] * 0, manager, np.array([0]), np.array([1, 0]), np.array([2, 2])
    ) == [-1]
