"""Pairs of a frame of records as they agree, before anything is weighed: those that meet, and some strangers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ibis

from keepwell.contract.codes import EvidenceField
from keepwell.contract.comparing import RecordFact
from keepwell.engine.identity.rules import evidence, scores
from keepwell.policy.clients import Key, Scoring
from keepwell.policy.packs import Packs

N_FAR = 100_000  # pairs of records that have nothing to do, which show how often strangers agree
FAR = "pair_far"
LIKELY = "pair_likely"
MADE_OF = {  # what a block is made of
    "spoken": "client_name", "spoken_start": "client_name", "spoken_end": "client_name", "birth_year": "birth_on",
    "address_start": "address", "address_end": "address", "address_numbers": "address",
}  # fmt: skip
BANK = {"bank_code": "bank_account", "bank_account_number": "bank_account"}


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


def far(n_records: int, scoring: Scoring) -> str:
    """SQL of pairs of each record with some others, at steps through an order that has nothing to do with the facts."""
    n_steps = max(1, min(n_records - 1, N_FAR // max(n_records, 1)))
    kinds = ", ".join(f"'{kind}'" for kind in scoring.client_kinds)
    placed = (
        "SELECT record_code, row_number() OVER (ORDER BY sha256(record_code), record_code) - 1 AS place, "  # noqa: S608 - codes and names of ours
        f"count(*) OVER () AS n FROM {RecordFact.name} WHERE client_kind IN ({kinds})"
    )
    return (
        "SELECT a.record_code AS left_code, b.record_code AS right_code "  # noqa: S608 - numbers, and names of ours
        f"FROM ({placed}) a CROSS JOIN (SELECT unnest(range(1, {n_steps + 1})) AS step) s "
        f"JOIN ({placed}) b ON b.place = (a.place + s.step) % a.n"
    )


def pair_observed(record_fact: Any, record_link: Any, packs: Packs) -> Any:
    """Pairs with the level of each field, and what its being common adds to it."""
    scoring = packs.identity.scoring
    facts = evidence.facts(record_fact)
    met = scores.couples(facts, scoring).select(*scores.ENDS)
    linked = scores.linked(record_link).mutate(is_linked=True)
    met = met.left_join(linked, scores.ENDS).select(
        *scores.ENDS, is_far=False, is_linked=linked.is_linked.notnull()
    )
    apart = ibis.table(dict.fromkeys(scores.ENDS, "string"), name=FAR)
    both = met.union(apart.select(*scores.ENDS, is_far=True, is_linked=False))
    pair = evidence.pairs(both, evidence.counted(facts, record_fact, scoring))
    levels = evidence.levels(pair)
    told = {evidence.level(one.field): levels[one.field] for one in scoring.weights}
    added = {name: (bits * 100).cast("int64") for name, bits in evidence.commonness(pair, scoring).items()}
    return pair.select(
        *scores.ENDS, "is_far", "is_linked", **told, **added, is_in_the_number=evidence.is_in_the_number(pair)
    )


def pair_held(record_fact: Any, packs: Packs) -> Any:
    """Of the likely pairs, with their levels, those that wait for a person whatever they score."""
    scoring = packs.identity.scoring
    told = {evidence.level(one.field): "string" for one in scoring.weights}
    likely = ibis.table(dict.fromkeys(scores.ENDS, "string") | told, name=LIKELY)
    unknown = {
        evidence.level(field): ibis.literal(evidence.MISSING)
        for field in EvidenceField
        if evidence.level(field) not in told
    }
    pair = evidence.pairs(likely.mutate(**unknown), evidence.of_pairs(likely, record_fact))
    return pair.filter(scores.is_held(pair, scoring)).select(*scores.ENDS)
