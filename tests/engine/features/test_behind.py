"""R242: each feature is told down to the rows behind it, and those rows alone give its value again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from keepwell.contract import TABLES
from keepwell.contract.behind import FEATURES, FeatureWay
from keepwell.contract.features import ClientFeature
from keepwell.engine.features.rules.behind import COUNTED, Cut
from keepwell.engine.features.stage import STAGE
from keepwell.engine.host.behind import Made, made_of
from keepwell.engine.store.errors import NoSuchClient
from keepwell.engine.store.session import Session
from keepwell.policy.packs import load_packs
from tests.book import Rows, arrow_rows
from tests.engine.features.test_properties import DAYS, events, town
from tests.small_firm import AS_OF, account, ago, calendar, coverage, features

CLIENTS = ("wang", "li")
CUT = Cut(AS_OF, load_packs(AS_OF))
TOLD_AT = dt.datetime(2026, 3, 2, 2, 0)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing firm is shown as it is: a smaller one would take minutes to find."""
Firm = dict[str, Rows]


def rich(told: Firm) -> Firm:
    """The firm of the properties, with an account in another currency, permissions, acts of the desk and maturities."""
    firm = town(told)
    firm["client_account"] = [
        *firm["client_account"],
        account("hk of wang", "wang", currency="HKD", account_kind="credit"),
        account("closed of li", "li", closed_on=ago(9)),
    ]
    quotes = ((400, "0.9"), (50, "0.92"))
    firm["exchange_rate"] = [
        {"currency": "HKD", "quoted_on": ago(n), "rate": Decimal(rate)} for n, rate in quotes
    ]
    of_hk = {"account_code": "hk of wang"}
    firm["daily_asset"] = [
        *told["daily_asset"],
        {**of_hk, "held_on": ago(60), "stock_amount": Decimal(100), "debt_amount": Decimal(7)},
        {**of_hk, "held_on": ago(3), "hk_stock_amount": Decimal("33.33"), "b_stock_amount": Decimal(5)},
    ]
    firm["cash_flow"] = [
        *told["cash_flow"],
        {
            **of_hk, "flow_code": "FHK", "flowed_on": ago(5), "known_on": ago(4), "side": "out",
            "flow_amount": Decimal(77),
        },
    ]  # fmt: skip
    firm |= held() | acts()
    firm["assignment"] = [
        *told["assignment"],
        {"record_code": "li", "relation": "development", "starts_on": ago(20), "staff_code": "S9"},
    ]
    return firm


def held() -> Firm:
    """Permissions, securities accounts, applications and the dates on which products fall due."""
    return {
        "permission": [
            {"account_code": name, "permission_kind": kind, "granted_on": ago(99), "withdrawn_on": until}
            for name, kind, until in (
                ("wang", "star", None), ("second of wang", "star", None), ("wang", "margin", ago(2)),
                ("li", "hk_connect", None),
            )
        ],
        "securities_account": [
            {"market": "sh", "securities_account_code": f"A{name}", "account_code": name, "opened_on": ago(500)}
            for name in CLIENTS
        ],
        "application": [
            {"application_code": f"AP{n}", "record_code": "li", "application_kind": "permission", "stage": "applied",
             "staged_on": ago(n), "known_on": ago(n)}
            for n in (12, 40)
        ],
        "product": [
            {"product_code": code, "product_kind": kind, "market": "hk", "matures_on": due}
            for code, kind, due in (
                ("P0", "stock", None), ("P1", "bond", AS_OF + dt.timedelta(days=9)), ("P2", "fund", None),
            )
        ],
    }  # fmt: skip


def acts() -> Firm:
    """What people did at the desk: a contact, an assessment that the firm delivers too and one that it does not."""
    both = {"record_code": "wang", "answered_at": TOLD_AT, "answered_on": TOLD_AT.date(), "risk_level": "C2"}
    alone = {**both, "answered_at": TOLD_AT + dt.timedelta(days=9), "answered_on": dt.date(2026, 3, 11)}
    return {
        "questionnaire": [{**both, "questionnaire_code": "Q1"}],
        "returned_assessment": [
            {**both, "questionnaire_code": "desk:1"},
            {**alone, "questionnaire_code": "desk:2", "risk_level": "C4"},
        ],
        "returned_contact": [
            {"contact_key": "K1", "record_code": "li", "outcome": "reached", "contacted_on": ago(1)},
            {"contact_key": "K2", "record_code": "li", "outcome": "unreached", "contacted_on": ago(0)},
        ],
        "returned_assignment": [
            {
                "assignment_key": "Z1", "record_code": "li", "relation": "service", "staff_code": "S7",
                "starts_on": ago(30),
            }
        ],
    }  # fmt: skip


def bound(firm: Firm, facts: Rows) -> Session:
    """A session in which every table of the room means these rows."""
    session = Session(threads=1)
    given = {"calendar_day": calendar(AS_OF), "source_coverage": coverage(), **firm, "client_feature": facts}
    for name in {name for rule in STAGE.rules for name in rule.reads} | {"client_feature"}:
        session.take(name, arrow_rows(TABLES[name], given.get(name, ())))
    return session


