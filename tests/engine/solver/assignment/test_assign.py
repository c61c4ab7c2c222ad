"""R048, R054: ``assign`` answers arrays, and what cannot be is refused with the guilty set and the way out."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell import assign
from keepwell.assigning import Refused

SCORES = np.array([[9, 1], [8, 2], [7, 6], [5, 5]])


def _why(*args: object, **kwargs: object) -> tuple[str, tuple[int, ...], tuple[int, ...], float]:
    with pytest.raises(Refused) as refused:
        assign(*args, **kwargs)  # type: ignore[arg-type]  # bad input on purpose
    first = refused.value.guilty[0]
    assert first.remedy
    assert first.remedy in str(refused.value)
    return first.why, first.clients, first.managers, first.missing


def test_heads_are_shared_and_the_plan_is_proven() -> None:
    found = assign(SCORES, lower=1, upper=2)
    assert found.manager.tolist() == [0, 0, 1, 1]
    assert (found.value, found.is_proven) == (28.0, True)
    assert found.load[:, 0].tolist() == [2.0, 2.0]


def test_the_least_sum_candidates_and_use_for_each_edge() -> None:
    cost, candidates = [[3, 1], [2, 2], [4, 1]], [[0, 2], [0, -1], [1, 2]]
    found = assign(
        cost, candidates=candidates, use=np.array(cost)[:, :, None], upper=[9, 9, 1], minimise=True
    )
    assert found.value == 3 + 2 + 1 or found.value == 1 + 2 + 4
    assert found.value == 6
    assert found.bound <= found.value
    assert found.manager[1] == 0


def test_pins_bans_and_the_switching_budget_hold() -> None:
    current = [1, 1, 1, 1]
    found = assign(SCORES, current=current, most_switches=2, pins=[(3, 0)], bans=[(0, 0)])
    assert found.manager.tolist() == [1, 0, 1, 0]
    assert found.n_switches == 2


def test_shares_of_hours_are_no_obstacle() -> None:
    found = assign(np.ones((3, 1)), use=[0.1, 0.1, 0.1], upper=0.3)
    assert found.manager.tolist() == [0, 0, 0]
    assert found.certificate.is_feasible


def test_scores_that_are_no_numbers_are_named_unless_banned() -> None:
    scores = SCORES.astype(float)
    scores[2, 1] = np.nan
    with pytest.raises(ValueError, match="client 2 with manager 1"):
        assign(scores)
    assert assign(scores, bans=[(2, 1)]).manager[2] == 0


def test_a_negative_capacity_names_the_manager() -> None:
    assert _why(SCORES, upper=[4, -2]) == ("negative_limit", (), (1,), 2.0)


def test_crossed_limits_name_the_manager() -> None:
    assert _why(SCORES, lower=[3, 0], upper=[2, 4]) == ("crossed_limits", (), (0,), 1.0)


def test_nobody_eligible_names_the_clients() -> None:
    assert _why(SCORES, bans=[(1, 0), (1, 1), (3, 0), (3, 1)])[:2] == ("no_candidate", (1, 3))


def test_pins_that_collide_name_client_and_managers() -> None:
    assert _why(SCORES, pins=[(2, 0), (2, 1)])[:3] == ("pins_collide", (2,), (0, 1))
    assert _why(SCORES, pins=[(2, 0)], bans=[(2, 0)])[:3] == ("pins_collide", (2,), (0,))


def test_pins_beyond_a_limit_name_the_pinned() -> None:
    assert _why(SCORES, upper=2, pins=[(0, 1), (1, 1), (3, 1)]) == ("pins_exceed", (0, 1, 3), (1,), 1.0)


def test_one_client_with_two_fifths_of_all_assets_is_named() -> None:
    why = _why(SCORES, use=[40.0, 20.0, 20.0, 20.0], upper=35.0)
    assert why == ("too_large", (0,), (0, 1), 5.0)


def test_many_clients_and_one_manager_name_what_is_missing() -> None:
    assert _why(np.ones((100_000, 1)), upper=500) == ("not_enough_room", (), (0,), 99_500.0)


def test_a_partial_plan_leaves_the_rest_in_a_pool_only_when_asked_for() -> None:
    found = assign(SCORES, upper=1, partial=True)
    assert len(found.pool) == 2
    assert sorted(found.manager.tolist()) == [-1, -1, 0, 1]
    assert (found.slack >= 0).all()


def test_those_who_must_switch_are_counted_against_the_budget() -> None:
    why = _why(SCORES, current=[1, 1, 0, 0], most_switches=1, bans=[(0, 1), (1, 1)])
    assert why == ("too_many_must_switch", (0, 1), (), 1.0)
