"""Marginals of the made-up firm against the figures it was built to, and the leaving model against its own truth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import world
from keepwell.engine.simulator.block import Block, Town, found, run_block
from keepwell.engine.simulator.firm import Size, load_firm
from tests.engine.simulator.making import SEED, firm, made, span

N = 20_000
BANDS = (0.2437, 0.4792, 0.2132, 0.0363, 0.0242, 0.0020, 0.0012, 0.0001)
EDGES = (0, 1e4, 1e5, 5e5, 1e6, 5e6, 1e7, 1e8, 1e12)
MONTHS = 24


@cache
def rows() -> np.ndarray:
    return who_is.traits(firm(), span(MONTHS), SEED, 0, N)


@cache
def lived() -> tuple[Town, Block]:
    town = found(firm(), Size.of(N), SEED, span(MONTHS))
    return town, run_block(town, 0, N)


def near(found_share: float, wanted: float, n: int) -> bool:
    return abs(found_share - wanted) <= max(0.005, 3.0 * (wanted * (1.0 - wanted) / n) ** 0.5)


def test_assets_of_live_persons_fall_into_the_bands_of_the_register() -> None:
    live = (rows()[:, who_is.LIVES] > 0) & (rows()[:, who_is.KIND] == 0)
    counts, _ = np.histogram(np.exp(rows()[live, who_is.LOG_ASSETS]), EDGES)
    for count, wanted in zip(counts, BANDS, strict=True):
        assert near(count / live.sum(), wanted, int(live.sum())), (counts / live.sum(), BANDS)


def test_ages_kinds_and_activity_of_accounts() -> None:
    age = (who_is.REFERENCE - rows()[:, who_is.BIRTH]) / 365.2425
    shares = np.histogram(age, [0, 30, 45, 60, 200])[0] / N
    assert all(
        near(share, wanted, N) for share, wanted in zip(shares, (0.277, 0.388, 0.258, 0.077), strict=True)
    )
    assert near(float((age < 18).mean()), 0.002, N)
    assert near(float(rows()[:, who_is.LIVES].mean()), 0.43, N)
    assert near(float((rows()[:, who_is.KIND] == 1).mean()), 0.012, N)
    assert near(float(rows()[:, who_is.MALE].mean()), 0.57, N)


def test_risk_levels_follow_the_declared_ones() -> None:
    levels = np.bincount(rows()[:, who_is.RISK].astype(int), minlength=6) / N
    wanted = (0.011, 0.057 * 0.989, 0.140 * 0.989, 0.412 * 0.989, 0.298 * 0.989, 0.093 * 0.989)
    assert all(near(share, one, N) for share, one in zip(levels, wanted, strict=True)), levels
    lowest = float((rows()[:, who_is.LOWEST] > 0).mean())
    assert near(lowest, 0.010, N)


def test_assets_go_with_age_and_income() -> None:
    score = rows()[:, who_is.SCORE]
    assert 0.2 < np.corrcoef(score, -rows()[:, who_is.BIRTH])[0, 1] < 0.3
    assert 0.3 < np.corrcoef(score, rows()[:, who_is.INCOME])[0, 1] < 0.5


def test_activity_is_that_of_the_market() -> None:
    """22.9% trade in a month, 42.7% in a year, within two points."""
    town, block = lived()
    trades = block.events[world.TRADE]
    trades = trades[trades[:, 12] < 20]
    person = block.accounts[trades[:, 1], 0]
    months = np.unique(person * 100 + trades[:, 2] // 21)
    assert abs(months.size / N / MONTHS - 0.229) < 0.02
    for first in (0, 12):
        year = (trades[:, 2] >= first * 21) & (trades[:, 2] < (first + 12) * 21)
        assert abs(np.unique(person[year]).size / N - 0.427) < 0.02
    assert town.span.n_run == 21 * MONTHS


def test_trades_and_logins_are_those_of_the_prototype_before_it_had_books() -> None:
    """§3 quotes 68 trades and 57 log-ins a client in 24 months, measured on a prototype without books.

    There everybody was a client from the first day, nobody left, and every order was executed. The same is asked
    here of what clients intend (their rate, mood and market times 2.4 orders a day): 62 trades in this market; over
    five other seeds 53 to 66. Executed are 48, because an eighth of clients open within the span, leavers trade
    a third, and orders without cash, without a whole lot, or of an account eaten up by its fees fail: most of all with
    accounts below 10,000. Of their orders 73 to 75% are executed over those six seeds, of the others' 90 to 93%,
    three to five standard errors apart; above that, bands of assets do not differ beyond chance, for a few traders
    decide their sums. Log-ins need no money: of clients who were there throughout they are 57 within 5%.
    """
    town, block = lived()
    live = block.rows[:, who_is.LIVES] > 0
    b, stays = town.firm.behaviour, live & (block.rows[:, who_is.OPENS_AT] < 0)
    stays[block.events[world.DECISION][:, 1]] = False
    clip = b.regime_return_clip
    market = np.exp(
        b.regime_return_weight * np.clip(b.regime_return_factor * town.index.month_return, -clip, clip)
    )
    mood = np.exp((b.mood_trade_weight * b.mood_sd) ** 2 / (1 - b.mood_keeps**2) / 2)
    intended = block.rows[:, who_is.TRADES] * market.sum() * mood * b.orders_mean
    assert abs(intended[live].sum() / N / 68 - 1) < 0.12
    trades, logins = (
        np.bincount(block.accounts[events[:, 1], 0], minlength=N)
        for events in (block.events[world.TRADE], block.events[world.LOGIN])
    )
    assert abs(trades.mean() - 48) < 3
    small = np.exp(block.rows[:, who_is.LOG_ASSETS]) < 10_000
    of_small, of_others = (
        trades[some].sum() / intended[some].sum() for some in (stays & small, stays & ~small)
    )
    assert 0.70 < of_small < 0.80
    assert 0.85 < of_others < 1
    assert abs(logins[stays].mean() * live.mean() / 57 - 1) < 0.05


def decided() -> tuple[np.ndarray, np.ndarray]:
    """Hazard of each month lived undecided, and whether the client decided in it."""
    _, block = lived()
    months = block.months[block.months[:, 11] == world.UNDECIDED]
    decision = block.events[world.DECISION]
    month_of = np.full(block.n, -1)
    last = {int(person): int(month) for person, month in months[:, :2]}
    for person in decision[:, 1]:
        month_of[person] = last[int(person)]
    return months[:, 3], month_of[months[:, 0].astype(int)] == months[:, 1]


def test_decisions_happen_as_often_as_their_hazard_says() -> None:
    """|mean(decided) − mean(h)| < 3 s.e. in every fifth of h."""
    h, left = decided()
    order = np.argsort(h, kind="stable")
    for fifth in np.array_split(order, 5):
        mean = float(h[fifth].mean())
        assert abs(float(left[fifth].mean()) - mean) < 3.0 * (mean / fifth.size) ** 0.5
    assert 0.06 < h.mean() * 12 < 0.10


def auc(score: np.ndarray, hit: np.ndarray) -> float:
    rank = np.empty(score.size)
    rank[np.argsort(score, kind="stable")] = np.arange(1, score.size + 1)
    n = int(hit.sum())
    return float((rank[hit].sum() - n * (n + 1) / 2) / (n * (hit.size - n)))


def test_the_hazard_orders_clients_and_nobody_can_do_better() -> None:
    h, left = decided()
    assert 0.74 < auc(h, left) < 0.84
    assert abs(auc(np.arange(h.size, dtype=float), left) - 0.5) < 0.03


def test_a_call_helps_some_and_hurts_others() -> None:
    _, block = lived()
    tau = block.months[block.months[:, 11] == world.UNDECIDED, 7]
    assert 0.5 < (tau < 0).mean() < 0.75
    assert (tau > 0.1).mean() > 0.1
    arm = block.months[:, 10]
    assert 0.45 < arm[arm >= 0].mean() < 0.55


def test_managers_differ_and_levels_draw_the_rich() -> None:
    town, block = lived()
    assert 40 <= len({int(seat) for seat in block.seat_of if seat >= 0}) <= 48
    served = (block.seat_of >= 0) & (block.rows[:, who_is.LIVES] > 0)
    level = town.staff.seats[block.seat_of[served], 6]
    wealth = block.rows[served, who_is.LOG_ASSETS]
    assert wealth[level >= 4].mean() > wealth[level <= 2].mean() + 0.5


def test_sizes_are_those_of_the_table() -> None:
    assert (Size.of(1_000).n_branches, Size.of(1_000).n_staff, Size.of(1_000).n_books) == (2, 12, 4)
    assert (Size.of(20_000).n_branches, Size.of(20_000).n_staff, Size.of(20_000).n_books) == (6, 75, 48)
    assert (Size.of(1_000_000).n_branches, Size.of(1_000_000).n_books) == (300, 2_200)
    staff = made(1_000, 24)["staff"].to_pylist()
    assert sum(row["has_book"] for row in staff) == 4
    assert sum(row["left_on"] is None for row in staff) == 12
    with pytest.raises(ValueError, match="100 to 5,000,000"):
        Size.of(10)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[clients]\n", "sections"), ("live = 1", "unknown sections"), ("[market]\nbeta_sd = 'x'", "sections")],
)
def test_parameters_that_do_not_fit_are_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_firm(text)
