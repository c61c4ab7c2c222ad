"""R242: every command has a page one can learn from, and what cannot be done is told without a traceback."""

import argparse
import json
import shlex
from pathlib import Path

import pytest

from keepwell.engine import cli
from keepwell.engine.cli import arguments, pages
from keepwell.engine.cli.arguments import COMMANDS


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_r242_every_command_has_a_page_one_can_learn_from(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it does, examples that can be typed, and what each exit code means."""
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    page = capsys.readouterr().out
    assert stopped.value.code == 0
    told = COMMANDS[command][2]
    assert told.told.split("\n")[0] in page
    assert all(f"{code:>3}  {pages.CODES[code]}" in page for code in (*pages.ALWAYS, *told.codes))
    examples = [line.strip() for line in page.splitlines() if line.startswith("  keepwell ")]
    assert examples
    for example in examples:
        assert arguments.parser().parse_args(shlex.split(example)[1:]).command == command


def test_r242_the_first_page_names_the_first_steps_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    page = capsys.readouterr().out
    assert all(f"{code:>3}  {meaning}" in page for code, meaning in pages.CODES.items())
    assert page.index("keepwell init") < page.index("keepwell check DIR") < page.index("keepwell run ")


@pytest.mark.parametrize(
    "asked, said",
    [
        (["check", ".", "--threads", "0"], "a whole number from 1 on is allowed"),
        (["check", ".", "--memory", "much"], "write it as 8GB or 512MB"),
        (["run", "--extracts", ".", "--as-of", "20.11.2026"], "write it as 2026-11-20"),
        (["simulate", "--clients", "7"], "a whole number from 100 on is allowed"),
        (["simulate", "--live-per-book", "-3"], "a number above zero is allowed"),
    ],
)
def test_r242_what_is_not_understood_says_what_is_allowed(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(asked)
    assert stopped.value.code == cli.NOT_UNDERSTOOD
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked, said",
    [
        (["--clients", "9000000"], "9000000 clients: the made-up firm has 100 to 5,000,000"),
        (["--months", "99"], "take fewer months or load earlier years"),
        (["--until", "2031-01-01"], "lies beyond the calendar, which is verified to 2026-12-31"),
        (["--months", "1", "--nights", "21"], "--nights 21: the firm lives 21 days"),
    ],
)
def test_r241_a_firm_that_cannot_be_made_is_refused_before_anything_is_written(
    asked: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["simulate", "--data", str(tmp_path / "data"), *asked]) == cli.REFUSED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_r241_identities_can_be_made_hard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 100 persons 38 have several records instead of 12: the specification's --identity hard."""
    n_records = {}
    for identity in ("usual", "hard"):
        asked = [
            "simulate",
            "--data",
            str(tmp_path / identity),
            "--clients",
            "1000",
            "--months",
            "1",
            "--json",
        ]
        assert cli.main([*asked, "--identity", identity]) == cli.DONE
        n_records[identity] = json.loads(capsys.readouterr().out)["rows"]["customer_record"]
    assert 1.2 < n_records["hard"] / n_records["usual"] < 1.7


def test_r242_a_folder_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    asked = ["check", str(tmp_path), "--as-of", "2026-11-20", "--data", str(tmp_path / "file" / "data")]
    assert cli.main(asked) == cli.REFUSED
    assert "file/data" in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_r242_ctrl_c_ends_every_command_with_the_code_its_page_tells(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No command is without the code of Ctrl-C, those that only read among them."""

    def interrupted(_asked: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    module, _, page, _ = COMMANDS[command]
    monkeypatch.setattr(f"keepwell.engine.cli.{module}.execute", interrupted)
    assert cli.main(shlex.split(page.examples[0])[1:]) == cli.STOPPED
    assert "stopped" in capsys.readouterr().err
    assert f"{cli.STOPPED}  {pages.CODES[cli.STOPPED]}" in page.epilog


def test_r242_a_fault_of_ours_keeps_its_traceback() -> None:
    assert cli.exit_code(OSError("no file has to do with it")) is None
    assert cli.exit_code(ZeroDivisionError()) is None
    assert cli.exit_code(OSError(28, "No space left on device", "x")) == cli.DISK_FULL
