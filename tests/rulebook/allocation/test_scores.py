"""What each part of a score is worth, table by table: zero to one, a half where nothing is known."""

from dataclasses import replace

import numpy as np
import pytest

from keepwell.contract.codes import Grade, Need
from keepwell.contract.serving import Resource, ScorePart
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.hours import hours_of
from keepwell.engine.allocation.rules.limits import RESOURCES, use_of
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.scores import points, score_parts, weights_of
from tests.book import packs_of
from tests.rulebook.allocation.branch import AS_OF

RULES = packs_of(AS_OF).allocation
MICRO = 1_000_000
UNKNOWN_TIER, TIER_1, TIER_3 = -1, 0, 3


def people(n: int = 1, **facts: object) -> Clients:
    none, no = np.full(n, None, dtype=object), np.zeros(n, dtype=np.bool_)
    plain = Clients(
        code=none, branch=none, current=none, grade=np.full(n, 3), served_as=np.full(n, 1), style=np.full(n, -1),
        need=np.zeros((n, len(Need)), dtype=np.int64), value=np.zeros(n, dtype=np.int64), is_top_tier=no,
        is_vulnerable=no, is_advised=no, is_untouched=no, is_risk_known=no,
    )  # fmt: skip
    return replace(plain, **facts)  # type: ignore[arg-type]  # a test's facts


