"""R238: every kind of bad input of the first issue gets a clear error or a row in quarantine that names
file, line, column, value and remedy; nothing is lost.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from keepwell.contract.sources.events import Trade
from keepwell.engine.ingest.errors import DeliveryRefused, NoDataOn
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import (
    ACCOUNT,
    AS_OF,
    BRANCH,
    RECORD,
    TRADE,
    bad_rows,
    csv_text,
    deliver,
    rows_of,
    taken,
)


def only_bad_row(folder: Path, tmp_path: Path, session: Session) -> dict[str, Any]:
    """The one quarantined row of a delivery, after its file's count has been checked."""
    intake = taken(folder, tmp_path / "sources", session)
    (row,) = bad_rows(intake, session)
    (delivery,) = [one for one in intake.deliveries if one["n_quarantined"]]
    assert delivery["n_read"] == delivery["n_accepted"] + delivery["n_quarantined"] + delivery["n_repeated"]
    assert delivery["n_quarantined"] == 1
    return row


def trade(**changes: Any) -> dict[str, Any]:
    return {**TRADE, "trade_code": "T2", **changes}


@pytest.mark.parametrize(
    "changes, column, reason, found",
    [
        ({"quantity": "-100"}, "quantity", "out_of_bounds", "-100"),
        ({"traded_on": "2019-12-31"}, "traded_on", "wrong_order", "2019-12-31"),
        ({"account_code": "A9"}, "account_code", "unknown_reference", "A9"),
        ({"traded_amount": "1,050.00"}, "traded_amount", "not_a_number", "1,050.00"),
        ({"traded_amount": "12.345"}, "traded_amount", "too_precise", "12.345"),
        ({"traded_amount": "1e3"}, "traded_amount", "not_a_number", "1e3"),
        ({"traded_amount": "2000000000000"}, "traded_amount", "out_of_bounds", "2000000000000"),
        ({"traded_on": "20261119"}, "traded_on", "not_a_date", "20261119"),
        ({"traded_on": "2026-02-30"}, "traded_on", "not_a_date", "2026-02-30"),
        ({"traded_on": "2026-11-21"}, "traded_on", "after_cut", "2026-11-21"),
        ({"traded_at": "noon"}, "traded_at", "not_an_instant", "noon"),
        ({"side": "short"}, "side", "unknown_code", "short"),
        ({"price": ""}, "price", "missing_value", None),
        ({"trade_code": "T" * 41}, "trade_code", "too_long", "T" * 41),
        ({"device_code": "D\x071"}, "device_code", "control_character", "D\x071"),
    ],
)
def test_a_bad_value_is_quarantined_with_its_place_and_remedy_r238(
    tmp_path: Path, session: Session, changes: dict[str, str], column: str, reason: str, found: str | None
) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, trade(**changes)])
    row = only_bad_row(folder, tmp_path, session)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("trade.csv", 3, column)
    assert (row["quarantine_reason"], row["found"]) == (reason, found)
    assert row["allowed"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in row["allowed_zh"])
    assert row["raw"] == csv_text([TRADE, trade(**changes)]).split("\n")[2]


def test_negative_assets_are_quarantined_and_debt_above_them_is_taken_as_it_is_r238(
    tmp_path: Path, session: Session
) -> None:
    """Stocks below zero are a fault of the delivery; who owes more than there is stays, and suitability flags it."""
    kinds = ("stock", "b_stock", "fund", "warrant", "bond", "wealth", "debt")
    good = {
        "account_code": "A1",
        "held_on": "2026-11-18",
        "cash_amount": "5",
        **{f"{kind}_amount": "0" for kind in kinds},
    }
    owes = {**good, "held_on": "2026-11-19", "debt_amount": "9"}
    bad = {**good, "held_on": "2026-11-20", "stock_amount": "-1.00"}
    folder = deliver(tmp_path / "in", daily_asset=[good, owes, bad])
    row = only_bad_row(folder, tmp_path, session)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("daily_asset.csv", 4, "stock_amount")
    assert (row["quarantine_reason"], row["found"]) == ("out_of_bounds", "-1.00")
    assert row["allowed"]


