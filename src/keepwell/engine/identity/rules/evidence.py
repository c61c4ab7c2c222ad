"""How two customer records agree, field by field, in five levels; and what each level weighs."""

from __future__ import annotations

from functools import reduce
from typing import Any

import ibis

from keepwell.contract.codes import Agreement, EvidenceField, IdKind
from keepwell.contract.comparing import RecordFact
from keepwell.contract.schema import decimal
from keepwell.engine import columns
from keepwell.engine.identity.rules import links
from keepwell.policy.clients import Scoring
from keepwell.policy.packs import Packs

SAME, CLOSE, NEAR, DIFFERENT, MISSING = "same", "close", "near", "different", "missing"
AGREEMENT = {
    SAME: Agreement.SAME,
    CLOSE: Agreement.SIMILAR,
    NEAR: Agreement.SIMILAR,
    DIFFERENT: Agreement.DIFFERENT,
    MISSING: Agreement.MISSING,
}
# From so many records on a rare value weighs no more for that: what may ever be asked about is known before.
N_FACTS_AT_MOST = 10_000_000
LETTERS = 4  # of a name as it is spoken: about one syllable or two
PART = 3  # of a name in letters: as short as Ann or Lee
OWN = ("id_number", "investor_code", "bank_account")
BETWEEN = "[ ,.·'’-]+"
BITS = "decimal(18,2)"
WEIGHT = decimal("Weight in bits", "权重（比特）")


