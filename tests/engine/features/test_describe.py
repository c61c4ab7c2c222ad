"""R024, R025: ``keepwell.describe`` over data frames says what the nightly rules say of the same events."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from keepwell import describe
from keepwell.contract.features import ClientFeature
from keepwell.describing import FEATURES, FRAMES
from keepwell.linking import UnknownFrame
from tests.small_firm import (
    AS_OF,
    account,
    ago,
    assets,
    client,
    coverage,
    features,
    firm,
    flow,
    holding,
    login,
    questionnaire,
    trade,
)

NAMES = ("li", "wang", "zhao")
EVENTS: dict[str, list[dict[str, Any]]] = {
    "trade": [
        {**row, "commission_amount": Decimal(5), "pass_through_amount": Decimal(1), "quantity": Decimal(10)}
        for row in (
            trade("wang", ago(3), 1200),
            trade("wang", ago(40), 800, side="sell", product_code="P2"),
            trade("li", ago(400), 90),
            trade("li", ago(2), 70, known_on=AS_OF + dt.timedelta(days=1)),
        )
    ],
    "cash_flow": [flow("wang", ago(5), "in", 300), flow("zhao", ago(5), "out", 20)],
    "login": [login("zhao", ago(1)), login("zhao", ago(9)), login("wang", ago(200))],
    "daily_asset": [
        assets("wang", ago(300), 500, stock=700, debt=100),
        assets("zhao", ago(8), 50, stock=0, debt=0),
    ],
    "holding": [holding("wang", "P1", 700, matures_on=None), holding("wang", "P2", 40)],
    "transfer": [
        {
            "transfer_code": "M1",
            "account_code": "zhao",
            "transferred_on": ago(4),
            "known_on": ago(4),
            "transfer_kind": "custody_out",
            "transfer_amount": Decimal(60),
        },
    ],
    "contact": [
        {
            "contact_code": "1",
            "record_code": "li",
            "contacted_on": ago(6),
            "known_on": ago(6),
            "outcome": "reached",
        },
        {
            "contact_code": "2",
            "record_code": "li",
            "contacted_on": ago(2),
            "known_on": ago(2),
            "outcome": "no_answer",
        },
    ],
    "complaint": [
        {
            "complaint_code": "1",
            "record_code": "li",
            "received_on": ago(8),
            "known_on": ago(8),
            "complaint_kind": "complaint",
        },
    ],
    "questionnaire": [questionnaire("wang", ago(30), "C3"), questionnaire("wang", ago(10), "C4")],
    "assignment": [
        {"record_code": "wang", "staff_code": code, "starts_on": day, "relation": "service"}
        for code, day in (("S1", ago(400)), ("S2", ago(40)))
    ],
    "index_price": [
        {"index_code": "000300", "priced_on": ago(n), "level": Decimal(level)}
        for n, level in ((90, 4000), (1, 3600))
    ],
    "product": [
        {"product_code": "P1", "product_kind": "stock", "market": "hk"},
        {"product_code": "P2", "product_kind": "bond", "market": "sh"},
    ],
}
GIVEN = {
    "trades": "trade",
    "cash_flows": "cash_flow",
    "logins": "login",
    "assets": "daily_asset",
    "holdings": "holding",
    "products": "product",
    "transfers": "transfer",
    "contacts": "contact",
    "complaints": "complaint",
    "assessments": "questionnaire",
    "managers": "assignment",
    "index": "index_price",
}
SERVED = {"wang": ago(40)}
PEOPLE = [{"client_id": name, "opened_on": dt.date(2020, 1, 2)} for name in NAMES]


def framed(*without: str) -> dict[str, pa.Table]:
    """The events as somebody would have them in data frames: by client, without the firm's own numbers."""
    frames = {}
    for name, table in GIVEN.items():
        rows = [
            {"client_id": row.get("account_code", row.get("record_code")), **row} for row in EVENTS[table]
        ]
        known = FRAMES[name].columns
        frames[name] = pa.Table.from_pylist([{key: row[key] for key in known if key in row} for row in rows])
    return {name: frame for name, frame in frames.items() if name not in without}


def by_name(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["client_id"]: row for row in table.to_pylist()}


def test_r024_it_says_what_the_nightly_rules_say_of_the_same_events() -> None:
    told = by_name(describe(pa.Table.from_pylist(PEOPLE), **framed(), as_of=AS_OF))
    needed = {column.needs for column in ClientFeature.columns.values() if column.needs}
    delivered = coverage(*(needed - set(GIVEN.values())))
    by_night = features(
        firm(
            client=[client(name, manager_since_on=SERVED.get(name)) for name in NAMES],
            client_account=[account(name, name) for name in NAMES],
            client_record=[{"record_code": name, "client_id": name} for name in NAMES],
            source_coverage=delivered,
            **EVENTS,
        )
    )
    for name, row in by_night.items():
        assert told[name] == row
    assert told["wang"]["hk_stock_amount"] == 700
    assert told["wang"]["n_trades_365d"] == 2
    assert (told["li"]["n_contacts_30d"], told["li"]["n_complaints_365d"]) == (1, 1)
    assert (told["wang"]["risk_level"], told["wang"]["n_manager_changes_365d"]) == ("C4", 1)
    assert told["zhao"]["transfer_out_90d_amount"] == 60
    assert told["zhao"]["index_drawdown_12m_share"] == Decimal("0.1")
    assert told["li"]["n_trades_30d"] == 0, "known after the day: not yet known"