def test_an_account_without_client_is_quarantined_and_all_that_refers_to_it_r238(
    tmp_path: Path, session: Session
) -> None:
    orphan = {**ACCOUNT, "account_code": "A2", "record_code": "999"}
    folder = deliver(tmp_path / "in", account=[ACCOUNT, orphan], trade=[TRADE, trade(account_code="A2")])
    intake = taken(folder, tmp_path / "sources", session)
    places = [(row["file_name"], row["line_no"], row["column_name"]) for row in bad_rows(intake, session)]
    assert places == [("account.csv", 3, "record_code"), ("trade.csv", 3, "account_code")]


def test_an_unknown_branch_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    lost = {**RECORD, "record_code": "2", "branch_code": "777"}
    row = only_bad_row(deliver(tmp_path / "in", customer_record=[RECORD, lost]), tmp_path, session)
    assert (row["column_name"], row["found"]) == ("branch_code", "777")
    assert "branch.branch_code" in row["allowed"]


def test_a_name_with_control_characters_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    odd = {**RECORD, "record_code": "2", "client_name": "王\x1b伟"}
    row = only_bad_row(deliver(tmp_path / "in", customer_record=[RECORD, odd]), tmp_path, session)
    assert (row["column_name"], row["quarantine_reason"]) == ("client_name", "control_character")


def test_a_bad_secret_shows_in_the_raw_row_alone_r233(tmp_path: Path, session: Session) -> None:
    odd = {**RECORD, "record_code": "2", "phone": "138\x0700000000"}
    row = only_bad_row(deliver(tmp_path / "in", customer_record=[RECORD, odd]), tmp_path, session)
    assert (row["column_name"], row["found"]) == ("phone", "(12 characters, see the raw row)")
    assert "138\x0700000000" in row["raw"]


def test_of_duplicate_keys_the_first_good_row_counts_r238(tmp_path: Path, session: Session) -> None:
    bad_first = {**TRADE, "quantity": "-1"}
    folder = deliver(tmp_path / "in", trade=[bad_first, TRADE, TRADE, {**TRADE, "quantity": "7"}])
    intake = taken(folder, tmp_path / "sources", session)
    assert [(row["line_no"], row["quarantine_reason"]) for row in bad_rows(intake, session)] == [
        (2, "out_of_bounds"),
        (5, "duplicate_key"),
    ]
    (delivery,) = [one for one in intake.deliveries if one["file_name"] == "trade.csv"]
    counts = {key: delivery[key] for key in ("n_read", "n_accepted", "n_quarantined", "n_repeated")}
    assert counts == {"n_read": 4, "n_accepted": 1, "n_quarantined": 2, "n_repeated": 1}
    assert [row["quantity"] for row in rows_of(intake, session, Trade)] == [100]


def test_a_line_with_too_few_or_too_many_fields_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    lines = csv_text([BRANCH, {**BRANCH, "branch_code": "002"}]).splitlines()
    (folder / "branch.csv").write_text(
        "\n".join([*lines[:2], "003,only", lines[2], "4,x,y,tier_1,more"]) + "\n"
    )
    intake = taken(folder, tmp_path / "sources", session)
    found = [(row["line_no"], row["quarantine_reason"], row["raw"]) for row in bad_rows(intake, session)]
    assert found == [(3, "wrong_width", "003,only"), (5, "wrong_width", "4,x,y,tier_1,more")]


def test_a_missing_column_refuses_the_file_and_names_it_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", branch=[{"branch_code": "001", "city": "上海"}])
    with pytest.raises(
        DeliveryRefused, match=r"branch\.csv: columns missing for table branch: 'branch_name'"
    ):
        taken(folder, tmp_path / "sources", session)


