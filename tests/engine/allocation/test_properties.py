"""What holds of every branch whatever its clients and managers: nobody lost, limits kept, words of people heeded."""

import datetime as dt
from dataclasses import fields, replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.codes import Grade, Need
from keepwell.contract.serving import ScorePart
from keepwell.engine.allocation.rules.anew import Before, facts_key
from keepwell.engine.allocation.rules.answering import Answer, answered
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.firm import Firm, across
from keepwell.engine.allocation.rules.hours import hours_of
from keepwell.engine.allocation.rules.managers import Managers
from keepwell.engine.allocation.rules.question import Question, question_of
from keepwell.engine.allocation.rules.ties import Pairs, Ties
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.policy.allocation import Extent
from tests.book import packs_of
from tests.rulebook.allocation.branch import AS_OF

RULES = packs_of(AS_OF).allocation
MICRO = 1_000_000


def a_firm(seed: int, n: int, k: int) -> Firm:
    """One branch of chance; some managers work half, some clients have nobody."""
    chance = np.random.default_rng(seed)
    staff = np.array([f"S{place:02}" for place in range(k)], dtype=object)
    current = np.append(staff, [None, "gone"])[chance.integers(0, k + 2, n)]
    need = np.zeros((n, len(Need)), dtype=np.int64)
    need[np.arange(n), chance.integers(0, len(Need), n)] = chance.integers(0, MICRO, n)
    grade = chance.choice(len(Grade), n, p=[0.03, 0.07, 0.3, 0.6])
    clients = Clients(
        code=np.array([f"C{place:04}" for place in range(n)], dtype=object), branch=np.full(n, "B1", dtype=object),
        current=current, grade=grade, served_as=chance.integers(0, 3, n), style=chance.integers(-1, 3, n), need=need,
        value=chance.integers(0, 300, n), is_top_tier=grade < 2, is_vulnerable=chance.random(n) < 0.1,
        is_advised=grade < 2, is_untouched=chance.random(n) < 0.2, is_risk_known=chance.random(n) < 0.9,
    )  # fmt: skip
    share = np.where(chance.random(k) < 0.3, MICRO // 2, MICRO)
    managers = Managers(
        code=staff, branch=np.full(k, "B1", dtype=object), reason=np.full(k, "eligible", dtype=object),
        capacity=share, hours=share * 104_880 // MICRO, level=chance.integers(1, 6, k),
        satisfaction=chance.integers(0, MICRO, k), qualification=np.full(k, MICRO // 2),
        is_adviser=chance.random(k) < 0.5, strength=chance.integers(0, MICRO, (k, len(Need))),
        style=chance.random((k, 3)) < 0.5, service_type=chance.random((k, 4)) < 0.5,
        language=np.zeros((k, 6), dtype=np.bool_),
    )  # fmt: skip
    nobody = Pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    ties = Ties(nobody, nobody, nobody, nobody, np.full(n, -1))
    return Firm(clients, managers, ties, ("B1",), np.array([0, n]), np.array([2]))


def pairs(rows: list[tuple[int, int]]) -> Pairs:
    told = np.array(sorted(rows), dtype=np.int64).reshape(-1, 2)
    return Pairs(told[:, 0], told[:, 1])


def planned(firm: Firm) -> tuple[Question, Answer]:
    asked = question_of(firm, 0, RULES)
    return asked, answered(asked, RULES)


def loads(asked: Question, manager: Longs) -> Longs:
    told = np.zeros((len(asked.able), len(asked.use)), dtype=np.int64)
    np.add.at(told, manager, asked.use.T)
    return told


FIRMS = st.builds(a_firm, st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 6))


@settings(max_examples=25, deadline=None)
@given(FIRMS)
def test_r054_everybody_is_placed_and_no_limit_that_stands_is_broken(firm: Firm) -> None:
    asked, answer = planned(firm)
    assert (answer.manager >= 0).all()
    load = loads(asked, answer.manager)
    assert (load <= answer.limits.upper).all()
    assert (load >= answer.limits.lower).all()
    n_changes = int(((asked.current >= 0) & (answer.manager != asked.current)).sum())
    assert n_changes <= answer.n_changes
    assert answer.certificate is not None
    assert answer.certificate.is_feasible
    assert answer.certificate.value <= answer.certificate.bound


@settings(max_examples=15, deadline=None)
@given(FIRMS, st.integers(0, 10**6))
def test_r054_pins_and_bans_are_heeded_whatever_they_cost(firm: Firm, seed: int) -> None:
    chance, n, k = Random(seed), len(firm.clients.code), len(firm.managers.code)  # noqa: S311 - invented, no secret
    pinned = [(client, chance.randrange(k)) for client in range(n) if chance.random() < 0.1]
    free = [client for client in range(n) if client not in dict(pinned)]
    banned = [(client, chance.randrange(k)) for client in free if chance.random() < 0.2 and k > 1]
    asked, answer = planned(replace(firm, ties=replace(firm.ties, pins=pairs(pinned), bans=pairs(banned))))
    assert [int(answer.manager[client]) for client, _ in pinned] == [manager for _, manager in pinned]
    assert not [pair for pair in banned if int(answer.manager[pair[0]]) == pair[1]]
    assert asked.n_banned == len(banned)


@settings(max_examples=10, deadline=None)
@given(FIRMS, st.integers(0, 10**6))
def test_r057_the_order_of_the_list_decides_nothing(firm: Firm, seed: int) -> None:
    """The same plan, or one of exactly the same worth, however clients and managers are listed."""
    chance = np.random.default_rng(seed)
    clients, staff = chance.permutation(len(firm.clients.code)), chance.permutation(len(firm.managers.code))
    shuffled = replace(firm, clients=firm.clients.take(clients), managers=firm.managers.take(staff))
    (asked, one), (other_asked, other) = planned(firm), planned(shuffled)
    named = dict(zip(asked.clients.code, asked.managers.code[one.manager], strict=True))
    again = dict(zip(other_asked.clients.code, other_asked.managers.code[other.manager], strict=True))
    assert again == named or one.certificate == other.certificate
    assert one.certificate is not None
    assert other.certificate is not None
    assert one.certificate.value == other.certificate.value


CHANGES = replace(RULES, runs=replace(RULES.runs, plans=Extent.CHANGES))


def the_night_after(firm: Firm, manager: Longs) -> Firm:
    """The same firm a night later: the plan stands in the run before, nothing else happened."""
    key = facts_key(firm.clients, firm.ties, firm.managers)
    day = np.full(len(key), (AS_OF - dt.date(1970, 1, 1)).days)
    codes = firm.managers.code[manager]
    before = Before(key, key.copy(), codes, firm.clients.current, day, np.ones(len(key), dtype=np.bool_))
    return replace(firm, as_of=AS_OF, before=before)


@settings(max_examples=15, deadline=None)
@given(FIRMS)
def test_r054_a_night_without_a_change_gives_the_plan_before_whatever_its_limits(firm: Firm) -> None:
    _, answer = planned(firm)
    asked = question_of(the_night_after(firm, answer.manager), 0, CHANGES)
    again = answered(asked, CHANGES)
    assert not (asked.anew.kept < 0).any()
    assert again.manager.tolist() == answer.manager.tolist()


@settings(max_examples=15, deadline=None)
@given(FIRMS, st.sampled_from([0.1, 0.5, 1.0]), st.integers(0, 10**6))
def test_r054_only_who_changed_moves_within_what_is_left_and_all_changed_is_the_whole_plan(
    firm: Firm, share: float, seed: int
) -> None:
    """A part changed: the others stand, everybody is placed, the plan keeps its limits and is certified."""
    asked, whole = planned(firm)
    later = the_night_after(firm, whole.manager)
    assert later.before is not None
    changed = np.random.default_rng(seed).random(len(firm.clients.code)) < share
    later.before.was_key[changed] += 1
    now = question_of(later, 0, CHANGES)
    answer = answered(now, CHANGES)
    assert (answer.manager == whole.manager)[~changed].all()
    load = loads(now, answer.manager)
    assert (load <= answer.limits.upper).all()
    assert (load >= answer.limits.lower).all()
    assert answer.certificate is not None
    assert answer.certificate.is_feasible
    if changed.all():
        assert answer.manager.tolist() == whole.manager.tolist()
        assert answer.certificate.question == whole.certificate.question  # type: ignore[union-attr]  # both are proven
    assert asked.n_changes == now.n_changes


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 5))
def test_r045_guests_of_a_region_are_shared_out_by_capacity_and_nobody_is_lost(
    seed: int, n: int, k: int
) -> None:
    """Three branches of a region, one of them without anybody: its clients stand where somebody is."""
    one = a_firm(seed, n, k)
    chance = np.random.default_rng(seed)
    home = np.sort(chance.integers(0, 3, n))
    place = np.array([f"B{at}" for at in range(3)], dtype=object)
    staff = replace(one.managers, branch=place[1 + chance.integers(0, 2, k)])
    firm = replace(
        one, clients=replace(one.clients, branch=place[home]), managers=staff, branches=tuple(place),
        first=np.searchsorted(home, np.arange(4)), city_tier=np.full(3, 2),
    )  # fmt: skip
    told = across(firm, np.array(["east"] * 3, dtype=object))
    assert sorted(told.clients.code) == sorted(firm.clients.code)
    able = [int(staff.capacity[staff.branch == name].sum()) for name in place]
    assert [n for n, capacity in zip(np.diff(told.first), able, strict=True) if n and not capacity] == []
    for at in range(3):
        assert len(question_of(told, at, RULES).placed) == told.first[at + 1] - told.first[at]


