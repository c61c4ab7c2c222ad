"""What tonight's comparing takes over from the night before: equal to comparing everything anew, cheaper (ADR 0020)."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import ibis

from keepwell.contract import Table
from keepwell.contract.comparing import PairCompared
from keepwell.engine.identity.rules import compared, evidence, scores, standard
from keepwell.engine.stage import CONTEXT, PARENT, asked
from keepwell.policy.clients import Block
from keepwell.policy.packs import Packs

AS_DELIVERED = (
    "record_code", "client_kind", "client_name", "id_kind", "id_number", "birth_on", "phone", "email", "address",
)  # fmt: skip


def record_identity(
    customer_record: Any,
    changed_customer_record: Any,
    parent_record_identity: Any,
    reading: Any,
    packs: Packs,
) -> Any:
    """Records in standard form: those that are delivered as before are taken over."""
    touched = changed_customer_record.select("record_code").distinct()
    fresh = customer_record.select(*AS_DELIVERED).semi_join(touched, "record_code")
    kept = parent_record_identity.anti_join(touched, "record_code")
    return kept.union(standard.record_identity(fresh, reading, packs).select(*kept.columns))


def record_fact(
    record_identity: Any,
    investor: Any,
    bank_link: Any,
    account: Any,
    touched_record_fact: Any,
    parent_record_fact: Any,
    packs: Packs,
) -> Any:
    """The facts of each record: those of records that nothing touched are taken over."""
    kept = parent_record_fact.anti_join(touched_record_fact, "record_code")
    fresh = evidence.record_fact(
        record_identity.semi_join(touched_record_fact, "record_code"),
        investor,
        bank_link,
        account.semi_join(touched_record_fact, "record_code"),
        packs,
    )
    return kept.union(fresh.select(*kept.columns))


def by_client(decide: Callable[..., Any], table: type[Table]) -> Callable[..., Any]:
    """A rule that decides each client by itself, over the touched clients alone; the others' rows are taken over.

    What comes back from the desk is little, and read whole.
    """
    parent = PARENT + table.name
    names = dict.fromkeys((*asked(decide), "client_record", "touched_client", parent))

    def renew(**given: Any) -> Any:
        touched = given["touched_client"]
        of_touched = _of_clients(touched, given["client_record"])
        fresh = decide(**{name: of_touched(name, given[name]) for name in asked(decide)})
        kept = given[parent].anti_join(touched, "client_id")
        return kept.union(fresh.select(*kept.columns), distinct=False)

    kind = Parameter.KEYWORD_ONLY
    asks = Signature([Parameter(name, kind) for name in names])
    renew.__signature__ = asks  # type: ignore[attr-defined]  # read by inspect, known to no stub
    return renew


def _of_clients(touched: Any, client_record: Any) -> Callable[[str, Any], Any]:
    """What a rule is given, without the rows of clients that nothing touched."""
    known = {"client_id": touched, "record_code": client_record.semi_join(touched, "client_id")}

    def narrowed(name: str, rows: Any) -> Any:
        if name in CONTEXT or name.startswith("returned_"):
            return rows
        key = next((key for key in known if key in rows.columns), None)
        return rows.semi_join(known[key].select(key), key) if key else rows

    return narrowed


def pair_compared(
    record_fact: Any,
    parent_record_fact: Any,
    touched_record_fact: Any,
    parent_pair_compared: Any,
    packs: Packs,
) -> Any:
    """Pairs of the night before whose records are as they were and still meet, and what meets anew, compared.

    In the order of a block two records that did not change are as near as they were unless a record between
    them came, went or changed. So only pairs around such records are looked at again.
    """
    scoring = packs.identity.scoring
    fresh = record_fact.semi_join(touched_record_fact, "record_code")
    gone = parent_record_fact.semi_join(touched_record_fact, "record_code")
    kept = _untouched(parent_pair_compared, touched_record_fact)
    facts = evidence.facts(record_fact)
    now = _marked(scores.of_kinds(facts, scoring), fresh)
    before = scores.of_kinds(evidence.facts(gone), scoring)
    parts = []
    for nth, block in enumerate(scoring.blocks):
        placed = _placed(now, before, block)
        parts += [_still(kept, placed, nth), _anew(placed, block, nth)]
    met = scores.each_once(parts)
    known = met.join(kept.drop("met_in"), scores.ENDS).select(*PairCompared.names())
    unknown = met.anti_join(kept, scores.ENDS)
    return known.union(compared.promising(unknown, facts, scoring))


def _untouched(pairs: Any, touched: Any) -> Any:
    """Pairs of which neither record came, went or changed."""
    for end in scores.ENDS:
        pairs = pairs.anti_join(touched.rename({end: "record_code"}), end)
    return pairs


def _marked(facts: Any, fresh: Any) -> Any:
    """Records with whether they are new or changed."""
    codes = fresh.select("record_code", is_fresh=ibis.literal(value=True))
    joined = facts.left_join(codes, "record_code").drop("record_code_right")
    return joined.mutate(is_fresh=joined.is_fresh.fill_null(False))


def _placed(now: Any, before: Any, block: Block) -> Any:
    """The records of the block's groups in which anything changed, each with its place and the changes up to it.

    A changed record stands where it is now; where it was before it leaves a mark.
    """
    there = scores.keyed(now, block, "is_fresh")
    left = scores.keyed(before.mutate(is_fresh=ibis.literal(value=True)), block, "is_fresh")
    changed = there.filter(there.is_fresh).select("shared").union(left.select("shared"), distinct=True)
    both = there.mutate(is_there=ibis.literal(1)).union(left.mutate(is_there=ibis.literal(0)))
    members = both.semi_join(changed, "shared")
    order = [*block.order, "record_code", "is_there"]
    up_to = ibis.cumulative_window(group_by="shared", order_by=order)
    counted = members.mutate(
        place=members.is_there.sum().over(up_to), n_marks=members.is_fresh.cast("int64").sum().over(up_to)
    )
    return counted.filter(counted.is_there == 1).select(
        "record_code", "shared", "is_fresh", "place", "n_marks"
    )


def _still(kept: Any, placed: Any, nth: int) -> Any:
    """Pairs that meet in the block as before: their group did not change, or nothing between them did."""
    pairs = kept.filter((kept.met_in & (1 << nth)) > 0).select(*scores.ENDS)
    for end, name in zip(scores.ENDS, ("n_left", "n_right"), strict=True):
        marks = placed.select(**{end: placed.record_code, name: placed.n_marks})
        pairs = pairs.left_join(marks, end).drop(f"{end}_right")
    still = pairs.filter(pairs.n_left.isnull() | (pairs.n_left == pairs.n_right))
    return still.select(*scores.ENDS, met_in=ibis.literal(1 << nth, "int64"))


def _anew(placed: Any, block: Block, nth: int) -> Any:
    """Pairs that meet in the block tonight with a change at or between them."""
    ahead = ibis.window(group_by="shared", order_by="place", preceding=0, following=block.n_next)
    seen = placed.mutate(marks_ahead=placed.n_marks.max().over(ahead))
    near = seen.filter(seen.is_fresh | (seen.marks_ahead > seen.n_marks))
    first = near.select(
        "shared", "is_fresh", "place", "n_marks",
        one="record_code", step=ibis.range(1, block.n_next + 1).unnest(),
    )  # fmt: skip
    first = first.select("shared", "one", "is_fresh", marks="n_marks", place=first.place + first.step)
    second = placed.select("shared", "place", "n_marks", other="record_code")
    met = first.join(second, ["shared", "place"])
    return scores.couple(met.filter(met.is_fresh | (met.n_marks > met.marks)), nth)
