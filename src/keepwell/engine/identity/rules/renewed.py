"""What tonight's comparing takes over from the night before: equal to comparing everything anew, cheaper (ADR 0020)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import ibis

from keepwell.contract import Table
from keepwell.contract.comparing import PairCompared
from keepwell.contract.reasons.identity import ConflictReason
from keepwell.engine.identity.rules import (
    compared,
    conflicts,
    evidence,
    golden,
    limits,
    scores,
    standard,
    touched,
)
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
    changed = changed_customer_record.select("record_code").distinct()
    fresh = customer_record.select(*AS_DELIVERED).semi_join(changed, "record_code")
    kept = parent_record_identity.anti_join(changed, "record_code")
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

    def renew(**given: Any) -> Any:
        return _taken_over(decide, given[parent], given)

    return _asking(renew, *asked(decide), "client_record", "touched_client", parent)


def client() -> Callable[..., Any]:
    """The clients: what their records tell is taken over of whom nothing touched; where they are at home, who looks
    after them and whether they ever did anything is decided of all, for that hangs on every day's events.
    """

    def renew(**given: Any) -> Any:
        known = _taken_over(golden.known, given["parent_client"], given)
        rest = {name: given[name] for name in asked(golden.placed) if name in given}
        return golden.placed(known=known, **rest)

    return _asking(renew, *asked(golden.client), "touched_client", "parent_client")


def identity_conflict() -> Callable[..., Any]:
    """The conflicts: facts in which records disagree are taken over of clients whom nothing touched."""

    def renew(**given: Any) -> Any:
        clients, before = given["touched_client"], given["parent_identity_conflict"]
        narrowed = given | {"golden_field": given["golden_field"].semi_join(clients, "client_id")}
        fresh = conflicts.waiting(**{name: narrowed[name] for name in asked(conflicts.waiting)})
        is_of_facts = before.golden_field.notnull()
        is_of_facts &= before.conflict_reason != str(ConflictReason.NUMBER_ELSEWHERE)
        kept = before.filter(is_of_facts).anti_join(clients, "client_id").select(*fresh.columns)
        return conflicts.settled(kept.union(fresh, distinct=False), given["returned_verification"])

    return _asking(renew, *asked(conflicts.identity_conflict), "touched_client", "parent_identity_conflict")


def limited_account(
    securities_account: Any,
    client_account: Any,
    trade: Any,
    daily_asset: Any,
    holding: Any,
    changed_securities_account: Any,
    changed_account: Any,
    changed_client_record: Any,
    parent_limited_account: Any,
    packs: Packs,
    as_of: dt.date,
    since_on: dt.date,
    until_on: dt.date,
) -> Any:
    """Accounts beyond the limit, of those who had too many and those who came by an account or records since."""
    ended = touched.passed(securities_account.closed_on, since_on, until_on)
    accounts = touched.keys(
        "account_code", changed_securities_account, changed_account, securities_account.filter(ended)
    )
    clients = touched.keys(
        "client_id",
        parent_limited_account,
        client_account.semi_join(accounts, "account_code"),
        client_account.semi_join(changed_client_record, "record_code"),
    )
    theirs = client_account.semi_join(clients, "client_id")
    held = securities_account.semi_join(theirs, "account_code")
    return limits.limited_account(held, theirs, trade, daily_asset, holding, packs, as_of)


def _taken_over(decide: Callable[..., Any], before: Any, given: dict[str, Any]) -> Any:
    """What is decided of touched clients, and of the others what the night before decided of the same."""
    of_touched = _of_clients(given["touched_client"], given["client_record"])
    fresh = decide(**{name: of_touched(name, given[name]) for name in asked(decide)})
    kept = before.anti_join(given["touched_client"], "client_id").select(*fresh.columns)
    return kept.union(fresh, distinct=False)


def _asking(way: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """The way to decide, asking for what is named."""
    asks = Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in dict.fromkeys(names)])
    way.__signature__ = asks  # type: ignore[attr-defined]  # read by inspect, known to no stub
    return way


def _of_clients(clients: Any, client_record: Any) -> Callable[[str, Any], Any]:
    """What a rule is given, without the rows of clients that nothing touched."""
    known = {"client_id": clients, "record_code": client_record.semi_join(clients, "client_id")}

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
    them came, went or moved. Who met before and was not worth asking about is not compared again.
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
        parts += [_still(kept, placed, block, nth), _anew(placed, block, nth)]
    met = scores.each_once(parts)
    known = met.join(kept.drop("met_in"), scores.ENDS).select(*PairCompared.names())
    unknown = met.anti_join(kept, scores.ENDS)
    return known.union(compared.promising(unknown, facts, scoring))


def _untouched(pairs: Any, records: Any) -> Any:
    """Pairs of which neither record came, went or changed."""
    for end in scores.ENDS:
        pairs = pairs.anti_join(records.rename({end: "record_code"}), end)
    return pairs


def _marked(facts: Any, fresh: Any) -> Any:
    """Records with whether they are new or changed."""
    codes = fresh.select("record_code", is_fresh=ibis.literal(value=True))
    joined = facts.left_join(codes, "record_code").drop("record_code_right")
    return joined.mutate(is_fresh=joined.is_fresh.fill_null(False))


def _placed(now: Any, before: Any, block: Block) -> Any:
    """The records of the block's groups in which anything changed, each with its place there now and before.

    A changed record stands where it is now, and once more where it was; it has no place before of its own.
    """
    there = scores.keyed(now, block, "is_fresh")
    left = scores.keyed(before.mutate(is_fresh=ibis.literal(value=True)), block, "is_fresh")
    changed = there.filter(there.is_fresh).select("shared").union(left.select("shared"), distinct=True)
    both = there.mutate(is_there=ibis.literal(1), was_there=(~there.is_fresh).cast("int64")).union(
        left.mutate(is_there=ibis.literal(0), was_there=ibis.literal(1, "int64"))
    )
    members = both.semi_join(changed, "shared")
    order = [*block.order, "record_code", "is_there"]
    up_to = ibis.cumulative_window(group_by="shared", order_by=order)
    counted = members.mutate(
        place=members.is_there.sum().over(up_to),
        place_before=members.was_there.sum().over(up_to),
        n_marks=members.is_fresh.cast("int64").sum().over(up_to),
    )
    return counted.filter(counted.is_there == 1).select(
        "record_code", "shared", "is_fresh", "place", "place_before", "n_marks"
    )


def _still(kept: Any, placed: Any, block: Block, nth: int) -> Any:
    """Pairs that met in the block before and still do: their group did not change, or they are near enough in it."""
    pairs = kept.filter((kept.met_in & (1 << nth)) > 0).select(*scores.ENDS)
    for end, name in zip(scores.ENDS, ("left_place", "right_place"), strict=True):
        places = placed.select(**{end: placed.record_code, name: placed.place})
        pairs = pairs.left_join(places, end).drop(f"{end}_right")
    steps = (pairs.left_place - pairs.right_place).abs()
    still = pairs.filter(steps.isnull() | (steps <= block.n_next))
    return still.select(*scores.ENDS, met_in=ibis.literal(1 << nth, "int64"))


def _anew(placed: Any, block: Block, nth: int) -> Any:
    """Pairs that meet in the block tonight and did not the night before: one changed, or they came nearer."""
    ahead = ibis.window(group_by="shared", order_by="place", preceding=0, following=block.n_next)
    seen = placed.mutate(marks_ahead=placed.n_marks.max().over(ahead))
    near = seen.filter(seen.is_fresh | (seen.marks_ahead > seen.n_marks))
    first = near.select(
        "shared", "is_fresh", "place", "place_before",
        one="record_code", step=ibis.range(1, block.n_next + 1).unnest(),
    )  # fmt: skip
    first = first.select("shared", "one", "is_fresh", was="place_before", place=first.place + first.step)
    second = placed.select("shared", "place", "place_before", is_other_fresh="is_fresh", other="record_code")
    met = first.join(second, ["shared", "place"])
    came_nearer = met.place_before - met.was > block.n_next
    return scores.couple(met.filter(met.is_fresh | met.is_other_fresh | came_nearer), nth)
