"""Which records share a key, by the keys of the identity pack, with caps on how many may share it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import ibis

from keepwell.policy.clients import Identity, Key
from keepwell.policy.packs import Packs

_NAMED = ("id_number", "investor_code")
SEPARATOR = "\x1f"  # no delivered text holds it: ingest refuses control characters


def record_link(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Any:
    """Each record with the first record that shares its key, for every key of the pack.

    A value that more names share than the pack allows is a hub (a hotline, a lobby) and links nobody.
    """
    parts = []
    for key, (present, groups) in _groups(record_identity, investor, bank_link, account, packs):
        linking = groups.filter((groups.n > 1) & (groups.n <= key.group_at_most))
        joined = present.join(linking, "shared")
        parts.append(
            joined.select(
                link_reason=ibis.literal(key.code),
                record_code=joined.record_code,
                anchor_code=joined.first_code,
            )
        )
    return ibis.union(*parts, distinct=False)


def crowded(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Any:
    """Of each group too large for its key the first and the last record: it links nobody, someone should look."""
    return ibis.union(
        *(
            groups.filter(groups.n > key.group_at_most).select("first_code", "last_code")
            for key, (_present, groups) in _groups(record_identity, investor, bank_link, account, packs)
        ),
        distinct=True,
    )


def _groups(record_identity: Any, investor: Any, bank_link: Any, account: Any, packs: Packs) -> Iterator[Any]:
    """For each key the records that have it and the groups that share it."""
    identity = packs.identity
    facts = _without_hubs(named(record_identity, identity), identity)
    facts = facts.left_join(investor.select("record_code", "investor_code"), "record_code").drop(
        "record_code_right"
    )
    banks = _banks(facts, bank_link, account)
    for key in identity.keys:
        yield key, _shared(banks if "bank_account_number" in key.fields else facts, key, identity)


def named(records: Any, identity: Identity) -> Any:
    """Records without the names that say nothing; such a name still agrees with itself beside a number."""
    nothing = [name.upper() for name in identity.masked.names]
    name = ibis.cases((records.client_name.isin(nothing), ibis.null("string")), else_=records.client_name)
    return records.mutate(client_name=name)


def _without_hubs(records: Any, identity: Identity) -> Any:
    masked = identity.masked
    limits = {
        "phone": masked.n_names_per_phone_at_most,
        "address": masked.n_names_per_address_at_most,
        "email": masked.n_names_per_email_at_most,
    }
    return reduce(lambda kept, limit: _mask_hub(kept, *limit), limits.items(), records)


def _mask_hub(records: Any, field: str, limit: int) -> Any:
    sizes = records.group_by(field).agg(n_names=records.client_name.nunique())
    hubs = sizes.filter(sizes.n_names > limit).select(hub=sizes[field])
    joined = records.left_join(hubs, records[field] == hubs.hub)
    kept = ibis.cases((joined.hub.notnull(), ibis.null("string")), else_=joined[field])
    return joined.mutate(**{field: kept}).drop("hub")


def _banks(facts: Any, bank_link: Any, account: Any) -> Any:
    """Records with their custodian bank accounts, each once."""
    held = bank_link.join(account.select("account_code", "record_code"), "account_code")
    numbers = held.select("record_code", "bank_code", "bank_account_number").distinct()
    return facts.join(numbers, "record_code")


def _shared(records: Any, key: Key, identity: Identity) -> tuple[Any, Any]:
    """Records with what the key is made of, and how many share it, with the first and the last of them."""
    fields = [str(field) for field in key.fields]
    name = _name_field(fields, identity)
    wanted = records.filter(records.client_kind.isin([kind.value for kind in key.client_kinds]))
    if key.needs_valid_id:
        wanted = wanted.filter(wanted.id_is_valid)
    values = [wanted[field].cast("string") for field in (*fields, *name)]
    keyed = wanted.mutate(shared=reduce(lambda left, right: left + SEPARATOR + right, values))
    present = keyed.filter(keyed.shared.notnull()).select("record_code", "shared").distinct()
    groups = present.group_by("shared").agg(
        n=present.record_code.count(),
        first_code=present.record_code.min(),
        last_code=present.record_code.max(),
    )
    return present, groups


def _name_field(fields: list[str], identity: Identity) -> tuple[str, ...]:
    """Numbers alone do not link when names differ: the name, or how it sounds, must agree too."""
    rule = identity.same_id_other_name
    if not any(field in _NAMED for field in fields) or rule.links_when_name_differs:
        return ()
    return ("name_reading",) if rule.links_when_pinyin_agrees else ("client_name",)
