"""R238: ``keepwell check`` finds what a run would find, keeps nothing, and says how to mend it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from keepwell.contract.codes import QuarantineReason
from keepwell.engine import cli
from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.store.checking import SHOWN, check
from keepwell.engine.store.intake import load_mapping
from keepwell.engine.store.session import Session
from keepwell.policy.packs import load_packs
from tests.engine.ingest.firm import AS_OF, RECORD, TRADE, deliver, taken


def test_a_good_delivery_is_usable_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert findings.is_usable
    assert {file.name: (file.n_read, file.n_accepted) for file in findings.files} == {
        f"{name}.csv": (1, 1)
        for name in ("branch", "staff", "customer_record", "account", "product", "trade")
    }
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "spill") == ["in"]


def test_bad_rows_show_with_their_first_places_r238(tmp_path: Path, session: Session) -> None:
    bad = [{**TRADE, "trade_code": f"N{number}", "quantity": "-1"} for number in range(SHOWN + 5)]
    good = [{**TRADE, "trade_code": f"G{number}"} for number in range(600)]
    folder = deliver(tmp_path / "in", trade=[*bad, *good, {**TRADE, "side": "hold"}])
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    (trades,) = [file for file in findings.files if file.table == "trade"]
    negative, unknown = trades.troubles
    assert (negative.reason, negative.n_rows, len(negative.spots)) == (
        QuarantineReason.OUT_OF_BOUNDS,
        SHOWN + 5,
        SHOWN,
    )
    assert (negative.spots[0].line, negative.spots[0].found) == (2, "-1")
    assert unknown.spots[0].allowed.en.startswith("one of buy, sell")
    assert unknown.spots[0].allowed.zh.startswith("下列之一：buy, sell")


def test_bad_rows_can_be_exported_with_their_reasons_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "=T2", "quantity": "-1"}])
    target = tmp_path / "mend.csv"
    check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF), export=target)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("trade.csv", "3", "quantity")
    assert (row["found"], row["原因"]) == ("'-1", "超出允许范围")
    assert row["raw"].startswith("'=T2,A1,")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_exported_value_is_a_formula_r238(sign: str, tmp_path: Path, session: Session) -> None:
    """R238: the exported file is opened in a spreadsheet, whose formulas may begin with a full-width sign too."""
    bad = {**TRADE, "trade_code": "T2", "traded_on": f"{sign}1+1"}
    folder, target = deliver(tmp_path / "in", trade=[TRADE, bad]), tmp_path / "mend.csv"
    check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF), export=target)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["found"] == f"'{sign}1+1"


def test_faults_and_strangers_are_listed_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "staff.csv").unlink()
    (folder / "readme.md").write_text("hello")
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert not findings.is_usable
    assert findings.unmatched == ["readme.md"]
    assert [fault.en.split(". ")[0] for fault in findings.faults] == [
        "table staff is required and has no accepted row; expected file: staff"
    ]
    assert findings.faults[0].zh.startswith("必需的表 staff 没有一行被收下")


def test_an_absent_folder_is_refused_with_its_exit_code_r238(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DeliveryRefused, match="no such folder"):
        check(session, tmp_path / "nowhere", load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    asked = ["check", str(tmp_path / "nowhere"), "--data", str(tmp_path / "data")]
    assert cli.main(asked) == cli.REFUSED
    assert "nowhere: no such folder" in capsys.readouterr().err


def test_a_refused_file_is_told_once_r238(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "staff.csv").write_bytes(b"staff_code\n\xff\xfe\xff\n")
    asked = ["check", str(folder), "--as-of", str(AS_OF), "--data", str(tmp_path / "data"), "--language"]
    for language, cannot in (("en", "A run cannot start"), ("zh", "改正以上问题后才能运行")):
        assert cli.main([*asked, language]) == cli.PROBLEMS
        told = capsys.readouterr().out
        assert told.count("staff.csv") == 1
        assert cannot in told
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert (len(findings.refused), findings.faults, findings.is_usable) == (1, [], False)


def test_a_check_is_told_in_the_reader_s_language_and_as_json_r238(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, value and remedy of a bad row, and rows read = accepted + repeated + not accepted."""
    folder = deliver(tmp_path / "in", trade=[TRADE, TRADE, {**TRADE, "trade_code": "T2", "quantity": "-1"}])
    asked = ["check", str(folder), "--as-of", str(AS_OF), "--data", str(tmp_path / "data")]
    assert cli.main([*asked, "--language", "zh"]) == cli.PROBLEMS
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["trade.csv", "trade", "utf-8", "3", "1", "1", "1"] in lines
    assert ["4", "quantity", "-1", "最多", "4", "位小数的数字，不带千分位，不小于", "0（必填）"] in lines
    assert cli.main([*asked, "--json"]) == cli.PROBLEMS
    told = json.loads(capsys.readouterr().out)
    (trouble,) = [one for file in told["files"] for one in file["troubles"]]
    assert (trouble["reason"], trouble["n_rows"], trouble["spots"][0]["line"]) == ("out_of_bounds", 1, 4)
    assert set(trouble["spots"][0]["allowed"]) == {"en", "zh"}


