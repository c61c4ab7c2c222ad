"""The parameters of the made-up firm, read from ``firm.toml`` and checked, and the table of sizes."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar, get_type_hints

NEVER = 1 << 30


class Clients(NamedTuple):
    """Who the clients are (made-up-firm §1)."""

    company_share: float
    product_share: float
    live_share: float
    asset_main_share: float
    asset_main_log_mean: float
    asset_main_log_sd: float
    asset_tail_log_mean: float
    asset_tail_log_sd: float
    asset_cap: float
    company_asset_factor: float
    male_share: float
    age_asset_correlation: float
    income_asset_correlation: float
    tenure_mean_years: float
    new_share: float
    risk_missing_share: float
    conservative_c1_share: float
    c1_lowest_share: float
    stale_test_live_share: float
    stale_test_other_share: float
    credit_share: float
    credit_assets_from: float
    option_share: float
    b_share_share: float
    two_banks_share: float
    funded_before_share: float


class Markets(NamedTuple):
    """How prices move (§2)."""

    state_means: tuple[float, ...]
    state_sds: tuple[float, ...]
    state_stays: tuple[float, ...]
    state_calms: float
    beta_sd: float
    fund_beta: float
    noise_sd: float
    fund_noise_sd: float
    bond_noise_sd: float
    n_days_before: float


class Behaviour(NamedTuple):
    """What a live client does (§3)."""

    trade_log_mean: float
    trade_log_sd: float
    gap_log_sd: float
    regime_return_weight: float
    regime_return_factor: float
    regime_return_clip: float
    mood_trade_weight: float
    orders_mean: float
    empty_factor: float
    order_log_mean: float
    order_log_sd: float
    night_share: float
    login_log_mean: float
    login_log_sd: float
    login_trade_correlation: float
    mood_login_weight: float
    move_login_weight: float
    mood_keeps: float
    mood_sd: float
    flow_rate: float
    out_log_mean: float
    in_log_mean: float
    flow_log_sd: float
    out_cap: float
    in_cap: float
    december_factor: float
    middle_days_share: float
    festival_out_factor: float
    scare_rate: float
    scare_return_share: float
    margin_call_ratio: float
    margin_restore_ratio: float
    margin_interest: float


class Leaving(NamedTuple):
    """When and how clients leave (§4)."""

    base: float
    loss: float
    streak: float
    fee: float
    neglect: float
    complaint: float
    logins: float
    outflow: float
    maturity: float
    inactivity: float
    tenure: float
    assets: float
    second_product: float
    third_product: float
    match: float
    loyalty_sd: float
    retain_lower: float
    retain_raise: float
    retain_annoy: float
    share_low: float
    share_span: float
    share_power: float
    at_once_share: float
    trade_factor: float
    login_factor: float
    close_share: float
    return_share: float
    custody_share: float
    break_rise: float
    log_assets_mean: float
    log_assets_sd: float


class Contact(NamedTuple):
    """Contacts, surveys and complaints (§6)."""

    channel_shares: tuple[float, ...]
    reached_share: float
    substance_share: float
    touch_base: float
    touch_assets: float
    touch_first_year: float
    touch_empty: float
    retain_share: float
    experiment_months: tuple[float, ...]
    experiment_share: float
    satisfaction_base: float
    satisfaction_match: float
    satisfaction_fee: float
    satisfaction_loss: float
    satisfaction_complaint: float
    satisfaction_manager: float
    satisfaction_sd: float
    answer_base: float
    answer_extreme: float
    answer_digital: float
    answer_delight: float
    complaint_yearly: float
    enquiry_yearly: float
    complaint_fee: float
    complaint_manager: float
    complaint_streak: float
    late_share: float
    accused_share: float
    callback_unanswered_share: float


class Staffing(NamedTuple):
    """Staff and the planted bias of the status quo (§1, §5)."""

    leave_yearly: float
    orphan_days: float
    part_time_share: float
    licence_expired_share: float
    level_shares: tuple[float, ...]
    bad_share: float
    good_share: float
    mixed_share: float
    bad_log: float
    good_log: float
    mixed_log: float
    specialty_sharpness: float
    bias_level: float
    bias_acquainted: float
    acquainted_share: float
    bias_list: float
    branch_log_sd: float
    served_empty_share: float


class Fees(NamedTuple):
    """The tariff in parts per 10,000 and the planted deviations from it (§7)."""

    assets_base: tuple[float, ...]
    assets_from: tuple[float, ...]
    counter_extra: float
    loyal_less: float
    loyal_years: float
    minimum: float
    deviating_share: float
    raised_share: float
    below_floor_share: float
    waived_share: float
    no_cell_share: float
    near_miss_share: float
    branch_extra: float
    elder_extra: float
    advised_share: float
    advice_yearly: float


class Noise(NamedTuple):
    """Several records a person and what is wrong in them (§8)."""

    record_shares: tuple[float, ...]
    hard_record_shares: tuple[float, ...]
    phone_outdated: float
    address_differs: float
    address_format_only: float
    occupation_conflicts: float
    risk_differs: float
    name_variant: float
    other_name: float
    id_missing: float
    id_fifteen: float
    id_bad_digit: float
    id_expired: float
    hotline_phone: float
    placeholder_id: float
    twin_share: float
    one_device_share: float
    kin_agent_share: float
    controller_share: float


@dataclass(frozen=True)
class Firm:
    """All parameters; ``bias`` is one of none, senior, friends, list, all; ``hard_identity`` takes the hard shares.

    From month ``regime_break`` on (0 is the first) clients leave for other reasons than before (§2).
    """

    clients: Clients
    market: Markets
    behaviour: Behaviour
    leaving: Leaving
    contact: Contact
    staff: Staffing
    fees: Fees
    identity: Noise
    bias: str = "all"
    hard_identity: bool = False
    regime_break: int = NEVER


_Section = TypeVar("_Section", bound=tuple[Any, ...])
BIASES = ("all", "none", "senior", "friends", "list")


def _section(kind: type[_Section], name: str, values: dict[str, Any]) -> _Section:
    hints = get_type_hints(kind)
    wrong = sorted(set(hints) ^ set(values))
    if wrong:
        raise ValueError(f"firm.toml [{name}]: missing or unknown keys {', '.join(wrong)}")
    row: list[Any] = []
    for key, hint in hints.items():
        value = values[key]
        if hint is float and isinstance(value, int | float):
            row.append(float(value))
        elif hint is not float and isinstance(value, list) and value:
            row.append(tuple(float(one) for one in value))
        else:
            raise ValueError(f"firm.toml [{name}] {key} = {value!r}: expected {hint}")
    return kind(*row)


def load_firm(
    text: str | None = None, *, bias: str = "all", hard_identity: bool = False, regime_break: int = NEVER
) -> Firm:
    """The parameters in ``text``, or those that come with the room. Raises ValueError that names section and key."""
    if bias not in BIASES:
        raise ValueError(f"bias {bias!r}: allowed are {', '.join(BIASES)}")
    if text is None:
        text = (resources.files("keepwell.engine.simulator") / "firm.toml").read_text("utf-8")
    kinds = {name: kind for name, kind in get_type_hints(Firm).items() if kind not in {str, bool, int}}
    read = tomllib.loads(text)
    wrong = sorted(set(kinds) ^ set(read))
    if wrong:
        raise ValueError(f"firm.toml: missing or unknown sections {', '.join(wrong)}")
    sections = {name: _section(kind, name, read[name]) for name, kind in kinds.items()}
    return Firm(**sections, bias=bias, hard_identity=hard_identity, regime_break=regime_break)


_SIZES = ((1e3, 2, 12, 4), (2e4, 6, 75, 48), (1e5, 80, 1_000, 550), (1e6, 300, 4_000, 2_200))


@dataclass(frozen=True)
class Size:
    """How large the firm is: clients (companies and products included), branches, staff, and staff with a book."""

    n_clients: int
    n_branches: int
    n_staff: int
    n_books: int

    @classmethod
    def of(cls, n_clients: int, *, live_per_book: float | None = None, live_share: float = 0.43) -> Size:
        """The table of sizes, interpolated on logarithms; outside it the nearest end is scaled.

        ``live_per_book`` overrides the number of books so that a book has about this many live clients.
        Raises ValueError below 100 or above 5 million clients.
        """
        if not 100 <= n_clients <= 5_000_000:
            raise ValueError(f"{n_clients} clients: the made-up firm has 100 to 5,000,000")
        branches, staff, books = (_between(n_clients, column) for column in (1, 2, 3))
        if live_per_book is not None:
            wanted = max(branches, round(n_clients * live_share / live_per_book))
            staff, books = staff + wanted - books, wanted
        books = max(books, branches)
        return cls(n_clients, branches, max(staff, books + branches + 2), books)

    @property
    def n_products(self) -> int:
        """400 + 40·log10 N securities and products."""
        return int(400 + 40 * math.log10(self.n_clients))


def _between(n: int, column: int) -> int:
    low, high = _SIZES[0], _SIZES[-1]
    if n <= low[0]:
        return (
            max(1, round(low[column] * n / low[0]))
            if column == 1
            else max(2, round(low[column] * n / low[0]))
        )
    if n >= high[0]:
        return round(high[column] * n / high[0])
    for a, b in pairwise(_SIZES):
        if a[0] <= n <= b[0]:
            part = math.log(n / a[0]) / math.log(b[0] / a[0])
            return round(math.exp(math.log(a[column]) * (1 - part) + math.log(b[column]) * part))
    return int(high[column])
