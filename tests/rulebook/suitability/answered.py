"""Answer sheets and what the room decides from them, by client name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from keepwell.engine.suitability.rules import client_suitability, suitability_flag
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF, ago, answer, client, questionnaire

VERSION, INSTITUTION, PRODUCT = load_packs(AS_OF).questionnaires.versions
ADULT = dt.date(1981, 5, 1)  # 45 at the cut: answer C of the question that asks the age

Row = dict[str, Any]
Sheet = Mapping[int, str | None]


def sheet(want: int, **fixed: str | None) -> dict[int, str | None]:
    """Twenty answers that make a score near ``want``: of each question the option nearest to its share of it.

    ``q15="A"`` fixes an answer, ``q3=None`` leaves it out.
    """
    told: dict[int, str | None] = {}
    for question in VERSION.questions:
        most = max(one.mark for one in question.options)
        near = min(question.options, key=lambda one: (abs(one.mark * 100 - most * want), one.option))
        told[question.no] = near.option
    return told | {int(name[1:]): option for name, option in fixed.items()}


def score(answers: Sheet) -> int:
    """What the sheet makes by the marks of the pack."""
    total = 0
    for no, letters in answers.items():
        marks = {one.option: one.mark for one in VERSION.questions[no - 1].options}
        total += max((marks.get(letter, 0) for letter in (letters or "").upper()), default=0)
    return total


def level(points: int) -> str:
    """The level a score makes by the cuts of the pack."""
    return [str(cut.risk_level) for cut in VERSION.cuts if points >= cut.score_at_least][-1]


def assessed(
    name: str, answers: Sheet | None, on: dt.date | None = None, **facts: Any
) -> tuple[Row, list[Row]]:
    """An assessment with its answers; without a declared level that of the answers."""
    declared = facts.pop("risk_level", None) or level(score({k: v for k, v in (answers or {}).items() if v}))
    head = questionnaire(name, on or ago(10), declared, **{"version": VERSION.code, **facts})
    code = head["questionnaire_code"]
    rows = [
        {"questionnaire_code": code, "question_no": no, "answer": letters}
        for no, letters in (answers or {}).items()
        if letters is not None
    ]
    return head, rows


def tables(tests: Mapping[str, list[tuple[Row, list[Row]]]], **clients: Row) -> dict[str, list[Row]]:
    """The tables of clients by name with their assessments; facts of a client by its name."""
    heads = [head for taken in tests.values() for head, _ in taken]
    names = dict.fromkeys([*tests, *clients])
    plain = {"birth_on": ADULT}
    return {
        "client": [client(name, **{**plain, **clients.get(name, {})}) for name in names],
        "client_record": [{"record_code": name, "client_id": name} for name in names],
        "questionnaire": heads,
        "questionnaire_answer": [row for taken in tests.values() for _, rows in taken for row in rows],
    }


def classes(given: Mapping[str, list[Row]], **options: Any) -> dict[str, Row]:
    """What each client can bear, by name."""
    return {row["client_id"]: row for row in answer(client_suitability, given, **options)}


def flags(given: Mapping[str, list[Row]], features: list[Row] | None = None, **options: Any) -> list[Row]:
    """All flags of the clients."""
    decided = answer(client_suitability, given, **options)
    held = features or [{"client_id": row["client_id"]} for row in given["client"]]
    read = {
        "client": given["client"],
        "client_suitability": decided,
        "client_feature": held,
        "questionnaire_answer": given["questionnaire_answer"],
    }
    return answer(suitability_flag, read, **options)


def named(found: list[Row]) -> dict[str, list[str]]:
    """The reasons of each client's flags, in the order of the list."""
    told: dict[str, list[str]] = {}
    for row in found:
        told.setdefault(row["client_id"], []).append(row["flag_reason"])
    return told
