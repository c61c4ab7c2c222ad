"""A small linked firm of which every room has something to decide: the same numbers give the same files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq

from keepwell.contract import TABLES
from tests.book import arrow_rows

BEFORE, AS_OF = dt.date(2026, 11, 19), dt.date(2026, 11, 20)
OPENED = dt.date(2024, 3, 1)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", ("伟", "芳", "秀英", "娜", "敏", "静", "强", "磊", "洋", "艳")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
N_RECORDS, N_BRANCHES = 90, 3

Row = dict[str, Any]


def id_number(born_on: dt.date, number: int) -> str:
    """A resident identity number with its check digit; the district is one that was never given out."""
    body = f"999999{born_on:%Y%m%d}{number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def deliver(folder: Path, until: dt.date = AS_OF) -> Path:
    """Write the firm's delivery of a day as Parquet named as the contract: all that happened up to then."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(7)  # noqa: S311 - invented numbers, not secrets
    for name, rows in (firm_rows() | record_rows(chance) | event_rows(chance)).items():
        table = TABLES[name]
        known = [row for row in rows if table.event_on is None or row[table.event_on] <= until]
        pq.write_table(arrow_rows(table, known), folder / f"{name}.parquet")
    return folder


def firm_rows() -> dict[str, list[Row]]:
    """Branches, staff with licences and specialties, products."""
    staff = [f"S{number:02d}" for number in range(3 * N_BRANCHES)]
    return {
        "branch": [
            {"branch_code": f"B{n}", "branch_name": f"第{n}营业部", "city": "上海"} for n in range(N_BRANCHES)
        ],
        "staff": [
            {
                "staff_code": code,
                "branch_code": f"B{place % N_BRANCHES}",
                "staff_name": f"经理{place}",
                "role": "manager",
                "level": 1 + place % 5,
                "has_book": True,
                "weekly_hours": Decimal(40),
            }
            for place, code in enumerate(staff)
        ],
        "staff_licence": [
            {"staff_code": code, "licence_no": f"L{code}", "valid_from": OPENED} for code in staff
        ],
        "staff_specialty": [
            {
                "staff_code": code,
                "need": ("stock", "fund", "wealth")[place % 3],
                "strength_share": Decimal("0.7"),
            }
            for place, code in enumerate(staff)
        ],
        "product": [
            {"product_code": "600000", "product_name": "浦发银行", "product_kind": "stock"},
            {"product_code": "N1", "product_name": "收益凭证一号", "product_kind": "note"},
        ],
    }


def record_rows(chance: Random) -> dict[str, list[Row]]:
    """Customer records, some of one person in two branches, with accounts, assignments and assessments."""
    records, accounts, assignments, answered = [], [], [], []
    for number in range(N_RECORDS):
        person = number if number < N_RECORDS * 4 // 5 else number - N_RECORDS // 2
        born_on = dt.date(1950, 1, 5) + dt.timedelta(days=211 * person % 18_000)
        code = f"{number:012d}"
        records.append(
            {
                "record_code": code,
                "branch_code": f"B{number % N_BRANCHES}",
                "client_kind": "person",
                "client_name": _name(number, person),
                "id_kind": "resident",
                "id_number": id_number(born_on, person),
                "id_valid_to": AS_OF + dt.timedelta(days=person * 9 % 400 - 40),
                "phone": f"199{person:08d}",
                "birth_on": born_on,
                "opened_on": OPENED + dt.timedelta(days=number * 11 % 960),
            }
        )
        accounts.append(
            {"account_code": f"A{number:03d}", "record_code": code, "opened_on": records[-1]["opened_on"]}
        )
        staff = f"S{chance.randrange(3) * N_BRANCHES + number % N_BRANCHES:02d}"
        assignments.append({"record_code": code, "staff_code": staff, "starts_on": records[-1]["opened_on"]})
        if number % 4:
            answered.append(_questionnaire(number, code, chance))
    return {
        "customer_record": records,
        "account": accounts,
        "assignment": assignments,
        "questionnaire": answered,
        "related_party": [_guardian(records[0], records[1])],
        "institution_mandate": [_permitted(records[2])],
        "client_need": [
            {"record_code": row["record_code"], "need": "fund", "strength_share": Decimal("0.5")}
            for row in records[::3]
        ],
    }


