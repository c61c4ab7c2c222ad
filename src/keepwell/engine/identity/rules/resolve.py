"""From shared keys to clients: judgements first, then keys in their order, never across two valid documents."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract.codes import Judgement
from keepwell.contract.identity import ClientRecord
from keepwell.contract.reasons.identity import LinkReason
from keepwell.engine.columns import arrow_schema
from keepwell.engine.identity.rules import naming
from keepwell.engine.solver.components import WHOLE, Clustered, Flags, Judged, Longs, Weak, clusters
from keepwell.policy.packs import Packs

Edges = tuple[Longs, Longs, Longs]
# Of these tables no other column is read: to bring names and addresses along costs more than to decide.
GIVEN = {
    "record_identity": ("record_code", "client_kind", "id_number", "id_is_valid"),
    "customer_record": ("record_code", "branch_code", "opened_on", "closed_on"),
}


def client_record(
    record_identity: pa.Table,
    record_link: pa.Table,
    pair_score: pa.Table,
    customer_record: pa.Table,
    returned_judgement: pa.Table,
    parent_client_record: pa.Table,
    packs: Packs,
) -> dict[str, pa.Table]:
    """Every customer record with its client and the evidence that joined it first.

    What a steward said of two records holds, the latest word first. Of itself nothing brings two different
    numbers with valid check digits, or two kinds of client, into one cluster (the pack's veto, held for the
    cluster, not only for the pair). Clients keep the ids of the parent run.
    """
    records = customer_record.select(["record_code", "branch_code", "opened_on", "closed_on"])
    order = pc.sort_indices(records, sort_keys=[("opened_on", "ascending"), ("record_code", "ascending")])
    ordered = records.take(order)
    rank = np.empty(records.num_rows, dtype=np.int64)
    rank[order.to_numpy()] = np.arange(records.num_rows)
    edges = _edges(record_link, pair_score, record_identity["record_code"], packs)
    said = _judged(returned_judgement, ordered["record_code"])
    found = clusters(
        records.num_rows,
        rank[edges[0]],
        rank[edges[1]],
        _marks(record_identity, packs)[:, order.to_numpy()],
        said,
        Weak(
            edges[2] == _place(LinkReason.SCORED, packs),
            int(packs.identity.scoring.supported_share * WHOLE),
        ),
    )
    reasons = _reasons((rank[edges[0]], rank[edges[1]], edges[2]), found, said, packs)
    rows = ordered.append_column(
        "client_id", naming.client_ids(ordered["record_code"], found.root, parent_client_record)
    ).append_column("link_reason", reasons)
    return {ClientRecord.name: rows.select(list(ClientRecord.names())).cast(arrow_schema(ClientRecord))}


def _marks(record_identity: pa.Table, packs: Packs) -> Longs:
    """What two records of one cluster may not differ in: a number for each value, 0 for none, shape (2, records)."""
    veto = packs.identity.veto
    marks = np.zeros((2, record_identity.num_rows), dtype=np.int64)
    if veto.different_valid_ids:
        marks[0] = _labels(_valid_number(record_identity))
    if veto.different_client_kinds:
        marks[1] = _labels(record_identity["client_kind"])
    return marks


def _valid_number(records: pa.Table) -> pa.ChunkedArray:
    return pc.if_else(records["id_is_valid"], records["id_number"], pa.scalar(None, pa.string()))


def _labels(values: pa.ChunkedArray) -> Longs:
    """Numbers from 1 for equal values, 0 for null."""
    codes = pc.dictionary_encode(values).combine_chunks().indices
    numbers: Longs = pc.fill_null(pc.add(pc.cast(codes, pa.int64()), 1), 0).to_numpy(zero_copy_only=False)
    return numbers


def _positions(codes: pa.ChunkedArray, known: pa.ChunkedArray) -> Longs:
    """Where each code stands among those that are known; -1 for one that does not."""
    found: Longs = pc.fill_null(pc.index_in(codes, known.combine_chunks()), -1).to_numpy().astype(np.int64)
    return found


def _edges(links: pa.Table, scores: pa.Table, codes: pa.ChunkedArray, packs: Packs) -> Edges:
    """Edges by record position: keys, the strongest first, then scores, the highest first; ties by position.

    A score joins of itself only from the signed threshold on. Answers ``(record, anchor, place of the reason)``.
    """
    ends = pa.table({"one": links["record_code"], "other": links["anchor_code"], "why": links["link_reason"]})
    high = scores.filter(pc.greater_equal(scores["score"], packs.identity.scoring.merges_at_share))
    scored = pa.table(
        {"one": high["left_code"], "other": high["right_code"], "why": [str(LinkReason.SCORED)] * len(high)},
        schema=ends.schema,
    )
    both = pa.concat_tables([ends, scored])
    record, anchor = _positions(both["one"], codes), _positions(both["other"], codes)
    key = _positions(both["why"], pa.chunked_array([_reasons_of(packs)]))
    falling = np.concatenate([np.zeros(len(ends)), -high["score"].cast(pa.float64()).to_numpy()])
    chosen = (record != anchor).nonzero()[0]
    order = chosen[np.lexsort((record[chosen], anchor[chosen], falling[chosen], key[chosen]))]
    return record[order], anchor[order], key[order]


def _reasons_of(packs: Packs) -> pa.Array:
    """By what records are joined, the weightiest first."""
    keys = [str(key.code) for key in packs.identity.keys]
    return pa.array([str(LinkReason.JUDGED), *keys, str(LinkReason.SCORED), str(LinkReason.ALONE)])


def _place(reason: LinkReason, packs: Packs) -> int:
    return int(pc.index(_reasons_of(packs), str(reason)).as_py())


def _judged(judgements: pa.Table, codes: pa.ChunkedArray) -> Judged:
    """The last word on each pair of records that are there, the latest first; who is unsure decides nothing."""
    latest = judgements.sort_by([("judged_at", "descending"), ("judgement_key", "descending")])
    left, right = _positions(latest["left_code"], codes), _positions(latest["right_code"], codes)
    _pairs, first = np.unique(np.stack([left, right], axis=1), axis=0, return_index=True)
    is_last = np.zeros(left.size, dtype=np.bool_)
    is_last[first] = True
    is_sure = pc.not_equal(latest["judgement"], str(Judgement.UNSURE)).to_numpy()
    chosen = np.flatnonzero(is_last & is_sure & (left >= 0) & (right >= 0))
    is_same = pc.equal(latest["judgement"], str(Judgement.SAME)).to_numpy()
    return Judged(left[chosen], right[chosen], is_same[chosen])


def _reasons(edges: Edges, found: Clustered, said: Judged, packs: Packs) -> pa.Array:
    """How each record was joined: by a judgement, else by the strongest key, else by a score, else ``alone``."""
    reasons = _reasons_of(packs)
    best = np.full(found.root.size, len(reasons) - 1, dtype=np.int64)
    joined: Flags = found.upheld & said.is_same
    for side in (0, 1):
        np.minimum.at(best, edges[side][found.used], edges[2][found.used])
        best[said[side][joined]] = 0
    return reasons.take(pa.array(best))
