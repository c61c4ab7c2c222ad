"""R003, R233, R238, R242: the command line tells what it does, and every refusal has an exit code of its own."""

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keepwell.contract import TABLES
from keepwell.engine import cli
from keepwell.engine.cli.nightly import refuse_future
from keepwell.engine.store.answers import write_answers
from keepwell.engine.store.errors import NoData
from tests.book import Rows, arrow_rows

AS_OF = dt.date(2026, 10, 20)
FIRM: dict[str, Rows] = {
    "branch": [{"branch_code": "B1", "branch_name": "杭州营业部", "city": "杭州"}],
    "staff": [
        {"staff_code": "S1", "branch_code": "B1", "staff_name": "李倩", "role": "manager", "has_book": True}
    ],
    "staff_licence": [{"staff_code": "S1", "licence_no": "1", "valid_from": dt.date(2020, 1, 1)}],
    "customer_record": [
        {"record_code": "000001", "branch_code": "B1", "client_kind": "person", "client_name": "王伟"},
        {"record_code": "000002", "branch_code": "B1", "client_kind": "person", "client_name": "李娜"},
    ],
    "account": [{"account_code": "A1", "record_code": "000001", "account_kind": "normal", "currency": "CNY"}],
    "daily_asset": [{"account_code": "A1", "held_on": dt.date(2026, 1, 5), "cash_amount": Decimal(600_000)}],
    "cash_flow": [
        {
            "flow_code": "F1",
            "account_code": "A1",
            "flowed_on": AS_OF,
            "known_on": AS_OF,
            "side": "in",
            "channel": "app",
        }
    ],
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Extracts of a small firm, and a data folder with one run made of them."""
    extracts, data = tmp_path_factory.mktemp("extracts"), tmp_path_factory.mktemp("data")
    for name, rows in FIRM.items():
        pq.write_table(arrow_rows(TABLES[name], rows), extracts / f"{name}.parquet")
    assert _run(extracts, data) == cli.DONE
    return extracts, data


def _run(extracts: Path, data: Path, as_of: str = "2026-10-20") -> int:
    return cli.main(["run", "--extracts", str(extracts), "--as-of", as_of, "--data", str(data), "--json"])


def test_r233_what_a_run_writes_is_for_its_owner_alone(folders: tuple[Path, Path]) -> None:
    written = [path for path in folders[1].rglob("*") if path != folders[1]]
    assert any("vault" in path.parts for path in written)
    assert {path.stat().st_mode & 0o077 for path in written} == {0}


def test_r233_what_a_run_writes_is_kept_out_of_a_repository_around_it(folders: tuple[Path, Path]) -> None:
    """R233: a new data folder tells git to leave all of it alone; one that was there is left as it was."""
    assert (folders[1] / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == "*"
    assert not (folders[0] / ".gitignore").exists()


def test_r242_explain_tells_the_grade_with_its_reason_in_both_languages(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("zh", "en"):
        assert cli.main(["explain", "A1", "--data", str(folders[1]), "--language", language]) == cli.DONE
        told[language] = capsys.readouterr().out
    assert "20 个交易日日均净资产" in told["zh"]
    assert "averaged" in told["en"]
    assert "grading 1.1+" in told["zh"]


def test_r026_explain_tells_what_risk_the_client_can_bear_and_why(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("zh", "en"):
        assert cli.main(["explain", "A1", "--data", str(folders[1]), "--language", language]) == cli.DONE
        told[language] = capsys.readouterr().out
    assert "客户适当性  (client_suitability)" in told["zh"]
    assert "按普通投资者保护（第7、10条）" in told["zh"]
    assert "protected as an ordinary investor (Art. 7, 10)" in told["en"]


def test_r242_explain_tells_one_figure_down_to_its_rows_and_reckons_it_again(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(folders[1])]
    for language, words in (("zh", "由下列行重算"), ("en", "reckoned again from these rows")):
        asked = ["explain", "A1", "--feature", "assets_amount", *data, "--language", language]
        assert cli.main(asked) == cli.DONE
        said = capsys.readouterr().out
        assert words in said
        assert "2026-01-05" in said
        assert "600,000.00" in said
    assert cli.main(["explain", "A1", "--feature", "n_flows_365d", *data, "--json"]) == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["value"], told["again"], told["way"], told["n_rows"]) == (1, 1, "count", 1)
    assert told["rows"][0]["row"]["flow_code"] == "F1"
    assert cli.main(["explain", "A1", "--feature", "shoe_size", *data]) == cli.NOT_UNDERSTOOD
    assert "shoe_size is no feature" in capsys.readouterr().err


def test_r242_explain_names_who_answers_for_each_pack(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The role that signs, and whom the firm named for it when it was asked by init."""
    write_answers(folders[1] / "firm.toml", {"owner_compliance": "王琳", "owner_hq_brokerage": "何静"})
    try:
        for language, told in (("zh", "合规 王琳"), ("en", "Compliance 王琳")):
            assert cli.main(["explain", "A1", "--data", str(folders[1]), "--language", language]) == cli.DONE
            said = capsys.readouterr().out
            assert any(
                "complaints 1.0+" in line and line.endswith(f" · {told}") for line in said.splitlines()
            )
    finally:
        (folders[1] / "firm.toml").unlink()


def test_r242_explain_as_json_names_every_decision(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["explain", "000001", "--data", str(folders[1]), "--json"]) == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["client_id"] == "C000001"
    assert told["client_grade"][0]["grade"] == "important"


def test_r242_an_unknown_client_or_run_has_its_exit_code(folders: tuple[Path, Path]) -> None:
    assert cli.main(["explain", "nobody", "--data", str(folders[1])]) == cli.UNKNOWN
    assert cli.main(["runs", "--run", "999999", "--data", str(folders[1])]) == cli.UNKNOWN


def test_r230_the_same_input_makes_no_second_run(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*folders) == cli.DONE
    assert json.loads(capsys.readouterr().out)["is_new"] is False


def test_r230_a_run_is_verified_to_the_byte(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", "--data", str(folders[1]), "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out)["holds"] is True


def test_r230_runs_are_listed_newest_first(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["runs", "--data", str(folders[1])]) == cli.DONE
    assert "000001  2026-10-20" in capsys.readouterr().out


def test_r238_a_day_without_data_is_refused_with_the_last_day_that_has_some(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(
        ["run", "--extracts", str(folders[0]), "--as-of", "2026-11-20", "--data", str(tmp_path), "--json"]
    )
    assert code == cli.REFUSED
    assert "2026-10-20" in capsys.readouterr().err
    assert not list((tmp_path / "runs").glob("0*"))


def test_r238_an_as_of_date_in_the_future_is_refused() -> None:
    with pytest.raises(NoData, match="lies in the future"):
        refuse_future(dt.date(2027, 1, 4), dt.date(2026, 11, 22))


def test_r238_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert _run(tmp_path / "nothing", tmp_path) == cli.REFUSED


def test_r230_one_run_is_shown_for_people_and_whole_as_json(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["runs", "--run", "000001", "--data", str(folders[1])]
    assert cli.main(asked) == cli.DONE
    told = capsys.readouterr().out
    (rows,) = [line.split() for line in told.splitlines() if line.startswith("rows read")]
    assert " ".join(rows) == "rows read 8 = accepted 8 + quarantined 0 + repeated 0"
    assert all(word in told for word in ("2026-10-20", "branch.parquet", "client_grade", "grading", "CPU s"))
    assert cli.main([*asked, "--json"]) == cli.DONE
    whole = json.loads(capsys.readouterr().out)
    assert whole["manifest"]["counts"]["read"] == 8
    assert {"take_in", "grading"} <= {stage["name"] for stage in whole["telemetry"]["stages"]}


def test_r238_a_run_tells_which_files_brought_it_nothing(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An optional file that was refused and one that matches nothing do not pass in silence."""
    extracts = tmp_path / "extracts"
    shutil.copytree(folders[0], extracts)
    (extracts / "login.csv").write_bytes(b"")
    (extracts / "logins_old.csv").write_text("a\n")
    asked = ["run", "--extracts", str(extracts), "--as-of", "2026-10-20", "--data", str(tmp_path / "data")]
    assert cli.main(asked) == cli.DONE
    told = capsys.readouterr().out
    assert "not taken in: login.csv: the file is empty. Deliver it again, or leave it out" in told
    assert "不收：login.csv：文件为空。请重新交付，或不交付该文件" in told
    assert "not read: logins_old.csv matches no file of the mapping" in told
    assert cli.main([*asked, "--json"]) == cli.DONE
    again = json.loads(capsys.readouterr().out)
    assert (again["is_new"], again["unmatched"], len(again["refused"])) == (False, ["logins_old.csv"], 1)


def test_r230_a_run_takes_mapping_and_packs_from_what_init_was_told(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The desk reads the packs of firm.toml: a run that did not would decide by other numbers than it shows."""
    data = tmp_path / "data"
    write_answers(data / "firm.toml", {"mapping": "counter.toml", "packs": "rules"})
    (data / "counter.toml").write_text(
        '[mapping]\nname = "counter"\ntitle = "Counter"\nothers_as_contract = true\n', encoding="utf-8"
    )
    assert _run(folders[0], data) == cli.REFUSED
    assert f"{data / 'rules'}: (folder): found no such folder" in capsys.readouterr().err
    (data / "rules").mkdir()
    assert _run(folders[0], data) == cli.DONE
    assert json.loads(capsys.readouterr().out)["manifest"]["mapping"] == "counter"
