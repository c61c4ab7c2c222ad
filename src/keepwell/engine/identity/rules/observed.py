"""Pairs of a frame of records as they agree, before anything is weighed: those that meet, and some strangers.

Only for records linked by themselves (`keepwell.link`). Records go by their place in the order of their codes, a whole
number, and how two of them agree by one number too: pairs are many, what is told of each shall be small.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import and_
from typing import Any

import ibis

from keepwell.contract.codes import EvidenceField
from keepwell.engine.identity.rules import evidence, once, scores
from keepwell.policy.clients import Block, Key, Scoring
from keepwell.policy.packs import Packs

N_FAR = 33_000  # pairs of records that have nothing to do, which show how often strangers agree
NUMBERED, COMPARED = "fact_numbered", "fact_compared"
LINKED, MET, FAR, AGREES = "pair_linked", "pair_met", "pair_far", "pair_agrees"
SCORED, ASKED, LIKELY = "pattern_scored", "pair_asked", "pair_likely"
LEVELS = (evidence.SAME, evidence.CLOSE, evidence.NEAR, evidence.PART, evidence.DIFFERENT, evidence.MISSING)
LETTERS = "".join(level[0] for level in LEVELS)  # no two levels begin alike
MADE_OF = {  # what a block is made of
    "spoken": "client_name", "spoken_start": "client_name", "spoken_end": "client_name", "birth_year": "birth_on",
    "address_start": "address", "address_end": "address", "address_numbers": "address",
}  # fmt: skip
BANK = {"bank_code": "bank_account", "bank_account_number": "bank_account"}
PLACE = "int32"
NAME = str(EvidenceField.CLIENT_NAME)
ALIKE = (evidence.CLOSE, evidence.NEAR)
HUNDREDTHS = "int16"


def asked_of(packs: Packs, told: set[str]) -> Packs:
    """The packs without what asks for facts that no record tells: no key, block or weight of those finds anything."""
    identity = packs.identity
    scoring = replace(
        identity.scoring,
        blocks=tuple(
            one for one in identity.scoring.blocks if {_origin(name) for name in one.fields} <= told
        ),
        weights=tuple(one for one in identity.scoring.weights if str(one.field) in told),
    )
    keys = tuple(key for key in identity.keys if _needs(key) <= told)
    return replace(packs, identity=replace(identity, keys=keys or identity.keys[:1], scoring=scoring))


def _origin(name: str) -> str:
    return MADE_OF.get(str(name), str(name))


def _needs(key: Key) -> set[str]:
    fields = {BANK.get(str(field), str(field)) for field in key.fields}
    return fields - {"id_kind"}  # a standard form without a number has a kind all the same


def fact_numbered(record_fact: Any, packs: Packs) -> Any:
    """Facts with their parts and how common each is; ``record_code`` is the record's place, ``told_code`` its code."""
    scoring = packs.identity.scoring
    known = evidence.counted(evidence.facts(record_fact), record_fact, scoring)
    place = ibis.row_number().over(order_by=known.record_code).cast(PLACE)
    return known.mutate(told_code=known.record_code, record_code=place)


def noted(fact_numbered: Any) -> Any:
    """The facts as a table that is noted under its name."""
    return ibis.table(fact_numbered.schema(), name=NUMBERED)


def pair_linked(fact_numbered: Any, record_link: Any) -> Any:
    """Pairs that a key has told of already, by their places."""
    told = scores.linked(record_link)
    places = fact_numbered.select("told_code", "record_code")
    left = places.rename(left_code="told_code", left_place="record_code")
    right = places.rename(right_code="told_code", right_place="record_code")
    both = told.join(left, "left_code").join(right, "right_code")
    return both.select(left_code=both.left_place, right_code=both.right_place)


def met_in(fact_numbered: Any, packs: Packs) -> list[Any]:
    """For each block its records group by group, each group in its order: near ones meet (``scores.couples``)."""
    wanted = scores.of_kinds(fact_numbered, packs.identity.scoring)
    return [_in_order(scores.keyed(wanted, block), block) for block in packs.identity.scoring.blocks]


def _in_order(records: Any, block: Block) -> Any:
    return records.order_by("shared", *block.order, "record_code").select("record_code", "shared")


