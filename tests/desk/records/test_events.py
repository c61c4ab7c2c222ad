"""One client's events from sorted Parquet: their accounts alone, corrections applied, few row groups read."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.contract import TABLES
from keepwell.desk.records import events
from tests.desk.run_folder import build, facts, write_table


@pytest.fixture
def run(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    events.files.cache_clear()
    events.corrections.cache_clear()
    return build(tmp_path, "000001", n=200)


def test_only_the_accounts_asked_for_are_answered(run: Path) -> None:
    account = facts(7)["account"]
    rows = events.of_accounts("000001", "trade", [account])
    assert {row["account_code"] for row in rows} == {account}
    assert [row["traded_on"].day for row in rows] == [17, 10, 3]


def test_the_newest_come_first_up_to_the_number(run: Path) -> None:
    rows = events.of_accounts("000001", "trade", [facts(7)["account"], facts(8)["account"]], newest=4)
    assert [row["traded_on"].day for row in rows] == [17, 17, 10, 10]


def correct(run: Path, tmp_path: Path, account: str) -> None:
    """A later delivery says of a trade of client 7 that it was of this account and of another amount."""
    later = tmp_path / "sources" / "trade" / "2026-11-21-fedcba987654.parquet"
    write_table(
        later,
        TABLES["trade"],
        [
            {
                "trade_code": "c000007-17",
                "account_code": account,
                "traded_amount": Decimal("1.00"),
                "traded_on": dt.date(2026, 11, 17),
            }
        ],
    )
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (first,) = manifest["sources"]["trade"]
    named = {"trade_code": ["c000007-17"], "part": [Path(first).name]}
    pq.write_table(
        pa.table(named), tmp_path / "sources" / "trade" / "corrected-2026-11-21-0123456789ab.parquet"
    )
    manifest["sources"]["trade"].append("sources/trade/2026-11-21-fedcba987654.parquet")
    manifest["corrections"] = {"trade": ["sources/trade/corrected-2026-11-21-0123456789ab.parquet"]}
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    events.files.cache_clear()
    events.corrections.cache_clear()


def test_r238_a_later_file_corrects_a_row(run: Path, tmp_path: Path) -> None:
    account = facts(7)["account"]
    correct(run, tmp_path, account)
    rows = {
        row["trade_code"]: row["traded_amount"] for row in events.of_accounts("000001", "trade", [account])
    }
    assert len(rows) == 3
    assert rows["c000007-17"] == Decimal("1.00")


def test_nothing_is_made_up_where_nothing_was_delivered(run: Path) -> None:
    assert events.of_accounts("000001", "transfer", [facts(7)["account"]]) == []
    assert events.of_accounts("000001", "trade", []) == []


def test_months_are_the_clients_own(run: Path) -> None:
    rows = events.months("000001", "c000007")
    assert len(rows) == 12
    assert {row["client_id"] for row in rows} == {"c000007"}


def test_the_files_are_sorted_so_that_row_groups_can_be_left_out(run: Path) -> None:
    file = pq.ParquetFile(run / "tables" / "client_month.parquet")
    groups = [file.metadata.row_group(at).column(0).statistics for at in range(file.num_row_groups)]
    holding = [group for group in groups if group.min <= "c000007" <= group.max]
    assert len(groups) > 10
    assert len(holding) <= 2


def test_r238_a_row_corrected_to_another_account_leaves_the_first(run: Path, tmp_path: Path) -> None:
    correct(run, tmp_path, facts(8)["account"])
    assert "c000007-17" not in {
        row["trade_code"] for row in events.of_accounts("000001", "trade", [facts(7)["account"]])
    }
    moved = {row["trade_code"]: row for row in events.of_accounts("000001", "trade", [facts(8)["account"]])}
    assert moved["c000007-17"]["traded_amount"] == Decimal("1.00")


def rate(run: Path, tmp_path: Path, *rows: tuple[str, str, dt.date]) -> None:
    """The firm delivers levels of products, each from a day on."""
    told = [dict(zip(("product_code", "product_level", "rated_on"), row, strict=True)) for row in rows]
    name = "sources/product_rating/2026-11-20-0123456789ab.parquet"
    write_table(tmp_path / name, TABLES["product_rating"], told)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["sources"]["product_rating"] = [name]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    events.files.cache_clear()


def test_a_product_s_level_is_that_of_the_day_not_a_later_one(run: Path, tmp_path: Path) -> None:
    """Issue 3, an elder with an R5 product: the card tells the level in force at the cut and since when."""
    first, second, later = (dt.date(2026, month, 1) for month in (3, 8, 12))
    rate(run, tmp_path, ("600000", "R3", first), ("600000", "R4", second), ("600000", "R5", later))
    cut = dt.date(2026, 11, 20)
    assert events.levels("000001", ["600000", "WX0182"], cut) == {"600000": ("R4", second)}
    assert events.levels("000001", ["600000"], first) == {"600000": ("R3", first)}
    assert events.levels("000001", [], cut) == {}


def test_a_firm_without_ratings_shows_none(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    del manifest["sources"]["product_rating"]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    events.files.cache_clear()
    assert events.levels("000001", ["600000"], dt.date(2026, 11, 20)) == {}
