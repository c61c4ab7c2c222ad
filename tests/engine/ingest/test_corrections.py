"""R238: the same file twice changes nothing; a corrected file supersedes, and what was known before stays known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keepwell.contract.sources.clients import CustomerRecord
from keepwell.contract.sources.events import Trade
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.session import Session, file_hash
from tests.engine.ingest.firm import ACCOUNT, RECORD, TRADE, bad_rows, csv_text, deliver, rows_of, taken

MONDAY = date(2026, 11, 23)


def counts(intake: Any, table: str) -> dict[str, int]:
    (row,) = [one for one in intake.deliveries if one["table_name"] == table]
    return {key[2:]: row[key] for key in row if key.startswith("n_") and key != "n_bytes"}


def hashes(sources: Path) -> dict[str, str]:
    return {
        str(path.relative_to(sources)): file_hash(path)
        for path in sorted(sources.rglob("*.*"))
        if path.is_file()
    }


def test_the_same_files_twice_change_no_byte_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "T2", "quantity": "-1"}])
    first = taken(folder, tmp_path / "sources", session)
    before = hashes(tmp_path / "sources")
    again = taken(folder, tmp_path / "sources", session)
    assert hashes(tmp_path / "sources") == before
    assert counts(first, "trade") == {
        "read": 2,
        "accepted": 1,
        "quarantined": 1,
        "repeated": 0,
        "superseding": 0,
    }
    assert counts(again, "trade") == {
        "read": 2,
        "accepted": 0,
        "quarantined": 1,
        "repeated": 1,
        "superseding": 0,
    }
    assert all(row["is_known"] for row in again.deliveries)
    assert bad_rows(again, session) == bad_rows(first, session)


def test_rows_met_again_in_another_file_are_repeated_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    taken(folder, tmp_path / "sources", session)
    deliver(folder, trade=[TRADE, {**TRADE, "trade_code": "T2"}])
    intake = taken(folder, tmp_path / "sources", session)
    assert counts(intake, "trade") == {
        "read": 2,
        "accepted": 1,
        "quarantined": 0,
        "repeated": 1,
        "superseding": 0,
    }
    assert [row["trade_code"] for row in rows_of(intake, session, Trade)] == ["T1", "T2"]


def test_a_corrected_file_supersedes_and_the_past_stays_known_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    taken(folder, tmp_path / "sources", session)
    deliver(folder, customer_record=[{**RECORD, "client_name": "王炜", "phone": "13900000000"}])
    intake = taken(folder, tmp_path / "sources", session, as_of=date(2026, 11, 20), known_on=MONDAY)
    assert counts(intake, "customer_record") == {
        "read": 1, "accepted": 1, "quarantined": 0, "repeated": 0, "superseding": 1
    }  # fmt: skip
    (row,) = rows_of(intake, session, CustomerRecord, secrets=True)
    assert (row["client_name"], row["phone"]) == ("王炜", "13900000000")
    before = Conformed(tmp_path / "sources").current(CustomerRecord, known_to=date(2026, 11, 20))
    assert session.rows(f"SELECT client_name, phone FROM ({before})") == [("王伟", "13800000000")]


def test_a_change_of_a_secret_alone_is_a_correction_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    taken(folder, tmp_path / "sources", session)
    deliver(folder, customer_record=[{**RECORD, "phone": "13900000000"}])
    intake = taken(folder, tmp_path / "sources", session)
    (row,) = rows_of(intake, session, CustomerRecord, secrets=True)
    assert row["phone"] == "13900000000"


def test_a_row_corrected_back_and_forth_on_one_day_ends_as_delivered_last_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in")
    quantities = ["100", "200", "100.0", "200.0"]  # four different files, two contents
    for quantity in quantities:
        deliver(folder, trade=[{**TRADE, "quantity": quantity}])
        intake = taken(folder, tmp_path / "sources", session)
        assert [row["quantity"] for row in rows_of(intake, session, Trade)] == [float(quantity)]


def quantities(folder: Path, sources: Path, session: Session, *delivered: str, on: date) -> list[float]:
    """Deliver trades of these quantities, a file each, all of trade T1 and one of their own; what then counts."""
    for path in (folder / "trade.csv", *folder.glob("trade/*")):
        path.unlink(missing_ok=True)
    (folder / "trade").mkdir(exist_ok=True)
    for quantity in delivered:
        rows = [{**TRADE, "quantity": quantity}, {**TRADE, "trade_code": f"T{quantity}"}]
        (folder / "trade" / f"{quantity}.csv").write_text(csv_text(rows), encoding="utf-8")
    intake = taken(folder, sources, session, as_of=date(2026, 11, 20), known_on=on)
    return [row["quantity"] for row in rows_of(intake, session, Trade) if row["trade_code"] == "T1"]


def test_a_correction_is_taken_back_by_the_file_of_before_r238(tmp_path: Path, session: Session) -> None:
    """R238: the file of before the correction counts again, from the day on which it came again."""
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    days = [date(2026, 11, day) for day in range(23, 28)]
    for day, quantity in zip(days, ["100", "200", "100", "200", "200"], strict=True):
        assert quantities(folder, sources, session, quantity, on=day) == [float(quantity)]
    for day, known in zip(days, [100, 200, 100, 200, 200], strict=True):
        then = Conformed(sources).current(Trade, known_to=day)
        assert session.rows(f"SELECT quantity FROM ({then}) WHERE trade_code = 'T1'") == [(known,)]


def test_a_correction_taken_back_is_counted_and_then_known_r238(tmp_path: Path, session: Session) -> None:
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    original = (folder / "trade.csv").read_text(encoding="utf-8")
    taken(folder, sources, session)
    deliver(folder, trade=[{**TRADE, "quantity": "200"}])
    taken(folder, sources, session)
    (folder / "trade.csv").write_text(original, encoding="utf-8")
    back = taken(folder, sources, session)
    assert counts(back, "trade") == {
        "read": 1,
        "accepted": 1,
        "quarantined": 0,
        "repeated": 0,
        "superseding": 1,
    }
    before = hashes(sources)
    again = taken(folder, sources, session)
    assert all(row["is_known"] for row in again.deliveries)
    assert hashes(sources) == before


def test_a_file_beside_its_correction_takes_nothing_back_r238(tmp_path: Path, session: Session) -> None:
    """R238: a folder that keeps the files of all days says each day the same, in whichever order files are read."""
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    assert quantities(folder, sources, session, "300", on=MONDAY) == [300]
    assert quantities(folder, sources, session, "300", "200", on=MONDAY) == [200]
    assert quantities(folder, sources, session, "300", "200", "100", on=MONDAY) == [100]
    before = hashes(sources)
    assert quantities(folder, sources, session, "300", "200", "100", on=MONDAY) == [100]
    assert hashes(sources) == before
    assert quantities(folder, sources, session, "300", on=MONDAY) == [100]  # it was there when 100 came


def test_of_two_files_known_before_the_later_stands_r238(tmp_path: Path, session: Session) -> None:
    """R238: 100, 200 and 300 came one after the other; 100 and 200 together take 300 back, and 200 stands."""
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    for quantity in ("100", "200", "300"):
        assert quantities(folder, sources, session, quantity, on=MONDAY) == [float(quantity)]
    assert quantities(folder, sources, session, "100", "200", on=MONDAY) == [200]
    assert quantities(folder, sources, session, "100", "200", on=MONDAY) == [200]
    assert quantities(folder, sources, session, "300", on=MONDAY) == [300]


def test_what_a_later_file_beside_it_says_is_not_taken_back_r238(tmp_path: Path, session: Session) -> None:
    """R238: 200 corrected 100 and is gone, 300 corrected 200 and is there: 100 coming again leaves 300 standing."""
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    for quantity in ("100", "200", "300"):
        quantities(folder, sources, session, quantity, on=MONDAY)
    assert quantities(folder, sources, session, "100", "300", on=MONDAY) == [300]


def open_quantities(folder: Path, sources: Path, session: Session, *delivered: str, on: date) -> list[float]:
    """As ``quantities``, but that the first file also has a trade of an account nobody knows: it is read each night."""
    for path in (folder / "trade.csv", *folder.glob("trade/*")):
        path.unlink(missing_ok=True)
    (folder / "trade").mkdir(exist_ok=True)
    for quantity in delivered:
        rows = [{**TRADE, "quantity": quantity}]
        if quantity == "100":
            rows.append({**TRADE, "trade_code": "T100", "account_code": "A9"})
        (folder / "trade" / f"{quantity}.csv").write_text(csv_text(rows), encoding="utf-8")
    intake = taken(folder, sources, session, as_of=date(2026, 11, 20), known_on=on)
    assert len(bad_rows(intake, session)) == ("100" in delivered)
    return [row["quantity"] for row in rows_of(intake, session, Trade) if row["trade_code"] == "T1"]


@pytest.mark.parametrize("delivered", [("100", "200"), ("200",)])
def test_a_file_read_each_night_leaves_a_correction_beside_it_standing_r238(
    tmp_path: Path, session: Session, delivered: tuple[str, ...]
) -> None:
    """R238: rows that wait for their account let a file be read again and again; what it said before is no news."""
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    assert open_quantities(folder, sources, session, "100", on=MONDAY) == [100]
    assert open_quantities(folder, sources, session, *delivered, on=MONDAY) == [200]
    for _night in range(3):
        assert open_quantities(folder, sources, session, "100", "200", on=MONDAY) == [200]


def test_a_file_read_each_night_takes_a_correction_back_alone_r238(tmp_path: Path, session: Session) -> None:
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    for quantity in ("100", "200", "100", "100"):
        assert open_quantities(folder, sources, session, quantity, on=MONDAY) == [float(quantity)]
    assert open_quantities(folder, sources, session, "100", "200", on=MONDAY) == [100]


def test_what_waited_in_a_file_read_each_night_is_news_when_it_can_be_taken_in_r238(
    tmp_path: Path, session: Session
) -> None:
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    open_quantities(folder, sources, session, "100", on=MONDAY)
    open_quantities(folder, sources, session, "100", "200", on=MONDAY)
    (folder / "account.csv").write_text(
        csv_text([ACCOUNT, {**ACCOUNT, "account_code": "A9"}]), encoding="utf-8"
    )
    intake = taken(folder, sources, session, as_of=date(2026, 11, 20), known_on=MONDAY)
    found = {row["trade_code"]: row["quantity"] for row in rows_of(intake, session, Trade)}
    assert found == {"T1": 200, "T100": 100}


def test_a_correction_is_taken_back_after_its_month_was_merged_r238(tmp_path: Path, session: Session) -> None:
    folder, sources = deliver(tmp_path / "in"), tmp_path / "sources"
    for day, quantity in ((23, "100"), (24, "200"), (25, "300")):
        quantities(folder, sources, session, quantity, on=date(2026, 11, day))
    assert quantities(folder, sources, session, "200", on=date(2026, 12, 1)) == [200]


def test_secret_columns_lie_in_the_vault_alone_r238(tmp_path: Path, session: Session) -> None:
    intake = taken(deliver(tmp_path / "in"), tmp_path / "sources", session)
    for path in intake.parts["customer_record"]:
        columns = {row[0] for row in session.rows(f"DESCRIBE SELECT * FROM read_parquet('{path}')")}
        assert bool(columns & set(CustomerRecord.secret_names())) == ("vault" in path.parts)
    assert "id_number" not in rows_of(intake, session, CustomerRecord)[0]


def test_a_row_whose_account_comes_later_is_accepted_then_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "T2", "account_code": "A2"}])
    first = taken(folder, tmp_path / "sources", session)
    assert len(bad_rows(first, session)) == 1
    deliver(folder, account=[ACCOUNT, {**ACCOUNT, "account_code": "A2"}], trade=csv_rows(folder))
    second = taken(folder, tmp_path / "sources", session)
    assert bad_rows(second, session) == []
    assert counts(second, "trade") == {
        "read": 2,
        "accepted": 1,
        "quarantined": 0,
        "repeated": 1,
        "superseding": 0,
    }


def csv_rows(folder: Path) -> list[dict[str, str]]:
    """The trades as they lie in the folder, so that the file stays the same to the byte."""
    text = (folder / "trade.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert csv_text(rows) == text
    return rows


def test_a_mended_mapping_reads_the_same_file_again_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[{**TRADE, "traded_on": "20261120"}])
    assert len(bad_rows(taken(folder, tmp_path / "sources", session), session)) == 1
    vendor = tmp_path / "vendor.toml"
    vendor.write_text(
        '[mapping]\nname = "v"\ntitle = "V"\nothers_as_contract = true\n[file.t]\npattern = "trade.csv"\n'
        '[table.trade]\nfile = "t"\n[table.trade.columns]\ntraded_on = { from = "traded_on", form = "YYYYMMDD" }\n',
        encoding="utf-8",
    )
    mended = taken(folder, tmp_path / "sources", session, str(vendor))
    assert bad_rows(mended, session) == []
    assert len(rows_of(mended, session, Trade)) == 1


def test_a_call_that_was_killed_is_called_again_and_ends_as_if_it_had_not_been_r238(
    tmp_path: Path, session: Session
) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "T2", "quantity": "-1"}])

    class KilledError(Exception):
        pass

    def kill(what: str, _number: int, _of: int) -> None:
        if what == "ingest trade":
            (tmp_path / "killed" / "trade").mkdir(parents=True)
            (tmp_path / "killed" / "trade" / "2026-11-20-half.parquet").write_bytes(b"half")
            (tmp_path / "killed" / ".spill-left").mkdir()
            raise KilledError

    with pytest.raises(KilledError):
        taken(folder, tmp_path / "killed", session, progress=kill)
    again = taken(folder, tmp_path / "killed", session)
    clean = taken(folder, tmp_path / "clean", session)
    assert hashes(tmp_path / "killed") == hashes(tmp_path / "clean")
    assert rows_of(again, session, Trade) == rows_of(clean, session, Trade)
    assert session.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal") == []


def test_parts_are_byte_equal_for_one_and_four_threads(tmp_path: Path) -> None:
    rows = [
        {**TRADE, "trade_code": f"T{number:05d}", "quantity": str(number % 97 + 1)} for number in range(5000)
    ]
    folder = deliver(tmp_path / "in", trade=rows[::-1])
    found = []
    for threads in (1, 4):
        with Session(threads=threads) as session:
            taken(folder, tmp_path / f"sources{threads}", session)
        found.append(hashes(tmp_path / f"sources{threads}"))
    assert found[0] == found[1]
