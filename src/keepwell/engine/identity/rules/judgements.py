"""What stewards said of pairs of customer records, and what became of the records' clients since (R210)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import IdentityEvent, Judgement
from keepwell.contract.reasons.identity import EventReason, LinkReason
from keepwell.engine.identity.rules import naming


def in_force(returned_judgement: Any) -> Any:
    """Of each pair the latest judgement."""
    place = ibis.row_number().over(
        group_by=["left_code", "right_code"],
        order_by=[returned_judgement.judged_at.desc(), returned_judgement.judgement_key.desc()],
    )
    ranked = returned_judgement.mutate(nth=place)
    return ranked.filter(ranked.nth == 0).drop("nth")


def client_event(client_record: Any, parent_client_record: Any, returned_judgement: Any) -> Any:
    """Customer records whose client is another than in the parent run.

    A client that is there no longer was merged into the one that has its first record now; every other record
    was split off.
    """
    before = parent_client_record.select("record_code", from_client_id="client_id")
    joined = client_record.join(before, "record_code")
    moved = joined.filter(joined.client_id != joined.from_client_id)
    living = client_record.select(from_client_id="client_id", living_id="client_id").distinct()
    told = moved.left_join(living, "from_client_id").drop("from_client_id_right")
    told = told.left_join(_heirs(moved), "from_client_id").drop("from_client_id_right")
    parted = _parted(returned_judgement, client_record)
    told = told.left_join(parted, ["from_client_id", "client_id"]).drop(
        "from_client_id_right", "client_id_right"
    )
    is_merged = told.living_id.isnull() & (told.client_id == told.heir_id)
    reason = ibis.cases(
        (is_merged & (told.link_reason == str(LinkReason.JUDGED)), str(EventReason.JUDGED_SAME)),
        (is_merged, str(EventReason.NEW_EVIDENCE)),
        (told.was_judged.fill_null(False), str(EventReason.JUDGED_NOT_SAME)),
        else_=str(EventReason.EVIDENCE_GONE),
    )
    event = ibis.cases((is_merged, str(IdentityEvent.MERGED)), else_=str(IdentityEvent.SPLIT))
    return told.select(
        "record_code",
        "from_client_id",
        "link_reason",
        to_client_id=told.client_id,
        event=event,
        event_reason=reason,
    )


def _heirs(moved: Any) -> Any:
    """Who has the first record of each client of before: the one it is named after, else the first opened."""
    is_first = naming.PREFIX + moved.record_code == moved.from_client_id
    order = [is_first.desc(), moved.opened_on, moved.record_code]
    return moved.group_by("from_client_id").agg(heir_id=moved.client_id.first(order_by=order))


def _parted(returned_judgement: Any, client_record: Any) -> Any:
    """Clients between whom a judgement stands, in both directions."""
    said = in_force(returned_judgement)
    apart = said.filter(said.judgement == str(Judgement.NOT_SAME))
    owner = client_record.select("record_code", "client_id")
    sides = [
        owner.rename({code: "record_code", name: "client_id"})
        for code, name in (("left_code", "left_id"), ("right_code", "right_id"))
    ]
    both = apart.select("left_code", "right_code").join(sides[0], "left_code").join(sides[1], "right_code")
    ways = [
        both.select(from_client_id=both[one], client_id=both[other])
        for one, other in (("left_id", "right_id"), ("right_id", "left_id"))
    ]
    return ibis.union(*ways, distinct=True).mutate(was_judged=ibis.literal(value=True))
