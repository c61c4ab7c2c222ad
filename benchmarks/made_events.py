"""Invented tables of any size for benchmarks: sorted as the store keeps them, drawn from a hash of the row number."""

from __future__ import annotations

from pathlib import Path

import duckdb

from keepwell.contract.sources import SOURCES

PER_CLIENT = {"daily_asset": 40, "trade": 35, "login": 20, "cash_flow": 5}

_DRAW = "(hash({0}, i) % {1})"
_AMOUNT = "CAST((hash({0}, i) % 10000000) / 100.0 AS DECIMAL(18,2))"


def write(folder: Path, n_events: int, last: str = "2026-11-20", n_days: int = 1095) -> dict[str, Path]:
    """Write every table the features read as Parquet; about ``n_events`` rows of events, 100 a client."""
    n_clients = max(n_events // sum(PER_CLIENT.values()), 10)
    folder.mkdir(parents=True, exist_ok=True)
    session = duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})
    paths = {}
    for name, sql in {**_still(n_clients, last), **_events(n_clients, last, n_days)}.items():
        paths[name] = folder / f"{name}.parquet"
        if not paths[name].exists():
            session.execute(f"COPY ({sql}) TO '{paths[name]}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
    session.close()
    return paths


def _account(number: str) -> str:
    return f"'A' || lpad(CAST({number} AS VARCHAR), 9, '0')"


def _client(number: str) -> str:
    return f"md5(CAST({number} AS VARCHAR))"


def _still(n: int, last: str) -> dict[str, str]:
    """Clients, one in ten with two accounts; records, assessments, contacts, holdings, the calendar."""
    opened = f"DATE '{last}' - CAST(30 + {_DRAW.format(1, 2000)} AS INT)"
    return {
        "source_coverage": f"SELECT unnest({[table.name for table in SOURCES]}) AS table_name, true AS is_delivered",
        "client": f"SELECT {_client('i')} AS client_id, {opened} AS opened_on, CAST(NULL AS DATE) AS closed_on, "
        f"'existing' AS population FROM range({n}) t(i) ORDER BY 1",
        "client_record": f"SELECT {_account('i')} AS record_code, {_client('i')} AS client_id FROM range({n}) t(i)",
        "client_account": f"SELECT {_account('i')} AS account_code, {_client('i - (i % 10 = 9)::INT')} AS client_id, "
        f"'normal' AS account_kind, 'CNY' AS currency, {opened} AS opened_on, CAST(NULL AS DATE) AS closed_on "
        f"FROM range({n}) t(i)",
        "questionnaire": f"SELECT 'Q' || i AS questionnaire_code, {_account('i')} AS record_code, "
        f"DATE '{last}' - CAST({_DRAW.format(2, 900)} AS INT) AS answered_on, answered_on::TIMESTAMP AS answered_at, "
        f"'C' || (1 + {_DRAW.format(3, 5)}) AS risk_level, false AS is_lowest_class, CAST(NULL AS DATE) AS valid_to "
        f"FROM range({n}) t(i)",
        "contact": f"SELECT {_account('i')} AS record_code, 'reached' AS outcome, "
        f"DATE '{last}' - CAST({_DRAW.format(4, 700)} AS INT) AS contacted_on, contacted_on AS known_on "
        f"FROM range({n}) t(i)",
        "holding": f"SELECT {_account('i // 2')} AS account_code, 'P' || (i % 499) AS product_code, "
        f"DATE '{last}' AS held_on, CAST(100 AS DECIMAL(18,4)) AS quantity, {_AMOUNT.format(5)} AS market_amount, "
        f"CASE WHEN i % 7 = 0 THEN DATE '{last}' + CAST({_DRAW.format(6, 300)} AS INT) END AS matures_on "
        f"FROM range({2 * n}) t(i)",
        "assignment": f"SELECT {_account('i // 2')} AS record_code, 'S' || {_DRAW.format(7, 2000)} AS staff_code, "
        f"'service' AS relation, DATE '{last}' - CAST({_DRAW.format(8, 1500)} AS INT) AS starts_on, "
        f"CAST(NULL AS DATE) AS ends_on FROM range({2 * n}) t(i)",
        "index_price": "SELECT 'KW300' AS index_code, d::DATE AS priced_on, "
        "CAST(3000 + 500 * sin(epoch(d) / 5e6) AS DECIMAL(18,4)) AS level "
        "FROM range(TIMESTAMP '2023-01-01', TIMESTAMP '2026-11-20', INTERVAL 1 DAY) t(d)",
        "product": "SELECT 'P' || i AS product_code, CAST(NULL AS DATE) AS matures_on, "
        "['stock', 'fund', 'bond', 'note'][1 + i % 4] AS product_kind, "
        "['sh', 'hk', 'sz'][1 + i % 3] AS market FROM range(499) t(i)",
        "calendar_day": "SELECT day_on, w AS is_working, w AS is_trading, sum(w::INT) OVER (ORDER BY day_on)::BIGINT "
        "AS n_working, n_working AS n_trading FROM (SELECT d::DATE AS day_on, dayofweek(d) BETWEEN 1 AND 5 AS w "
        "FROM range(TIMESTAMP '2023-01-01', TIMESTAMP '2027-01-01', INTERVAL 1 DAY) t(d))",
    }


def _events(n: int, last: str, n_days: int) -> dict[str, str]:
    """Events of each account in the order of time, some of them known a day or two late."""
    tables = {}
    columns = {
        "daily_asset": ", ".join(
            f"{_AMOUNT.format(10 + place)} AS {kind}_amount"
            for place, kind in enumerate(
                ("cash", "stock", "b_stock", "fund", "warrant", "bond", "wealth", "debt", "hk_stock")
            )
        ),
        "trade": f"'T' || lpad(i::VARCHAR, 12, '0') AS trade_code, 'P' || {_DRAW.format(20, 499)} AS product_code, "
        f"CASE WHEN hash(21, i) % 2 = 0 THEN 'buy' ELSE 'sell' END AS side, {_AMOUNT.format(22)} AS traded_amount, "
        f"CAST({_DRAW.format(23, 50000)} / 100.0 AS DECIMAL(18,2)) AS commission_amount, "
        f"CAST({_DRAW.format(24, 5000)} / 100.0 AS DECIMAL(18,2)) AS pass_through_amount, "
        f"CAST({_DRAW.format(25, 1000)} / 100.0 AS DECIMAL(18,2)) AS tax_amount, "
        f"CAST(100 * (1 + {_DRAW.format(26, 50)}) AS DECIMAL(18,4)) AS quantity",
        "login": "'L' || lpad(i::VARCHAR, 12, '0') AS login_code",
        "cash_flow": "'F' || lpad(i::VARCHAR, 12, '0') AS flow_code, "
        f"CASE WHEN hash(30, i) % 2 = 0 THEN 'in' ELSE 'out' END AS side, {_AMOUNT.format(31)} AS flow_amount",
    }
    dated = {
        "daily_asset": "held_on",
        "trade": "traded_on",
        "login": "logged_in_on",
        "cash_flow": "flowed_on",
    }
    for name, on in dated.items():
        per = PER_CLIENT[name]
        step = n_days // per
        day = f"DATE '{last}' - CAST({n_days} - (i % {per}) * {step} - {_DRAW.format(40, step)} AS INT)"
        known = "" if name == "daily_asset" else f", {on} + CAST(hash(41, i) % 20 = 0 AS INT) AS known_on"
        tables[name] = (
            f"SELECT {_account(f'i // {per}')} AS account_code, {day} AS {on}, {columns[name]}{known} "
            f"FROM range({n * per}) t(i)"
        )
    return tables
