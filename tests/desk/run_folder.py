"""Builds a small run on disk as the engine leaves one: a firm of two branches whose numbers can be checked by hand.

Every value not given is what the contract allows at its plainest: nothing where it may be missing, else zero, false,
the first code, the as-of date.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract import CONTRACT_HASH, DECISIONS, TABLES
from keepwell.contract.schema import Column, Kind, Table
from tests.desk.run_conflicts import accounts, conflicts
from tests.desk.run_deliveries import deliveries
from tests.desk.run_moments import OPEN, occasions
from tests.desk.run_moves import moves
from tests.desk.run_pairs import joined, pairs
from tests.desk.run_related import related
from tests.desk.run_remedies import remedies
from tests.desk.run_served import served
from tests.desk.run_suitability import LIMITED, handlers, products, suitabilities

AS_OF = dt.date(2026, 11, 20)
KEY = bytes(range(32)).hex()
GRADES = ("strategic", "important", "regular", "basic")
TYPES = ("cautious", "balanced", "enterprising", "unassessed")
LEVELS = {"cautious": "C2", "balanced": "C3", "enterprising": "C4", "unassessed": None}
STATES = ("active", "hesitating", "leaving", "asleep", "lost")
NAMES = ("陈志远", "王丽华", "刘建国", "赵一鸣", "孙晓梅", "何立", "王伟", "李强", "周航", "吴珊")
PINYIN = ("chenzhiyuan", "wanglihua", "liujianguo", "zhaoyiming", "sunxiaomei", "heli", "wangwei", "liqiang",
          "zhouhang", "wushan")  # fmt: skip
POLICY = "grading 2026-01-01"

UNSETTLED = ("c000009", "c000031")  # whose complaints the firm has not settled: one of each branch
IN_TWO_BRANCHES = 57  # at home in B01, with a customer number and an account in B02 as well
NO_VALID_DOCUMENT = (7, 10, 11, 19, 55)

Rows = dict[str, list[dict[str, Any]]]


def arrow_type(column: Column) -> pa.DataType:
    """The physical type the store writes for a column."""
    return {
        Kind.TEXT: pa.string(),
        Kind.CODE: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.DECIMAL: pa.decimal128(18, column.scale),
        Kind.FLOAT: pa.float64(),
        Kind.DATE: pa.date32(),
        Kind.INSTANT: pa.timestamp("us"),
        Kind.BOOLEAN: pa.bool_(),
    }[column.kind]


def plainest(column: Column) -> Any:
    """The plainest value the contract allows, of a firm that delivers every table."""
    if column.nullable and not column.needs:
        return None
    if column.codes:
        return str(next(iter(column.codes)))
    return {
        Kind.TEXT: "-",
        Kind.INTEGER: max(0, int(column.low or 0)),
        Kind.DECIMAL: Decimal(0),
        Kind.FLOAT: 0.0,
        Kind.DATE: AS_OF,
        Kind.INSTANT: dt.datetime(2026, 11, 20, 7, tzinfo=dt.UTC),
        Kind.BOOLEAN: False,
    }[column.kind]


def write_table(path: Path, table: type[Table], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows in the table's order, one row group per 100 rows; answers the file's SHA-256."""
    full = [{name: row.get(name, plainest(column)) for name, column in table.columns.items()} for row in rows]
    full.sort(key=lambda row: tuple((row[name] is not None, row[name]) for name in table.order))
    schema = pa.schema([(name, arrow_type(column)) for name, column in table.columns.items()])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(full, schema=schema), path, row_group_size=100)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cents(value: Decimal) -> Decimal:
    """To the fen."""
    return value.quantize(Decimal("0.01"))


def token(kind: str, value: str) -> str:
    """A secret word as the engine hashes it."""
    return hashlib.sha256(f"{KEY}:{kind}:{value}".encode()).hexdigest()[:32]


