"""What a person should look at, one row a flag: answers, repeated tests, contradictions, clients who need more care."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import ibis

from keepwell.contract.codes import ClientKind, Population
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.suitability import FlagReason, LevelReason
from keepwell.contract.suitability import SuitabilityFlag
from keepwell.contract.suitable import FlagKind
from keepwell.engine import columns, frames
from keepwell.engine.suitability.rules import answers
from keepwell.engine.suitability.rules.client_suitability import years
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Questionnaires, Suitability

FACTS = tuple(SuitabilityFlag.columns)
SHARE = ClientFeature.columns["largest_holding_share"]


def suitability_flag(
    client: Any,
    client_suitability: Any,
    client_feature: Any,
    questionnaire_answer: Any,
    returned_answer: Any,
    packs: Packs,
) -> Any:
    """All flags of clients that are not closed, each with the facts it stands on (R026, X18)."""
    pack, forms = packs.suitability, packs.questionnaires
    facts = _facts(client, client_suitability, client_feature)
    version = ibis.literal(f"suitability {pack.version} questionnaires {forms.version}")
    found = [
        *_of_answers(facts),
        *_of_tests(facts, pack),
        *_of_care(facts, pack),
        *_against_facts(facts, frames.answered(questionnaire_answer, returned_answer), forms),
    ]
    return ibis.union(*found).mutate(policy_version=version).select(*FACTS)


def _facts(client: Any, client_suitability: Any, client_feature: Any) -> Any:
    open_ = client.filter(client.population != str(Population.CLOSED))
    persons = open_.select(
        "client_id", "occupation", "birth_on", is_person=open_.client_kind == str(ClientKind.PERSON),
        client_kind="client_kind",
    )  # fmt: skip
    held = client_feature.select("client_id", "largest_holding_share", "debt_amount", "assets_amount")
    return persons.join(client_suitability, "client_id").join(held, "client_id")


def _flag(facts: Any, holds: Any, kind: FlagKind, reason: FlagReason, **told: Any) -> Any:
    """Rows of the facts of which it holds, as flags; what is not told is null."""
    found = facts.filter(holds.fill_null(False))
    values: dict[str, Any] = {}
    for name in FACTS[:-1]:
        column = SuitabilityFlag.columns[name]
        value = told[name] if name in told else ibis.null(columns.ibis_type(column))
        values[name] = value(found) if callable(value) else value
    values |= {"client_id": found.client_id, "flag_kind": str(kind), "flag_reason": str(reason)}
    return found.select(**{name: _typed(values[name], name) for name in FACTS[:-1]})


def _typed(value: Any, name: str) -> Any:
    kind = columns.ibis_type(SuitabilityFlag.columns[name])
    return (value if hasattr(value, "cast") else ibis.literal(value)).cast(kind)


def _of_answers(facts: Any) -> list[Any]:
    """What keeps the answers from being counted, or makes another level of them."""
    counts = (
        (FlagReason.UNANSWERED, "n_unanswered"),
        (FlagReason.DOUBLE_ANSWERED, "n_double_answered"),
        (FlagReason.UNKNOWN_OPTION, "n_unknown_options"),
    )
    whole = {"question_no": 0, "assessed_on": _column("assessed_on"), "risk_level": _column("risk_level")}
    found = [
        _flag(facts, facts[name] > 0, FlagKind.ANSWERS, reason, n_found=_column(name), **whole)
        for reason, name in counts
    ]
    is_unknown = facts.level_reason == str(LevelReason.UNKNOWN_VERSION)
    disagrees = facts.level_reason == str(LevelReason.DISAGREES)
    computed = _column("computed_level")
    return [
        *found,
        _flag(facts, is_unknown, FlagKind.ANSWERS, FlagReason.UNKNOWN_VERSION, **whole),
        _flag(facts, ~facts.is_version_in_use, FlagKind.ANSWERS, FlagReason.OLD_VERSION, **whole),
        _flag(
            facts, disagrees, FlagKind.ANSWERS, FlagReason.LEVEL_DISAGREES, computed_level=computed, **whole
        ),
    ]


def _of_tests(facts: Any, pack: Suitability) -> list[Any]:
    """Tests taken more often than signed, and a level that jumped."""
    retest = pack.retest
    whole = {"question_no": 0, "assessed_on": _column("assessed_on"), "risk_level": _column("risk_level")}
    limits = (
        (FlagReason.TESTS_A_DAY, "n_tests_same_day", retest.n_per_day_at_most),
        (FlagReason.TESTS_30_DAYS, "n_tests_30d", retest.n_per_30_days_at_most),
    )
    found = [
        _flag(
            facts,
            facts[name] > most,
            FlagKind.REPEATED,
            reason,
            n_found=_column(name),
            n_allowed=most,
            **whole,
        )
        for reason, name, most in limits
    ]
    jump = _flag(
        facts,
        facts.jump_from_level.notnull(),
        FlagKind.REPEATED,
        FlagReason.JUMP,
        jump_from_level=_column("jump_from_level"),
        n_allowed=retest.jump_window_days,
        **whole,
    )
    return [*found, jump]


def _of_care(facts: Any, pack: Suitability) -> list[Any]:
    """Persons who need more care: by age, by one product that outweighs all, by what the money is for."""
    rule, adult = pack.vulnerable, pack.lowest_class.adult_age
    above = columns.literal(rule.largest_holding_above_share, SHARE)
    age, is_person, money = facts.age, facts.is_person, facts.is_for_pension
    ages = (
        (FlagReason.MINOR, age < adult, adult),
        (FlagReason.ELDERLY, (age >= rule.elderly_age) & (age < rule.second_person_age), rule.elderly_age),
        (FlagReason.SECOND_PERSON, age >= rule.second_person_age, rule.second_person_age),
    )
    kind = FlagKind.VULNERABLE
    of_age = [
        _flag(facts, is_person & holds, kind, reason, question_no=0, n_found=_column("age"), n_allowed=limit)
        for reason, holds, limit in ages
    ]
    of_money = [
        _flag(facts, is_person & money, kind, FlagReason.PENSION, question_no=0),
        _flag(
            facts,
            is_person & money & (facts.debt_amount > 0),
            kind,
            FlagReason.MARGIN_WITH_PENSION,
            question_no=0,
        ),
    ]
    concentrated = _flag(
        facts,
        is_person & (facts.largest_holding_share > above),
        kind,
        FlagReason.CONCENTRATED,
        question_no=0,
        found_share=_column("largest_holding_share"),
    )
    owes = _flag(
        facts, facts.debt_amount > facts.assets_amount, kind, FlagReason.DEBT_ABOVE_ASSETS, question_no=0
    )
    return [*of_age, *of_money, concentrated, owes]


def _against_facts(facts: Any, questionnaire_answer: Any, forms: Questionnaires) -> list[Any]:
    """Answers that the date of birth or the occupation on file contradicts."""
    placed = facts.mutate(
        place=answers.version_place(facts.questionnaire_version, facts.client_kind, forms),
        age_then=years(facts.birth_on, facts.assessed_on),
    )
    told = placed.filter(placed.place.notnull()).join(questionnaire_answer, "questionnaire_code")
    read = told.mutate(
        letters=answers.letters_of(told.answer), at=told.place * answers.PER_VERSION + told.question_no
    )
    asked = {
        "question_no": _column("question_no"), "answer": _column("answer"), "assessed_on": _column("assessed_on"),
        "risk_level": _column("risk_level"),
    }  # fmt: skip
    kind = FlagKind.CONTRADICTION
    other_age, other_work = _another_age(read, forms), _another_work(read, forms)
    return [
        _flag(read, other_age, kind, FlagReason.AGE_ANSWER, n_found=_column("age_then"), **asked),
        _flag(
            read, other_work, kind, FlagReason.OCCUPATION_ANSWER, occupation=_column("occupation"), **asked
        ),
    ]


def _another_age(read: Any, forms: Questionnaires) -> Any:
    wrong = [
        (read["at"] == place * answers.PER_VERSION + version.age.question_no)
        & (read.letters == band.option)
        & ~read.age_then.between(band.at_least, band.at_most)
        for place, version in answers.versions(forms)
        if version.age
        for band in version.age.bands
    ]
    return reduce(or_, wrong)


def _another_work(read: Any, forms: Questionnaires) -> Any:
    wrong = [
        (read["at"] == place * answers.PER_VERSION + rule.question_no)
        & read.letters.isin(list(rule.options))
        & read.occupation.isin([str(one) for one in rule.occupations])
        for place, version in answers.versions(forms)
        for rule in version.contradictions
    ]
    return reduce(or_, wrong, ibis.literal(False))


def _column(name: str) -> Any:
    """The column of that name of the rows a flag is made from."""
    return lambda rows: rows[name]