def test_r024_the_answer_comes_in_the_kind_of_frame_that_was_given() -> None:
    frames = framed()
    arrow = describe(**frames, as_of=AS_OF)
    polars = describe(**{name: pl.from_arrow(frame) for name, frame in frames.items()}, as_of=AS_OF)
    pandas = describe(**{name: frame.to_pandas() for name, frame in frames.items()}, as_of=AS_OF)
    assert isinstance(polars, pl.DataFrame)
    assert isinstance(pandas, pd.DataFrame)
    assert polars.to_arrow().to_pylist() == arrow.to_pylist()
    assert pandas["turnover_365d_amount"].tolist() == arrow["turnover_365d_amount"].to_pylist()


def test_r024_the_order_of_rows_decides_nothing() -> None:
    turned = {name: frame.take(list(range(frame.num_rows))[::-1]) for name, frame in framed().items()}
    assert describe(**turned, as_of=AS_OF) == describe(**framed(), as_of=AS_OF)


def test_r024_what_is_not_given_is_unknown_never_zero() -> None:
    row = by_name(describe(logins=framed()["logins"], as_of=AS_OF))["zhao"]
    assert (row["n_logins_30d"], row["tenure_days"]) == (2, 9)
    assert [row[name] for name in ("assets_amount", "n_trades_365d", "inflow_30d_amount", "n_holdings")] == [
        None
    ] * 4


def test_r010_without_commission_nothing_is_said_of_what_the_firm_earns() -> None:
    trades = framed()["trades"].drop_columns(["commission_amount", "pass_through_amount"])
    row = by_name(describe(trades=trades, as_of=AS_OF))["wang"]
    assert (row["turnover_365d_amount"], row["contribution_365d_amount"], row["commission_365d_amount"]) == (
        2000,
        None,
        None,
    )


def test_r025_without_quantities_no_result_is_realised() -> None:
    given = framed()["trades"]
    told = by_name(describe(trades=given, as_of=AS_OF))["wang"]["realised_365d_amount"]
    without = by_name(describe(trades=given.drop_columns(["quantity"]), as_of=AS_OF))["wang"]
    assert (told, without["realised_365d_amount"]) == (0, None)


def test_r024_whoever_is_named_is_described_and_nobody_else() -> None:
    only = pa.Table.from_pylist([{"client_id": "li"}, {"client_id": "new"}])
    told = by_name(describe(only, trades=framed()["trades"], as_of=AS_OF))
    assert sorted(told) == ["li", "new"]
    assert (told["li"]["tenure_days"], told["new"]["tenure_days"]) == (400, 0)


def test_every_column_is_said_in_both_languages() -> None:
    told = describe(logins=framed()["logins"], as_of=AS_OF)
    assert tuple(told.column_names) == tuple(FEATURES) == ClientFeature.names()
    assert all(en and any("\u4e00" <= sign <= "\u9fff" for sign in zh) for en, zh in FEATURES.values())


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        ({}, "nothing is given"),
        ({"products": pd.DataFrame({"product_code": ["P"], "product_kind": ["fund"]})}, "nothing is given"),
        ({"logins": [1]}, "no pandas, Polars or Arrow table"),
        ({"logins": pd.DataFrame({"client_id": ["a"]})}, "logged_in_on is missing"),
        ({"logins": pd.DataFrame({"client_id": [None], "logged_in_on": [AS_OF]})}, "client_id is empty"),
        ({"logins": pd.DataFrame({"client_id": ["a"], "logged_in_on": ["soon"]})}, "cannot be read as date"),
        ({"assets": pd.DataFrame({"client_id": ["a"], "held_on": [AS_OF], "stock_amount": [-1]})}, "lies below 0"),
        ({"clients": pd.DataFrame({"client_id": ["a", "a"]})}, "client_id repeats"),
        ({"cash_flows": pd.DataFrame({"client_id": ["a"], "flowed_on": [AS_OF], "side": ["up"], "flow_amount": [1]})},
         "side 'up' is none of"),
    ],
)  # fmt: skip
def test_r238_what_cannot_be_read_is_refused_and_named(frames: dict[str, Any], told: str) -> None:
    with pytest.raises(UnknownFrame, match=told):
        describe(**frames, as_of=AS_OF)
