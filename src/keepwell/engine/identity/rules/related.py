"""Who stands in connection with a client: declared persons, and clients with something in common; never a merge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.reasons.related import RelatedReason
from keepwell.contract.related import RelatedGround, RelatedKind, RelatedPerson
from keepwell.engine import frames
from keepwell.engine.identity.rules import declared, standard
from keepwell.policy.packs import Packs

COMMON = ("client_id", "related_kind", "related_key")


def related_person(
    client: Any,
    client_record: Any,
    client_account: Any,
    record_identity: Any,
    account_agent: Any,
    related_party: Any,
    bank_link: Any,
    login: Any,
    staff_device: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Everybody related to a client as of the day: by what is declared, and by a phone, device or bank account.

    What more clients share than the pack allows is a hub (a hotline, a lobby) and relates nobody, so that a client
    has a bounded number of rows; so does whatever belongs to staff.
    """
    caps = packs.related.in_common
    records = client_record.filter(_is_open(client_record, as_of)).select(
        "record_code", "client_id", "opened_on"
    )
    accounts = client_account.filter(_is_open(client_account, as_of)).select("account_code", "record_code")
    banks = _banks(bank_link, accounts, as_of)
    devices = _devices(login, staff_device, accounts, as_of, caps.login_window_days)
    told = declared.rows(
        client, client_record, record_identity, client_account, account_agent, related_party, packs, as_of
    )
    phones = _phones(record_identity, staff_device)
    found = ibis.union(
        told,
        _in_common(phones, records, RelatedKind.SAME_PHONE, caps.n_clients_per_phone_at_most),
        _in_common(devices, records, RelatedKind.SAME_DEVICE, caps.n_clients_per_device_at_most),
        _in_common(banks, records, RelatedKind.SAME_BANK_ACCOUNT, caps.n_clients_per_bank_account_at_most),
        distinct=False,
    )
    return _earliest(found).select(*RelatedPerson.names())


def _is_open(rows: Any, as_of: dt.date) -> Any:
    return rows.closed_on.isnull() | (rows.closed_on > frames.day(as_of))


def _phones(record_identity: Any, staff_device: Any) -> Any:
    """Phones on file but those of staff; a phone has no day of its own, so it counts from the record's opening."""
    known = record_identity.filter(record_identity.phone.notnull()).select("record_code", value="phone")
    own = staff_device.select(value=standard.phone_digits(staff_device.phone))
    return known.anti_join(own.filter(own.value.notnull()), "value").mutate(seen_on=ibis.null("date"))


def _devices(login: Any, staff_device: Any, accounts: Any, as_of: dt.date, days: int) -> Any:
    """Devices but those of staff, each with the first log-in of the window."""
    first = frames.days_after(
        frames.day(as_of), 1 - days
    )  # a constant: reckoned here it is other SQL each night
    is_lately = (login.logged_in_on >= first) & (login.logged_in_on <= frames.day(as_of))
    lately = login.filter(is_lately & login.device_code.notnull())
    # First by account: of many log-ins few are on another device.
    seen = lately.group_by("account_code", "device_code").agg(seen_on=lately.logged_in_on.min())
    others = seen.anti_join(staff_device.select("device_code").distinct(), "device_code")
    return others.join(accounts, "account_code").select("record_code", "seen_on", value="device_code")


def _banks(bank_link: Any, accounts: Any, as_of: dt.date) -> Any:
    today = frames.day(as_of)
    held = bank_link.filter(
        bank_link.bank_account_number.notnull() & (bank_link.ends_on.isnull() | (bank_link.ends_on > today))
    )
    named = held.join(accounts, "account_code")
    return named.select(
        "record_code", seen_on=named.starts_on, value=named.bank_code + "/" + named.bank_account_number
    )


def _in_common(values: Any, records: Any, kind: RelatedKind, at_most: int) -> Any:
    """Each two clients who share a value that not more than ``at_most`` share: every client beside the others."""
    joined = values.join(records, "record_code")
    held = joined.group_by("value", "client_id").agg(
        record_code=joined.record_code.min(), since_on=ibis.coalesce(joined.seen_on, joined.opened_on).min()
    )
    sizes = held.group_by("value").agg(n_clients=held.client_id.count())
    few = held.join(sizes.filter((sizes.n_clients > 1) & (sizes.n_clients <= at_most)), "value")
    others = few.select(
        "value", related_client_id="client_id", related_record_code="record_code", other_on="since_on"
    )
    pairs = few.join(others, "value")
    apart = pairs.filter(pairs.client_id != pairs.related_client_id)
    return apart.select(
        "client_id",
        "related_client_id",
        "record_code",
        "related_record_code",
        "n_clients",
        related_kind=ibis.literal(str(kind)),
        related_key=apart.related_client_id,
        related_name=ibis.null("string"),
        related_ground=ibis.literal(str(RelatedGround.EVIDENCE)),
        related_reason=ibis.literal(str(RelatedReason.of(str(kind)))),
        since_on=ibis.greatest(apart.since_on, apart.other_on),
        held_share=ibis.null("decimal(18,6)"),
    ).select(*declared.COLUMNS)


def _earliest(found: Any) -> Any:
    """Of several entries about the same two and the same kind the one that holds longest."""
    order = [
        found.since_on.isnull(),
        found.since_on,
        found.record_code,
        found.related_record_code,
        found.related_reason,
        found.held_share.desc(),
        found.n_clients.desc(),
        found.related_name,
    ]
    ranked = found.mutate(nth=ibis.row_number().over(group_by=COMMON, order_by=order))
    return ranked.filter(ranked.nth == 0).drop("nth")
