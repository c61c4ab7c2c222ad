"""R238: ``keepwell check`` finds what a run would find, keeps nothing, and says how to mend it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keepwell.contract.codes import QuarantineReason
from keepwell.engine import cli
from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.store.checking import SHOWN, check
from keepwell.engine.store.intake import load_mapping
from keepwell.engine.store.session import Session
from keepwell.policy.packs import load_packs
from tests.engine.ingest.firm import AS_OF, TRADE, deliver


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
    assert unknown.spots[0].allowed.startswith("one of buy, sell")


def test_bad_rows_can_be_exported_with_their_reasons_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "=T2", "quantity": "-1"}])
    target = tmp_path / "mend.csv"
    check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF), export=target)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["file_name"], row["line_no"], row["column_name"]) == ("trade.csv", "3", "quantity")
    assert (row["found"], row["原因"]) == ("'-1", "超出允许范围")
    assert row["raw"].startswith("'=T2,A1,")


def test_faults_and_strangers_are_listed_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "staff.csv").unlink()
    (folder / "readme.md").write_text("hello")
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert not findings.is_usable
    assert findings.unmatched == ["readme.md"]
    assert [fault.split(". ")[0] for fault in findings.faults] == [
        "table staff is required and has no accepted row; expected file: staff"
    ]


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
    asked = ["check", str(folder), "--as-of", str(AS_OF), "--data", str(tmp_path / "data")]
    assert cli.main(asked) == cli.PROBLEMS
    told = capsys.readouterr().out
    assert told.count("staff.csv") == 1
    assert "A run cannot start" in told
    findings = check(session, folder, load_mapping("keepwell"), AS_OF, load_packs(AS_OF))
    assert (len(findings.refused), findings.faults, findings.is_usable) == (1, [], False)
