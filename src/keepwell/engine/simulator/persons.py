"""Who the clients are: traits that depend on the person's number and the seed only, whatever the firm's size."""

from __future__ import annotations

import math

import numpy as np

from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.compiled import compiled, inlined
from keepwell.engine.simulator.families import family
from keepwell.engine.simulator.firm import Clients, Firm, Leaving
from keepwell.engine.simulator.span import Span
from keepwell.engine.simulator.streams import Floats, cumulative, four, logistic, normal, uniform

# columns of the traits of a person
(KIND, LIVES, LOG_ASSETS, SCORE, BIRTH, MALE, INCOME, WORK, RISK, LOWEST, OPENED, OPENS_AT, NEED) = range(13)
NEEDS = 13  # six of them: stock, fund, bond, wealth, margin, education
(DIGITAL, PRICE, LOYAL, TRADES, LOGINS, BREADTH, ANCHOR, HOUSE, PLACE, FUNDED, TWIN) = range(19, 30)
N_TRAITS = 30

REFERENCE = 20_454  # 2026-01-01
"""Ages are counted at this day, so that a person's birthday is the same in every simulation."""
ADULT = 18.01
"""Years from which on people open accounts themselves."""

_AGE_AT = np.array([0.0, 0.002, 0.277, 0.665, 0.923, 0.988, 1.0])
_AGE = np.array([10.0, 18.0, 30.0, 45.0, 60.0, 75.0, 92.0])
_INCOME_AT = np.array([0.0873, 0.3611, 0.9167, 0.9920])
_RISK_AT = np.array([0.616, 0.807, 0.973])
# Conservative, Income, Balanced by asset quantile, cumulated; the published shares are rounded to a hundredth, these
# are the ones nearest to them that add up to the shares of all clients (19.7, 41.2, 29.8, 9.3)
_RISK = np.array(
    [
        [0.2665, 0.6959, 0.9513],
        [0.1088, 0.5189, 0.8732],
        [0.0693, 0.4498, 0.8243],
        [0.0201, 0.2436, 0.6434],
    ]
)
_WORK_AT = np.array(
    [0.05, 0.12, 0.22, 0.30, 0.50, 0.57, 0.62, 0.68, 0.76, 0.84, 0.89, 0.92, 0.95, 0.98, 0.99]
)
STUDENT, RETIRED, UNEMPLOYED = 15, 16, 17


@inlined
def _quantile(u: float, at: Floats, values: Floats) -> float:
    i = 1
    while i < at.size - 1 and u > at[i]:
        i += 1
    return float(values[i - 1] + (values[i] - values[i - 1]) * (u - at[i - 1]) / (at[i] - at[i - 1]))


@inlined
def _step(u: float, at: Floats) -> int:
    i = 0
    while i < at.size and u > at[i]:
        i += 1
    return i


@inlined
def _wealth(row: Floats, seed: int, who: int, c: Clients) -> None:
    """Kind, log of assets and its normal score within the mixture."""
    u = four(seed, who, purposes.KIND, 0, 0)
    row[KIND] = 1.0 if u[0] < c.company_share else (2.0 if u[0] < c.company_share + c.product_share else 0.0)
    row[LIVES] = 1.0 if u[1] < c.live_share else 0.0
    row[FUNDED] = 1.0 if u[2] < c.funded_before_share else 0.0
    v = four(seed, who, purposes.ASSETS, 0, 0)
    if v[0] < c.asset_main_share:
        x = c.asset_main_log_mean + c.asset_main_log_sd * normal(v[1])
    else:
        x = c.asset_tail_log_mean + c.asset_tail_log_sd * normal(v[1])
    a = cumulative((x - c.asset_main_log_mean) / c.asset_main_log_sd)
    b = cumulative((x - c.asset_tail_log_mean) / c.asset_tail_log_sd)
    rank = c.asset_main_share * a + (1.0 - c.asset_main_share) * b
    row[SCORE] = normal(min(max(rank, 1e-9), 1.0 - 1e-9))
    if row[KIND] > 0.0:
        x += math.log(c.company_asset_factor)
    floor = math.log(100.5)
    row[LOG_ASSETS] = min(max(x, floor), math.log(c.asset_cap))


@inlined
def _work(row: Floats, seed: int, who: int, rank: float) -> None:
    u = four(seed, who, purposes.WORK, 0, 0)
    if rank < 0.002 or (rank < 0.05 and u[0] < 0.8):
        row[WORK] = STUDENT
    elif rank > 0.905 and u[0] < 0.95:
        row[WORK] = RETIRED
    elif u[1] < 0.0575:
        row[WORK] = UNEMPLOYED
    else:
        at = _step(u[2], _WORK_AT)
        row[WORK] = at if at < STUDENT else 18