def test_a_place_for_the_export_that_cannot_be_written_is_told_first_r238(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, export = deliver(tmp_path / "in"), tmp_path / "nowhere" / "mend.csv"
    asked = ["check", str(folder), "--as-of", str(AS_OF), "--data", str(tmp_path), "--export", str(export)]
    assert cli.main(asked) == cli.REFUSED
    assert f"{export}: No such file or directory" in capsys.readouterr().err


def test_a_mistyped_column_shows_as_unread_and_as_empty_r238(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that may be empty and is misnamed would be lost for every row in silence."""
    record = {"pone" if key == "phone" else key: value for key, value in RECORD.items()}
    folder = deliver(tmp_path / "in", customer_record=[record])
    asked = [
        "check",
        str(folder),
        "--as-of",
        str(AS_OF),
        "--data",
        str(tmp_path / "data"),
        "--language",
        "zh",
    ]
    assert cli.main(asked) == cli.DONE
    told = capsys.readouterr().out
    assert "customer_record.csv：未读取的列：pone" in told
    (absent,) = [line for line in told.splitlines() if "未交付、留空的列" in line]
    assert "phone" in absent
    assert "trade.csv：" not in told


def test_what_a_file_says_cannot_steer_the_terminal_r238(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {**RECORD, "record_code": "2", "client_name": "王\x1b[31m伟\u202e"}
    folder = deliver(tmp_path / "in", customer_record=[RECORD, odd])
    asked = ["check", str(folder), "--as-of", str(AS_OF), "--data", str(tmp_path / "data")]
    assert cli.main(asked) == cli.PROBLEMS
    told = capsys.readouterr().out
    assert "王\\x1b[31m伟\\x202e" in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_a_file_refused_for_its_bad_rows_shows_them_with_value_and_remedy_r238(
    tmp_path: Path, session: Session
) -> None:
    """R238: that keepwell check lists the reasons is true of a file that is refused whole, on screen and exported."""
    bad = [{**TRADE, "trade_code": f"N{number}", "traded_on": "20261120"} for number in range(SHOWN + 5)]
    folder = deliver(tmp_path / "in", trade=[*bad, TRADE])
    target = tmp_path / "mend.csv"
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF), export=target)
    (trades,) = [file for file in findings.files if file.table == "trade"]
    assert (trades.n_read, trades.n_accepted, trades.n_repeated) == (SHOWN + 6, 0, 0)
    (trouble,) = trades.troubles
    assert (trouble.reason, trouble.n_rows) == (QuarantineReason.NOT_A_DATE, SHOWN + 5)
    first = trouble.spots[0]
    assert (first.line, first.column, first.found) == (2, "traded_on", "20261120")
    assert first.allowed.en.startswith("a date written YYYY-MM-DD")
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["line_no"] for row in rows] == ["0", *(str(number + 2) for number in range(SHOWN + 5))]
    assert rows[1]["raw"].startswith("N0,A1,")


def test_files_that_only_refer_to_a_refused_one_are_told_in_a_line_r238(
    tmp_path: Path, session: Session
) -> None:
    """R238: what follows from another file's fault does not hide it."""
    bad = [{**RECORD, "record_code": f"{number}", "opened_on": "02.01.2020"} for number in range(200)]
    folder = deliver(tmp_path / "in", customer_record=bad)
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert [(file.table, len(file.troubles[0].spots)) for file in findings.files if file.troubles] == [
        ("customer_record", SHOWN),
        ("account", 1),
        ("trade", 1),
    ]
    assert [refused.en.split(":")[0] for refused in findings.refused] == ["customer_record.csv"]


def test_a_night_is_checked_on_top_of_the_nights_before_it_r238(tmp_path: Path, session: Session) -> None:
    """R238: rows that refer to an earlier delivery are good, and a night already taken in shows its bad rows again."""
    sources = tmp_path / "data" / "sources"
    taken(deliver(tmp_path / "first"), sources, session)
    bad = {**TRADE, "trade_code": "T3", "quantity": "-1"}
    night = deliver(tmp_path / "night", trade=[{**TRADE, "trade_code": "T2"}, bad])
    for name in ("product", "account"):  # to both of which a trade refers
        (night / f"{name}.csv").unlink()
    before = _bytes(sources)

    def checked() -> list[tuple[int, int, int, list[str]]]:
        mapping, packs = load_mapping("keepwell"), load_packs(AS_OF)
        findings = check(session, night, mapping, AS_OF, packs, before=sources)
        assert (findings.faults, findings.refused) == ([], [])
        (trades,) = [file for file in findings.files if file.table == "trade"]
        reasons = [str(trouble.reason) for trouble in trades.troubles]
        return [(trades.n_read, trades.n_accepted, trades.n_repeated, reasons)]

    assert checked() == [(2, 1, 0, ["out_of_bounds"])]
    assert _bytes(sources) == before
    taken(night, sources, session)
    before = _bytes(sources)
    assert checked() == [(2, 0, 1, ["out_of_bounds"])]
    assert _bytes(sources) == before


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".ods", ".et"])
def test_an_old_workbook_is_told_how_to_be_delivered_r238(
    suffix: str, tmp_path: Path, session: Session
) -> None:
    """R238: a workbook of another form than .xlsx is known as one; renaming it would not help."""
    folder = deliver(tmp_path / "in")
    (folder / "account.csv").unlink()
    (folder / f"account{suffix}").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert (findings.unmatched, findings.is_usable) == ([], False)
    assert findings.refused[0].en == (
        f"account{suffix}: a workbook of the form {suffix} is not read. Open it and save it as .xlsx or .csv"
    )


def test_a_cut_parquet_file_is_told_without_our_own_sql_r238(tmp_path: Path, session: Session) -> None:
    """R238: the sentence about a damaged file quotes what is wrong, not the query that found it."""
    folder = deliver(tmp_path / "in")
    (folder / "trade.csv").unlink()
    (folder / "trade.parquet").write_bytes(b"PAR1" + bytes(64))
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert "trade.parquet: not a readable Parquet file" in findings.refused[0].en
    assert not any(word in findings.refused[0].en for word in ("SELECT", "LINE 1", "^"))
