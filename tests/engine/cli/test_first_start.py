"""R199, R230: the questions of a first start, what they write, and what is said to be missing."""

import json
import sys
from pathlib import Path

import pytest

from keepwell.engine import cli
from keepwell.engine.cli.first_start import DATA, QUESTIONS
from keepwell.engine.store.answers import answers_in, read_answers

NEEDED = {
    "firm": "某证券",
    "owner_hq_brokerage": "A",
    "owner_compliance": "B",
    "administrator_1": "S1",
    "administrator_2": "S2",
}


def file_of(folder: Path, **answers: str) -> Path:
    path = folder / "answers.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in {**NEEDED, **answers}.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def init(folder: Path, *more: str, **answers: str) -> int:
    return cli.main(
        ["init", "--data", str(folder), "--answers", str(file_of(folder, **answers)), "--defaults", *more]
    )


def test_r199_a_first_start_needs_two_administrators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(tmp_path, administrator_2="S1") == cli.REFUSED
    assert "administrator_2" in capsys.readouterr().err
    assert not (tmp_path / "firm.toml").exists()


def test_r199_the_second_administrator_is_asked_for_again_until_it_is_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R199: two people, and nobody types all answers again for having named one twice."""
    told = file_of(tmp_path)
    told.write_text(told.read_text(encoding="utf-8").replace('administrator_2 = "S2"', ""), encoding="utf-8")
    typed = iter(["S1", "S2"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _asked: next(typed))
    cli.main(["init", "--data", str(tmp_path), "--answers", str(told), "--defaults"])
    assert "another than administrator_1" in capsys.readouterr().out
    assert answers_in(tmp_path / "firm.toml")["administrator_2"] == "S2"


def test_r230_a_first_start_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path, "--json") == cli.PROBLEMS
    ready = json.loads(capsys.readouterr().out)["ready"]
    assert "holds no file" in ready["extracts"]
    assert ready["packs"] == ready["calendar"] == ready["mapping"] == ready["database"] == "ok"
    assert answers_in(tmp_path / "firm.toml")["firm"] == "某证券"


@pytest.mark.parametrize(
    "answers, item, said",
    [
        ({"calendar": "weekdays"}, "mapping", "names calendar cn, the answer is weekdays"),
        ({"mapping": "nobody.toml"}, "mapping", "no such file"),
        ({"years_kept": "30"}, "retention", "keeps 240 month-ends, 30 years are 360"),
        ({"as_of": "2031-01-02"}, "calendar", "verified from 2023-01-01 to 2026-12-31"),
        ({"database": "postgresql://desk@127.0.0.1:1/keepwell"}, "database", "no server answers"),
    ],
)
def test_r230_what_does_not_fit_is_told_before_a_run(
    answers: dict[str, str], item: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "extracts").mkdir()
    (tmp_path / "extracts" / "branch.csv").touch()
    assert init(tmp_path, "--json", **answers) == cli.PROBLEMS
    ready = json.loads(capsys.readouterr().out)["ready"]
    assert said in ready.pop(item)
    assert set(ready.values()) == {"ok"}


@pytest.mark.parametrize(
    "text, said",
    [
        ('firma = "x"', "firma: no such question; allowed: data, firm, database"),
        ("firm = ", "allowed: TOML 1.0 in UTF-8"),
        ('as_of = "20.11.2026"', "as_of: found '20.11.2026'; allowed: a date as 2026-11-20"),
    ],
)
def test_r230_answers_that_cannot_be_used_are_refused(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = file_of(tmp_path)
    answers.write_text(answers.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    asked = ["init", "--data", str(tmp_path), "--answers", str(answers), "--defaults"]
    assert cli.main(asked) == cli.REFUSED
    assert said in capsys.readouterr().err
    assert cli.main(["init", "--data", str(tmp_path), "--answers", str(tmp_path / "none")]) == cli.REFUSED
    assert "no such file" in capsys.readouterr().err


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A person at a terminal who types these lines and then ends the input."""
    typed: list[str] = []

    def answer(_question: str) -> str:
        if not typed:
            raise EOFError
        return typed.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return typed


def test_r230_every_question_is_asked_and_a_bad_answer_asked_again(
    terminal: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The data folder is the first question: what is written lies in the one that was named."""
    lines = {
        DATA.key: str(tmp_path / "firm"),
        **{one.key: one.default or f"my {one.key}" for one in QUESTIONS},
    }
    terminal += lines.values()
    terminal.insert(list(lines).index("language"), "de")
    assert cli.main(["init", "--data", str(tmp_path)]) == cli.PROBLEMS
    assert "one of zh-hans, en" in capsys.readouterr().out
    del lines[DATA.key]
    assert answers_in(tmp_path / "firm" / "firm.toml") == lines


def test_r230_whoever_stops_answering_has_written_nothing(
    terminal: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal += [str(tmp_path / "firm"), "某证券"]
    assert cli.main(["init", "--data", str(tmp_path)]) == cli.REFUSED
    assert "database: not answered" in capsys.readouterr().err
    assert not (tmp_path / "firm").exists()


def test_r230_asked_again_the_answers_before_are_the_defaults(tmp_path: Path) -> None:
    assert init(tmp_path, packs="rules", mapping="berka") == cli.PROBLEMS
    assert cli.main(["init", "--data", str(tmp_path), "--defaults"]) == cli.PROBLEMS
    assert answers_in(tmp_path / "firm.toml")["firm"] == "某证券"
    told = read_answers(tmp_path)
    assert (told.mapping, told.packs) == ("berka", tmp_path / "rules")
