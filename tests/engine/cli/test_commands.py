"""R003, R233, R238, R242: the command line tells what it does, and every refusal has an exit code of its own."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keepwell.contract import TABLES
from keepwell.engine import cli
from keepwell.engine.cli.arguments import COMMANDS
from keepwell.engine.cli.nightly import refuse_future
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


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_r242_every_command_has_a_page_one_can_learn_from(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    page = capsys.readouterr().out
    assert stopped.value.code == 0
    assert COMMANDS[command][2].split("\n")[0] in page


def test_r242_explain_tells_the_grade_with_its_reason_in_both_languages(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("zh", "en"):
        assert cli.main(["explain", "A1", "--data", str(folders[1]), "--language", language]) == cli.DONE
        told[language] = capsys.readouterr().out
    assert "20 个交易日日均净资产" in told["zh"]
    assert "averaged" in told["en"]
    assert "grading 1.0+" in told["zh"]


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


def test_r199_a_first_start_needs_two_administrators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.toml"
    names = {"firm": "某证券", "owner_hq_brokerage": "A", "owner_compliance": "B"}
    both = {**names, "administrator_1": "S1", "administrator_2": "S1"}
    answers.write_text("".join(f'{key} = "{value}"\n' for key, value in both.items()), encoding="utf-8")
    assert cli.main(["init", "--data", str(tmp_path), "--answers", str(answers), "--defaults"]) == cli.REFUSED
    assert "administrator_2" in capsys.readouterr().err


def test_r230_a_first_start_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.toml"
    said = {
        "firm": "某证券",
        "owner_hq_brokerage": "A",
        "owner_compliance": "B",
        "administrator_1": "S1",
        "administrator_2": "S2",
    }
    answers.write_text("".join(f'{key} = "{value}"\n' for key, value in said.items()), encoding="utf-8")
    code = cli.main(["init", "--data", str(tmp_path), "--answers", str(answers), "--defaults", "--json"])
    ready = json.loads(capsys.readouterr().out)["ready"]
    assert code == cli.PROBLEMS
    assert "holds no file" in ready["extracts"]
    assert ready["packs"] == ready["calendar"] == "ok"
    assert 'firm = "某证券"' in (tmp_path / "firm.toml").read_text(encoding="utf-8")
