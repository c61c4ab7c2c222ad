"""What serving a client costs until the firm accounts for costs itself, and when history is enough to expect from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from keepwell.policy.bounds import Amount, Positive
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack

MONTHS = 11  # full months before a cut that tell how a client trades; a twelfth is not always there

Months = Annotated[int, AtLeast(0), AtMost(MONTHS)]


@dataclass(frozen=True)
class UnitCosts:
    """Yuan a piece: a trade, a day with a log-in, a contact that reached the client, a complaint, an account a year."""

    trade_amount: Amount
    login_day_amount: Amount
    contact_amount: Amount
    complaint_amount: Amount
    open_account_amount: Amount


@dataclass(frozen=True)
class Expected:
    """Clients who trade alike: as often in eleven months, and as lately; of fewer than so many all clients count."""

    n_active_months_from: tuple[Months, ...]
    n_idle_months_from: tuple[Months, ...]
    n_alike_at_least: Positive

    def __post_init__(self) -> None:
        for name in ("n_active_months_from", "n_idle_months_from"):
            steps = getattr(self, name)
            if not steps or steps[0] or any(low >= high for low, high in pairwise(steps)):
                raise ValueError(f"{name}: rising, the first 0")


@dataclass(frozen=True)
class Value(Pack):
    """Unit costs and what the expected commission is told from."""

    unit_costs: UnitCosts
    expected: Expected