def far(n_records: int, scoring: Scoring) -> str:
    """SQL of pairs of each record with some others, at steps through an order that has nothing to do with the facts."""
    n_steps = max(1, min(n_records - 1, N_FAR // max(n_records, 1)))
    kinds = ", ".join(f"'{kind}'" for kind in scoring.client_kinds)
    placed = (
        "SELECT record_code, row_number() OVER (ORDER BY sha256(told_code), told_code) - 1 AS place, "  # noqa: S608 - codes and names of ours
        f"count(*) OVER () AS n FROM {NUMBERED} WHERE client_kind IN ({kinds})"
    )
    return (
        f"WITH placed AS MATERIALIZED ({placed}) SELECT a.record_code AS left_code, b.record_code AS right_code "  # noqa: S608 - numbers, and names of ours
        f"FROM placed a CROSS JOIN (SELECT unnest(range(1, {n_steps + 1})) AS step) s "
        "JOIN placed b ON b.place = (a.place + s.step) % a.n"
    )


def pair_levels(fact_numbered: Any, packs: Packs) -> tuple[Any, Any]:
    """The facts to be noted as ``fact_compared``, and all pairs of them with the level of each field.

    And what the field's being common adds to it.
    """
    scoring = packs.identity.scoring
    both = _met_and_far()
    pair = evidence.pairs(both, fact_numbered)
    levels = evidence.levels(pair)
    kinds = {evidence.level(one.field): levels[one.field] for one in scoring.weights}
    bits = evidence.commonness(pair, scoring)
    if evidence.level(NAME) in kinds:
        _of_names(pair, kinds)
    added = {name: (more * 100).cast(HUNDREDTHS) for name, more in bits.items()}
    own = {name: pair[name] for name in (*scores.ENDS, "is_far", "is_linked")}
    told = own | kinds | added | {"is_in_the_number": evidence.is_in_the_number(pair)}
    return once.parted(told, fact_numbered, lambda facts: evidence.pairs(both, facts), COMPARED)


def _met_and_far() -> Any:
    met, apart, told = (
        ibis.table(dict.fromkeys(scores.ENDS, PLACE), name=name) for name in (MET, FAR, LINKED)
    )
    linked = told.mutate(is_linked=True)
    met = met.left_join(linked, scores.ENDS)
    met = met.select(*scores.ENDS, is_far=False, is_linked=met.is_linked.fill_null(False))
    return met.union(apart.mutate(is_far=True, is_linked=False))


def _of_names(pair: Any, kinds: dict[str, Any]) -> None:
    """Grade only names that may be alike."""
    level = evidence.level(NAME)
    kinds[level] = ibis.cases((has_no_letters(pair), evidence.DIFFERENT), else_=kinds[level])


def has_no_letters(pair: Any) -> Any:
    """Whether two names are told and have too little in common to be anything but different; cheap to find out.

    Most pairs are so, and to grade their names is the dearest part of comparing them. Unknown where a name is missing.
    """
    left, right = evidence.both(pair, "spoken")
    names = evidence.both(pair, "client_name")
    steps, longer = left.levenshtein(right), ibis.greatest(left.length(), right.length())
    is_hidden = (names[0].length() <= evidence.LETTERS) & (names[0].left(1) == names[1].left(1))
    ways = [
        *(
            whole.contains(pair[f"{side}{end}"])
            for side, whole in (("", right), ("right_", left))
            for end in evidence.NAME_PARTS
        ),
        is_hidden,
        (left.length() == right.length()) & (left + left).contains(right),
        steps * 3 <= ibis.greatest(longer, 3),
    ]
    return reduce(and_, (~way for way in ways))


def agreement(levels_sql: str, packs: Packs, *, learns: bool) -> str:
    """SQL of pairs with ``pattern``, one number for the levels of all fields, and what commonness adds in each field.

    The first digit tells whether the day of birth stands in both numbers, the next ones the places of the levels.
    ``added`` is what commonness adds in all fields, in hundredths of a bit. Names that are only alike weigh for it what
    is signed, unless these records teach what agreement weighs.
    """
    names = [str(one.field) for one in packs.identity.scoring.weights]
    places = [f"(strpos('{LETTERS}', {evidence.level(name)}[1]) - 1)" for name in names]
    pattern = reduce(
        lambda number, place: f"({number} * {len(LEVELS)} + {place})", places, "is_in_the_number::BIGINT"
    )
    more = ", ".join(
        f"coalesce({_added(name, learns=learns)}, 0)::SMALLINT AS {added(name)}" for name in names
    )
    every = " + ".join(added(name) for name in names)
    return (
        f"SELECT *, {every} AS added FROM (SELECT {', '.join(scores.ENDS)}, is_far, is_linked, "  # noqa: S608 - names of ours
        f"{pattern} AS pattern, {more} FROM ({levels_sql}))"
    )


def added(field: str) -> str:
    """The column of what a field's being common or rare adds, in hundredths of a bit."""
    return f"added_{field}"


def _added(field: str, *, learns: bool) -> str:
    kinds = {evidence.SAME: evidence.common(evidence.SAME, field)}
    if field == NAME:
        part = evidence.common(evidence.PART, field)
        kinds[evidence.PART] = part
        kinds |= dict.fromkeys(ALIKE if learns else (), f"{part} // 2")
    told = " ".join(f"WHEN '{kind}' THEN {more}" for kind, more in kinds.items())
    if field == EvidenceField.BIRTH_ON:
        return f"CASE WHEN NOT is_in_the_number THEN CASE {evidence.level(field)} {told} END END"
    return f"CASE {evidence.level(field)} {told} END"


def counted(*, is_far: bool) -> str:
    """SQL of the patterns in which pairs agree, how many do so, and how many of them no key has told of."""
    chosen = "is_far" if is_far else "NOT is_far"
    return (
        "SELECT pattern, added::BIGINT AS added, count(*) AS n, count(*) FILTER (WHERE NOT is_linked) AS n_unlinked "  # noqa: S608 - names of ours
        f"FROM {AGREES} WHERE {chosen} GROUP BY ALL ORDER BY pattern, added"
    )


def asked() -> str:
    """SQL of the pairs without a key whose pattern is scored."""
    return (
        f"SELECT a.*, s.score FROM {AGREES} a JOIN {SCORED} s ON s.pattern = a.pattern AND s.added = a.added "  # noqa: S608 - names of ours
        "WHERE NOT a.is_far AND NOT a.is_linked"
    )


def likely(scoring: Scoring) -> str:
    """SQL of the pairs that would merge by their score, with the names of their levels."""
    names = ", ".join(f"'{level}'" for level in LEVELS)
    fields = [str(one.field) for one in scoring.weights]
    kinds = ", ".join(
        f"[{names}][pattern // {len(LEVELS) ** nth} % {len(LEVELS)} + 1] AS {evidence.level(field)}"
        for nth, field in enumerate(reversed(fields))
    )
    return f"SELECT {', '.join(scores.ENDS)}, {kinds} FROM {ASKED} WHERE score >= {scoring.merges_at_share}"  # noqa: S608 - names of ours


def told(held_sql: str | None, scoring: Scoring) -> str:
    """SQL of the pairs to be asked about under the codes of their records; those held back below the merging score."""
    limit = f"CAST({scoring.merges_at_share} AS DECIMAL(18,6)) - CAST({scores.STEP} AS DECIMAL(18,6))"
    held = f"SELECT *, true AS is_held FROM ({held_sql})"  # noqa: S608 - SQL of ours
    score = (
        "a.score"
        if held_sql is None
        else f"CASE WHEN h.is_held THEN least(a.score, {limit}) ELSE a.score END"
    )
    joined = "" if held_sql is None else f"LEFT JOIN ({held}) h USING ({', '.join(scores.ENDS)}) "
    return (
        f"SELECT l.told_code AS left_code, r.told_code AS right_code, CAST({score} AS DECIMAL(18,6)) AS score, "  # noqa: S608 - names of ours
        f"a.* EXCLUDE (left_code, right_code, score) FROM {ASKED} a {joined}"
        f"JOIN {NUMBERED} l ON l.record_code = a.left_code JOIN {NUMBERED} r ON r.record_code = a.right_code "
        "ORDER BY l.told_code, r.told_code"
    )


def pair_held(fact_numbered: Any, packs: Packs) -> Any:
    """Of the likely pairs, with their levels, those that wait for a person whatever they score."""
    scoring = packs.identity.scoring
    told = {evidence.level(one.field): "string" for one in scoring.weights}
    likely = ibis.table(dict.fromkeys(scores.ENDS, PLACE) | told, name=LIKELY)
    unknown = {
        evidence.level(field): ibis.literal(evidence.MISSING)
        for field in EvidenceField
        if evidence.level(field) not in told
    }
    pair = evidence.pairs(likely.mutate(**unknown), fact_numbered)
    return pair.filter(scores.is_held(pair, scoring)).select(*scores.ENDS)
