"""The golden record: for each field the value of the best record that has one, in a total order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract import codes
from keepwell.engine import frames
from keepwell.engine.identity.rules import places
from keepwell.policy.packs import Packs


def client_account(client_record: Any, account: Any) -> Any:
    """Every fund account under its client."""
    owner = client_record.select("record_code", "client_id", "branch_code")
    return account.join(owner, "record_code").select(
        "account_code", "client_id", "record_code", "branch_code", "account_kind", "currency", "account_status",
        "opened_on", "closed_on",
    )  # fmt: skip


def client(
    client_record: Any,
    customer_record: Any,
    record_identity: Any,
    client_account: Any,
    assignment: Any,
    branch: Any,
    branch_wish: Any,
    contact: Any,
    daily_asset: Any,
    holding: Any,
    trade: Any,
    cash_flow: Any,
    staff: Any,
    returned_contact: Any,
    returned_assignment: Any,
    packs: Packs,
    as_of: dt.date,
    acts_on: dt.date,
) -> Any:
    """One row a client: identity facts of its best records, home branch, population, present manager."""
    facts = _facts(client_record, customer_record, record_identity)
    summary = _summary(client_record).join(_chosen(facts), "client_id")
    met = places.met(contact, returned_contact, as_of)
    wished = places.wishes(branch_wish, returned_assignment, client_record, as_of, acts_on)
    home = places.home(client_record, client_account, daily_asset, met, wished)
    home = home.join(branch.select("city", home_branch_code="branch_code"), "home_branch_code")
    delivered = places.delivered(client_record, assignment, home, as_of)
    owner = places.manager(delivered, places.decided(returned_assignment, client_record, staff, acts_on))
    funded = _funded(client_account, holding, trade, cash_flow, packs)
    counts = client_account.group_by("client_id").agg(n_accounts=client_account.account_code.count())
    joined = summary
    for part in (home, owner, funded, counts):
        joined = joined.left_join(part, "client_id").drop("client_id_right")
    return joined.mutate(
        n_accounts=joined.n_accounts.fill_null(0),
        population=_population(joined, as_of),
        id_masked=_masked_number(joined.id_number),
        phone_masked=_masked_phone(joined.phone),
    ).drop("id_number", "phone", "is_funded")


def client_secret(client_record: Any, customer_record: Any, record_identity: Any) -> Any:
    """The secret facts of each client, for the vault alone."""
    facts = _facts(client_record, customer_record, record_identity)
    return facts.group_by("client_id").agg(
        id_number=_best(facts, "id_number"), phone=_best(facts, "phone"), address=_best(facts, "raw_address")
    )


def _facts(client_record: Any, customer_record: Any, record_identity: Any) -> Any:
    """Records with standard form, ranked in each client: open before closed, newest data first, then by number."""
    standard = record_identity.select("record_code", "id_number", "id_is_valid", "phone")
    raw = customer_record.select(
        "record_code", "client_kind", "client_name", "id_kind", "id_valid_to", "sex", "birth_on", "occupation",
        "income_band", "updated_on", raw_address="address",
    )  # fmt: skip
    joined = client_record.join(raw, "record_code").join(standard, "record_code")
    newest = ibis.coalesce(joined.updated_on, joined.opened_on)
    position = ibis.row_number().over(
        group_by="client_id", order_by=[joined.closed_on.notnull(), newest.desc(), joined.record_code]
    )
    return joined.mutate(position=position)


def _best(facts: Any, field: str) -> Any:
    return facts[field].first(where=facts[field].notnull(), order_by=facts.position)


def _chosen(facts: Any) -> Any:
    valid = facts.id_is_valid
    trusted = facts.id_number.first(where=valid & facts.id_number.notnull(), order_by=facts.position)
    names = (
        "client_kind",
        "client_name",
        "sex",
        "birth_on",
        "occupation",
        "income_band",
        "id_kind",
        "id_valid_to",
    )
    fields = {name: _best(facts, name) for name in (*names, "phone")}
    return facts.group_by("client_id").agg(
        **fields, id_number=ibis.coalesce(trusted, _best(facts, "id_number")), id_is_valid=valid.any()
    )


def _summary(client_record: Any) -> Any:
    records = client_record
    grouped = records.group_by("client_id").agg(
        opened_on=records.opened_on.min(),
        last_closed_on=records.closed_on.max(),
        n_open=records.closed_on.isnull().sum(),
        n_records=records.record_code.count(),
        n_branches=records.branch_code.nunique(),
    )
    closed = ibis.cases((grouped.n_open == 0, grouped.last_closed_on), else_=ibis.null("date"))
    return grouped.mutate(closed_on=closed).drop("last_closed_on", "n_open")


def _funded(client_account: Any, holding: Any, trade: Any, cash_flow: Any, packs: Packs) -> Any:
    """Clients with one of the facts that make an existing client (R002)."""
    counts = packs.clients.existing
    asked = (
        (counts.counts_trade, trade),
        (counts.counts_product_holding, holding),
        (counts.counts_cash_flow, cash_flow),
    )
    accounts = [events.select("account_code").distinct() for counted, events in asked if counted]
    seen = ibis.union(*accounts, distinct=True) if len(accounts) > 1 else accounts[0]
    clients = client_account.semi_join(seen, "account_code").select("client_id").distinct()
    return clients.mutate(is_funded=ibis.literal(value=True))


def _population(clients: Any, as_of: dt.date) -> Any:
    today = frames.day(as_of)
    return ibis.cases(
        (clients.opened_on > today, codes.Population.NOT_YET_OPENED.value),
        (clients.closed_on.notnull() & (clients.closed_on <= today), codes.Population.CLOSED.value),
        (clients.is_funded.fill_null(False), codes.Population.EXISTING.value),
        else_=codes.Population.NEVER_FUNDED.value,
    )


def _masked_number(number: Any) -> Any:
    """First six and last four places, as rules.md §6.4 asks; shorter numbers show the last two."""
    long = number.substr(0, 6) + "********" + number.right(4)
    return ibis.cases(
        (number.length() >= 15, long), (number.length() > 4, "****" + number.right(2)), else_="****"
    ).nullif(ibis.cases((number.isnull(), "****"), else_=""))


def _masked_phone(phone: Any) -> Any:
    return ibis.cases(
        (phone.length() == 11, phone.substr(0, 3) + "****" + phone.right(4)), else_="****" + phone.right(2)
    )