def test_a_wrong_encoding_names_the_first_bad_line_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").write_bytes(b"branch_code,branch_name,city\n001,\xff\xff,x\n")
    with pytest.raises(
        DeliveryRefused, match=r"branch\.csv: .*as utf-8 line 2 is invalid.*name its encoding"
    ):
        taken(folder, tmp_path / "sources", session)


def test_mixed_date_forms_are_quarantined_row_by_row_r238(tmp_path: Path, session: Session) -> None:
    forms = ["2026-11-20", "2026/11/20", "20261120", "20.11.2026"]
    rows = [trade(trade_code=f"T{number}", known_on=form) for number, form in enumerate(forms)]
    intake = taken(deliver(tmp_path / "in", trade=rows), tmp_path / "sources", session)
    assert [row["found"] for row in bad_rows(intake, session)] == forms[1:]
    assert {row["allowed"] for row in bad_rows(intake, session)} == {
        "a date written YYYY-MM-DD, from 1900 on (required)"
    }
    assert {row["allowed_zh"] for row in bad_rows(intake, session)} == {
        "写作 YYYY-MM-DD 的日期，1900 年起（必填）"
    }


def test_an_empty_file_is_refused_with_a_remedy_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").write_bytes(b"")
    intake = taken(folder, tmp_path / "sources", session)
    assert [str(fault) for fault in intake.refused] == [
        "trade.csv: the file is empty. Deliver it again, or leave it out"
    ]
    (row,) = bad_rows(intake, session)
    assert (row["file_name"], row["line_no"], row["quarantine_reason"]) == ("trade.csv", 0, "refused_file")
    assert (row["found"], row["allowed_zh"]) == ("the file is empty / 文件为空", "请重新交付，或不交付该文件")


def test_an_empty_required_file_stops_the_run_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "staff.csv").write_bytes(b"")
    with pytest.raises(DeliveryRefused, match=r"staff\.csv: the file is empty"):
        taken(folder, tmp_path / "sources", session)


def test_a_required_table_that_was_not_delivered_stops_the_run_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "account.csv").unlink()
    with pytest.raises(DeliveryRefused, match="table account is required"):
        taken(folder, tmp_path / "sources", session)


def test_a_file_that_changes_while_it_is_read_is_refused_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    known = taken(folder, tmp_path / "sources", session)
    before = {path.name for paths in known.parts.values() for path in paths}
    deliver(folder, trade=[TRADE, trade()])

    class Growing(Session):
        def rows(self, sql: str) -> list[tuple[Any, ...]]:
            if "good_trade" in sql:
                with (folder / "trade.csv").open("a", encoding="utf-8") as stream:
                    stream.write("\n")
            return super().rows(sql)

    with Growing(threads=1) as growing:
        intake = taken(folder, tmp_path / "sources", growing)
    (fault,) = intake.refused
    assert "trade.csv: the file changed while it was read" in str(fault)
    assert {path.name for paths in intake.parts.values() for path in paths} == before