def listed(made: dict[str, Made], feature: str) -> dict[str, list[dict[str, Any]]]:
    """The rows behind a feature and behind those it follows from, by table, each once."""
    found: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for spec, rows in made[feature].rows:
        for row in rows.drop_columns([COUNTED]).to_pylist():
            key = tuple(row[name] for name in TABLES[spec.table].grain)
            found.setdefault(spec.table, {})[key] = row
    for other in FEATURES[feature].follows:
        for table, rows in listed(made, other).items():
            for row in rows:
                found.setdefault(table, {})[tuple(row[name] for name in TABLES[table].grain)] = row
    return {table: list(rows.values()) for table, rows in found.items()}


KEYS = ("account_code", "record_code", "client_id")


def cloned(row: dict[str, Any], table: str, mark: str) -> dict[str, Any]:
    """A row as that of a client of its own; keys that a table counts by are nobody else's."""
    columns = TABLES[table].columns
    own = {name for name in (*TABLES[table].grain, *KEYS) if name in row and isinstance(row[name], str)}
    own -= {name for name in own if columns[name].codes or name in ("product_code", "staff_code")}
    return {name: f"{value}{mark}" if name in own else value for name, value in row.items()}


def alone(firm: Firm, made: dict[str, dict[str, Made]]) -> Iterator[tuple[str, str, str, Firm]]:
    """For each client and feature a client who has nothing but the rows listed behind it."""
    for client, told in made.items():
        for number, feature in enumerate(FEATURES):
            mark, rows = f"/{number}", listed(told, feature)
            rows.pop("index_price", None)
            for table in ("client", "client_account", "client_record"):
                rows.setdefault(table, [dict(row) for row in firm[table] if row["client_id"] == client])
            yield client, feature, f"{client}{mark}", {
                table: [cloned(row, table, mark) for row in of_table] for table, of_table in rows.items()
            }  # fmt: skip


@settings(max_examples=3, phases=UNSHRUNK)
@given(events(DAYS))
def test_r242_the_listed_rows_alone_give_every_feature_again(told: Firm) -> None:
    firm = rich(told)
    facts = features(firm)
    with bound(firm, list(facts.values())) as session:
        made = {
            client: {name: made_of(session, CUT, client, name, "000001") for name in FEATURES}
            for client in CLIENTS
        }
    for client, of_client in made.items():
        for name, one in of_client.items():
            assert one.value == facts[client][name]
            if one.behind.way not in (FeatureWay.BY_RULE, FeatureWay.FOLLOWS):
                assert one.again == one.value, (client, name)
    shared = {name: firm[name] for name in ("exchange_rate", "product", "index_price")}
    clones = list(alone(firm, made))
    town_of_clones: dict[str, list[Any]] = {}
    for *_, rows in clones:
        for table, of_table in rows.items():
            town_of_clones.setdefault(table, []).extend(of_table)
    found = features({**shared, **town_of_clones})
    for client, feature, clone, _ in clones:
        assert found[clone][feature] == facts[client][feature], (client, feature)


@settings(max_examples=2)
@given(st.lists(st.tuples(DAYS, st.integers(1, 9000)), max_size=30, unique_by=lambda told: told[0]))
def test_r242_the_listed_levels_of_the_index_alone_give_its_drawdown(told: list[Any]) -> None:
    levels = [{"index_code": "KW300", "priced_on": on, "level": Decimal(level)} for on, level in told]
    firm = rich({**EMPTY, "index_price": levels})
    facts = features(firm)
    with bound(firm, list(facts.values())) as session:
        made = {"index_drawdown_12m_share": made_of(session, CUT, "li", "index_drawdown_12m_share", "1")}
    rows = listed(made, "index_drawdown_12m_share").get("index_price", [])
    again = features({**firm, "index_price": rows})
    assert again["li"]["index_drawdown_12m_share"] == facts["li"]["index_drawdown_12m_share"]
    assert len(rows) <= 13


EMPTY: Firm = {"daily_asset": [], "cash_flow": [], "assignment": []}


def test_r242_of_every_feature_it_is_told_what_it_is_made_of() -> None:
    assert set(FEATURES) == set(ClientFeature.names()) - {"client_id"}
    for name, behind in FEATURES.items():
        assert behind.rows or behind.follows, name
        for spec in behind.rows:
            table = TABLES[spec.table]
            assert set(spec.where) | {spec.on, spec.until} - {""} <= set(table.names()), name
            assert not table.secret_names() or set(table.open_names()), name


def test_r242_what_a_client_has_nothing_of_is_no_rows_and_nobody_is_named() -> None:
    firm = rich(EMPTY)
    with bound(firm, list(features(firm).values())) as session:
        one = made_of(session, CUT, "zhang", "outflow_90d_amount", "000001")
        assert (one.value, one.again, one.n_rows) == (0, 0, 0)
        with pytest.raises(NoSuchClient, match="nobody"):
            made_of(session, CUT, "nobody", "outflow_90d_amount", "000001")