STAFF = (
    ("S01", "B01", "T01", "周敏", "team_leader", True),
    ("S02", "B01", "T01", "李倩", "manager", True),
    ("S03", "B01", "T02", "周航", "adviser", True),
    ("S04", "B01", None, "王琳", "branch_head", False),
    ("S05", "B01", None, "陈静", "counter", False),
    ("S06", "B02", "T03", "吴珊", "manager", True),
    ("S07", "B02", None, "郑凯", "branch_head", False),
    ("S08", "B02", None, "马骏", "aml_branch", False),
    ("S09", "B01", None, "孙洁", "hq_brokerage", False),
    ("S10", "B01", None, "何宁", "compliance", False),
    ("S11", "B01", None, "赵岚", "service_desk", False),
    ("S12", "B01", None, "钱松", "aml_hq", False),
    ("S13", "B01", None, "冯雪", "audit", False),
)
LEAVER = {"staff_code": "S14", "branch_code": "B01", "team_code": "T01", "staff_name": "许诺", "role": "manager",
          "has_book": False, "left_on": dt.date(2026, 11, 20)}  # fmt: skip


def firm() -> Rows:
    """Two branches, three teams, their people, eight products."""
    named = ("staff_code", "branch_code", "team_code", "staff_name", "role", "has_book")
    teams = (("T01", "B01", "一队"), ("T02", "B01", "二队"), ("T03", "B02", "一队"))
    return {
        "branch": [
            {"branch_code": "B01", "branch_name": "解放路营业部", "city": "杭州"},
            {"branch_code": "B02", "branch_name": "文三路营业部", "city": "杭州"},
        ],
        "team": [
            {"team_code": code, "branch_code": branch, "team_name": name} for code, branch, name in teams
        ],
        "staff": [*(dict(zip(named, row, strict=True)) for row in STAFF), LEAVER],
        "product": products(),
    }


MANAGERS = (("S02", "B01"), ("S01", "B01"), ("S03", "B01"), ("S06", "B02"))


def facts(number: int) -> dict[str, Any]:
    """Everything that differs between clients, from the client's number alone."""
    manager, branch = MANAGERS[number % len(MANAGERS)]
    return {
        "client_id": f"c{number:06d}",
        "name": NAMES[number % 10] + ("" if number < 10 else str(number)),
        "pinyin": PINYIN[number % 10],
        "branch": branch,
        "manager": None if number % 17 == 16 else manager,
        "population": "never_funded" if number % 19 == 18 else "closed" if number % 23 == 22 else "existing",
        "grade": GRADES[min(3, number % 9)],
        "service_type": TYPES[number % 4],
        "state": STATES[min(4, number % 7)],
        "assets": Decimal(max(0, 300 - number)) * 10_000 + Decimal("0.37"),
        "account": f"88{number:06d}",
        "record": f"100{number:05d}",
        "phone": f"1380013{number:04d}",
        "id_number": f"33010219740501{number:04d}",
        "address": f"杭州市上城区解放路{number + 100}号",
    }


def clients(n: int) -> Rows:
    """Clients with everything that is decided about them."""
    rows: Rows = {table.name: [] for table in DECISIONS}
    for number in range(n):
        _client(rows, facts(number), number)
    return rows


