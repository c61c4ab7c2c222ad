"""Chapter 6, continued. What a client is worth (R010, R033): contribution less cost to serve, at signed unit costs.

What is expected of the next year is what those did who traded alike a year ago: the share who went on, times what those
kept of their commission. Whether that came a year ago stands beside it, quarter by quarter.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.value import ExpectedReason, ValueReason
from keepwell.engine.grading.rules import client_value, value_calibration
from keepwell.policy.packs import Packs
from tests.small_firm import answer, client, yuan

CUT = dt.date(2026, 10, 31)
LAST = 2026 * 12 + 9  # the month that ends with the cut


def month_end(ago: int) -> dt.date:
    """The end of the month so many months before the last full one."""
    year, month = divmod(LAST - ago + 1, 12)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


def months(name: str, commissions: dict[int, int | str], since: int = 34) -> list[dict[str, Any]]:
    """A client's months from ``since`` months ago on; what is not named brought nothing."""
    return [
        {"client_id": name, "month_on": month_end(ago), "commission_amount": yuan(commissions.get(ago, 0))}
        for ago in range(since + 1)
    ]


def valued(
    *names: str,
    rows: Sequence[dict[str, Any]] = (),
    packs: Packs | None = None,
    **facts: Any,
) -> dict[str, dict[str, Any]]:
    """The value of each of these clients, with the same features."""
    tables = {
        "client": [client(name) for name in names],
        "client_feature": [{"client_id": name, **facts} for name in names],
        "client_month": list(rows),
    }
    return {row["client_id"]: row for row in answer(client_value, tables, CUT, packs=packs)}


def test_r010_value_is_the_contribution_less_what_serving_costs() -> None:
    row = valued(
        "wang", contribution_365d_amount=yuan(1000), n_trades_365d=100, n_logins_365d=200, n_contacts_365d=4,
        n_complaints_365d=1, n_open_accounts=2,
    )["wang"]  # fmt: skip
    parts = ("trade", "login", "contact", "complaint", "account")
    assert [row[f"{name}_cost_amount"] for name in parts] == [30, 10, 60, 200, 24]
    assert (row["cost_to_serve_amount"], row["value_amount"], row["value_reason"]) == (324, 676, "earns")
    assert "324.00" in sentence(ValueReason.EARNS, row, "en")


def test_r010_who_costs_more_than_they_bring_is_told_so() -> None:
    row = valued("wang", contribution_365d_amount=yuan(10), n_complaints_365d=1)["wang"]
    assert (row["value_amount"], row["value_reason"]) == (-190, "costs_more")


def test_r010_costs_of_what_is_not_delivered_are_left_out_and_value_without_trades_is_unknown() -> None:
    row = valued(
        "wang", contribution_365d_amount=None, n_trades_365d=None, n_logins_365d=None, n_contacts_365d=1
    )["wang"]
    assert (row["trade_cost_amount"], row["login_cost_amount"], row["cost_to_serve_amount"]) == (
        None,
        None,
        15,
    )
    assert (row["value_amount"], row["value_reason"], row["potential_amount"]) == (None, "unknown", None)


def test_r033_potential_is_what_came_and_went_at_the_clients_own_rate() -> None:
    row = valued(
        "wang", contribution_365d_amount=yuan(500), net_assets_250d_amount=yuan(100000), assets_amount=yuan(40000),
        peak_assets_365d_amount=yuan(120000),
    )["wang"]  # fmt: skip
    assert (row["gone_assets_amount"], row["potential_amount"]) == (80000, 400)


def test_r033_who_never_had_more_has_no_potential_of_that_kind() -> None:
    row = valued(
        "wang", assets_amount=yuan(10), peak_assets_365d_amount=yuan(5), net_assets_250d_amount=yuan(9)
    )
    assert (row["wang"]["gone_assets_amount"], row["wang"]["potential_amount"]) == (0, 0)


def alike(n: int, went_on: int, later: int = 50) -> list[dict[str, Any]]:
    """Clients who a year ago traded in each of eleven months at 100, of whom so many went on at ``later`` a month."""
    rows = []
    for place in range(n):
        before = dict.fromkeys(range(12, 23), 100)
        after = dict.fromkeys(range(11), later) if place < went_on else {}
        rows += months(f"c{place:02d}", {**before, **after})
    return rows


