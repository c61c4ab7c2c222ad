"""R238: files nobody would write by accident still end in a clear error or a quarantined row, never in a fault,
a lost row or a value that was not in the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from keepwell.contract.sources.contacts import Contact
from keepwell.contract.sources.events import Trade
from keepwell.contract.sources.firm import Branch
from keepwell.engine.ingest.errors import DeliveryRefused, MappingError
from keepwell.engine.store.about import read_about
from keepwell.engine.store.intake import mapping_of
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import BRANCH, RECORD, TRADE, bad_rows, csv_text, deliver, rows_of, taken


def trades(n_rows: int) -> list[dict[str, Any]]:
    return [{**TRADE, "trade_code": f"T{number:04d}"} for number in range(n_rows)]


def refusal(folder: Path, tmp_path: Path, session: Session) -> str:
    intake = taken(folder, tmp_path / "sources", session)
    (fault,) = intake.refused
    return str(fault)


def test_a_folder_named_like_a_partition_changes_no_value_r238_r013(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "branch_code=666" / "product_code=evil" / "in")
    intake = taken(folder, tmp_path / "branch_name=evil" / "sources", session)
    assert not bad_rows(intake, session)
    assert [row["branch_code"] for row in rows_of(intake, session, Branch)] == [BRANCH["branch_code"]]
    assert [row["branch_name"] for row in rows_of(intake, session, Branch)] == [BRANCH["branch_name"]]
    assert [row["product_code"] for row in rows_of(intake, session, Trade)] == [TRADE["product_code"]]


def test_quotes_in_folder_names_are_only_names_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "o'brien's \"in\"")
    intake = taken(folder, tmp_path / "d'ata; DROP TABLE x" / "sources", session)
    assert len(rows_of(intake, session, Trade)) == 1


def test_a_quote_left_open_refuses_the_file_instead_of_losing_rows_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in", trade=trades(300))
    lines = (folder / "trade.csv").read_text().split("\n")
    (folder / "trade.csv").write_text("\n".join([*lines[:100], '"' + lines[100], *lines[101:]]))
    assert "a quote opened in line 101 is not closed" in refusal(folder, tmp_path, session)


def test_a_bad_row_is_found_where_lines_end_in_cr_alone_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "T2", "account_code": "A9"}])
    text = (folder / "trade.csv").read_text()
    (folder / "trade.csv").write_bytes(text.replace("\n", "\r").encode())
    (row,) = bad_rows(taken(folder, tmp_path / "sources", session), session)
    assert (row["line_no"], row["column_name"], row["raw"]) == (3, "account_code", text.split("\n")[2])


NOTE = 'a "quoted" note'


def test_parquet_columns_of_one_name_are_refused_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").unlink()
    columns = [pa.array(["T1"]), pa.array(["1"]), pa.array(["2"])]
    twice = pa.Table.from_arrays(columns, names=["trade_code", "quantity", "Quantity"])
    pq.write_table(twice, folder / "trade.parquet")
    assert "trade.parquet: it names columns twice: quantity" in refusal(folder, tmp_path, session)


def sneaky(tmp_path: Path, sql: str) -> Path:
    """A mapping whose preparation of branches runs this SQL."""
    path = tmp_path / "sneaky.toml"
    path.write_text(
        '[mapping]\nname = "sneaky"\ntitle = "Sneaky"\nothers_as_contract = true\n'
        '[file.places]\npattern = "branch.csv"\n'
        f'[table.branch]\nfiles = ["places"]\nsql = """{sql}"""\n',
        encoding="utf-8",
    )
    return path


READS = "SELECT file_name, line_no, branch_code, branch_name, city FROM raw_places"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'x' AS file_name, 1 AS line_no, content AS branch_name FROM read_text('/etc/passwd')",
        "SELECT 'x' AS file_name, 1 AS line_no, * FROM read_csv('/etc/passwd')",
        "SELECT file_name, 1 AS line_no, file AS branch_name FROM glob('/etc/*'), raw_places",
    ],
)
def test_a_mapping_reads_no_file_but_what_was_delivered_r238(
    tmp_path: Path, session: Session, sql: str
) -> None:
    folder = deliver(tmp_path / "in")
    with pytest.raises(DeliveryRefused) as raised:
        taken(folder, tmp_path / "sources", session, str(sneaky(tmp_path, sql)))
    assert "table.branch.sql of the mapping reads or writes files" in str(raised.value)
    assert "root:" not in str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        f"{READS}) ORDER BY ALL) TO '/tmp/stolen.csv'; SELECT * FROM (SELECT 1",
        f"{READS}) ORDER BY ALL) TO 'x'; SET enable_external_access = true; COPY (SELECT * FROM ({READS}",
        "SELECT file_name, line_no, secret AS branch_name FROM raw_places, desk",
    ],
)
def test_a_mapping_writes_nothing_and_changes_no_setting_r238(
    tmp_path: Path, session: Session, sql: str
) -> None:
    folder = deliver(tmp_path / "in")
    with pytest.raises(DeliveryRefused, match=r"table\.branch\.sql of the mapping"):
        taken(folder, tmp_path / "sources", session, str(sneaky(tmp_path, sql)))


def test_a_delivery_names_shipped_mappings_only_r238(tmp_path: Path, session: Session) -> None:
    """Whoever delivers files does not say how they are read: a firm's own mapping comes by the command line."""
    folder = deliver(tmp_path / "in")
    own = sneaky(tmp_path, READS)
    (folder / "delivery.toml").write_text(f'mapping = "{own}"\n', encoding="utf-8")
    with pytest.raises(
        MappingError, match=r"delivery\.toml: mapping: found .* one of berka, far_trans, keepwell"
    ):
        mapping_of(None, read_about(folder))
    assert mapping_of(str(own), read_about(folder)).name == "sneaky"
    assert len(rows_of(taken(folder, tmp_path / "sources", session, str(own)), session, Branch)) == 1


