"""R238: files as firms write them: GBK, GB18030, byte order marks, separators, fixed width, DBF, Excel, Parquet."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dbfread
import pytest
import xlsxwriter

from keepwell.contract.sources.events import Trade
from keepwell.contract.sources.firm import Branch, Staff
from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import BRANCH, TRADE, bad_rows, csv_text, deliver, rows_of, taken

NAMES = ["南京路营业部", "𠮷野家旁营业部"]


def branches(intake: Any, session: Session) -> list[str]:
    return [row["branch_name"] for row in rows_of(intake, session, Branch)]


def mapped(tmp_path: Path, text: str) -> str:
    """A mapping file on disk with the default's tail: everything else as the contract says."""
    path = tmp_path / "vendor.toml"
    path.write_text(
        '[mapping]\nname = "vendor"\ntitle = "A vendor"\ncalendar = "cn"\nothers_as_contract = true\n' + text,
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize(
    "encoding, called, name",
    [
        ("utf-8", "utf-8", NAMES[1]),
        ("utf-8-sig", "utf-8", NAMES[1]),
        ("gbk", "gbk", NAMES[0]),
        ("gb18030", "gb18030", NAMES[1]),
    ],
)
def test_the_encoding_is_found_by_decoding_r238(
    tmp_path: Path, session: Session, encoding: str, called: str, name: str
) -> None:
    folder = deliver(tmp_path / "in")
    text = csv_text([{**BRANCH, "branch_name": name}])
    (folder / "branch.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    intake = taken(folder, tmp_path / "sources", session)
    assert branches(intake, session) == [name]
    assert {row["encoding"] for row in intake.deliveries if row["table_name"] == "branch"} == {called}


def test_a_character_cut_at_the_end_of_a_piece_is_read_whole_r238(tmp_path: Path, session: Session) -> None:
    rows = [
        {**BRANCH, "branch_code": f"{n:06d}", "branch_name": "营业部" * (n % 7 + 1)} for n in range(40_000)
    ]
    rows.append(BRANCH)
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").write_bytes(csv_text(rows).encode("gbk"))
    intake = taken(folder, tmp_path / "sources", session)
    assert sorted(branches(intake, session)) == sorted(str(row["branch_name"]) for row in rows)


def test_utf16_is_named_in_the_error_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").write_bytes(csv_text([BRANCH]).encode("utf-16"))
    with pytest.raises(DeliveryRefused, match=r"branch\.csv: the file is UTF-16"):
        taken(folder, tmp_path / "sources", session)


def test_a_forced_encoding_quarantines_only_the_rows_it_cannot_read_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    bad = "002,坏".encode("gbk")[:-1] + b"\xff,x,tier_1\n"
    (folder / "branch.csv").write_bytes(csv_text([BRANCH]).encode("gbk") + bad)
    vendor = mapped(tmp_path, '[reading]\nencoding = "gbk"\n')
    for name in ("staff", "customer_record", "product"):
        path = folder / f"{name}.csv"
        path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    intake = taken(folder, tmp_path / "sources", session, vendor)
    assert [(row["line_no"], row["quarantine_reason"]) for row in bad_rows(intake, session)] == [
        (3, "bad_encoding")
    ]


@pytest.mark.parametrize("delimiter, written", [("|", "|"), ("\t", "\\t"), (";", ";")])
def test_texts_with_other_separators_keep_leading_zeros_r238(
    tmp_path: Path, session: Session, delimiter: str, written: str
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    (folder / "branches.txt").write_text(csv_text([BRANCH], delimiter), encoding="utf-8")
    vendor = mapped(
        tmp_path,
        f'[file.places]\npattern = "branches.txt"\ndelimiter = "{written}"\n[table.branch]\nfile = "places"\n',
    )
    intake = taken(folder, tmp_path / "sources", session, vendor)
    assert [row["branch_code"] for row in rows_of(intake, session, Branch)] == ["001"]


def test_lines_are_right_behind_quoted_line_breaks_blank_and_bad_lines_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    head, good = csv_text([TRADE]).splitlines()
    broken = good.replace("T1,", '"T\n2",', 1)  # lines 3 and 4, a control character in the key
    negative = good.replace("T1", "T3").replace(",100,", ",-100,")
    (folder / "trade.csv").write_text(f"{head}\n{good}\n{broken}\n\ntoo,few\n{negative}\n", encoding="utf-8")
    intake = taken(folder, tmp_path / "sources", session)
    found = [(row["line_no"], row["quarantine_reason"], row["raw"]) for row in bad_rows(intake, session)]
    assert found == [
        (3, "control_character", broken),
        (6, "wrong_width", "too,few"),
        (7, "out_of_bounds", negative),
    ]
    assert len(rows_of(intake, session, Trade)) == 1


def test_lines_are_right_in_a_dirty_file_that_is_read_in_parallel_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    head, good = csv_text([TRADE]).splitlines()
    lines, expected, number = [head], [], 2
    for n in range(60_000):
        row = good.replace("T1,", f"T{n},", 1)
        kinds = {7: "negative", 1007: "short", 2007: "blank", 3007: "broken", 4007: "long"}
        kind = kinds.get(n % 5000, "good")
        if kind == "broken":
            row = row.replace("buy", '"b\nuy"')
        made = {
            "negative": row.replace(",100,", ",-1,"),
            "short": "a,b",
            "blank": "",
            "long": row + ',"x\n\ny"',
        }
        reason = {
            "negative": "out_of_bounds",
            "short": "wrong_width",
            "broken": "unknown_code",
            "long": "wrong_width",
        }
        if kind in reason:
            expected.append((number, reason[kind]))
        lines.append(made.get(kind, row))
        number += 1 + lines[-1].count("\n")
    (folder / "trade.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    intake = taken(folder, tmp_path / "sources", session)
    assert [(row["line_no"], row["quarantine_reason"]) for row in bad_rows(intake, session)] == expected


def test_quotes_mean_nothing_where_the_mapping_says_so_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").write_text('branch_code|branch_name|city\n001|"南京|上海\n', encoding="utf-8")
    vendor = mapped(
        tmp_path,
        '[file.places]\npattern = "branch.csv"\ndelimiter = "|"\nquote = ""\n[table.branch]\nfile = "places"\n',
    )
    assert branches(taken(folder, tmp_path / "sources", session, vendor), session) == ['"南京']


@pytest.mark.parametrize(
    "sql, message",
    [
        ("SELECT *, nowhere FROM raw_places", "nowhere"),
        ("SELECT branch_code, branch_name, city FROM raw_places", "file_name"),
    ],
)
def test_a_preparation_that_fails_says_so_r238(
    tmp_path: Path, session: Session, sql: str, message: str
) -> None:
    folder = deliver(tmp_path / "in")
    vendor = mapped(
        tmp_path,
        f'[file.places]\npattern = "branch.csv"\n[table.branch]\nfiles = ["places"]\nsql = "{sql}"\n',
    )
    with pytest.raises(
        DeliveryRefused, match=r"branch\.csv → branch: table\.branch\.sql of the mapping fails"
    ) as raised:
        taken(folder, tmp_path / "sources", session, vendor)
    assert message in str(raised.value)


FIXED = """
[file.places]
pattern = "branch.dat"
columns = ["branch_code", "branch_name", "city"]
widths = [4, 16, 8]
[table.branch]
file = "places"
"""


def fixed_line(*fields: tuple[str, int]) -> bytes:
    return b"".join(text.encode("gbk").ljust(width) for text, width in fields) + b"\r\n"


def test_fixed_width_counts_bytes_as_mainframes_do_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    lines = [
        fixed_line(("001", 4), ("南京路营业部", 16), ("上海", 8)),
        b"002 short\r\n",
        fixed_line(("003", 4), ("a汉汉汉汉汉汉汉汉", 17), ("上海", 7)),
    ]
    (folder / "branch.dat").write_bytes(b"".join(lines))
    intake = taken(folder, tmp_path / "sources", session, mapped(tmp_path, FIXED))
    assert branches(intake, session) == ["南京路营业部"]
    found = [(row["line_no"], row["quarantine_reason"], row["allowed"]) for row in bad_rows(intake, session)]
    assert found == [
        (2, "wrong_width", "28 bytes a line"),
        (3, "bad_encoding", "bytes that are valid in the file's encoding"),
    ]


def write_dbf(path: Path, fields: Sequence[tuple[str, str, int]], rows: Sequence[Sequence[str]]) -> None:
    """A dBase III file in GBK; a first value that starts with * marks a deleted record."""
    size = 1 + sum(width for _, _, width in fields)
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 20, len(rows), 32 + 32 * len(fields) + 1, size)
    described = b"".join(
        name.encode().ljust(11, b"\0") + kind.encode() + b"\0" * 4 + bytes([width]) + b"\0" * 15
        for name, kind, width in fields
    )
    records = b"".join(
        (b"*" if row[0].startswith("*") else b" ")
        + b"".join(
            value.lstrip("*").encode("gbk").ljust(width)
            for value, (_, _, width) in zip(row, fields, strict=True)
        )
        for row in rows
    )
    path.write_bytes(head + described + b"\r" + records + b"\x1a")


DBF = """
[file.places]
pattern = "YYB.DBF"
[table.branch]
file = "places"
[table.branch.columns]
branch_code = "YYBDM"
branch_name = "YYBMC"
city = "CS"
opened_on = { from = "KYRQ", form = "YYYYMMDD" }
"""
DBF_FIELDS = [("YYBDM", "C", 6), ("YYBMC", "C", 30), ("CS", "C", 10), ("KYRQ", "D", 8)]


def test_dbf_in_gbk_is_read_as_an_independent_reader_reads_it_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    rows = [
        ("001", "南京路营业部", "上海", "19990101"),
        ("*002", "已删除", "上海", "19990101"),
        ("003", "分部", "北京", ""),
        ("004", "坏日期", "北京", "19991301"),
    ]
    write_dbf(folder / "YYB.DBF", DBF_FIELDS, rows)
    intake = taken(folder, tmp_path / "sources", session, mapped(tmp_path, DBF))
    seen = [
        (row["branch_code"], row["branch_name"], row["opened_on"]) for row in rows_of(intake, session, Branch)
    ]
    with pytest.raises(ValueError, match="19991301"):
        list(dbfread.DBF(folder / "YYB.DBF", encoding="gbk"))
    write_dbf(folder / "YYB.DBF", DBF_FIELDS, rows[:3])
    peer = [
        (row["YYBDM"], row["YYBMC"], row["KYRQ"]) for row in dbfread.DBF(folder / "YYB.DBF", encoding="gbk")
    ]
    assert seen == peer
    assert [(row["line_no"], row["found"]) for row in bad_rows(intake, session)] == [(4, "19991301")]


def test_a_cut_dbf_is_refused_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "branch.csv").unlink()
    write_dbf(folder / "YYB.DBF", DBF_FIELDS, [("001", "总部", "上海", "")] * 3)
    whole = (folder / "YYB.DBF").read_bytes()
    (folder / "YYB.DBF").write_bytes(whole[:-60])
    with pytest.raises(DeliveryRefused, match="header announces 3 records of 55 bytes, 59 bytes are missing"):
        taken(folder, tmp_path / "sources", session, mapped(tmp_path, DBF))


def test_excel_values_are_read_as_a_person_would_write_them_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "staff.csv").unlink()
    book = xlsxwriter.Workbook(str(folder / "staff.xlsx"))
    sheet = book.add_worksheet("员工")
    sheet.write_row(
        0,
        0,
        ["staff_code", "branch_code", "staff_name", "role", "has_book", "level", "weekly_hours", "joined_on"],
    )
    sheet.write_row(1, 0, ["S01", "001", "李明", "manager", True, 3, 37.5])
    sheet.write_datetime(1, 7, date(2020, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_row(3, 0, ["S02", "001", "赵敏", "manager", True, 3.5, 37.5])
    book.close()
    intake = taken(folder, tmp_path / "sources", session)
    (row,) = rows_of(intake, session, Staff)
    assert (row["level"], str(row["weekly_hours"]), str(row["joined_on"])) == (3, "37.50", "2020-03-01")
    assert [(row["line_no"], row["column_name"], row["found"]) for row in bad_rows(intake, session)] == [
        (4, "level", "3.5")
    ]


def test_parquet_takes_typed_columns_and_quarantines_what_breaks_the_contract_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").unlink()
    parts = folder / "trade"
    parts.mkdir()
    columns = ", ".join(
        f"'{value}' AS {key}" for key, value in TRADE.items() if key not in {"quantity", "price", "traded_on"}
    )
    for number, quantity in enumerate(["100", "-1"]):
        session.run(
            f"COPY (SELECT * REPLACE ('T{number}' AS trade_code), CAST({quantity} AS DECIMAL(9, 1)) AS quantity, "
            f"10.125 AS price, DATE '2026-11-20' AS traded_on FROM (SELECT {columns})) "
            f"TO '{parts}/part-{number}.parquet'"
        )
    intake = taken(folder, tmp_path / "sources", session)
    assert [(row["trade_code"], str(row["price"])) for row in rows_of(intake, session, Trade)] == [
        ("T0", "10.1250")
    ]
    (bad,) = bad_rows(intake, session)
    assert (bad["file_name"], bad["line_no"], bad["found"]) == ("trade/part-1.parquet", 1, "-1.0")
    assert '"trade_code":"T1"' in bad["raw"]