@pytest.mark.parametrize("part", [ScorePart.NEED, ScorePart.LEVEL, ScorePart.CONTINUITY, ScorePart.WISH])
def test_r056_who_fits_better_in_a_part_is_never_given_less_of_it(part: ScorePart) -> None:
    firm = a_firm(5, 50, 4)
    asked, answer = planned(firm)
    client = int(np.flatnonzero(answer.manager >= 0)[0])
    manager = int(answer.manager[client])
    more = {name: value.copy() for name, value in asked.points.items()}
    more[part][client, manager] += 50_000
    raised = replace(asked, points=more, score=np.sum(list(more.values()), axis=0))
    assert answered(raised, RULES).manager[client] == manager


def test_r043_no_protected_fact_is_among_what_is_known_of_clients_and_managers() -> None:
    known = {field.name for kind in (Clients, Managers) for field in fields(kind)}
    assert not known & set(RULES.never_in_score)


def test_same_question_same_bytes() -> None:
    firm = a_firm(9, 60, 5)
    (_, one), (_, other) = planned(firm), planned(firm)
    assert one.manager.tobytes() == other.manager.tobytes()
    assert one.price.tobytes() == other.price.tobytes()


def test_a_hundred_clients_and_one_manager_still_have_a_plan() -> None:
    asked, answer = planned(a_firm(3, 100, 1))
    assert (answer.manager == 0).all()
    assert len(asked.able) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=4, max_size=4), st.integers(0, 500_000), st.integers(-1, 3))
def test_r043_no_class_below_its_floor_and_no_capture_whatever_the_branch(
    n_clients: list[int], capacity: int, tier: int
) -> None:
    """D2: strategic clients take no more than the ceiling of all hours unless at their floor; floors come first."""
    told = hours_of(np.array(n_clients, dtype=np.int64), capacity, tier, RULES)
    assert (told.floor <= told.given).all()
    assert (told.given <= told.wanted).all()
    total = told.given * told.n_clients
    most = int(RULES.between_clients.strategic_hours_at_most_share * MICRO)
    alone = total[0] == total.sum()
    assert alone or told.given[0] == told.floor[0] or total[0] * MICRO <= total.sum() * most
    assert total.sum() <= capacity or (
        told.short > 0 and (told.given == told.floor)[told.n_clients > 0].all()
    )
