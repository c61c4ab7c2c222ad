"""The five indicators of the latest assessment, each with its mark by the signed table of its version (R026)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis

from keepwell.contract.grading import ServiceIndicator
from keepwell.engine import frames
from keepwell.policy.errors import PackError
from keepwell.policy.packs import Packs
from keepwell.policy.serving import Indicator, ServiceMarks
from keepwell.policy.suitability import Question, Version

PER_VERSION = 100  # questions a version has at most; a place in all versions is version * 100 + question
MARKS = {one: f"{one}_mark" for one in ServiceIndicator}

Placed = list[tuple[int, ServiceMarks, Version]]


def marked(
    client_suitability: Any, questionnaire_answer: Any, returned_answer: Any, client: Any, packs: Packs
) -> Any:
    """The mark of each indicator, their sum and the version, for clients whose answers can all be counted.

    What cannot be counted has no score of the questionnaire either, and no mark here.

    Raises ``PackError`` for a mark table of questions that its version does not ask.
    """
    tables = list(_placed(packs))
    answers = frames.answered(questionnaire_answer, returned_answer)
    given = answers.join(_whole(client_suitability, client, tables), "questionnaire_code")
    placed = given.mutate(at=given.place * PER_VERSION + given.question_no, letters=given.answer.upper())
    counted = placed.mutate(mark=_mark(placed, tables))
    sums = counted.group_by("client_id", "place", "questionnaire_version").agg(
        **{_sum(one): _answered(counted, one, tables) for one in ServiceIndicator}
    )
    told = sums.mutate(**{name: _by_table(sums, one, tables) for one, name in MARKS.items()})
    score = sum((told[name] for name in MARKS.values()), start=ibis.literal(0))
    return told.select("client_id", "place", "questionnaire_version", *MARKS.values(), service_score=score)


def scored_type(facts: Any, packs: Packs) -> Any:
    """The type that the score makes by the cuts of its version; null without a score."""
    cuts = [
        ((facts.place == place) & (facts.service_score >= row.score_at_least), str(row.service_type))
        for place, table, _ in _placed(packs)
        for row in reversed(table.types)
    ]
    return ibis.cases(*cuts) if cuts else ibis.null("string")


def _placed(packs: Packs) -> Iterator[tuple[int, ServiceMarks, Version]]:
    """Each mark table with each version of its name, and their place, from 1."""
    place = 0
    for table in packs.grading.service_marks:
        for version in packs.questionnaires.versions:
            if version.code == table.version:
                place += 1
                _agree(table, version)
                yield place, table, version


def _agree(table: ServiceMarks, version: Version) -> None:
    for one in table.indicators:
        if beyond := [number for number in one.questions if number > len(version.questions)]:
            key, allowed = f"service_marks.{table.version}.{one.indicator}", f"1 to {len(version.questions)}"
            raise PackError("grading.toml", key, str(beyond[0]), f"{allowed}, the questions of that version")


def _whole(client_suitability: Any, client: Any, tables: Placed) -> Any:
    """Clients with a score of their own version, and the place of its mark table."""
    kinds = client.select("client_id", "client_kind")
    known = client_suitability.filter(client_suitability.computed_score.notnull()).join(kinds, "client_id")
    places = [
        (
            (known.questionnaire_version == version.code)
            & known.client_kind.isin([str(kind) for kind in version.client_kinds]),
            place,
        )
        for place, _, version in tables
    ]
    placed = known.mutate(place=ibis.cases(*places) if places else ibis.null("int64"))
    return placed.filter(placed.place.notnull()).select(
        "client_id", "questionnaire_code", "questionnaire_version", "place"
    )


def _asked(table: ServiceMarks, version: Version) -> Iterator[Question]:
    for one in table.indicators:
        for number in one.questions:
            yield version.questions[number - 1]


def _mark(read: Any, tables: Placed) -> Any:
    """The highest mark of the options chosen, of a question that counts."""
    marks = [
        (read["at"] == place * PER_VERSION + question.no, _highest(read.letters, question))
        for place, table, version in tables
        for question in _asked(table, version)
    ]
    return ibis.cases(*marks, else_=0) if marks else ibis.literal(0)


def _highest(letters: Any, question: Question) -> Any:
    marks = [ibis.cases((letters.contains(one.option), one.mark), else_=0) for one in question.options]
    return ibis.greatest(*marks)


def _answered(read: Any, indicator: ServiceIndicator, tables: Placed) -> Any:
    """What the answers to an indicator's questions have together."""
    places = [
        place * PER_VERSION + number
        for place, table, _ in tables
        for number in _of(table, indicator).questions
    ]
    return frames.total(read["mark"], where=read["at"].isin(places))


def _by_table(sums: Any, indicator: ServiceIndicator, tables: Placed) -> Any:
    rows = [
        ((sums.place == place) & (sums[_sum(indicator)] >= row.answers_at_least), row.mark)
        for place, table, _ in tables
        for row in reversed(_of(table, indicator).marks)
    ]
    return ibis.cases(*rows).cast("int64") if rows else ibis.null("int64")


def _of(table: ServiceMarks, indicator: ServiceIndicator) -> Indicator:
    return table.indicators[list(ServiceIndicator).index(indicator)]


def _sum(indicator: ServiceIndicator) -> str:
    return f"{indicator}_answered"