def _permitted(record: Row) -> Row:
    return {"record_code": record["record_code"], "product_kind": "fund", "starts_on": OPENED}


def _guardian(ward: Row, guardian: Row) -> Row:
    codes = {"record_code": ward["record_code"], "party_record_code": guardian["record_code"]}
    return {"relation_code": "R1", "party_kind": "guardian", **codes}


def _name(number: int, person: int) -> str:
    """Under the last number somebody else came along with the person's document: a pair to be judged."""
    surname = SURNAMES[(person + (number == N_RECORDS - 1)) % 10]
    return surname + GIVEN[(person // 10 + (number == N_RECORDS - 1)) % 10]


def _questionnaire(number: int, record: str, chance: Random) -> Row:
    on = AS_OF - dt.timedelta(days=chance.randrange(1, 720))
    return {
        "questionnaire_code": f"Q{number:03d}",
        "record_code": record,
        "answered_at": dt.datetime.combine(on, dt.time(3)),
        "answered_on": on,
        "risk_level": f"C{1 + number % 5}",
    }


def event_rows(chance: Random) -> dict[str, list[Row]]:
    """Assets, holdings, trades, cash flows, log-ins, up to and with the last day."""
    found: dict[str, list[Row]] = {
        name: [] for name in ("daily_asset", "holding", "trade", "cash_flow", "login")
    }
    for number in range(N_RECORDS):
        account, opened_on = f"A{number:03d}", OPENED + dt.timedelta(days=number * 11 % 960)
        n_days = (AS_OF - opened_on).days
        days = sorted({n_days, n_days - 1, *(chance.randrange(n_days + 1) for _ in range(12))} - {-1})
        for place, day in enumerate(days if number % 9 else days[:1]):
            _day(found, chance, f"{account}-{place}", account, opened_on + dt.timedelta(days=day))
        if number % 5 == 0:
            matures_on = AS_OF + dt.timedelta(days=number % 20)
            found["holding"].append(
                {
                    "account_code": account,
                    "product_code": "N1",
                    "held_on": BEFORE,
                    "quantity": Decimal(100),
                    "market_amount": Decimal(50_000 + number),
                    "matures_on": matures_on,
                }
            )
    return found


def _day(found: dict[str, list[Row]], chance: Random, code: str, account: str, on: dt.date) -> None:
    at = dt.datetime.combine(on, dt.time(2, chance.randrange(60)))
    event = {"account_code": account, "channel": "app", "known_on": on}
    cash, stock = (Decimal(chance.randrange(10_000_000)) / 100 for _ in range(2))
    found["daily_asset"].append(
        {"account_code": account, "held_on": on, "cash_amount": cash, "stock_amount": stock}
    )
    found["trade"].append(
        event
        | {
            "trade_code": f"T{code}",
            "traded_at": at,
            "traded_on": on,
            "product_code": "600000",
            "side": chance.choice(["buy", "sell"]),
            "quantity": Decimal(100),
            "price": Decimal("10.1234"),
            "traded_amount": Decimal("1012.34"),
            "commission_amount": Decimal("5.00"),
            "pass_through_amount": Decimal("0.07"),
        }
    )
    side, amount = chance.choice(["in", "out"]), Decimal(chance.randrange(50_000_000)) / 100
    found["cash_flow"].append(
        event
        | {"flow_code": f"F{code}", "flowed_at": at, "flowed_on": on, "side": side, "flow_amount": amount}
    )
    found["login"].append(event | {"login_code": f"L{code}", "logged_in_at": at, "logged_in_on": on})
