"""An English message that counts things has a form for one: "1 client", never "1 clients"; Chinese has one form."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from keepwell.contract import reasons
from keepwell.contract.codes import CalendarKind
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.reasons.grading import ActivityReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.reasons.sentence import COUNTED as SAID_OF_ONE
from keepwell.contract.reasons.sentence import days_of, sentence
from keepwell.contract.schema import Code
from keepwell.policy.packs import DEFAULTS
from tools.messages import DESK, visible

THINGS = (
    "accounts|branches|changes|clients|contacts|days|entries|fields|files|findings|heads|hours|items|keys|letters|"
    "log-ins|managers|minutes|months|numbers|pairs|people|records|rows|runs|seconds|tasks|trades|values|years"
)
COUNTED = re.compile(rf"%\(\w+\)[sd] (?:[\w-]+ )?(?:{THINGS})\b")
# A number beside a word that is filled in: which of its forms, the message cannot choose.
BESIDE_A_WORD = re.compile(r"%\((?:n|shown|count|total|n_\w+)\)[sd] %\(\w+\)s")
IN_A_TEMPLATE = re.compile(
    r"{{[^}|]*\b(?:n|n_\w+|days|count|total)\b[^}]*}} {{ *([\w.]*(?:calendar|unit|kind|label)\w*)"
)
FACT = re.compile(rf"{{(?:n_|fact_days|days)\w*}} (?:[\w-]+ )?(?:{THINGS})\b")
ONE = re.compile(rf"\b1 (?:[\w-]+ )?(?:{THINGS})\b")
INFLECTED = {"label"}  # people/person.html: the room that names the thing inflects it (work/leaving.py)
MANY = {  # said of several alone
    "%(by)s gave you %(n)s clients",
    "Over %(alone_up_to)s rows: another person has to agree before the file is written.",
    "Shown for %(seconds)s seconds, with your name, the purpose and the time in the log.",
    "More than %(n)s clients pass; the first %(n)s by assets are shown. Narrow the filters, or do it in parts.",
}


def test_messages_that_count_things_have_a_form_for_one() -> None:
    alone = [message for message in visible() if isinstance(message, str) and COUNTED.search(message)]
    assert sorted(set(alone) - MANY) == []
    forms = [form for message in visible() for form in ([message] if isinstance(message, str) else message)]
    said = [
        form for form in forms if "%(what)s" not in form
    ]  # people/disable.html: inflected as under `INFLECTED`
    assert [form for form in said if BESIDE_A_WORD.search(form) or ONE.search(form)] == []


def test_templates_put_no_number_beside_a_word_of_many() -> None:
    pages = {str(path.relative_to(DESK)): path.read_text(encoding="utf-8") for path in DESK.rglob("*.html")}
    found = [(name, word) for name, text in pages.items() for word in IN_A_TEMPLATE.findall(text)]
    assert [(name, word) for name, word in found if word not in INFLECTED] == []


def test_every_reason_that_counts_things_is_said_of_one_too() -> None:
    modules = [
        import_module(f"{reasons.__name__}.{module.name}") for module in iter_modules(reasons.__path__)
    ]
    codes = {code for module in modules for code in vars(module).values() if isinstance(code, type)}
    said = {one.text.en for code in codes if issubclass(code, Code) for one in code}
    assert len(said) > 100
    assert [text for text in sorted(said) if FACT.search(SAID_OF_ONE.sub("", text)) or ONE.search(text)] == []


def test_packs_say_one_of_a_thing_in_the_singular() -> None:
    texts = {path.name: Path(path).read_text(encoding="utf-8") for path in DEFAULTS.rglob("*.toml")}
    assert [name for name, text in texts.items() if ONE.search(text)] == []


@pytest.mark.parametrize("kind", CalendarKind)
def test_r234_days_of_each_calendar_are_counted_in_the_singular_and_plural(kind: CalendarKind) -> None:
    one, two = days_of(1, kind), days_of(2, kind)
    assert one.en == f"1 {kind.text.en.removesuffix('s')}"
    assert two.en == f"2 {kind.text.en}"
    assert (one.zh, two.zh) == (f"1 个{kind.text.zh}", f"2 个{kind.text.zh}")


def test_the_scan_can_fail() -> None:
    assert COUNTED.search("%(n)s clients wait")
    assert COUNTED.search("%(n)d open tasks")
    assert COUNTED.search("in %(days)s days over all rules")
    assert BESIDE_A_WORD.search("within %(n)d %(calendar)s (%(day)s)")
    assert IN_A_TEMPLATE.findall("{{ rule.n }} {{ rule.calendar }}") == ["rule.calendar"]
    assert FACT.search("moved {n_rows} rows")
    assert ONE.search("within 1 working days")


@pytest.mark.parametrize(
    "reason, facts, said",
    [
        (Refusal.TOO_MANY_ROWS, {"n_found": 1, "at_most": 1}, "1 row matches"),
        (Refusal.TOO_MANY_ROWS, {"n_found": "12,480", "at_most": "5,000"}, "12,480 rows match"),
        (
            ActivityReason.TRADES_OR_LOGINS,
            {"n_trades_90d": 1, "n_logins_90d": 2, "last_seen_on": None},
            "1 trade and 2",
        ),
    ],
)
def test_reasons_say_one_of_a_thing_in_the_singular(
    reason: Code, facts: dict[str, object], said: str
) -> None:
    assert said in sentence(reason, facts, "en")


def test_a_reason_without_a_count_stays_as_it_is() -> None:
    facts = {"manager_code": "S01", "score": "0.71"}
    assert "S01" in sentence(AllocationReason.BEST, facts, "en")
