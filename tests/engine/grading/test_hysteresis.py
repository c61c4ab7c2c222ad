"""R027: grades do not flicker: two years of nights of made-up clients, most of them near a cut."""

import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from keepwell.contract.codes import Grade
from keepwell.engine.grading.rules import client_grade
from keepwell.engine.grading.rules.grade import last_month_ends
from keepwell.policy.lookup import grade_of, held_grade, is_below_hold
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF, answer, client

GRADING = load_packs(AS_OF).grading
FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 12, 31)
N_CLIENTS, N_AVERAGED = 400, 20
ASKED_OF_THE_ENGINE = {dt.date(2024, 6, 28), dt.date(2025, 3, 3), dt.date(2025, 12, 31)}


@dataclass
class Life:
    """What a client has and earns the firm, night by night, and the grades that follow."""

    name: str
    assets: float
    yearly_share: float
    lately: list[float] = field(default_factory=list)
    month_ends: dict[dt.date, Decimal] = field(default_factory=dict)
    earned: float = 0.0
    grade: Grade | None = None
    since: dt.date = FIRST
    plain: Grade | None = None
    changed: list[dt.date] = field(default_factory=list)
    changed_plainly: list[dt.date] = field(default_factory=list)

    def move(self, chance: random.Random) -> None:
        """A day of the market and now and then money in or out; what the firm earns follows slowly."""
        self.assets *= math.exp(chance.gauss(0, 0.015))
        if chance.random() < 0.002:
            self.assets *= chance.choice((0.6, 1.5))
        self.lately = [*self.lately[-N_AVERAGED + 1 :], self.assets]
        self.earned += (self.assets * self.yearly_share - self.earned) / 250

    def measures(self) -> tuple[Decimal, Decimal]:
        """Average assets and the contribution, to the fen."""
        return fen(sum(self.lately) / len(self.lately)), fen(self.earned)

    def counted(self, on: dt.date) -> list[dt.date]:
        """The month-ends that speak for losing the grade."""
        ends = last_month_ends(on, GRADING.hysteresis.n_month_ends_below)
        return [end for end in ends if end >= self.since and end in self.month_ends]

    def decided(self, on: dt.date) -> Grade:
        """The grade of a night by the look-ups, which give the engine's answers."""
        assets, earned = self.measures()
        held = self.grade
        n_below = sum(
            held is not None and is_below_hold(GRADING, held, self.month_ends[end], earned)
            for end in self.counted(on)
        )
        return held_grade(GRADING, held, grade_of(GRADING, assets, earned), n_below)


def fen(amount: float) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def nights() -> Iterator[dt.date]:
    day = FIRST
    while day <= LAST:
        if day.weekday() < 5:
            yield day
        day += dt.timedelta(days=1)


def lives(chance: random.Random) -> list[Life]:
    """Clients around the cuts: within half and double of one of them."""
    cuts = [float(level.assets_at_least_amount) for level in GRADING.levels[:-1]]
    found = []
    for number in range(N_CLIENTS):
        assets = cuts[number % len(cuts)] * math.exp(chance.uniform(-0.7, 0.7))
        share = chance.uniform(0.001, 0.012)
        found.append(Life(f"c{number:03d}", assets, share, earned=assets * share))
    return found


def lived() -> list[Life]:
    """Two years of nights; on three of them the engine itself is asked too."""
    chance = random.Random(20261123)  # noqa: S311  made-up lives, the same each time
    everybody = lives(chance)
    for on, tomorrow in pairwise([*nights(), LAST + dt.timedelta(days=1)]):
        for one in everybody:
            one.move(chance)
        if on in ASKED_OF_THE_ENGINE:
            assert by_engine(everybody, on) == {one.name: str(one.decided(on)) for one in everybody}
        for one in everybody:
            live_night(one, on)
            if tomorrow.month != on.month:
                end = on.replace(day=1) + dt.timedelta(days=32)
                last_day = end.replace(day=1) - dt.timedelta(days=1)
                one.month_ends[last_day] = fen(one.assets)
    return everybody


def live_night(one: Life, on: dt.date) -> None:
    """Grade a client, with hysteresis and without."""
    decided, plain = one.decided(on), grade_of(GRADING, *one.measures())
    if one.grade is not None and decided is not one.grade:
        one.changed.append(on)
    if one.plain is not None and plain is not one.plain:
        one.changed_plainly.append(on)
    if decided is not one.grade:
        one.since = on
    one.grade, one.plain = decided, plain


def by_engine(everybody: list[Life], on: dt.date) -> dict[str, str]:
    """The grades of a night by the engine, from tables."""
    tables = {
        "client": [client(one.name) for one in everybody],
        "client_feature": [
            {
                "client_id": one.name,
                "net_assets_20d_amount": one.measures()[0],
                "contribution_365d_amount": one.measures()[1],
            }
            for one in everybody
        ],
        "client_month": [
            {"client_id": one.name, "month_on": end, "net_assets_amount": amount}
            for one in everybody
            for end, amount in one.month_ends.items()
        ],
        "parent_client_grade": [
            {"client_id": one.name, "grade": str(one.grade), "graded_on": one.since} for one in everybody
        ],
    }
    rows = answer(client_grade, tables, on)
    return {row["client_id"]: row["grade"] for row in rows}


def flickers(changed: list[dt.date]) -> bool:
    """Whether the grade changed twice in one quarter, however far the client moved in between."""
    quarters = [(on.year, (on.month - 1) // 3) for on in changed]
    return any(first == second for first, second in pairwise(quarters))


def test_r027_over_two_years_under_two_percent_of_clients_flicker() -> None:
    """Twice in one quarter of 24 months, nobody excused; without hysteresis it is many times as many."""
    everybody = lived()
    assert sum(len(one.changed) for one in everybody) > N_CLIENTS // 4, "they live near the cuts"
    twice = [one for one in everybody if flickers(one.changed)]
    assert len(twice) < 0.02 * N_CLIENTS, len(twice)
    plainly = [one for one in everybody if flickers(one.changed_plainly)]
    assert len(plainly) > 5 * max(1, len(twice)), (len(plainly), len(twice))
