"""The ids of clients: kept from run to run, so that what people noted of a client stays with it (R210)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.solver.components import Longs

PREFIX = "C"


def client_ids(codes: pa.ChunkedArray, root: Longs, parent: pa.Table) -> pa.Array:
    """The client's id of each record; ``codes`` from the first opened on, ``root`` the first of each one's cluster.

    A new client is named after its first record. An id of the parent run stays with the cluster that holds the
    record it was named after; if that record is gone, with the cluster of the first record left of that client.
    A cluster that so has several ids keeps that of the first of these records. No id is given twice: an id that
    the parent run gave is held by the cluster of the record it names.
    """
    known = codes.combine_chunks()
    ids, holder = _holders(known, parent)
    kept = np.full(root.size, -1, dtype=np.int64)
    order = np.lexsort((np.arange(holder.size), holder))[
        ::-1
    ]  # the first comes last and so has the last word
    kept[root[holder[order]]] = order
    chosen = kept[root]
    named = pc.binary_join_element_wise(PREFIX, known.take(pa.array(root)), "")
    return pc.coalesce(ids.take(pa.array(chosen, mask=chosen < 0)), named)


def _holders(known: pa.Array, parent: pa.Table) -> tuple[pa.Array, Longs]:
    """The ids of the parent run in their order, and the record that holds each; ids without one are left out."""
    ids = pc.unique(parent["client_id"]).sort()
    own = pc.fill_null(pc.index_in(pc.utf8_slice_codeunits(ids, len(PREFIX)), known), -1)
    members = pc.index_in(parent["record_code"], known)
    present = pc.is_valid(members)
    owners = pc.index_in(parent["client_id"].filter(present), ids).to_numpy()
    first = np.full(len(ids), len(known), dtype=np.int64)
    np.minimum.at(first, owners, members.filter(present).to_numpy())
    named = own.to_numpy()
    holder = np.where(named >= 0, named, first).astype(np.int64)
    found = np.flatnonzero(holder < len(known))
    return ids.take(pa.array(found)), holder[found]
