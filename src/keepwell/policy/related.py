"""Pack about who stands in connection with a client: from which share on, up to how many with something in common."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from keepwell.policy.bounds import Days, Share
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack

Cap = Annotated[int, AtLeast(2), AtMost(50)]


@dataclass(frozen=True)
class BeneficialOwner:
    """From which share of a company on a natural person is its beneficial owner."""

    held_share: Share

    def __post_init__(self) -> None:
        if not self.held_share > Decimal(0):
            raise ValueError("held_share above 0")


@dataclass(frozen=True)
class Guardian:
    """From which age on nobody has a guardian for the age alone."""

    adult_age: Annotated[int, AtLeast(1), AtMost(30)]


@dataclass(frozen=True)
class InCommon:
    """Up to how many clients may share a phone, device or bank account and be related; more of them are a hub."""

    n_clients_per_phone_at_most: Cap
    n_clients_per_device_at_most: Cap
    n_clients_per_bank_account_at_most: Cap
    login_window_days: Days


@dataclass(frozen=True)
class Related(Pack):
    """Who stands in connection with a client: declared persons and what records have in common."""

    beneficial_owner: BeneficialOwner
    guardian: Guardian
    in_common: InCommon
