"""Where the records of one client disagree: nothing is overwritten, the service desk sees it."""

from __future__ import annotations

from typing import Any

import ibis

FIELDS = ("occupation", "id_valid_to", "income_band", "sex", "birth_on", "client_name")


def identity_conflict(client_record: Any, customer_record: Any, record_identity: Any, client: Any) -> Any:
    """A row for each record whose value differs from the one chosen for its client, field by field.

    A valid document number that stands in records of several clients (its names differ) is a conflict too.
    """
    records = client_record.select("record_code", "client_id", "branch_code").join(
        customer_record.select("record_code", *FIELDS), "record_code"
    )
    chosen = client.filter(client.n_records > 1).select(
        "client_id", **{f"chosen_{name}": name for name in FIELDS}
    )
    joined = records.join(chosen, "client_id")
    parts = [_differing(joined, name) for name in FIELDS]
    return ibis.union(*parts, _same_number(client_record, record_identity, client), distinct=False)


def _same_number(client_record: Any, record_identity: Any, client: Any) -> Any:
    valid = record_identity.filter(record_identity.id_is_valid).select("record_code", "id_number")
    held = client_record.select("record_code", "client_id", "branch_code").join(valid, "record_code")
    spread = held.group_by("id_number").agg(
        n_clients=held.client_id.nunique(), first_id=held.client_id.min(), last_id=held.client_id.max()
    )
    shared = held.join(spread.filter(spread.n_clients > 1), "id_number")
    named = shared.join(client.select("client_id", "client_name"), "client_id")
    other = ibis.cases((named.client_id == named.first_id, named.last_id), else_=named.first_id)
    return named.select(
        client_id=named.client_id,
        conflict_field=ibis.literal("id_number"),
        record_code=named.record_code,
        branch_code=named.branch_code,
        chosen=named.client_name,
        found=other,
    )


def _differing(joined: Any, name: str) -> Any:
    here, there = joined[name].cast("string"), joined[f"chosen_{name}"].cast("string")
    wrong = joined.filter(here.notnull() & there.notnull() & (here != there))
    return wrong.select(
        client_id=wrong.client_id,
        conflict_field=ibis.literal(name),
        record_code=wrong.record_code,
        branch_code=wrong.branch_code,
        chosen=wrong[f"chosen_{name}"].cast("string"),
        found=wrong[name].cast("string"),
    )
