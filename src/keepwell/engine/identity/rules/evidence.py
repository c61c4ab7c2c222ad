"""How two customer records agree, field by field, in six levels; and what each level weighs."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import ibis

from keepwell.contract.codes import Agreement, EvidenceField, IdKind
from keepwell.contract.comparing import RecordFact
from keepwell.contract.schema import decimal
from keepwell.engine import columns
from keepwell.engine.identity.rules import links, rare
from keepwell.policy.clients import Scoring
from keepwell.policy.packs import Packs

SAME, CLOSE, NEAR, PART, DIFFERENT, MISSING = "same", "close", "near", "part", "different", "missing"
AGREEMENT = {
    SAME: Agreement.SAME,
    CLOSE: Agreement.SIMILAR,
    NEAR: Agreement.SIMILAR,
    PART: Agreement.SIMILAR,
    DIFFERENT: Agreement.DIFFERENT,
    MISSING: Agreement.MISSING,
}
LETTERS = 4  # of a name as it is spoken: about one syllable or two
SHORT = 3  # of a name in letters: as short as Ann or Lee
END = 10  # letters of an address that begin or end it
YEAR = 400  # days: a year and a month, each one off
PLACE = 5  # letters of an address that two have in common where they begin or end
NAME_PARTS = ("spoken_start", "spoken_end")
BETWEEN = "[ ,.·'’-]+"
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
    # edits are counted in bytes, which is slow and wrong for characters of three
    latin = ibis.cases((record_fact.address_is_latin, record_fact.address))
    return record_fact.mutate(
        spoken_start=spoken.substr(0, LETTERS),
        spoken_end=spoken.right(LETTERS),
        birth_year=record_fact.birth_on.year(),
        address_latin=latin,
        address_start=ibis.cases((latin.length() >= END, latin.left(END))),
        address_end=ibis.cases((latin.length() >= END, latin.right(END))),
    )


def counted(those: Any, record_fact: Any, scoring: Scoring) -> Any:
    """Facts with how many records share the value of each field whose weight falls with that, and of how many."""
    every = facts(record_fact)
    for name in common_fields(scoring):
        sizes = every.group_by(name).agg(**{f"n_{name}": every.record_code.count()})
        those = those.left_join(sizes, name).drop(f"{name}_right")
    return those.cross_join(record_fact.agg(n_facts=record_fact.record_code.count()))


def of_pairs(pairs: Any, record_fact: Any) -> Any:
    """The facts of the records that stand in pairs."""
    codes = ibis.union(*(pairs.select(record_code=pairs[end]) for end in ("left_code", "right_code")))
    return facts(record_fact.semi_join(codes, "record_code"))


def common_fields(scoring: Scoring) -> list[str]:
    """The fields of which the same value weighs less by as much as others share it, with the parts of a name."""
    fields = [str(one.field) for one in scoring.weights if one.is_less_when_common]
    return [*fields, *NAME_PARTS] if EvidenceField.CLIENT_NAME in fields else fields


def shared(pair: Any, scoring: Scoring) -> tuple[Any, Any]:
    """How many values that weigh less when common are the same; and whether of the names only a part is."""
    fields = [str(one.field) for one in scoring.weights if one.is_less_when_common]
    n_same = reduce(add, [same(pair, name).cast("int64") for name in fields], ibis.literal(0))
    return n_same, has_name_part(pair) & ~same(pair, str(EvidenceField.CLIENT_NAME))


def pairs(couples: Any, facts: Any) -> Any:
    """``couples`` with the facts of both records, those of the right one under ``right_`` names."""
    left = facts.rename(left_code="record_code")
    right = facts.rename({"right_code": "record_code", **_right(facts)})
    return couples.join(left, "left_code").join(right, "right_code")


def _right(facts: Any) -> dict[str, str]:
    return {f"right_{name}": name for name in facts.columns if name != "record_code"}


def levels(pair: Any) -> dict[EvidenceField, Any]:
    """How far both records agree in every field, as expressions over the row of a pair.

    A level that the row tells already, in the column of ``level``, is not found anew.
    """
    found = {field: pair[level(field)] for field in EvidenceField if level(field) in pair.columns}
    if len(found) == len(EvidenceField):
        return found
    return {field: ibis.cases(*told, else_=DIFFERENT) for field, told in _grades(pair).items()} | found


def level(field: str) -> str:
    """The column in which the row of a pair may tell how far the records agree in a field."""
    return f"level_{field}"


def same(pair: Any, name: str) -> Any:
    """Whether both records tell a fact, and the same."""
    left, right = both(pair, name)
    return (left == right).fill_null(False)


def in_characters(name: Any) -> Any:
    """Whether no letter of the name is Latin."""
    return name.re_search("^[^A-Za-z]+$")


def _grades(pair: Any) -> dict[EvidenceField, list[tuple[Any, str]]]:
    """Conditions with the level each means, the first that holds counts; a pair that meets none differs.

    A condition may be unknown, as good as not met: made sure of, a database would look at all of it for every pair.
    """
    alike = _alike(pair)
    return {field: _graded(*both(pair, str(field)), alike.get(field, [])) for field in EvidenceField}


def _alike(pair: Any) -> dict[EvidenceField, list[tuple[Any, str]]]:
    """When values that are not the same are close, and when near."""
    spoken, numbers = both(pair, "spoken"), both(pair, "address_numbers")
    born, place = both(pair, "birth_on"), both(pair, "address_place")
    address = both(pair, "address_latin")
    written = address[0].levenshtein(address[1])
    name_steps = spoken[0].levenshtein(spoken[1])
    is_one_house = (numbers[0] == numbers[1]) & _begins_alike(*place)
    return {
        EvidenceField.CLIENT_NAME: [
            ((name_steps <= 1) | _changed_places(*spoken), CLOSE),
            (_is_partly_hidden(*both(pair, "client_name")), NEAR),
            ((name_steps * 3 <= ibis.greatest(*_lengths(spoken))) & ~_other_letters(pair), NEAR),
            (_has_both_ends(pair), NEAR),
            (has_name_part(pair), PART),
        ],
        EvidenceField.ID_NUMBER: [
            # A check digit finds every single mistyped one: two numbers that pass it are two numbers.
            (pair.id_is_valid & pair.right_id_is_valid, DIFFERENT),
            *_mistyped(*both(pair, str(EvidenceField.ID_NUMBER))),
        ],
        EvidenceField.BIRTH_ON: [
            (_turned(*born), CLOSE),
            (born[0].year() == born[1].year(), NEAR),
            (born[0].delta(born[1], unit="day").abs() <= YEAR, PART),
        ],
        EvidenceField.ADDRESS: [
            (is_one_house | (written * 6 <= ibis.greatest(*_lengths(address))), CLOSE),
            ((numbers[0] == numbers[1]) | (written * 2 <= ibis.greatest(*_lengths(address))), NEAR),
            (_has_place(*address), PART),
        ],
        **{field: _mistyped(*both(pair, str(field))) for field in (EvidenceField.PHONE, EvidenceField.EMAIL)},
    }


def has_name_part(pair: Any) -> Any:
    """Whether names in letters have a part in common: how one begins or ends, or all of it, is in the other.

    Never names in characters: brothers and sisters share all but one of them, households the first.
    """
    return reduce(lambda left, right: left | right, [is_shared for is_shared, _n in _parts(pair)])


def _has_both_ends(pair: Any) -> Any:
    """Names in letters of which the one has, wherever, how the other begins and how it ends: a middle name more."""
    shared = [is_shared for is_shared, _n in _parts(pair)]
    lengths = _lengths(both(pair, "spoken"))
    ways = [(shared[0] & shared[1], lengths[0]), (shared[2] & shared[3], lengths[1])]
    return reduce(lambda one, other: one | other, [both & (length >= 2 * LETTERS) for both, length in ways])


def _parts(pair: Any) -> list[tuple[Any, str]]:
    """For each end of both names whether the other name has it, and the column that counts it."""
    names = [name.re_search("^[A-Z]") & name.re_search("[A-Z]$") for name in both(pair, "client_name")]
    sides = (("", "right_"), ("right_", ""))
    ends = [
        (f"{side}n_{end}", pair[f"{side}{end}"], pair[f"{other}spoken"])
        for side, other in sides
        for end in NAME_PARTS
    ]
    return [
        (
            ibis.cases(
                (names[0] & names[1] & (part.length() >= SHORT) & whole.contains(part), True), else_=False
            ),
            count,
        )
        for count, part, whole in ends
    ]


def _changed_places(left: Any, right: Any) -> Any:
    """Given name and surname the other way round: the same letters from another place on."""
    return (left.length() == right.length()) & (left.length() >= LETTERS + 1) & (left + left).contains(right)


def _other_letters(pair: Any) -> Any:
    """Names in characters, as many in the one as in the other: brothers and sisters share all but one of them."""
    left, right = both(pair, "client_name")
    return in_characters(left) & in_characters(right) & (left.length() == right.length())


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
    is_other = (
        ~right.startswith(left.left(third))
        & ~right.endswith(left.substr(third * 2))
        & ~right.contains(left.substr(third, third))
    )
    steps = left.levenshtein(right)
    return [(is_other, DIFFERENT), (steps <= 1, CLOSE), (steps <= 2, NEAR)]


def both(pair: Any, name: str) -> tuple[Any, Any]:
    """A fact of the left and of the right record."""
    return pair[name], pair[f"right_{name}"]


def _lengths(values: tuple[Any, Any]) -> tuple[Any, Any]:
    return values[0].length(), values[1].length()


def _graded(left: Any, right: Any, alike: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [(left.isnull() | right.isnull(), MISSING), (left == right, SAME), *alike]


def _turned(left: Any, right: Any) -> Any:
    """Two of year, month and day are the same, or month and day changed places; 1 January stands for an unknown day."""
    same = [getattr(left, part)() == getattr(right, part)() for part in ("year", "month", "day")]
    turned = same[0] & (left.month() == right.day()) & (left.day() == right.month())
    is_new_year = (left.month() == 1) & (left.day() == 1)
    return (same[0] & same[1]) | (same[0] & same[2]) | (same[1] & same[2] & ~is_new_year) | turned


def _has_place(left: Any, right: Any) -> Any:
    """One begins or ends with how the other begins or ends."""
    ends = [
        (end, other)
        for one, other in ((left, right), (right, left))
        for end in (one.left(PLACE), one.right(PLACE))
    ]
    return reduce(
        lambda one, other: one | other, [(end.length() == PLACE) & whole.contains(end) for end, whole in ends]
    )


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
            (is_in_the_number(pair), columns.literal(0, WEIGHT)), else_=told[EvidenceField.BIRTH_ON]
        )
    return told


def commonness(pair: Any, scoring: Scoring) -> dict[str, Any]:
    """What is added to the same value of each field for being common or rare, and to a part of the name, in bits.

    As ``bits`` has it, but found for each record by itself: of what is the same the more common counts, of parts of a
    name the rarest that both have, nothing where they have none.
    """
    told = {}
    for one in scoring.weights:
        told[common(SAME, one.field)] = ibis.least(
            *(
                -rare.same_as(pair[f"{side}n_{one.field}"], pair[f"{side}n_facts"], scoring)
                if one.is_less_when_common
                else columns.literal(0, WEIGHT)
                for side in ("", "right_")
            )
        )
        if one.field == EvidenceField.CLIENT_NAME:
            told[common(PART, one.field)] = _rarest(pair, one, scoring)
    return told


def _rarest(pair: Any, one: Any, scoring: Scoring) -> Any:
    if not one.is_less_when_common:
        return columns.literal(0, WEIGHT)
    found = [
        ibis.cases((is_shared, -rare.as_part(pair[count], pair[_facts_beside(count)], scoring)))
        for is_shared, count in _parts(pair)
    ]
    return ibis.greatest(*found).fill_null(0)


def _facts_beside(count: str) -> str:
    return "right_n_facts" if count.startswith("right_") else "n_facts"


def common(level: str, field: str) -> str:
    """The column that tells what is added to a level of a field for being common or rare."""
    return f"common_{level}_{field}"


def is_in_the_number(pair: Any) -> Any:
    """Two resident numbers that hold the same day of birth: the day agrees already with them, and counts once."""
    resident = str(IdKind.RESIDENT)
    kinds, numbers = both(pair, "id_kind"), both(pair, "id_number")
    born = [number.substr(6, 8) for number in numbers]
    return ((kinds[0] == resident) & (kinds[1] == resident) & (born[0] == born[1])).fill_null(False)


def _bits(pair: Any, grades: list[tuple[Any, str]], one: Any, scoring: Scoring) -> Any:
    weights = {
        MISSING: columns.literal(0, WEIGHT),
        SAME: _same_bits(pair, one, scoring),
        CLOSE: columns.literal(one.close_bits, WEIGHT),
        NEAR: columns.literal(one.near_bits, WEIGHT),
        PART: _part_bits(pair, one, scoring),
        DIFFERENT: columns.literal(one.different_bits, WEIGHT),
    }
    told = ((condition, weights[level]) for condition, level in grades)
    return ibis.cases(*told, else_=weights[DIFFERENT]).cast(rare.BITS)


def _same_bits(pair: Any, one: Any, scoring: Scoring) -> Any:
    """What the same value weighs: less by as much as others share it."""
    same = columns.literal(one.same_bits, WEIGHT)
    if not one.is_less_when_common:
        return same
    n_same = ibis.greatest(pair[f"n_{one.field}"], pair[f"right_n_{one.field}"])
    return same - rare.same_as(n_same, pair.n_facts, scoring)


def _part_bits(pair: Any, one: Any, scoring: Scoring) -> Any:
    """What a part weighs: of a name more or less by as much as the rarest part in common is rarer than is usual."""
    part = columns.literal(one.part_bits, WEIGHT)
    if not one.is_less_when_common or one.field != EvidenceField.CLIENT_NAME:
        return part
    found = [
        ibis.cases((is_shared, pair[count]), else_=rare.N_FACTS_AT_MOST) for is_shared, count in _parts(pair)
    ]
    return part - rare.as_part(ibis.least(*found), pair.n_facts, scoring)