def _client(rows: Rows, who: dict[str, Any], number: int) -> None:
    client = {"client_id": who["client_id"]}
    rows["client"].append(
        client | {
            "client_kind": "company" if number % 31 == 30 else "person", "client_name": who["name"], "sex": "female",
            "birth_on": dt.date(1974, 5, 1), "id_kind": "resident",
            "id_is_valid": number not in NO_VALID_DOCUMENT,
            "id_masked": "330102********002X", "phone_masked": f"138****{number:04d}",
            "home_branch_code": who["branch"], "city": "杭州", "opened_on": dt.date(2018, 3, 1),
            "closed_on": dt.date(2025, 1, 2) if who["population"] == "closed" else None,
            "population": who["population"], "n_records": 1, "n_accounts": 1, "n_branches": 1,
            "manager_code": who["manager"], "manager_since_on": dt.date(2024, 6, 1) if who["manager"] else None,
        }
    )  # fmt: skip
    rows["client_secret"].append(client | {name: who[name] for name in ("id_number", "phone", "address")})
    place = {"record_code": who["record"], "branch_code": who["branch"]}
    record = client | place | {"opened_on": dt.date(2018, 3, 1)}
    rows["client_record"].append(record | {"link_reason": "alone"})
    rows["client_account"].append(record | {"account_code": who["account"], "account_kind": "normal"})
    if number == IN_TWO_BRANCHES:
        guest = record | {"branch_code": "B02", "record_code": "20000057"}
        rows["client_record"].append(guest | {"link_reason": "id_number"})
        rows["client_account"].append(guest | {"account_code": "99000057", "account_kind": "normal"})
    rows["client_feature"].append(
        client | {
            "assets_amount": who["assets"], "net_assets_amount": who["assets"], "tenure_days": 3186,
            "contribution_365d_amount": cents(who["assets"] / 100), "last_contact_on": dt.date(2026, 10, 5),
            "days_since_contact": 46, "risk_level": LEVELS[who["service_type"]], "n_trades_90d": 3, "n_logins_90d": 20,
            "n_logins_30d": 2, "usual_logins_30d": Decimal(11), "net_outflow_90d_share": Decimal("0.25"),
            "days_since_trade": 95, "days_since_login": 61, "assets_change_30d_share": Decimal("-0.249"),
        }
    )  # fmt: skip
    rows["client_month"].extend(_months(who))
    rows["search_token"].extend(client | word for word in _words(who))
    if who["population"] == "existing":
        _decide(rows, who, client, number)