def record_fact(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Any:
    """The facts of each customer record that are compared or blocked by, one row a record."""
    held = bank_link.join(account.select("account_code", "record_code"), "account_code")
    numbered = held.filter(held.bank_account_number.notnull())
    banks = numbered.group_by("record_code").agg(
        bank_account=(numbered.bank_code + "/" + numbered.bank_account_number).max()
    )
    known = links.named(record_identity, packs.identity)
    joined = known.left_join(investor.select("record_code", "investor_code"), "record_code")
    joined = joined.drop("record_code_right").left_join(banks, "record_code").drop("record_code_right")
    reading = ibis.cases((joined.client_name.notnull(), joined.name_reading))
    return joined.mutate(
        spoken=reading.re_replace(BETWEEN, "").lower(),
        address_place=joined.address.re_replace("[0-9].*$", ""),
        address_numbers=joined.address.re_replace("[^0-9]+", " ").strip().nullif(""),
        address_is_latin=joined.address.re_search("^[ -~]*$"),
    ).select(*RecordFact.names())


def facts(record_fact: Any) -> Any:
    """Records with the parts of their facts that are compared or blocked by."""
    spoken = record_fact.spoken
    return record_fact.mutate(
        spoken_start=spoken.substr(0, LETTERS),
        spoken_end=spoken.right(LETTERS),
        birth_year=record_fact.birth_on.year(),
        # edits are counted in bytes, which is slow and wrong for characters of three
        address_latin=ibis.cases((record_fact.address_is_latin, record_fact.address)),
    )


def counted(facts: Any, record_fact: Any, scoring: Scoring) -> Any:
    """Facts with how many records share the value of each field whose weight falls with that, and of how many."""
    for name in common_fields(scoring):
        sizes = record_fact.group_by(name).agg(**{f"n_{name}": record_fact.record_code.count()})
        facts = facts.left_join(sizes, name).drop(f"{name}_right")
    return facts.cross_join(record_fact.agg(n_facts=record_fact.record_code.count()))


def of_pairs(pairs: Any, record_fact: Any) -> Any:
    """The facts of the records that stand in pairs."""
    codes = ibis.union(*(pairs.select(record_code=pairs[end]) for end in ("left_code", "right_code")))
    return facts(record_fact.semi_join(codes, "record_code"))


def common_fields(scoring: Scoring) -> list[str]:
    """The fields of which the same value weighs less by as much as others share it."""
    return [str(one.field) for one in scoring.weights if one.is_less_when_common]


def pairs(couples: Any, facts: Any) -> Any:
    """``couples`` with the facts of both records, those of the right one under ``right_`` names."""
    left = facts.rename(left_code="record_code")
    right = facts.rename({"right_code": "record_code", **_right(facts)})
    return couples.join(left, "left_code").join(right, "right_code")


def _right(facts: Any) -> dict[str, str]:
    return {f"right_{name}": name for name in facts.columns if name != "record_code"}


def levels(pair: Any) -> dict[EvidenceField, Any]:
    """How far both records agree in every field, as expressions over the row of a pair."""
    return {field: ibis.cases(*told, else_=DIFFERENT) for field, told in _grades(pair).items()}


def has_other_name(pair: Any) -> Any:
    """Whether both names are known and not even near, not of one who took another given name or surname.

    Names that count on, as Client 17 and Client 71 do, are other names however near their letters are.

    In letters it is enough that the one begins or ends with what is in the other, or that number and day of birth are
    the same. A surname in characters says little, a household has it in common: there the number must be the same too.
    """
    is_other = levels(pair)[EvidenceField.CLIENT_NAME] == DIFFERENT
    names, spoken = _both(pair, "client_name"), _both(pair, "spoken")
    sides = ((spoken[0], spoken[1]), (spoken[1], spoken[0]))
    ends = [(end, other) for one, other in sides for end in (one.left(PART), one.right(PART))]
    within = [(end.length() == PART) & other.contains(end) for end, other in ends]
    same_number = (pair.id_number == pair.right_id_number).fill_null(False)
    same_birth = (pair.birth_on == pair.right_birth_on).fill_null(False)
    has_part = reduce(lambda left, right: left | right, within, same_number & same_birth)
    has_surname = names[0].left(1) == names[1].left(1)
    written = ibis.cases(
        (_in_characters(names[0]) & _in_characters(names[1]), has_surname & same_number), else_=has_part
    )
    return (is_other & ~written) | (_digits(names[0]) != _digits(names[1])).fill_null(False)


def has_other_birth(pair: Any) -> Any:
    """Whether the days of birth are known and not even near, and nothing that is one person's own agrees.

    Parents and children of one name live at one address; a first name alone is many people's. A document, an investor
    code or a bank account that is the same, or a phone or an e-mail with no more than a slip in it, says that a day of
    birth was mistaken.
    """
    told = levels(pair)
    same = [(left == right).fill_null(False) for left, right in (_both(pair, name) for name in OWN)]
    slips = [told[field].isin([SAME, CLOSE]) for field in (EvidenceField.PHONE, EvidenceField.EMAIL)]
    return (told[EvidenceField.BIRTH_ON] == DIFFERENT) & ~reduce(
        lambda left, right: left | right, same + slips
    )


def _digits(name: Any) -> Any:
    return name.re_replace("[^0-9]+", "")


def _in_characters(name: Any) -> Any:
    return name.re_search("^[^A-Za-z]+$")


def _grades(pair: Any) -> dict[EvidenceField, list[tuple[Any, str]]]:
    """Conditions with the level each means, the first that holds counts; a pair that meets none differs."""
    alike = _alike(pair)
    return {field: _graded(*_both(pair, str(field)), alike.get(field, [])) for field in EvidenceField}


def _alike(pair: Any) -> dict[EvidenceField, list[tuple[Any, str]]]:
    """When values that are not the same are close, and when near."""
    spoken, numbers = _both(pair, "spoken"), _both(pair, "address_numbers")
    born, place = _both(pair, "birth_on"), _both(pair, "address_place")
    address = _both(pair, "address_latin")
    written = address[0].levenshtein(address[1])
    name_steps = spoken[0].levenshtein(spoken[1])
    is_one_house = (numbers[0] == numbers[1]) & _begins_alike(*place)
    return {
        EvidenceField.CLIENT_NAME: [
            ((name_steps <= 1) | _changed_places(*spoken), CLOSE),
            (_is_partly_hidden(*_both(pair, "client_name")), NEAR),
            ((name_steps * 3 <= ibis.greatest(*_lengths(spoken))) & ~_other_letters(pair), NEAR),
        ],
        EvidenceField.ID_NUMBER: [
            # A check digit finds every single mistyped one: two numbers that pass it are two numbers.
            (pair.id_is_valid & pair.right_id_is_valid, DIFFERENT),
            *_mistyped(*_both(pair, str(EvidenceField.ID_NUMBER))),
        ],
        EvidenceField.BIRTH_ON: [(_turned(*born), CLOSE), (born[0].year() == born[1].year(), NEAR)],
        EvidenceField.ADDRESS: [
            (is_one_house | (written * 6 <= ibis.greatest(*_lengths(address))), CLOSE),
            ((numbers[0] == numbers[1]) | (written * 2 <= ibis.greatest(*_lengths(address))), NEAR),
        ],
        **{
            field: _mistyped(*_both(pair, str(field))) for field in (EvidenceField.PHONE, EvidenceField.EMAIL)
        },
    }


def _changed_places(left: Any, right: Any) -> Any:
    """Given name and surname the other way round: the same letters from another place on."""
    return (left.length() == right.length()) & (left.length() >= LETTERS + 1) & (left + left).contains(right)


def _other_letters(pair: Any) -> Any:
    """Names in characters, as many in the one as in the other: brothers and sisters share all but one of them."""
    left, right = _both(pair, "client_name")
    return _in_characters(left) & _in_characters(right) & (left.length() == right.length())


def _is_partly_hidden(left: Any, right: Any) -> Any:
    """Names of one length that agree wherever neither has a letter that a system could not write or had to hide."""
    hidden = ["*", "?", "□"]
    places = [(left.substr(place, 1), right.substr(place, 1)) for place in range(LETTERS)]
    agree = [(one == other) | one.isin(hidden) | other.isin(hidden) for one, other in places]
    alike = reduce(lambda one, other: one & other, agree)
    return (
        alike
        & (left.length() == right.length())
        & (left.length() <= LETTERS)
        & (left.left(1) == right.left(1))
    )


def _mistyped(left: Any, right: Any) -> list[tuple[Any, str]]:
    """One edit apart is close, two are near.

    Of three parts of one value two edits leave one as it stands. So edits, which are slow to count, are counted only
    where the other value begins or ends like the first or last part, or has the middle one in it.
    """
    third = left.length() // 3
    may_be = (
        right.startswith(left.left(third))
        | right.endswith(left.substr(third * 2))
        | right.contains(left.substr(third, third))
    )
    steps = left.levenshtein(right)
    return [(~may_be, DIFFERENT), (steps <= 1, CLOSE), (steps <= 2, NEAR)]


def _both(pair: Any, name: str) -> tuple[Any, Any]:
    return pair[name], pair[f"right_{name}"]


def _lengths(values: tuple[Any, Any]) -> tuple[Any, Any]:
    return values[0].length(), values[1].length()


def _graded(left: Any, right: Any, alike: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    known = [(left.isnull() | right.isnull(), MISSING), (left == right, SAME)]
    return known + [(condition.fill_null(False), level) for condition, level in alike]


def _turned(left: Any, right: Any) -> Any:
    """Two of year, month and day are the same, or month and day changed places; 1 January stands for an unknown day."""
    same = [getattr(left, part)() == getattr(right, part)() for part in ("year", "month", "day")]
    turned = same[0] & (left.month() == right.day()) & (left.day() == right.month())
    is_new_year = (left.month() == 1) & (left.day() == 1)
    return (same[0] & same[1]) | (same[0] & same[2]) | (same[1] & same[2] & ~is_new_year) | turned


def _begins_alike(left: Any, right: Any) -> Any:
    """The shorter one is how the longer one begins or ends."""
    shorter = ibis.least(left.length(), right.length())
    starts = left.substr(0, shorter) == right.substr(0, shorter)
    return (shorter > 0) & (starts | (left.right(shorter) == right.right(shorter)))


def bits(pair: Any, scoring: Scoring) -> dict[EvidenceField, Any]:
    """What each field weighs for one client (above 0) or for two (below), in bits with two digits.

    Straight from the conditions, not from the levels: a database puts a level's expression in the place of each
    mention of it, and edits would be counted anew for every level they are asked about.
    """
    grades = _grades(pair)
    told = {one.field: _bits(pair, grades[one.field], one, scoring) for one in scoring.weights}
    if EvidenceField.BIRTH_ON in told:
        told[EvidenceField.BIRTH_ON] = ibis.cases(
            (_is_in_the_number(pair), columns.literal(0, WEIGHT)), else_=told[EvidenceField.BIRTH_ON]
        )
    return told


def _is_in_the_number(pair: Any) -> Any:
    """Two resident numbers that hold the same day of birth: the day agrees already with them, and counts once."""
    resident = str(IdKind.RESIDENT)
    kinds, numbers = _both(pair, "id_kind"), _both(pair, "id_number")
    born = [number.substr(6, 8) for number in numbers]
    return ((kinds[0] == resident) & (kinds[1] == resident) & (born[0] == born[1])).fill_null(False)


def _bits(pair: Any, grades: list[tuple[Any, str]], one: Any, scoring: Scoring) -> Any:
    weights = {
        MISSING: columns.literal(0, WEIGHT),
        SAME: _same_bits(pair, one, scoring),
        CLOSE: columns.literal(one.close_bits, WEIGHT),
        NEAR: columns.literal(one.near_bits, WEIGHT),
        DIFFERENT: columns.literal(one.different_bits, WEIGHT),
    }
    told = ((condition, weights[level]) for condition, level in grades)
    return ibis.cases(*told, else_=weights[DIFFERENT]).cast(BITS)


def _same_bits(pair: Any, one: Any, scoring: Scoring) -> Any:
    """What the same value weighs: less by as much as others share it."""
    same = columns.literal(one.same_bits, WEIGHT)
    if not one.is_less_when_common:
        return same
    others = ibis.greatest(pair[f"n_{one.field}"], pair[f"right_n_{one.field}"], 2) - 1
    common = (others * scoring.n_known_records).cast("float64") / (
        ibis.least(pair.n_facts, N_FACTS_AT_MOST) + scoring.n_known_records
    ).cast("float64")
    return same - common.log2().round(2).cast(BITS)
