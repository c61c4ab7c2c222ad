"""One row a client: the level declared and as the answers make it, lowest class, validity, repeated tests (R026)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from typing import Any

import ibis

from keepwell.contract.codes import ClientKind, ProductKind
from keepwell.contract.reasons.suitability import LevelReason, LowestReason
from keepwell.contract.suitability import ClientSuitability
from keepwell.contract.suitable import AssessmentState
from keepwell.engine import frames
from keepwell.engine.suitability.rules import answers
from keepwell.engine.suitability.rules.professional import investors
from keepwell.engine.suitability.rules.refusals import refusing
from keepwell.engine.suitability.rules.tests_taken import taken
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Questionnaires, Suitability

COUNTED = ("n_tests_same_day", "n_tests_30d")


def client_suitability(
    client: Any,
    client_record: Any,
    questionnaire: Any,
    questionnaire_answer: Any,
    returned_assessment: Any,
    returned_answer: Any,
    professional_evidence: Any,
    facts_refused: Any,
    source_coverage: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """What risk each client can bear, from the latest assessment and its answers (R024, R026)."""
    pack, forms = packs.suitability, packs.questionnaires
    known = client.select("client_id", "client_kind", age=years(client.birth_on, frames.day(as_of)))
    tests = frames.assessed(questionnaire, returned_assessment)
    told_answers = frames.answered(questionnaire_answer, returned_answer)
    assessed = _beside(known, taken(tests, client_record, pack, as_of), "client_id")
    placed = assessed.mutate(
        place=answers.version_place(assessed.questionnaire_version, assessed.client_kind, forms)
    )
    read = answers.marked(placed, told_answers, forms).drop("place")
    facts = _beside(placed, read, "questionnaire_code").cross_join(_delivers(source_coverage))
    is_known = facts.is_delivered | facts.questionnaire_code.notnull()
    levelled = _levelled(facts.mutate(is_delivered=is_known), forms)
    classed = _lowest(levelled, pack)
    kinds = investors(client, client_record, professional_evidence, pack.professional, as_of)
    refuses = _refusing(facts_refused, client_record, as_of)
    dated = _beside(_beside(_valid(classed, pack, as_of), kinds, "client_id"), refuses, "client_id")
    told = dated.mutate(
        has_refused_facts=ibis.cases((dated.tells_refusals, dated.is_refusing.fill_null(False))),
        product_level_at_most=_at_most(dated, pack),
        has_term_limit=dated.term_limits == 1,
        kinds_wished=_wished(dated),
        policy_version=ibis.literal(f"suitability {pack.version} questionnaires {forms.version}"),
        **{name: ibis.cases((dated.is_delivered, dated[name].fill_null(0))) for name in COUNTED},
    )
    return told.select(*ClientSuitability.names())


def years(born_on: Any, on: Any) -> Any:
    """Whole years of age on a day; null for a day of birth that lies after it."""
    had_birthday = on.month() * 100 + on.day() >= born_on.month() * 100 + born_on.day()
    age = on.year() - born_on.year() - ibis.cases((had_birthday, 0), else_=1)
    return ibis.cases(((born_on <= on) & born_on.notnull(), age.cast("int64")))


def _beside(rows: Any, more: Any, key: str) -> Any:
    return rows.left_join(more, key, rname="{name}_more").drop(f"{key}_more")


def _delivers(source_coverage: Any) -> Any:
    return source_coverage.aggregate(
        is_delivered=_says(source_coverage, "questionnaire"),
        tells_refusals=_says(source_coverage, "facts_refused"),
    )


def _says(source_coverage: Any, name: str) -> Any:
    said = ((source_coverage.table_name == name) & source_coverage.is_delivered).any()
    return said.fill_null(ibis.literal(False))


def _refusing(facts_refused: Any, client_record: Any, as_of: dt.date) -> Any:
    standing = refusing(facts_refused, client_record, as_of)
    return standing.select("client_id").distinct().mutate(is_refusing=ibis.literal(True))


def _levelled(facts: Any, forms: Questionnaires) -> Any:
    """Score and level by the answers, if all of them can be counted, and what they say of the declared level."""
    counted = facts.mutate(
        n_unanswered=ibis.cases(
            (facts.n_answered.notnull(), answers.number_asked(facts.place, forms) - facts.n_answered)
        ),
        is_version_in_use=answers.is_in_use(facts.place, facts.assessed_on, forms),
    )
    is_whole = counted.n_unanswered + counted.n_double_answered + counted.n_unknown_options == 0
    scored = counted.mutate(computed_score=ibis.cases((is_whole, counted.score)))
    levels = scored.mutate(computed_level=answers.level_by(scored.computed_score, scored.place, forms))
    return levels.mutate(
        level_reason=ibis.cases(
            (~levels.is_delivered, str(LevelReason.NOT_DELIVERED)),
            (levels.questionnaire_code.isnull(), str(LevelReason.NOT_ASSESSED)),
            (levels.place.isnull(), str(LevelReason.UNKNOWN_VERSION)),
            (levels.n_answered.isnull(), str(LevelReason.NO_ANSWERS)),
            (levels.computed_score.isnull(), str(LevelReason.NOT_WHOLE)),
            (levels.computed_level != levels.risk_level, str(LevelReason.DISAGREES)),
            else_=str(LevelReason.AGREES),
        )
    )


def _lowest(facts: Any, pack: Suitability) -> Any:
    """Declared, under age or unwilling to bear any loss; the last two until a person has looked at them."""
    is_person = facts.client_kind == str(ClientKind.PERSON)
    reason = ibis.cases(
        (facts.is_declared_lowest.fill_null(False), str(LowestReason.DECLARED)),
        (~is_person, str(LowestReason.NOT_A_PERSON)),
        ((facts.age < pack.lowest_class.adult_age).fill_null(False), str(LowestReason.MINOR)),
        (facts.questionnaire_code.isnull(), str(LowestReason.UNKNOWN)),
        (facts.is_without_loss.fill_null(False), str(LowestReason.NO_LOSS)),
        else_=str(LowestReason.NOT_LOWEST),
    )
    told = facts.mutate(lowest_reason=reason)
    lowest = [str(one) for one in (LowestReason.DECLARED, LowestReason.MINOR, LowestReason.NO_LOSS)]
    return told.mutate(
        is_lowest_class=ibis.cases(
            (told.lowest_reason != str(LowestReason.UNKNOWN), told.lowest_reason.isin(lowest))
        )
    )


def _at_most(facts: Any, pack: Suitability) -> Any:
    """Up to which level products match: the bound of the lowest class, else that of the declared level."""
    return ibis.cases(
        (facts.is_lowest_class, str(pack.lowest_class.product_level_at_most)),
        *[(facts.risk_level == str(row.risk_level), str(row.product_level_at_most)) for row in pack.matching],
    )


def _valid(facts: Any, pack: Suitability, as_of: dt.date) -> Any:
    """Whether the assessment holds on the day, and when its end is to be announced next."""
    cut = frames.day(as_of)
    reminders = [
        frames.days_after(facts.ends_on, -n_days) for n_days in pack.questionnaire.remind_days_before
    ]
    state = ibis.cases(
        (~facts.is_delivered, str(AssessmentState.UNKNOWN)),
        (facts.questionnaire_code.isnull(), str(AssessmentState.NONE)),
        (facts.ends_on < cut, str(AssessmentState.EXPIRED)),
        (reminders[0] <= cut, str(AssessmentState.ENDS_SOON)),
        else_=str(AssessmentState.VALID),
    )
    return facts.mutate(
        assessment_state=state,
        valid_to=facts.ends_on,
        remind_on=ibis.cases(*[(on >= cut, on) for on in reminders]),
    )


def _wished(facts: Any) -> Any:
    """The kinds of product the client named, in the order of the list; null where the question has no answer."""
    words = [ibis.cases((facts[f"wishes_{kind}"], f"{kind} "), else_="") for kind in ProductKind]
    return ibis.cases((facts.is_kind_told, reduce(lambda one, other: one + other, words).strip()))