def _words(who: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for kind, value in (("name", who["name"]), ("pinyin", who["pinyin"]), ("account", who["account"])):
        yield {"token_kind": kind, "token": value}
    for kind, secret in (("phone", who["phone"][-4:]), ("id", who["id_number"])):
        yield {"token_kind": kind, "token": token(kind, secret)}


def _months(who: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for month in range(12):
        year, number = divmod(2025 * 12 + 11 + month, 12)
        last = dt.date(year, number + 1, 28)
        yield {
            "client_id": who["client_id"], "month_on": last, "assets_amount": who["assets"] + month * 1000,
            "net_assets_amount": who["assets"], "inflow_amount": Decimal(500 * month), "outflow_amount": Decimal(900),
        }  # fmt: skip


def _decide(rows: Rows, who: dict[str, Any], client: dict[str, Any], number: int) -> None:
    rows["client_grade"].append(
        client | {
            "grade": who["grade"], "grade_reason": "by_assets", "service_type": who["service_type"],
            "service_type_reason": "not_assessed" if who["service_type"] == "unassessed" else "by_risk_level",
            "served_as": "cautious" if who["service_type"] == "unassessed" else who["service_type"],
            "risk_level": LEVELS[who["service_type"]], "activity_state": who["state"],
            "activity_reason": "fewer_logins" if who["state"] == "leaving" else "trades_or_logins",
            "net_assets_20d_amount": who["assets"], "contribution_365d_amount": cents(who["assets"] / 100),
            "assets_cut_amount": Decimal(500_000), "policy_version": POLICY,
        }
    )  # fmt: skip
    rows["allocation_proposal"].append(
        client | {
            "branch_code": who["branch"], "manager_code": "S01", "current_code": who["manager"],
            "is_change": who["manager"] != "S01",
            "score": Decimal("0.71"), "best_code": "S03", "best_score": Decimal("0.92"),
            "allocation_reason": "best_is_full", "policy_version": "allocation 2026-01-01",
        }
    )  # fmt: skip
    rows["moment"].extend(
        client | OPEN | one | {"manager_code": who["manager"]} for one in occasions(who["state"], number)
    )
    if number % 10 == 0:
        rows["client_change"].append(
            client | {"changed": "grade", "before": "strategic", "after": who["grade"]}
        )


def summaries(rows: Rows, n: int) -> None:
    """Distribution, months and load, counted from the clients above."""
    cells: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for who in map(facts, range(n)):
        decided = who["population"] == "existing"
        classes = (who["grade"], who["service_type"], who["state"]) if decided else ("-", "-", "-")
        cells.setdefault((who["branch"], who["manager"] or "-", who["population"], *classes), []).append(who)
    for key, members in cells.items():
        names = ("branch_code", "manager_code", "population", "grade", "service_type", "activity_state")
        assets = sum((who["assets"] for who in members), Decimal(0))
        rows["branch_statistic"].append(
            dict(zip(names, key, strict=True))
            | {
                "n_clients": len(members),
                "assets_amount": assets,
                "contribution_365d_amount": cents(assets / 100),
            }
        )
    for branch in ("B01", "B02"):
        moved = [
            row for row in rows["allocation_proposal"] if row["branch_code"] == branch and row["is_change"]
        ]
        rows["allocation_certificate"].append(
            {"branch_code": branch, "n_clients": n // 2, "n_managers": 2, "n_changes": len(moved),
             "value": Decimal("30.5"), "bound": Decimal("30.5"), "current_value": Decimal("27.25")}
        )  # fmt: skip
    rows["allocation_load"].append(
        {"staff_code": "S08", "branch_code": "B02", "is_eligible": False, "allocation_reason": "licence_expired"}
    )  # fmt: skip
    for code, branch in MANAGERS:
        rows["allocation_load"].append(
            {"staff_code": code, "branch_code": branch, "is_eligible": True, "allocation_reason": "eligible",
             "n_current": n // 4, "n_proposed": n // 4 + 3, "n_lower": n // 6, "n_upper": n // 3, "n_incoming": 3}
        )  # fmt: skip
        rows["branch_month"].extend(
            {"branch_code": branch, "manager_code": code, "month_on": dt.date(2026, month, 28), "n_clients": n // 4,
             "assets_amount": Decimal(10_000_000 + month * 100_000), "inflow_amount": Decimal(50_000),
             "outflow_amount": Decimal(70_000)}
            for month in range(1, 12)
        )  # fmt: skip


def events(n: int) -> Rows:
    """Three trades, two flows and a log-in a client; a holding, a contact, a complaint and a report."""
    rows: Rows = {name: [] for name in ("trade", "cash_flow", "login", "holding", "contact", "complaint")}
    rows["product_rating"] = [
        {"product_code": code, "product_level": level, "rated_on": dt.date(2026, 1, 5)}
        for code, level in (("600000", "R3"), ("WX0182", "R2"))
    ]
    if n > LIMITED:
        rows["mandate_handler"] = handlers(facts(LIMITED)["record"])
    for who in map(facts, range(n)):
        account = {"account_code": who["account"]}
        for day in (3, 10, 17):
            on = dt.date(2026, 11, day)
            at = dt.datetime(2026, 11, day, 2, 30, tzinfo=dt.UTC)
            rows["trade"].append(
                account | {"trade_code": f"{who['client_id']}-{day}", "traded_at": at, "traded_on": on,
                           "product_code": "600000", "quantity": Decimal(100), "price": Decimal("9.5"),
                           "traded_amount": Decimal(950), "channel": "app"}
            )  # fmt: skip
        rows["cash_flow"].append(
            account | {"flow_code": who["client_id"], "side": "out", "flow_amount": Decimal("620000.00"),
                       "flowed_on": dt.date(2026, 11, 18)}
        )  # fmt: skip
        rows["login"].append(account | {"login_code": who["client_id"], "city": "杭州"})
        rows["holding"].append(
            account
            | {"product_code": "600000", "quantity": Decimal(1200), "market_amount": Decimal("11400.00")}
        )
        rows["contact"].append(
            {"contact_code": who["client_id"], "record_code": who["record"], "staff_code": who["manager"] or "S02",
             "contacted_on": dt.date(2026, 10, 5), "channel": "phone", "outcome": "reached", "n_minutes": 6,
             "note": "关心债基回撤"}
        )  # fmt: skip
        rows["complaint"] += [
            {"complaint_code": f"{who['client_id']}-{kind}", "record_code": who["record"], "complaint_kind": kind,
             "complaint_topic": topic, "received_on": dt.date(2026, 11, 12), "channel": "phone",
             "closed_on": None if who["client_id"] in UNSETTLED else dt.date(2026, 11, 18)}
            for kind, topic in (("complaint", "fee"), ("report", "staff"))
        ]  # fmt: skip
    return rows


def build(data: Path, run_id: str = "000001", n: int = 60, **manifest: Any) -> Path:
    """Write a whole run below `data` and make it the engine's current; answers the run's folder."""
    rows = {**clients(n), **firm()}
    suitabilities(rows)
    summaries(rows, n)
    deliveries(rows)
    rows["identity_pair"], rows["pair_evidence"] = pairs(n, facts)
    rows["pair_evidence"] += joined(facts(IN_TWO_BRANCHES)["record"], "20000057")
    rows["golden_field"], rows["identity_conflict"] = conflicts(n, facts)
    rows["limited_account"] = accounts(facts)
    rows["related_person"] = related(facts)
    rows |= remedies(n, facts) | moves(n, facts) | served(n, facts, MANAGERS)
    run = data / "runs" / run_id
    outputs, counts = {}, {}
    for name, listed in rows.items():
        table = TABLES[name]
        place = "quarantine" if name == "quarantine" else "vault" if table.secret_names() else "tables"
        outputs[f"{place}/{name}.parquet"] = write_table(run / place / f"{name}.parquet", table, listed)
        counts[name] = len(listed)
    sources = {}
    for name, listed in events(n).items():
        path = data / "sources" / name / "2026-11-20-0123456789ab.parquet"
        write_table(path, TABLES[name], listed)
        sources[name] = [str(path.relative_to(data))]
    told = {
        "run_id": run_id, "parent": None, "as_of": AS_OF.isoformat(), "currency": "CNY", "calendar": "cn",
        "firm": "Made-up Securities", "is_made_up": True, "mapping": "keepwell", "calendar_mark": "V",
        "counts": {"read": 122, "accepted": 119, "quarantined": 2, "repeated": 1, "not_yet_opened": 0},
        "contract_hash": CONTRACT_HASH, "code_version": "0.1.0", "policies": {"grading": "2026-01-01"},
        "rows": counts, "outputs": outputs, "sources": sources,
        "inputs": [plain(row) for row in rows["delivery"]], **manifest,
    }  # fmt: skip
    (run / "manifest.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    (run / "telemetry.json").write_text(json.dumps(telemetry()), encoding="utf-8")
    (data / "runs" / "current").write_text(run_id + "\n", encoding="utf-8")
    (data / "token_key").write_text(KEY, encoding="utf-8")
    return run


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A delivery as it stands in the manifest."""
    full = {name: row.get(name, plainest(column)) for name, column in TABLES["delivery"].columns.items()}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in full.items()}


def telemetry() -> dict[str, Any]:
    """Three stages' times."""
    stages = [("ingest", 4.2), ("identity", 1.5), ("features", 9.8)]
    return {
        "started_at": "2026-11-20T18:00:00+00:00",
        "ended_at": "2026-11-20T18:00:16+00:00",
        "stages": [
            {
                "name": name,
                "wall_seconds": seconds,
                "cpu_seconds": seconds * 1.6,
                "peak_bytes": 250_000_000,
                "rows": 60,
            }
            for name, seconds in stages
        ],
    }