def team(k: int = 2, **facts: object) -> Managers:
    plain = Managers(
        code=np.array([f"S{place}" for place in range(k)], dtype=object), branch=np.full(k, "B1", dtype=object),
        reason=np.full(k, "eligible", dtype=object), capacity=np.full(k, MICRO), hours=np.full(k, 100_000),
        level=np.full(k, 3), satisfaction=np.full(k, MICRO // 2), qualification=np.full(k, MICRO // 2),
        is_adviser=np.zeros(k, dtype=np.bool_), strength=np.zeros((k, len(Need)), dtype=np.int64),
        style=np.zeros((k, 3), dtype=np.bool_), service_type=np.zeros((k, 4), dtype=np.bool_),
        language=np.zeros((k, 6), dtype=np.bool_),
    )  # fmt: skip
    return replace(plain, **facts)  # type: ignore[arg-type]  # a test's facts


def part(
    name: ScorePart, clients: Clients, managers: Managers, tier: int = UNKNOWN_TIER, wished: int = -1
) -> list[int]:
    """A part for the first client with each manager, in hundredths."""
    told = score_parts(clients, managers, np.array([wished]), tier, RULES)
    return [int(value) // 10_000 for value in told[name][0]]


def test_r040_what_is_not_known_is_neutral() -> None:
    told = score_parts(people(), team(), np.array([-1]), UNKNOWN_TIER, RULES)
    neutral = (ScorePart.NEED, ScorePart.STYLE, ScorePart.RISK, ScorePart.REGION, ScorePart.WISH)
    assert {int(told[name][0, 0]) for name in neutral} == {MICRO // 2}


def test_r050_need_is_the_share_of_what_the_client_needs_that_the_manager_is_strong_in() -> None:
    wants = np.array([[800_000, 200_000, 0, 0, 0, 0]])
    strong = np.array([[MICRO, 0, 0, 0, 0, 0], [0, MICRO, 0, 0, 0, 0]])
    assert part(ScorePart.NEED, people(need=wants), team(strength=strong)) == [80, 20]


@pytest.mark.parametrize(
    ("grade", "worth"),
    [(Grade.STRATEGIC, [25, 50, 75, 100, 100]), (Grade.IMPORTANT, [60, 80, 100, 100, 100]),
     (Grade.REGULAR, [85, 100, 100, 100, 100]), (Grade.BASIC, [100, 100, 100, 100, 100])],
)  # fmt: skip
def test_r051_r049_level_by_grade(grade: Grade, worth: list[int]) -> None:
    levels = team(5, level=np.arange(1, 6))
    assert part(ScorePart.LEVEL, people(grade=np.array([list(Grade).index(grade)])), levels) == worth


def test_r046_style_and_type_of_the_client_meet_those_of_the_manager() -> None:
    styles = np.array([[True, False, False], [False, False, True]])
    assert part(ScorePart.STYLE, people(style=np.array([0])), team(style=styles)) == [100, 0]
    types = np.array([[False, True, False, False], [True, False, False, False]])
    known = people(is_risk_known=np.array([True]))
    assert part(ScorePart.RISK, known, team(service_type=types)) == [100, 0]


def test_r045_senior_staff_where_needs_are_developed_education_elsewhere() -> None:
    strong = np.zeros((2, len(Need)), dtype=np.int64)
    strong[1, list(Need).index(Need.EDUCATION)] = 250_000
    staff = team(level=np.array([4, 1]), strength=strong)
    assert part(ScorePart.REGION, people(), staff, TIER_1) == [100, 25]
    assert part(ScorePart.REGION, people(), staff, TIER_3) == [0, 100]


def test_r040_a_wish_counts_for_whom_it_names() -> None:
    assert part(ScorePart.WISH, people(), team(), wished=1) == [0, 100]


def test_r055_no_part_is_read_from_assets_or_activity() -> None:
    rich = people(value=np.array([10**6]), is_top_tier=np.array([True]), is_vulnerable=np.array([True]))
    one, other = (score_parts(who, team(), np.array([-1]), TIER_1, RULES) for who in (people(), rich))
    assert all((one[name] == other[name]).all() for name in ScorePart)


def test_r056_the_score_is_the_sum_of_parts_times_signed_weights() -> None:
    parts = {name: np.array([[MICRO]]) for name in ScorePart}
    told = points(parts, RULES)
    assert {name: int(told[name][0, 0]) for name in ScorePart} == {
        name: int(weight * MICRO) for name, weight in weights_of(RULES)
    }
    assert sum(int(told[name][0, 0]) for name in ScorePart if name is not ScorePart.STAY) == MICRO


CLASSES = np.array([10, 20, 70, 100])  # strategic, important, regular, basic: 710 hours as wanted


@pytest.mark.parametrize(
    ("hours", "given", "reasons"),
    [
        (1_000, ["20.14", "8.00", "3.00", "1.00"], ["ceiling", "as_wanted", "as_wanted", "as_wanted"]),
        (400, ["10.45", "4.57", "1.97", "0.65"], ["cut_to_capacity"] * 4),
        (200, ["6.00", "3.00", "1.50", "0.50"], ["at_floor"] * 4),
    ],
)
def test_r043_r044_no_class_below_its_floor_and_no_capture_by_the_largest(
    hours: int, given: list[str], reasons: list[str]
) -> None:
    told = hours_of(CLASSES, hours * 100, UNKNOWN_TIER, RULES)
    assert [f"{value / 100:.2f}" for value in told.given.tolist()] == given
    assert told.reason.tolist() == reasons
    strategic = int(told.given[0]) * 10 / int((told.given * CLASSES).sum())
    assert strategic <= 0.30 or told.reason[0] == "at_floor"
    assert told.short == max(0, 27_500 - hours * 100)


def test_r045_small_cities_add_hours_of_education_to_wanted_and_floor() -> None:
    told = hours_of(CLASSES, 10**9, TIER_3, RULES)
    assert told.wanted.tolist() == [2450, 850, 350, 150]
    assert told.floor.tolist() == [650, 350, 200, 100]


def test_r070_each_class_has_hours_of_its_own_and_they_fill_the_managers() -> None:
    """A class that is owed more service takes more of a manager: the plan for each grade is a load, not a promise."""
    told = hours_of(CLASSES, 10**9, UNKNOWN_TIER, RULES)
    assert told.wanted.tolist() == sorted(set(told.wanted.tolist()), reverse=True)
    grades = people(4, grade=np.arange(4))
    use = use_of(grades, told.given)
    assert use[RESOURCES.index(Resource.HOURS)].tolist() == told.given.tolist()
    few = hours_of(CLASSES, 30_000, UNKNOWN_TIER, RULES)
    assert (few.given < told.given).any()
    assert (few.given >= few.floor).all()
