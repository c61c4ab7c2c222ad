"""``keepwell init``: the questions of a first start, ``DATA/firm.toml``, and what is ready."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from keepwell.engine.cli import output
from keepwell.engine.store.answers import FILE, NONE, answers_in, beside, mapping_in, write_answers
from keepwell.engine.store.errors import StoreError
from keepwell.engine.store.intake import load_mapping
from keepwell.policy.errors import PolicyError
from keepwell.policy.packs import load_packs

FREE_GIB = 5
POSTGRESQL_PORT = 5432
SECONDS = 3


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
    return None if answer.strip() else "an answer is needed 必填"


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
    good = answer.isascii() and answer.isdigit() and int(answer) > 0
    return None if good else "a whole number above zero"


DATA = Question("data", "Data folder, for all that is kept 存放全部数据的文件夹", "var", _some)
QUESTIONS = (
    Question("firm", "Name of the firm 公司名称", "", _some),
    Question("database", "Database of the desk 数据库 (sqlite, or postgresql://…)", "sqlite", _database),
    Question(
        "extracts",
        "Folder with the firm's files, in the data folder or a full path "
        "公司数据文件所在的文件夹（相对于数据文件夹，或完整路径）",
        "extracts",
        _some,
    ),
    Question("mapping", "How the files are written 数据映射 (keepwell, or a TOML file)", "keepwell", _some),
    Question("as_of", "Last day the data covers 数据截止日", "2026-11-20", _date),
    Question("calendar", "Calendar 日历 (cn or weekdays)", "cn", _one_of("cn", "weekdays")),
    Question("packs", "Folder of the firm's own rules 自有规则文件夹 (- for none)", NONE, _some),
    Question("owner_hq_brokerage", "Owner of service rules 经纪业务规则负责人", "", _some),
    Question("owner_compliance", "Owner of compliance rules 合规规则负责人", "", _some),
    Question("administrator_1", "First administrator, staff number 第一位管理员工号", "", _some),
    Question("administrator_2", "Second administrator, staff number 第二位管理员工号", "", _some),
    Question("language", "First language 首选语言 (zh-hans or en)", "zh-hans", _one_of("zh-hans", "en")),
    Question("years_kept", "Years records are kept 资料保存年限", "20", _number),
)


def execute(asked: argparse.Namespace) -> int:
    """Ask, write, and tell what is ready; exit code 1 while something is missing."""
    given = _given(asked.answers)
    data = Path(_answer(replace(DATA, default=str(asked.data)), given, defaults=asked.defaults))
    before = answers_in(data / FILE)
    answers: dict[str, str] = {}
    for one in QUESTIONS:
        question = _another(_as_before(one, before), answers)
        answers[one.key] = _answer(question, given, defaults=asked.defaults)
    write_answers(data / FILE, answers)
    items = readiness(data, answers)
    if asked.json:
        ready = {name: problem or "ok" for name, problem in items}
        output.as_json({"file": str(data / FILE), "ready": ready})
    else:
        print(f"Written: {data / FILE}")
        output.table(
            ("", "ready?", "what is missing"), [("✗" if bad else "✓", name, bad or "") for name, bad in items]
        )
    return 1 if any(problem for _, problem in items) else 0


def _given(path: Path | None) -> dict[str, str]:
    """The answers of a file. Raises ``AnswerRefused`` for one nobody asks for: it would be lost unseen."""
    if path is None:
        return {}
    given = answers_in(path) if path.exists() else _absent(path)
    known = [DATA.key, *(question.key for question in QUESTIONS)]
    for key in given:
        if key not in known:
            raise AnswerRefused(f"{path}: {key}: no such question; allowed: {', '.join(known)}")
    return given


def _absent(path: Path) -> dict[str, str]:
    raise AnswerRefused(f"{path}: no such file; name the TOML file with the answers")


def _as_before(question: Question, before: Mapping[str, str]) -> Question:
    """The question with the answer given before as its default, if that is still allowed."""
    said = before.get(question.key, "")
    return replace(question, default=said) if said and question.check(said) is None else question


def _another(question: Question, answers: Mapping[str, str]) -> Question:
    """The second administrator is asked for until it is another person: nobody types all answers again for it."""
    if question.key != "administrator_2":
        return question
    first, check = answers["administrator_1"], question.check
    other = "another than administrator_1, for every grant needs two people 须与第一位管理员不同"
    default = "" if question.default == first else question.default
    return replace(
        question, default=default, check=lambda answer: other if answer == first else check(answer)
    )


def _answer(question: Question, given: Mapping[str, str], *, defaults: bool) -> str:
    if question.key in given:
        return _good(question, given[question.key])
    if question.default and (defaults or (question.key == DATA.key and not sys.stdin.isatty())):
        return question.default
    if not sys.stdin.isatty():
        raise _not_answered(question)
    while True:
        try:
            typed = input(f"{question.asked} [{question.default}]: ").strip() or question.default
        except EOFError:
            raise _not_answered(question) from None
        problem = question.check(typed)
        if problem is None:
            return typed
        print(f"  {problem}")


def _not_answered(question: Question) -> AnswerRefused:
    return AnswerRefused(
        f"{question.key}: not answered; name it in the file of --answers, or run in a terminal. Nothing was written."
    )


def _good(question: Question, answer: str) -> str:
    problem = question.check(answer)
    if problem:
        raise AnswerRefused(f"{question.key}: found {answer!r}; allowed: {problem}")
    return answer


def readiness(data: Path, answers: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """What must be there before a first run, each with what is missing or ``None``."""
    as_of = dt.date.fromisoformat(answers["as_of"])
    extracts, own = beside(data, answers["extracts"]), _own(data, answers)
    free = shutil.disk_usage(data).free / 1024**3
    return [
        ("disk", None if free >= FREE_GIB else f"{free:.1f} GiB free; at least {FREE_GIB} GiB are needed"),
        ("database", _no_server(answers["database"])),
        ("extracts", None if extracts.is_dir() and any(extracts.iterdir()) else f"{extracts} holds no file"),
        ("mapping", _told(lambda: _one_calendar(data, answers))),
        ("packs", _told(lambda: load_packs(as_of, own, answers["calendar"]))),
        ("calendar", _told(lambda: _calendar_covers(as_of, own, answers["calendar"]))),
        ("retention", _told(lambda: _kept_as_long(as_of, own, answers))),
    ]


def _own(data: Path, answers: Mapping[str, str]) -> Path | None:
    return None if answers["packs"] == NONE else beside(data, answers["packs"])


def _no_server(database: str) -> str | None:
    """Whether a server answers where the database should be; one behind a socket of this machine is not asked."""
    if database == "sqlite":
        return None
    try:
        place = urlsplit(database)
        where = (place.hostname, place.port or POSTGRESQL_PORT)
        if where[0] is not None:
            socket.create_connection((where[0], where[1]), timeout=SECONDS).close()
    except (OSError, ValueError) as fault:
        return f"no server answers: {fault}; start it, or mend the address"
    return None


def _one_calendar(data: Path, answers: Mapping[str, str]) -> None:
    """The mapping can be read, and names the calendar that was answered: a run takes the mapping's."""
    mapping = load_mapping(mapping_in(data, answers["mapping"]))
    if mapping.calendar != answers["calendar"]:
        raise AnswerRefused(
            f"mapping {mapping.name} names calendar {mapping.calendar}, the answer is {answers['calendar']}; "
            "a run takes the mapping's: mend one of them"
        )


def _calendar_covers(as_of: dt.date, own: Path | None, name: str) -> None:
    calendars = load_packs(as_of, own, name).calendars
    if not calendars.trading.knows(as_of):
        raise AnswerRefused(
            f"calendar {name} is verified from {calendars.trading.first} to {calendars.trading.last}; "
            f"add the year of {as_of}"
        )


def _kept_as_long(as_of: dt.date, own: Path | None, answers: Mapping[str, str]) -> None:
    """The pack that says which runs are swept keeps them as long as was answered."""
    n_months = load_packs(as_of, own, answers["calendar"]).retention_of_runs.n_month_ends
    asked = 12 * int(answers["years_kept"])
    if n_months != asked:
        raise AnswerRefused(
            f"pack retention_of_runs keeps {n_months} month-ends, {answers['years_kept']} years are {asked}; "
            "have one of your own signed, or answer as it says"
        )


def _told(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except (StoreError, PolicyError, ValueError, OSError) as error:
        return str(error)
    return None
