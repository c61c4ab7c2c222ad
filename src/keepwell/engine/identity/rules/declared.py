"""Persons declared beside a customer record, seen from both sides; shares measured against the signed bound."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import ClientKind, IdKind
from keepwell.contract.reasons.related import RelatedReason
from keepwell.contract.related import PartyKind, RelatedGround, RelatedKind, RelatedPerson
from keepwell.engine import columns, frames
from keepwell.engine.identity.rules import standard
from keepwell.policy.packs import Packs

COLUMNS = RelatedPerson.names()
TOLD = (
    "record_code", "party_record_code", "party_kind", "party_client_kind", "relation_code", "party_name",
    "held_share", "since_on",
)  # fmt: skip
COUNTERPART = {
    RelatedKind.AGENT: RelatedKind.PRINCIPAL,
    RelatedKind.GUARDIAN: RelatedKind.WARD,
    RelatedKind.LEGAL_REPRESENTATIVE: RelatedKind.REPRESENTED,
    RelatedKind.CONTROLLER: RelatedKind.CONTROLLED,
    RelatedKind.BENEFICIAL_OWNER: RelatedKind.OWNED,
    RelatedKind.SHAREHOLDER: RelatedKind.HELD,
}


def rows(
    client: Any,
    client_record: Any,
    record_identity: Any,
    client_account: Any,
    account_agent: Any,
    related_party: Any,
    packs: Packs,
    as_of: dt.date,
) -> Any:
    """Declared relations in force: the other beside the client, and where the other is a client too, the reverse."""
    told = ibis.union(
        _agents(account_agent, client_account, as_of),
        _parties(related_party, record_identity, client_record, packs, as_of),
        distinct=False,
    )
    owner = client_record.select("record_code", "client_id")
    other = owner.select(party_record_code="record_code", related_client_id="client_id")
    whose = (
        told.join(owner, "record_code").left_join(other, "party_record_code").drop("party_record_code_right")
    )
    apart = whose.filter(whose.related_client_id.isnull() | (whose.related_client_id != whose.client_id))
    known = client.select("client_id", "client_kind", "birth_on")
    kinds = known.select(related_client_id="client_id", other_kind="client_kind").distinct()
    joined = (
        apart.join(known, "client_id").left_join(kinds, "related_client_id").drop("related_client_id_right")
    )
    named = joined.mutate(other_kind=ibis.coalesce(joined.other_kind, joined.party_client_kind))
    return _both_sides(_decided(named, packs, as_of))


def _is_in_force(entries: Any, as_of: dt.date) -> Any:
    today = frames.day(as_of)
    has_begun = entries.starts_on.isnull() | (entries.starts_on <= today)
    return has_begun & (entries.ends_on.isnull() | (entries.ends_on > today))


def _agents(account_agent: Any, client_account: Any, as_of: dt.date) -> Any:
    """Agents of accounts that are open, who are customers themselves."""
    today = frames.day(as_of)
    still = client_account.filter(client_account.closed_on.isnull() | (client_account.closed_on > today))
    accounts = still.select("account_code", owner_code="record_code")
    named = account_agent.filter(_is_in_force(account_agent, as_of)).join(accounts, "account_code")
    return named.select(
        record_code=named.owner_code,
        party_record_code=named.record_code,
        party_kind=ibis.literal(str(PartyKind.AGENT)),
        party_client_kind=ibis.null("string"),
        relation_code=named.account_code,
        party_name=ibis.null("string"),
        held_share=ibis.null("decimal(18,6)"),
        since_on=named.starts_on,
    ).select(*TOLD)


def _parties(
    related_party: Any, record_identity: Any, client_record: Any, packs: Packs, as_of: dt.date
) -> Any:
    """Declared parties; who is named by a valid document that one client alone has is that client."""
    current = related_party.filter(_is_in_force(related_party, as_of))
    checked = standard.checked_document(current, packs)
    by_number = _by_number(record_identity, client_record)
    is_told = checked.id_is_valid & checked.party_record_code.isnull()
    number = ibis.cases((is_told, checked.id_kind + "/" + checked.id_number))
    found = checked.mutate(number=number).left_join(by_number, "number")
    looks_company = ibis.cases((found.id_kind == str(IdKind.CREDIT_CODE), str(ClientKind.COMPANY)))
    return found.mutate(
        party_record_code=ibis.coalesce(found.party_record_code, found.numbered_code),
        party_client_kind=ibis.coalesce(found.party_client_kind, looks_company),
        since_on=found.starts_on,
    ).select(*TOLD)


def _by_number(record_identity: Any, client_record: Any) -> Any:
    """The first record of each valid document number that only one client has."""
    valid = record_identity.filter(record_identity.id_is_valid)
    owned = valid.select("record_code", number=valid.id_kind + "/" + valid.id_number).join(
        client_record.select("record_code", "client_id"), "record_code"
    )
    groups = owned.group_by("number").agg(numbered_code=owned.record_code.min(), n=owned.client_id.nunique())
    return groups.filter(groups.n == 1).drop("n")


def _decided(told: Any, packs: Packs, as_of: dt.date) -> Any:
    """The kind of each relation and why, by what is declared, by the share and by the ward's age."""
    bound = columns.literal(packs.related.beneficial_owner.held_share, RelatedPerson.columns["held_share"])
    of_age = packs.related.guardian.adult_age * 12
    is_minor = (told.client_kind == str(ClientKind.PERSON)) & told.birth_on.notnull()
    is_minor &= frames.months_after(told.birth_on, of_age) > frames.day(as_of)
    is_minor = is_minor.fill_null(False)
    is_person = told.other_kind.fill_null(str(ClientKind.PERSON)) == str(ClientKind.PERSON)
    enough = (told.held_share >= bound).fill_null(False)
    as_told = {kind: told.party_kind == str(kind) for kind in PartyKind}
    shareholder, owner = as_told[PartyKind.SHAREHOLDER], as_told[PartyKind.BENEFICIAL_OWNER]
    ways = [
        (as_told[PartyKind.AGENT] & is_minor, RelatedKind.AGENT, RelatedReason.AGENT_OF_MINOR),
        (as_told[PartyKind.AGENT], RelatedKind.AGENT, RelatedReason.AGENT),
        (as_told[PartyKind.GUARDIAN] & is_minor, RelatedKind.GUARDIAN, RelatedReason.GUARDIAN_OF_MINOR),
        (as_told[PartyKind.GUARDIAN], RelatedKind.GUARDIAN, RelatedReason.GUARDIAN_OF_AGE),
        (
            as_told[PartyKind.LEGAL_REPRESENTATIVE],
            RelatedKind.LEGAL_REPRESENTATIVE,
            RelatedReason.REPRESENTS,
        ),
        (as_told[PartyKind.CONTROLLER], RelatedKind.CONTROLLER, RelatedReason.CONTROLS),
        (
            (shareholder | owner) & enough & is_person,
            RelatedKind.BENEFICIAL_OWNER,
            RelatedReason.HOLDS_ENOUGH,
        ),
        ((shareholder | owner) & enough, RelatedKind.SHAREHOLDER, RelatedReason.HOLDER_NO_PERSON),
        (owner & told.held_share.notnull(), RelatedKind.BENEFICIAL_OWNER, RelatedReason.OWNER_BELOW),
        (owner, RelatedKind.BENEFICIAL_OWNER, RelatedReason.OWNER_NAMED),
        (told.held_share.notnull(), RelatedKind.SHAREHOLDER, RelatedReason.HOLDS_LESS),
    ]
    return told.mutate(
        related_kind=ibis.cases(
            *((holds, str(kind)) for holds, kind, _ in ways), else_=str(RelatedKind.SHAREHOLDER)
        ),
        related_reason=ibis.cases(
            *((holds, str(reason)) for holds, _, reason in ways), else_=str(RelatedReason.HOLDS_UNKNOWN)
        ),
    )


def _both_sides(told: Any) -> Any:
    """From the client's side; and from the other's where that is a client."""
    counterpart = ibis.cases(
        *((told.related_kind == str(one), str(other)) for one, other in COUNTERPART.items())
    )
    constants = {
        "related_ground": ibis.literal(str(RelatedGround.DECLARED)),
        "n_clients": ibis.literal(0, type="int64"),
    }
    here = told.mutate(
        related_key=ibis.coalesce(told.related_client_id, told.relation_code),
        related_name=ibis.cases((told.related_client_id.isnull(), told.party_name)),
        related_record_code=told.party_record_code,
        **constants,
    ).select(*COLUMNS)
    clients = told.mutate(counterpart=counterpart).filter(told.related_client_id.notnull())
    there = clients.select(
        "related_reason",
        "held_share",
        "since_on",
        client_id=clients.related_client_id,
        related_client_id=clients.client_id,
        related_key=clients.client_id,
        related_kind=clients.counterpart,
        related_name=ibis.null("string"),
        record_code=clients.party_record_code,
        related_record_code=clients.record_code,
    ).mutate(**constants)
    return here.union(there.select(*COLUMNS), distinct=False)
