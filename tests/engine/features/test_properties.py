"""Features hold whatever the order of rows; what lies after the cut never counts; averages equal a count by day."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.engine.features.rules import client_month
from tests.book import Rows
from tests.small_firm import (
    AS_OF,
    account,
    ago,
    answer,
    assets,
    calendar,
    features,
    firm,
    flow,
    holding,
    login,
    number,
    questionnaire,
    trade,
)

NAMES = ("wang", "li", "zhang")
ACCOUNTS = (*NAMES, "second of wang")
AMOUNTS = st.integers(0, 10_000_000).map(lambda fen: Decimal(fen) / 100)
DAYS = st.integers(0, 500).map(ago)
LATER = st.integers(1, 60).map(lambda n: AS_OF + dt.timedelta(days=n))


def traded(name: str, on: dt.date, amount: Decimal, side: str) -> dict[str, Any]:
    facts = {"quantity": Decimal(7), "commission_amount": Decimal("0.07"), "tax_amount": Decimal("0.01")}
    return trade(name, on, amount, side=side, product_code=f"P{on.day % 3}", **facts)


def moved(name: str, on: dt.date, amount: Decimal) -> dict[str, Any]:
    row = {"transfer_code": number("M"), "account_code": name, "transferred_on": on, "known_on": on}
    return {**row, "transfer_kind": "custody_out", "transfer_amount": amount}


def earned(name: str, on: dt.date, amount: Decimal) -> dict[str, Any]:
    return {"account_code": name, "earned_on": on, "known_on": on, "income_amount": amount}


def entitled(name: str, on: dt.date, amount: Decimal) -> dict[str, Any]:
    row = {"account_code": name, "product_code": "P1", "paid_on": on, "known_on": on}
    return {**row, "cash_amount": amount, "quantity": Decimal(1)}


def reached(name: str, on: dt.date, _: Decimal) -> dict[str, Any]:
    row = {"contact_code": number("C"), "record_code": name.split()[-1], "outcome": "reached"}
    return {**row, "contacted_on": on, "known_on": on}


def complained(name: str, on: dt.date, _: Decimal) -> dict[str, Any]:
    row = {"complaint_code": number("V"), "record_code": name.split()[-1], "complaint_kind": "complaint"}
    return {**row, "received_on": on, "known_on": on}


def served(name: str, on: dt.date, amount: Decimal) -> dict[str, Any]:
    row = {"record_code": name.split()[-1], "relation": "service", "starts_on": on}
    return {**row, "staff_code": f"S{int(amount) % 3}"}


def priced(on: dt.date) -> dict[str, Any]:
    return {"index_code": "KW300", "priced_on": on, "level": Decimal(3000 + on.day)}


ALSO = {
    "transfer": moved, "other_income": earned, "entitlement": entitled, "contact": reached,
    "complaint": complained, "assignment": served,
}  # fmt: skip


def valued(name: str, on: dt.date, cash: Decimal, debt: Decimal) -> dict[str, Any]:
    return {**assets(name, on), "cash_amount": cash, "debt_amount": debt}


def events(days: st.SearchStrategy[dt.date]) -> st.SearchStrategy[dict[str, Rows]]:
    """Events of a few clients on some of the days, a row a day and account where the grain asks for it."""
    names = st.sampled_from(ACCOUNTS)
    once: dict[str, Any] = {"unique_by": lambda row: (row["account_code"], row["held_on"]), "max_size": 25}
    return st.fixed_dictionaries(
        {
            "daily_asset": st.lists(st.builds(valued, names, days, AMOUNTS, AMOUNTS), **once),
            "trade": st.lists(
                st.builds(traded, names, days, AMOUNTS, st.sampled_from(["buy", "sell"])), max_size=25
            ),
            **{
                name: st.lists(st.builds(way, names, days, AMOUNTS), max_size=6) for name, way in ALSO.items()
            },
            "index_price": st.lists(
                st.builds(priced, days), max_size=6, unique_by=lambda row: row["priced_on"]
            ),
            "cash_flow": st.lists(
                st.builds(flow, names, days, st.sampled_from(["in", "out"]), AMOUNTS), max_size=25
            ),
            "login": st.lists(st.builds(login, names, days), max_size=25),
            "questionnaire": st.lists(
                st.builds(questionnaire, st.sampled_from(NAMES), days, st.sampled_from(["C1", "C3", "C5"])),
                max_size=6,
            ),
            "holding": st.lists(
                st.builds(
                    lambda name, on, amount: holding(name, "P1", amount, held_on=on, matures_on=on),
                    names,
                    days,
                    AMOUNTS,
                ),
                **once,
            ),
        }
    )


def town(tables: dict[str, Rows]) -> dict[str, Rows]:
    given = firm(*NAMES, **tables)
    given["client_account"] = [*given["client_account"], account("second of wang", "wang")]
    return given


def decided(tables: dict[str, Rows]) -> Any:
    whole = town(tables)
    return features(whole), answer(client_month, whole)


KEYS = ("trade_code", "flow_code", "login_code", "transfer_code", "contact_code", "complaint_code")


@settings(max_examples=8)
@given(events(DAYS), events(LATER), st.lists(st.integers(0, 24), max_size=8))
def test_r020_nothing_after_the_cut_changes_a_feature(
    before: dict[str, Rows], after: dict[str, Rows], late: list[int]
) -> None:
    """Events after the cut, and earlier ones that became known only afterwards, leave every value as it was."""
    unknown = {"known_on": AS_OF + dt.timedelta(days=1)}
    withheld = {
        name: [{**row, **unknown} for place, row in enumerate(rows) if place in late and "known_on" in row]
        for name, rows in before.items()
    }
    for rows in withheld.values():
        for row in rows:
            if key := next((column for column in KEYS if column in row), None):
                row[key] += " told late"
    more: dict[str, Rows] = {name: [*before[name], *after[name], *withheld[name]] for name in before}
    assert decided(more) == decided(before)


@settings(max_examples=8)
@given(events(DAYS), st.randoms(use_true_random=False))
def test_r242_the_order_of_rows_decides_nothing(tables: dict[str, Rows], chance: random.Random) -> None:
    shuffled: dict[str, Rows] = {name: chance.sample(list(rows), len(rows)) for name, rows in tables.items()}
    assert decided(shuffled) == decided(tables)


@settings(max_examples=3)
@given(events(DAYS))
def test_r242_the_number_of_threads_decides_nothing(tables: dict[str, Rows]) -> None:
    whole = town(tables)
    assert features(whole, threads=1) == features(whole, threads=4)


def in_force(rows: Rows, name: str, on: dt.date) -> Decimal:
    """Net assets of an account on a day, read row by row."""
    past = [row for row in rows if row["account_code"] == name and row["held_on"] <= on]
    if not past:
        return Decimal(0)
    last = max(past, key=lambda row: row["held_on"])
    return Decimal(last["cash_amount"]) - Decimal(last["debt_amount"])


@settings(max_examples=10)
@given(events(DAYS))
def test_r009_averages_equal_a_count_day_by_day(tables: dict[str, Rows]) -> None:
    rows = tables["daily_asset"]
    found = features(town(tables))
    trading = [row["day_on"] for row in calendar() if row["is_trading"] and row["day_on"] <= AS_OF]
    for owner, codes in {"wang": ("wang", "second of wang"), "li": ("li",), "zhang": ("zhang",)}.items():
        for n in (20, 60, 250):
            sum_of_days = sum(in_force(rows, code, day) for code in codes for day in trading[-n:])
            assert abs(found[owner][f"net_assets_{n}d_amount"] - sum_of_days / n) <= Decimal("0.005")
        now = sum(in_force(rows, code, AS_OF) for code in codes)
        assert found[owner]["net_assets_amount"] == now


@settings(max_examples=10)
@given(events(DAYS))
def test_r145_days_and_sums_equal_a_count_by_hand(tables: dict[str, Rows]) -> None:
    found = features(town(tables))
    for owner, codes in {"wang": ("wang", "second of wang"), "li": ("li",)}.items():
        logins = [row["logged_in_on"] for row in tables["login"] if row["account_code"] in codes]
        flows = [row for row in tables["cash_flow"] if row["account_code"] in codes]
        for n in (30, 90, 365):
            assert found[owner][f"n_logins_{n}d"] == len({day for day in logins if day > ago(n)})
            out = sum(
                row["flow_amount"] for row in flows if row["side"] == "out" and row["flowed_on"] > ago(n)
            )
            assert found[owner][f"outflow_{n}d_amount"] == out
        norm = len({day for day in logins if ago(210) < day <= ago(30)})
        assert found[owner]["usual_logins_30d"] == (Decimal(norm) / 6).quantize(Decimal("0.01"))
