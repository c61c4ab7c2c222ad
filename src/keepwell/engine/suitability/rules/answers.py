"""What answers make by the marks of their own version: score and level, and what single answers mean by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from typing import Any

import ibis

from keepwell.contract.codes import ProductKind
from keepwell.policy.suitability import Chosen, Question, Questionnaires, Version

PER_VERSION = 100  # questions a version has at most; a place in all versions is version * 100 + question
BETWEEN = r"[\s,;/、，；]"

Placed = list[tuple[int, Version]]


def versions(pack: Questionnaires) -> Placed:
    """Every version with its place, from 1."""
    return list(enumerate(pack.versions, 1))


def version_place(version: Any, client_kind: Any, pack: Questionnaires) -> Any:
    """The place of the version a client of that kind answered; null where none is signed."""
    known = [
        ((version == one.code) & client_kind.isin([str(kind) for kind in one.client_kinds]), place)
        for place, one in versions(pack)
    ]
    return ibis.cases(*known)


def letters_of(answer: Any) -> Any:
    """The options of an answer without what stands between them."""
    return answer.upper().re_replace(BETWEEN, "")


def marked(assessed: Any, questionnaire_answer: Any, pack: Questionnaires) -> Any:
    """One row an assessment with answers: what cannot be counted, the score, what single answers mean.

    ``assessed`` has ``questionnaire_code`` and ``place`` of the version, null where none is signed.
    """
    known = assessed.filter(assessed.place.notnull()).select("questionnaire_code", "place")
    given = questionnaire_answer.join(known, "questionnaire_code")
    letters = given.mutate(letters=letters_of(given.answer), at=given.place * PER_VERSION + given.question_no)
    read = letters.mutate(
        n_chosen=_by_question(letters, pack, _n_chosen, 0),
        is_strange=_by_question(letters, pack, _is_strange, letters.letters != ""),
        mark=_by_question(letters, pack, _mark, 0),
        is_multiple=letters["at"].isin([at for at, one in _questions(pack) if one.is_multiple]),
    )
    is_asked = read["at"].isin([at for at, _ in _questions(pack)])
    return read.group_by("questionnaire_code", "place").agg(
        n_answered=(is_asked & (read.letters != "")).sum(),
        n_double_answered=(~read.is_multiple & (read.n_chosen > 1)).sum(),
        n_unknown_options=read.is_strange.sum(),
        score=read["mark"].sum(),
        is_without_loss=_any(read, pack, lambda one: one.no_loss),
        is_for_pension=_any(read, pack, lambda one: one.pension),
        **_spans(read, pack),
        **_kinds(read, pack),
    )


def level_by(score: Any, place: Any, pack: Questionnaires) -> Any:
    """The level a score makes by the cut points of the version at that place."""
    cuts = [
        ((place == at) & (score >= cut.score_at_least), str(cut.risk_level))
        for at, one in versions(pack)
        for cut in reversed(one.cuts)
    ]
    return ibis.cases(*cuts)


def number_asked(place: Any, pack: Questionnaires) -> Any:
    """How many questions the version at that place asks."""
    return ibis.cases(*[(place == at, len(one.questions)) for at, one in versions(pack)])


def is_in_use(place: Any, on: Any, pack: Questionnaires) -> Any:
    """Whether the version at that place was put to clients on that day; null where none is signed."""
    return ibis.cases(*[(place == at, _in_use(on, one)) for at, one in versions(pack)])


def _in_use(on: Any, version: Version) -> Any:
    is_since = on >= ibis.date(version.in_use_from.isoformat())
    if version.in_use_to is None:
        return is_since
    return is_since & (on < ibis.date(version.in_use_to.isoformat()))


def _questions(pack: Questionnaires) -> Iterator[tuple[int, Question]]:
    for place, version in versions(pack):
        for question in version.questions:
            yield place * PER_VERSION + question.no, question


def _by_question(
    read: Any, pack: Questionnaires, told: Callable[[Any, Question], Any], otherwise: Any
) -> Any:
    """What each question says of its letters; ``otherwise`` where no version asks that question."""
    return ibis.cases(
        *[(read["at"] == at, told(read.letters, one)) for at, one in _questions(pack)], else_=otherwise
    )


def _n_chosen(letters: Any, question: Question) -> Any:
    chosen = [ibis.cases((letters.contains(one.option), 1), else_=0) for one in question.options]
    return reduce(lambda one, other: one + other, chosen)


def _is_strange(letters: Any, question: Question) -> Any:
    return letters.re_replace(f"[{question.letters}]", "") != ""


def _mark(letters: Any, question: Question) -> Any:
    """The highest mark of the options chosen."""
    marks = [ibis.cases((letters.contains(one.option), one.mark), else_=0) for one in question.options]
    return ibis.greatest(*marks)


def _any(read: Any, pack: Questionnaires, of: Callable[[Version], Chosen | None]) -> Any:
    """Whether any answer of an assessment is one of those chosen in its version."""
    return _holds(
        read,
        [
            (place * PER_VERSION + chosen.question_no, list(chosen.options))
            for place, version in versions(pack)
            if (chosen := of(version))
        ],
    )


def _holds(read: Any, meant: list[tuple[int, list[str]]]) -> Any:
    if not meant:
        return ibis.literal(False).any()
    found = [
        (read["at"] == at) & reduce(or_, [read.letters.contains(option) for option in options])
        for at, options in meant
    ]
    return reduce(or_, found).any()


def _spans(read: Any, pack: Questionnaires) -> dict[str, Any]:
    """For how long the money is not needed: the days, and whether there is a limit; null without an answer."""
    spans = [
        ((read["at"] == place * PER_VERSION + version.term.question_no) & (read.letters == span.option), span)
        for place, version in versions(pack)
        for span in version.term.spans
    ]
    limits = [(holds, 1 if span.days_at_most is not None else 0) for holds, span in spans]
    days = [(holds, span.days_at_most) for holds, span in spans if span.days_at_most is not None]
    return {
        "term_limits": ibis.cases(*limits).max(),
        "term_days_at_most": ibis.cases(*days).max() if days else ibis.null("int64").max(),
    }


def _kinds(read: Any, pack: Questionnaires) -> dict[str, Any]:
    """Of each kind of product whether an answer covers it, and whether the question was answered at all."""
    asked = [place * PER_VERSION + version.kinds.question_no for place, version in versions(pack)]
    told = {"is_kind_told": (read["at"].isin(asked) & (read.letters != "")).any()}
    for kind in ProductKind:
        covering = [
            (place * PER_VERSION + version.kinds.question_no, [cover.option])
            for place, version in versions(pack)
            for cover in version.kinds.covers
            if kind in cover.product_kinds
        ]
        told[f"wishes_{kind}"] = _holds(read, covering)
    return told
