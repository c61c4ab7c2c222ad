"""From shared keys to clients: union in the order of the keys, never across two valid documents."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract.identity import ClientRecord
from keepwell.contract.reasons.identity import LinkReason
from keepwell.engine.columns import arrow_schema
from keepwell.engine.solver.components import Longs, clusters
from keepwell.policy.packs import Packs


def client_record(
    record_identity: pa.Table, record_link: pa.Table, customer_record: pa.Table, packs: Packs
) -> dict[str, pa.Table]:
    """Every customer record with its client and the evidence that joined it first.

    Two different numbers with valid check digits, or two kinds of client, never meet in one cluster (the
    pack's veto, held for the cluster, not only for the pair). A client is named after its first record by
    opening date, so that the id of a client outlives records that join later.
    """
    veto = packs.identity.veto
    marks = np.zeros((2, record_identity.num_rows), dtype=np.int64)
    if veto.different_valid_ids:
        marks[0] = _labels(_valid_number(record_identity))
    if veto.different_client_kinds:
        marks[1] = _labels(record_identity["client_kind"])
    records = customer_record.select(["record_code", "branch_code", "opened_on", "closed_on"])
    order = pc.sort_indices(records, sort_keys=[("opened_on", "ascending"), ("record_code", "ascending")])
    rank = np.empty(records.num_rows, dtype=np.int64)
    rank[order.to_numpy()] = np.arange(records.num_rows)
    edges = _edges(record_link, record_identity["record_code"], packs)
    root, used = clusters(records.num_rows, rank[edges[0]], rank[edges[1]], _by_rank(marks, rank))
    first = order.to_numpy()[root[rank]]
    names = pc.binary_join_element_wise("C", records["record_code"].take(pa.array(first)), "")
    rows = records.append_column("client_id", names).append_column(
        "link_reason", _reasons(edges, used, records.num_rows, packs)
    )
    return {ClientRecord.name: rows.select(list(ClientRecord.names())).cast(arrow_schema(ClientRecord))}


def _valid_number(records: pa.Table) -> pa.ChunkedArray:
    return pc.if_else(records["id_is_valid"], records["id_number"], pa.scalar(None, pa.string()))


def _labels(values: pa.ChunkedArray) -> Longs:
    """Numbers from 1 for equal values, 0 for null."""
    codes = pc.dictionary_encode(values).combine_chunks().indices
    numbers: Longs = pc.fill_null(pc.add(pc.cast(codes, pa.int64()), 1), 0).to_numpy(zero_copy_only=False)
    return numbers


def _by_rank(marks: Longs, rank: Longs) -> Longs:
    moved = np.zeros_like(marks)
    moved[:, rank] = marks
    return moved


def _edges(links: pa.Table, codes: pa.ChunkedArray, packs: Packs) -> tuple[Longs, Longs, Longs]:
    """Edges by record position, strongest key first, ties by position: ``(record, anchor, key)``."""
    known = codes.combine_chunks()
    record = pc.index_in(links["record_code"], known).to_numpy().astype(np.int64)
    anchor = pc.index_in(links["anchor_code"], known).to_numpy().astype(np.int64)
    keys = pa.array([str(key.code) for key in packs.identity.keys])
    key = pc.index_in(links["link_reason"], keys).to_numpy().astype(np.int64)
    chosen = (record != anchor).nonzero()[0]
    order = chosen[np.lexsort((record[chosen], anchor[chosen], key[chosen]))]
    return record[order], anchor[order], key[order]


def _reasons(
    edges: tuple[Longs, Longs, Longs], used: NDArray[np.bool_], n_records: int, packs: Packs
) -> pa.Array:
    """The strongest key by which each record was joined; ``alone`` where none was."""
    reasons = [*(str(key.code) for key in packs.identity.keys), str(LinkReason.ALONE)]
    best = np.full(n_records, len(reasons) - 1, dtype=np.int64)
    for side in (edges[0], edges[1]):
        np.minimum.at(best, side[used], edges[2][used])
    return pa.array(reasons).take(pa.array(best))