def contacts(n: int) -> list[dict[str, str]]:
    """Contacts with a note; the tests give some of their notes line ends."""
    said = {"record_code": RECORD["record_code"], "staff_code": "S01", "contacted_at": "2026-11-20 02:00:00"}
    on = {"contacted_on": "2026-11-20", "known_on": "2026-11-20", "channel": "phone", "outcome": "reached"}
    return [
        {"contact_code": f"K{number}", **said, **on, "is_substantial": "true", "note": NOTE}
        for number in range(n)
    ]


@pytest.mark.parametrize(
    "ends", [("\r\n", "\n"), ("\n", "\r\n"), ("\r", "\n"), ("\r\n", "\r", "\n")], ids=repr
)
def test_line_ends_of_several_kinds_in_one_text_are_taken_r238(
    tmp_path: Path, session: Session, ends: tuple[str, ...]
) -> None:
    """Every row is read, quotes and all, and a bad row is found on its own line."""
    rows = [{**row, "record_code": "nobody"} if place == 7 else row for place, row in enumerate(contacts(12))]
    folder = deliver(tmp_path / "in", contact=rows)
    lines = (folder / "contact.csv").read_text(encoding="utf-8").splitlines()
    mixed = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines))
    (folder / "contact.csv").write_bytes(mixed.encode())
    intake = taken(folder, tmp_path / "sources", session)
    assert [row["note"] for row in rows_of(intake, session, Contact)] == [NOTE] * 11
    (bad,) = bad_rows(intake, session)
    assert (bad["line_no"], bad["column_name"], bad["raw"]) == (9, "record_code", lines[8])


def test_a_lone_cr_inside_quotes_is_no_line_end_r238(tmp_path: Path, session: Session) -> None:
    """It is part of the text; the rows behind it keep their lines."""
    rows = [*contacts(2), {**contacts(3)[2], "record_code": "nobody"}]
    folder = deliver(tmp_path / "in", contact=rows)
    text = (folder / "contact.csv").read_text(encoding="utf-8").replace('a ""quoted"" note', "one\rtwo")
    (folder / "contact.csv").write_bytes(text.replace("\n", "\r\n").encode())
    intake = taken(folder, tmp_path / "sources", session)
    assert [row["note"] for row in rows_of(intake, session, Contact)] == ["one\rtwo"] * 2
    (bad,) = bad_rows(intake, session)
    assert (bad["line_no"], bad["column_name"]) == (4, "record_code")


def test_a_stray_quote_hides_no_line_ends_r238(tmp_path: Path, session: Session) -> None:
    rows = [{**row, "note": "plain"} for row in contacts(4)]
    folder = deliver(tmp_path / "in", contact=rows)
    lines = (folder / "contact.csv").read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("plain", '5" pipe')
    mixed = "".join(line + ("\r\n", "\n")[place % 2] for place, line in enumerate(lines))
    (folder / "contact.csv").write_bytes(mixed.encode())
    intake = taken(folder, tmp_path / "sources", session)
    assert len(rows_of(intake, session, Contact)) + len(bad_rows(intake, session)) == 4
    assert all(row["line_no"] == 3 for row in bad_rows(intake, session))


