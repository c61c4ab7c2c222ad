"""``keepwell init``: the questions of a first start, ``DATA/firm.toml``, and what is ready."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwell.engine.cli import output
from keepwell.engine.store.errors import StoreError
from keepwell.engine.store.intake import load_mapping
from keepwell.policy.errors import PolicyError
from keepwell.policy.packs import load_packs

FREE_GIB = 5


class AnswerRefused(StoreError):
    """An answer that cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key in ``firm.toml``, the words, the default and what makes an answer good."""

    key: str
    asked: str
    default: str
    check: Callable[[str], str | None]


def _some(answer: str) -> str | None:
    return None if answer.strip() else "an answer is needed"


def _date(answer: str) -> str | None:
    try:
        dt.date.fromisoformat(answer)
    except ValueError:
        return "a date as 2026-11-20"
    return None


def _one_of(*allowed: str) -> Callable[[str], str | None]:
    return lambda answer: None if answer in allowed else "one of " + ", ".join(allowed)


def _database(answer: str) -> str | None:
    good = answer == "sqlite" or answer.startswith(("postgresql://", "postgres://"))
    return None if good else "sqlite, or an address as postgresql://user@host/name"


def _number(answer: str) -> str | None:
    return None if answer.isdigit() and int(answer) > 0 else "a whole number above zero"


QUESTIONS = (
    Question("firm", "Name of the firm 公司名称", "", _some),
    Question("database", "Database of the desk 数据库 (sqlite, or postgresql://…)", "sqlite", _database),
    Question("extracts", "Folder with the firm's files 数据文件夹", "extracts", _some),
    Question("mapping", "How the files are written 数据映射 (keepwell, or a TOML file)", "keepwell", _some),
    Question("as_of", "Last day the data covers 数据截止日", "2026-11-20", _date),
    Question("calendar", "Calendar 日历 (cn or weekdays)", "cn", _one_of("cn", "weekdays")),
    Question("packs", "Folder of the firm's own rules 自有规则文件夹 (- for none)", "-", _some),
    Question("owner_hq_brokerage", "Owner of service rules 经纪业务规则负责人", "", _some),
    Question("owner_compliance", "Owner of compliance rules 合规规则负责人", "", _some),
    Question("administrator_1", "First administrator, staff number 第一位管理员工号", "", _some),
    Question("administrator_2", "Second administrator, staff number 第二位管理员工号", "", _some),
    Question("language", "First language 首选语言 (zh-hans or en)", "zh-hans", _one_of("zh-hans", "en")),
    Question("years_kept", "Years records are kept 资料保存年限", "20", _number),
)


def execute(asked: argparse.Namespace) -> int:
    """Ask, write, and tell what is ready; exit code 1 while something is missing."""
    given = tomllib.loads(asked.answers.read_text(encoding="utf-8")) if asked.answers else {}
    answers = {question.key: _answer(question, given, defaults=asked.defaults) for question in QUESTIONS}
    if answers["administrator_1"] == answers["administrator_2"]:
        raise AnswerRefused(
            "administrator_2: the same as administrator_1; every grant needs two people. Name another."
        )
    path: Path = asked.data / "firm.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_toml(answers), encoding="utf-8")
    items = readiness(asked.data, answers)
    if asked.json:
        output.as_json({"file": str(path), "ready": {name: problem or "ok" for name, problem in items}})
    else:
        print(f"Written: {path}")
        output.table(
            ("", "ready?", "what is missing"), [("✗" if bad else "✓", name, bad or "") for name, bad in items]
        )
    return 1 if any(problem for _, problem in items) else 0


def _answer(question: Question, given: dict[str, Any], *, defaults: bool) -> str:
    if question.key in given:
        return _good(question, str(given[question.key]))
    if defaults and question.default:
        return question.default
    if not sys.stdin.isatty():
        raise AnswerRefused(
            f"{question.key}: not answered; name it in the file of --answers, or run in a terminal."
        )
    while True:
        typed = input(f"{question.asked} [{question.default}]: ").strip() or question.default
        problem = question.check(typed)
        if problem is None:
            return typed
        print(f"  {problem}")


def _good(question: Question, answer: str) -> str:
    problem = question.check(answer)
    if problem:
        raise AnswerRefused(f"{question.key}: found {answer!r}; allowed: {problem}")
    return answer


def _toml(answers: dict[str, str]) -> str:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in answers.items()]
    return "# What keepwell init was told; the desk's set-up reads it.\n" + "\n".join(lines) + "\n"


def readiness(data: Path, answers: dict[str, str]) -> list[tuple[str, str | None]]:
    """What must be there before a first run, each with what is missing or ``None``."""
    as_of = dt.date.fromisoformat(answers["as_of"])
    extracts = _beside(data, answers["extracts"])
    free = shutil.disk_usage(data).free / 1024**3
    return [
        ("disk", None if free >= FREE_GIB else f"{free:.1f} GiB free; at least {FREE_GIB} GiB are needed"),
        ("extracts", None if extracts.is_dir() and any(extracts.iterdir()) else f"{extracts} holds no file"),
        ("mapping", _told(lambda: load_mapping(answers["mapping"]))),
        ("packs", _told(lambda: load_packs(as_of, _own(data, answers), answers["calendar"]))),
        ("calendar", _told(lambda: _calendar_covers(as_of, _own(data, answers), answers["calendar"]))),
    ]


def _beside(data: Path, folder: str) -> Path:
    """A folder that was named relative to the data folder."""
    path = Path(folder)
    return path if path.is_absolute() else data / path


def _own(data: Path, answers: dict[str, str]) -> Path | None:
    return None if answers["packs"] == "-" else _beside(data, answers["packs"])


def _calendar_covers(as_of: dt.date, own: Path | None, name: str) -> None:
    calendars = load_packs(as_of, own, name).calendars
    if not calendars.trading.knows(as_of):
        raise AnswerRefused(
            f"calendar {name} is verified to {calendars.trading.last}; add the year of {as_of}"
        )


def _told(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except (StoreError, PolicyError, ValueError, OSError) as error:
        return str(error)
    return None