@pytest.mark.parametrize("change", ["more rows", "cut short", "gone"])
def test_a_file_that_changes_is_named_and_the_others_are_taken_in_r238(
    change: str, tmp_path: Path, session: Session
) -> None:
    """R238: whatever a changing file does to the counts, it is refused by name; a finished file beside it counts."""
    folder = deliver(tmp_path / "in", trade=[TRADE])
    (folder / "trade").mkdir()
    head, row = (folder / "trade.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.replace("T1,", f"T{number},", 1) for number in range(2, 40)]
    growing = folder / "trade/late.csv"
    growing.write_text("\n".join([head, *rows, ""]), encoding="utf-8")

    class Changing(Session):
        def rows(self, sql: str) -> list[tuple[Any, ...]]:
            if "good_trade" in sql and change == "gone":
                growing.unlink(missing_ok=True)
            elif "good_trade" in sql and growing.stat().st_size:
                text = growing.read_text(encoding="utf-8")
                more = text + row.replace("T1,", f"U{len(text)},", 1) + "\n"
                growing.write_text(
                    more if change == "more rows" else text[: len(text) // 2], encoding="utf-8"
                )
            return super().rows(sql)

    with Changing(threads=1) as changing:
        intake = taken(folder, tmp_path / "sources", changing)
    (fault,) = intake.refused
    assert str(fault).startswith("trade/late.csv: the file ")
    assert "Deliver" in str(fault)
    trades = [row for row in intake.deliveries if row["table_name"] == "trade"]
    assert [(row["file_name"], row["n_read"], row["n_accepted"]) for row in trades] == [("trade.csv", 1, 1)]


def test_an_as_of_date_in_the_future_is_refused(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    with pytest.raises(NoDataOn, match="2026-11-23 lies in the future: the delivery is of 2026-11-20"):
        taken(folder, tmp_path / "sources", session, as_of=date(2026, 11, 23), known_on=AS_OF)


@pytest.mark.parametrize(
    "as_of, message",
    [
        (date(2026, 11, 24), "nothing was delivered for 2026-11-24.*run as of 2026-11-20"),
        (date(2019, 11, 20), "no customer yet: the first was opened on 2020-01-02"),
    ],
)
def test_an_as_of_date_without_data_is_refused(
    tmp_path: Path, session: Session, as_of: date, message: str
) -> None:
    folder = deliver(tmp_path / "in")
    with pytest.raises(NoDataOn, match=message):
        taken(folder, tmp_path / "sources", session, as_of=as_of, known_on=date(2026, 12, 1))


def test_a_weekend_counts_with_the_data_of_its_friday_r234(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    intake = taken(folder, tmp_path / "sources", session, as_of=date(2026, 11, 22))
    assert len(rows_of(intake, session, Trade)) == 1


def test_a_formula_in_a_cell_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    book = xlsxwriter.Workbook(str(folder / "branch.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["branch_code", "branch_name", "city"])
    sheet.write_row(1, 0, ["001", "总部", "上海"])
    sheet.write_row(2, 0, ["002", "分部"])
    sheet.write_formula(2, 2, '="上"&"海"', value="上海")
    book.close()
    row = only_bad_row(folder, tmp_path, session)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("branch.xlsx", 3, "city")
    assert (row["quarantine_reason"], row["found"]) == ("formula", '="上"&"海"')


def test_a_number_longer_than_a_cell_can_keep_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    """Of a bank card entered as a number Excel keeps fifteen digits; the rest would be read as zeros."""
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    book = xlsxwriter.Workbook(str(folder / "branch.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["branch_code", "branch_name", "city"])
    sheet.write_row(1, 0, ["001", "总部", "上海"])
    sheet.write_row(2, 0, [6222021234567890123, "分部", "上海"])
    book.close()
    row = only_bad_row(folder, tmp_path, session)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("branch.xlsx", 3, "branch_code")
    assert (row["quarantine_reason"], row["allowed_zh"]) == (
        "lost_digits",
        "文本：请把该列设为文本格式后重新录入",
    )
    assert row["found"].startswith("62220212345678")


def test_a_file_of_mostly_bad_rows_is_refused_as_mapped_wrongly_r238(
    tmp_path: Path, session: Session
) -> None:
    rows = [trade(trade_code=f"T{number}", traded_on="20/11/2026") for number in range(30)]
    intake = taken(deliver(tmp_path / "in", trade=[TRADE, *rows]), tmp_path / "sources", session)
    assert "trade.csv: 30 of 31 rows are bad" in str(intake.refused[0])
    assert "not_a_date in traded_on" in str(intake.refused[0])


def test_files_that_match_nothing_are_named_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trades_2026.csv").write_text("a,b\n")
    assert taken(folder, tmp_path / "sources", session).unmatched == ["trades_2026.csv"]