def test_r033_expected_is_the_chance_to_go_on_times_what_those_kept() -> None:
    """Of 40 alike a year ago 30 went on and kept half: of 11 x 200 half comes, with three chances in four."""
    rows = [*alike(40, 30), *months("wang", {**dict.fromkeys(range(11), 200)}, since=30)]
    earned = {"net_commission_365d_amount": yuan(60), "commission_365d_amount": yuan(100)}
    row = valued("wang", rows=rows, other_income_365d_amount=yuan(7), n_open_accounts=1, **earned)["wang"]
    assert (row["n_alike"], row["active_share"], row["expected_reason"]) == (40, Decimal("0.75"), "alike")
    assert row["expected_commission_amount"] == 825
    assert row["expected_contribution_amount"] == 495 + 7, (
        "60 of 100 stay with the firm, other income as it was"
    )
    assert row["expected_value_amount"] == 495 + 7 - 12
    assert "75.0%" in sentence(ExpectedReason.ALIKE, row, "en")


def test_r033_where_too_few_traded_alike_all_of_them_count() -> None:
    rows = [*alike(20, 10), *months("wang", {0: 10}, since=30)]
    row = valued("wang", rows=rows)["wang"]
    assert (row["n_alike"], row["expected_reason"]) == (21, "all")


def test_r033_without_two_years_of_months_nothing_is_expected() -> None:
    rows = months("wang", dict.fromkeys(range(11), 200), since=11)
    row = valued("wang", rows=rows)["wang"]
    assert (row["expected_commission_amount"], row["expected_reason"]) == (None, "no_history")


def test_r033_a_firm_may_sign_other_unit_costs(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("value", 'contact_amount = "15.00"', 'contact_amount = "40.00"', as_of=CUT)
    assert valued("wang", packs=packs, n_contacts_365d=2)["wang"]["cost_to_serve_amount"] == 80


def steady(n: int, yearly: int) -> list[dict[str, Any]]:
    """Clients who trade alike for three years: in each year four times as much in the autumn."""
    busy = {ago: yearly if (LAST - ago) % 12 in (9, 10, 11) else yearly // 4 for ago in range(35)}
    return [row for place in range(n) for row in months(f"c{place:02d}", busy)]


def test_r033_what_was_expected_a_year_ago_stands_beside_what_came_by_quarter() -> None:
    rows = answer(value_calibration, {"client_month": steady(30, 400)}, CUT)
    assert [row["quarter"] for row in rows] == ["Q1", "Q2", "Q3", "Q4"]
    assert [row["observed_amount"] for row in rows] == [9000, 9000, 9000, 36000]
    assert [row["season_share"] for row in rows][3] == Decimal("0.571429")
    assert all(Decimal("0.9") < row["observed_share"] < Decimal("1.1") for row in rows)


def test_r033_without_three_years_there_is_nothing_to_compare() -> None:
    recent = [row for row in steady(30, 400) if row["month_on"] > month_end(20)]
    assert all(
        row["expected_amount"] == 0 for row in answer(value_calibration, {"client_month": recent}, CUT)
    )


LIVES = st.lists(
    st.dictionaries(st.integers(0, 34), st.integers(0, 10_000), max_size=12), min_size=1, max_size=12
)


@settings(max_examples=10)
@given(LIVES, st.randoms(use_true_random=False))
def test_r242_the_order_of_rows_decides_nothing_and_shares_are_shares(
    lives: list[dict[int, int]], chance: Any
) -> None:
    rows = [row for place, life in enumerate(lives) for row in months(f"c{place}", life)]
    turned = chance.sample(rows, len(rows))
    names = [f"c{place}" for place in range(len(lives))]
    found = valued(*names, rows=rows)
    assert found == valued(*names, rows=turned)
    for row in found.values():
        assert row["active_share"] is None or 0 <= row["active_share"] <= 1
        assert row["expected_commission_amount"] is None or row["expected_commission_amount"] >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n_idle_months_from = [0, 1, 3, 6]", "n_idle_months_from = [0, 3, 1]"),
        ("[0, 1, 2, 4, 7, 10]", "[1, 2]"),
    ],
)
def test_r230_bands_that_do_not_rise_from_nothing_are_refused(
    firm_packs: Callable[..., Packs], old: str, new: str
) -> None:
    with pytest.raises(Exception, match="rising, the first 0"):
        firm_packs("value", old, new, as_of=CUT)
