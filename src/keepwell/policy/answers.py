"""What answers to a questionnaire make, row by row, by the marks and cuts of their own version.

The engine joins the same packs over columns; a property test feeds both the same sheets. An answer is its letters
without anything between them; of a question with several choices the option with the highest mark counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from keepwell.contract.codes import ClientKind, RiskLevel
from keepwell.policy.suitability import Question, Questionnaires, Retest, Version

Sheet = Mapping[int, str]


@dataclass(frozen=True)
class Marked:
    """What a sheet makes: faults that keep it from being counted, else score and level; what single answers mean."""

    unanswered: tuple[int, ...]
    double_answered: tuple[int, ...]
    unknown: tuple[int, ...]
    score: int | None
    risk_level: RiskLevel | None
    is_without_loss: bool

    @property
    def is_whole(self) -> bool:
        """Whether every question has one answer that exists, so that a level follows."""
        return self.score is not None


def version_in_use(pack: Questionnaires, client_kind: ClientKind, on: date) -> Version | None:
    """The questionnaire put to clients of that kind on a day: of several the one taken into use last."""
    fitting = [one for one in pack.versions if client_kind in one.client_kinds and _in_use(one, on)]
    return max(fitting, key=lambda one: (one.in_use_from, one.code), default=None)


def is_in_use(pack: Questionnaires, code: str, client_kind: ClientKind, on: date) -> bool:
    """Whether the version of that code is put to clients of that kind on a day."""
    return any(
        one.code == code and client_kind in one.client_kinds and _in_use(one, on) for one in pack.versions
    )


def version_of(pack: Questionnaires, code: str, client_kind: ClientKind) -> Version | None:
    """The signed version of that code for that kind of client, in use or not."""
    return next((one for one in pack.versions if one.code == code and client_kind in one.client_kinds), None)


def marked(version: Version, sheet: Sheet) -> Marked:
    """Score and level of a sheet; no level where a question is left out, answered twice or with no option of it."""
    asked = {one.no: one for one in version.questions}
    unanswered = tuple(no for no in asked if not sheet.get(no))
    double = tuple(
        no for no, one in asked.items() if not one.is_multiple and _n_chosen(one, sheet.get(no, "")) > 1
    )
    unknown = tuple(sorted(no for no, given in sheet.items() if given and _is_strange(asked.get(no), given)))
    score = None if unanswered or double or unknown else sum(_marks(version, sheet))
    loss = version.no_loss
    return Marked(
        unanswered,
        double,
        unknown,
        score,
        None if score is None else level_of(version, score),
        loss is not None and any(option in sheet.get(loss.question_no, "") for option in loss.options),
    )


def level_of(version: Version, score: int) -> RiskLevel:
    """The level a score makes by the version's cuts."""
    return [cut.risk_level for cut in version.cuts if score >= cut.score_at_least][-1]


def jumps(
    retest: Retest, before: RiskLevel | None, before_on: date | None, level: RiskLevel, on: date
) -> bool:
    """Whether a level lies so far above the one before, and so soon after it, that a person has to ask why."""
    if before is None or before_on is None or (on - before_on).days > retest.jump_window_days:
        return False
    ranks = list(RiskLevel)
    return ranks.index(level) - ranks.index(before) >= retest.jump_levels


def _in_use(version: Version, on: date) -> bool:
    return version.in_use_from <= on and (version.in_use_to is None or on < version.in_use_to)


def _n_chosen(question: Question, given: str) -> int:
    return sum(letter in given for letter in question.letters)


def _is_strange(question: Question | None, given: str) -> bool:
    return question is None or bool(set(given) - set(question.letters))


def _marks(version: Version, sheet: Sheet) -> Iterator[int]:
    for one in version.questions:
        yield max(option.mark for option in one.options if option.option in sheet[one.no])