def test_a_header_of_a_hundred_thousand_columns_is_refused_at_once_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").write_text(",".join(f"c{number}" for number in range(100_000)) + "\n")
    assert "line 1 names 100000 columns, 2000 are read at most" in refusal(folder, tmp_path, session)


@pytest.mark.parametrize("header", ["trade_code,TRADE_CODE", "x" * 200_000])
def test_a_header_that_is_none_is_refused_r238(tmp_path: Path, session: Session, header: str) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").write_text(f"{header}\n1,2\n")
    assert "trade.csv: line 1" in refusal(folder, tmp_path, session)


def _parquet(folder: Path, **columns: pa.Array) -> Path:
    rows = trades(2)
    table = pa.table({name: [row.get(name) for row in rows] for name in rows[0]} | columns)
    (folder / "trade.csv").unlink()
    pq.write_table(table, folder / "trade.parquet")
    return folder / "trade.parquet"


def test_parquet_text_that_is_none_is_refused_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    bytes_ = pa.array([b"\xff\xfe1", b"\xff\xfe2"], pa.binary())
    _parquet(folder, trade_code=pa.StringArray.from_buffers(2, *bytes_.buffers()[1:]))
    assert "trade.parquet: cannot be read" in refusal(folder, tmp_path, session)


def test_parquet_with_a_taken_column_name_is_refused_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    _parquet(folder, file_row_number=pa.array([1, 2]))
    assert "a column is named 'file_row_number'" in refusal(folder, tmp_path, session)


def test_an_instant_long_after_the_cut_is_quarantined_r238(tmp_path: Path, session: Session) -> None:
    late = {**TRADE, "trade_code": "T2", "traded_at": "9999-12-31 23:59:59"}
    intake = taken(deliver(tmp_path / "in", trade=[TRADE, late]), tmp_path / "sources", session)
    (row,) = bad_rows(intake, session)
    assert (row["column_name"], row["quarantine_reason"]) == ("traded_at", "out_of_bounds")


@pytest.mark.parametrize("sign", ["\u200b", "\u200f", "\u061c", "\u2028", "\ufeff", "\u202e"])
def test_names_with_signs_nobody_sees_are_quarantined_r238(
    tmp_path: Path, session: Session, sign: str
) -> None:
    shown = {**RECORD, "record_code": "R9", "client_name": f"王{sign}伟"}
    intake = taken(deliver(tmp_path / "in", customer_record=[RECORD, shown]), tmp_path / "sources", session)
    (row,) = bad_rows(intake, session)
    assert (row["column_name"], row["quarantine_reason"]) == ("client_name", "control_character")


def test_one_stray_cell_in_the_last_corner_refuses_the_sheet_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").unlink()
    book = xlsxwriter.Workbook(str(folder / "trade.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(TRADE))
    sheet.write(1_000_000, 16_000, "x")
    book.close()
    assert "50000000 are read at most" in refusal(folder, tmp_path, session)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\0\0", b"file,rows,column,total\ntrade.csv,1,traded_amount,sNaN\n",
     b'file,rows,column,total\ntrade.csv,1,"' + b"x" * 200_000 + b'",1\n'],
)  # fmt: skip
def test_a_control_file_that_is_none_refuses_the_delivery_r238(
    tmp_path: Path, session: Session, body: bytes
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "control.csv").write_bytes(body)
    with pytest.raises(DeliveryRefused, match=r"control\.csv"):
        taken(folder, tmp_path / "sources", session)


def test_a_delivery_file_that_is_none_is_told_r238(tmp_path: Path) -> None:
    (tmp_path / "delivery.toml").write_bytes(b"\x86\xff")
    with pytest.raises(DeliveryRefused, match=r"delivery\.toml: .*allowed: TOML 1\.0 in UTF-8"):
        read_about(tmp_path)


def test_a_link_that_leads_out_of_the_delivery_is_not_read_r238(tmp_path: Path, session: Session) -> None:
    (tmp_path / "elsewhere.csv").write_text(csv_text([TRADE]))
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").unlink()
    (folder / "trade.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / b"trade\xff.csv".decode(errors="surrogateescape")).write_text("a\n")
    intake = taken(folder, tmp_path / "sources", session)
    assert not rows_of(intake, session, Trade)
    assert set(intake.unmatched) == {"trade.csv", "trade\\udcff.csv"}
