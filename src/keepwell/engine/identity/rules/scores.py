"""How likely two records that share no key are one client: blocked, compared, weighed by a frozen model (R211)."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import Any

import ibis

from keepwell.contract.identity import PairScore
from keepwell.engine import columns
from keepwell.engine.identity.rules import doubts, evidence
from keepwell.engine.identity.rules.links import SEPARATOR
from keepwell.policy.clients import Block, Scoring
from keepwell.policy.packs import Packs

ENDS = ("left_code", "right_code")
STEP = Decimal("0.000001")


def pair_score(pair_compared: Any, record_fact: Any, record_link: Any, packs: Packs) -> Any:
    """Pairs that share something but no key, and score at least what the pack asks a steward about."""
    scoring = packs.identity.scoring
    unlinked = pair_compared.select(*ENDS).anti_join(linked(record_link), ENDS)
    facts = evidence.of_pairs(unlinked, record_fact)
    compared = evidence.pairs(unlinked, evidence.counted(facts, record_fact, scoring))
    weighed = compared.select("left_code", "right_code", score=_held_back(compared, scoring))
    return weighed.filter(weighed.score >= columns.literal(scoring.asks_at_share, PairScore.columns["score"]))


def _held_back(pair: Any, scoring: Scoring) -> Any:
    """The score; below the merging one, for a person to decide, where names or days of birth are not even near.

    A household shares phone, address and sometimes the day of birth; a name in common is what parts it. A name and a
    place in common without the day of birth is what parents and children have.
    """
    found, waits = score(pair, scoring), is_held(pair, scoring)
    if waits is None:
        return found
    column = PairScore.columns["score"]
    limit, step = columns.literal(scoring.merges_at_share, column), columns.literal(STEP, column)
    below = (limit - step).cast(columns.ibis_type(column))
    return ibis.cases((waits, ibis.least(found, below)), else_=found)


def is_held(pair: Any, scoring: Scoring) -> Any:
    """Whether the pair waits for a person whatever it scores; nothing where the pack holds no pair back."""
    ways = [
        doubts.has_other_name(pair) if not scoring.merges_other_names else None,
        doubts.has_other_birth(pair) if not scoring.merges_other_births else None,
    ]
    held = [way for way in ways if way is not None]
    return reduce(lambda left, right: left | right, held) if held else None


def score(pair: Any, scoring: Scoring) -> Any:
    """The probability of one client: one in all the records before anything is known, and what every field weighs."""
    total = weight(pair, scoring).cast("float64")
    before = ibis.greatest(pair.n_facts, scoring.n_strangers_at_least).cast("float64")
    against = before / ibis.literal(2.0).pow(total)
    return (1.0 / (1.0 + against)).round(6).cast("decimal(18,6)")


def weight(pair: Any, scoring: Scoring) -> Any:
    """What all fields together weigh for one client, in bits."""
    return reduce(lambda left, right: left + right, evidence.bits(pair, scoring).values())


def linked(record_link: Any) -> Any:
    """Pairs that a key has told of already."""
    record, anchor = record_link.record_code, record_link.anchor_code
    return record_link.select(
        left_code=ibis.least(record, anchor), right_code=ibis.greatest(record, anchor)
    ).distinct()


def couples(facts: Any, scoring: Scoring) -> Any:
    """Pairs of records that share a block and stand near each other in it, each once, with the blocks they share."""
    wanted = of_kinds(facts, scoring)
    return each_once([_block(wanted, block, nth) for nth, block in enumerate(scoring.blocks)])


def of_kinds(facts: Any, scoring: Scoring) -> Any:
    """The records that the model knows how to compare."""
    return facts.filter(facts.client_kind.isin([str(kind) for kind in scoring.client_kinds]))


def each_once(parts: list[Any]) -> Any:
    """Pairs from several blocks as one row each."""
    met = ibis.union(*parts, distinct=False)
    return met.group_by(*ENDS).agg(met_in=met.met_in.sum().cast("int64"))


def keyed(facts: Any, block: Block, *also: str) -> Any:
    """Records with what they share in a block, those without left out."""
    values = [facts[field].cast("string") for field in ("client_kind", *block.fields)]
    shared = reduce(lambda left, right: left + SEPARATOR + right, values)
    return facts.select("record_code", *block.order, *also, shared=shared).filter(ibis._.shared.notnull())


def _block(facts: Any, block: Block, nth: int) -> Any:
    """Each record with the next ones of its group in the block's order: never all with all."""
    records = keyed(facts, block)
    window = ibis.window(group_by="shared", order_by=[*block.order, "record_code"])
    placed = records.select(
        "record_code",
        "shared",
        place=ibis.row_number().over(window),
        n=records.record_code.count().over(group_by="shared"),
    )
    groups = placed.filter(placed.n > 1)
    n_next = ibis.least(block.n_next, groups.n - 1 - groups.place)
    first = groups.select(
        "shared", one="record_code", place=groups.place, step=ibis.range(1, n_next + 1).unnest()
    )
    first = first.select("shared", "one", place=first.place + first.step)
    second = groups.select("shared", "place", other="record_code")
    met = first.join(second, ["shared", "place"])
    return couple(met, nth)


def couple(met: Any, nth: int) -> Any:
    """Two records that meet in the block of that place, the lesser number on the left."""
    return met.select(
        left_code=ibis.least(met.one, met.other),
        right_code=ibis.greatest(met.one, met.other),
        met_in=ibis.literal(1 << nth, "int64"),
    )