@inlined
def _body(row: Floats, seed: int, who: int, c: Clients) -> None:
    """Birth, sex, income, occupation, risk level: tied to assets by a Gaussian copula."""
    u = four(seed, who, purposes.BODY, 0, 0)
    ra, ri = c.age_asset_correlation, c.income_asset_correlation
    rank = cumulative(ra * row[SCORE] + math.sqrt(1.0 - ra * ra) * normal(u[0]))
    age = _quantile(rank, _AGE_AT, _AGE)
    row[BIRTH] = math.floor(REFERENCE - age * 365.2425)
    row[MALE] = 1.0 if u[1] < c.male_share else 0.0
    income = cumulative(ri * row[SCORE] + math.sqrt(1.0 - ri * ri) * normal(u[2]))
    row[INCOME] = _step(income, _INCOME_AT)
    _work(row, seed, who, rank)
    v = four(seed, who, purposes.RISK, 0, 0)
    tier = _step(cumulative(row[SCORE]), _RISK_AT)
    kind = _step(v[0], _RISK[tier])
    row[RISK] = kind + 2.0
    if kind == 0 and v[1] < c.conservative_c1_share:
        row[RISK] = 1.0
        row[LOWEST] = 1.0 if v[2] < c.c1_lowest_share or age < 18.0 else 0.0
    if v[3] < c.risk_missing_share:
        row[RISK] = 0.0


@inlined
def _taste(row: Floats, seed: int, who: int, loyalty_sd: float) -> None:
    """Latent need, need vector, digital bent, price sensitivity, loyalty."""
    u = four(seed, who, purposes.TASTE, 0, 0)
    v = four(seed, who, purposes.TASTE, 0, 1)
    w = four(seed, who, purposes.TASTE, 0, 2)
    row[NEED] = logistic(normal(u[0]))
    row[DIGITAL] = logistic(normal(u[1]) + 0.3)
    row[PRICE] = 2.0 * u[2]
    row[LOYAL] = loyalty_sd * normal(u[3])
    total = 0.0
    for k in range(6):
        z = normal(v[k]) if k < 4 else normal(w[k - 4])
        row[NEEDS + k] = math.exp(1.5 * z)
        total += row[NEEDS + k]
    for k in range(6):
        row[NEEDS + k] /= total
    row[BREADTH] = 1.0 if w[2] < 0.60 else (2.0 if w[2] < 0.87 else 3.0)


@inlined
def _habit(row: Floats, seed: int, who: int, shape: Floats) -> None:
    """Monthly rates of trade days and of log-ins; ``shape`` are the two log means, the two s.d. and their tie."""
    u = four(seed, who, purposes.HABIT, 0, 0)
    z = normal(u[0])
    both = shape[4] * z + math.sqrt(1.0 - shape[4] * shape[4]) * normal(u[1])
    row[TRADES] = min(math.exp(shape[0] + shape[1] * z), 200.0)
    row[LOGINS] = math.exp(shape[2] + shape[3] * both)


@inlined
def _opening(row: Floats, seed: int, who: int, c: Clients, first: int, n_planned: int) -> None:
    """Day of opening before the first day, or the trading day of the span it falls on."""
    u = four(seed, who, purposes.TENURE, 0, 0)
    if u[0] < c.new_share:
        row[OPENS_AT] = math.floor(u[1] * n_planned)
        return
    age = (first - row[BIRTH]) / 365.2425
    # a year is counted as 365.2425 days: without a margin a day of birth may lie a day after the 18th year's end
    most = age - ADULT if age >= ADULT + 0.02 else max(age - 8.0, 0.02)
    tenure = min(-math.log(u[1]) * c.tenure_mean_years, most if row[KIND] == 0.0 else 25.0, 33.0)
    row[OPENS_AT] = -1.0
    row[OPENED] = first - 1 - math.floor(tenure * 365.2425)


@compiled
def _traits(
    seed: int, first: int, n: int, c: Clients, shape: Floats, loyalty_sd: float, start: int, n_planned: int
) -> Floats:
    rows, other = np.zeros((n, N_TRAITS)), np.zeros(N_TRAITS)
    for i in range(n):
        who, row = first + i, rows[i]
        _wealth(row, seed, who, c)
        _body(row, seed, who, c)
        _taste(row, seed, who, loyalty_sd)
        _habit(row, seed, who, shape)
        anchor, size, twin = family(seed, who)
        row[ANCHOR], row[HOUSE], row[TWIN] = anchor, size, twin
        if twin > 0 and anchor != who:
            _wealth(other, seed, anchor, c)
            _body(other, seed, anchor, c)
            row[BIRTH] = other[BIRTH]
        _opening(row, seed, who, c, start, n_planned)
        row[PLACE] = uniform(seed, anchor, purposes.PLACE, 0, 0)
    return rows


def traits(firm: Firm, span: Span, seed: int, first: int, n: int) -> Floats:
    """Traits of the persons ``first`` to ``first + n − 1``, a row each; days since 1970 for dates.

    ``OPENS_AT`` is −1 for clients from before the first day, else the number of the trading day they open on.
    """
    b, leaving = firm.behaviour, firm.leaving
    shape = np.array(
        [b.trade_log_mean, b.trade_log_sd, b.login_log_mean, b.login_log_sd, b.login_trade_correlation]
    )
    rows = _traits(seed, first, n, firm.clients, shape, leaving.loyalty_sd, span.first, span.on.size)
    new = rows[:, OPENS_AT] >= 0
    rows[new, OPENED] = span.on[rows[new, OPENS_AT].astype(np.int64)]
    rows[~new, OPENED] = np.minimum(span.workday(rows[~new, OPENED].astype(np.int64)), span.first - 1)
    return rows


def standard(log_assets: Floats, leaving: Leaving) -> Floats:
    """z(log assets): standardised with the mean and s.d. of the firm's live persons."""
    return (log_assets - leaving.log_assets_mean) / leaving.log_assets_sd
