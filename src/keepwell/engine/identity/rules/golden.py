"""The golden record as one row a client: each fact from the record whose value counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract import codes
from keepwell.contract.golden import Fact, Standing
from keepwell.engine import frames
from keepwell.engine.identity.rules import masks, places
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
    golden_field: Any,
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
    return placed(
        known(client_record, customer_record, record_identity, golden_field),
        client_record, client_account, assignment, branch, branch_wish, contact, daily_asset, holding, trade, cash_flow,
        staff, returned_contact, returned_assignment, packs, as_of, acts_on,
    )  # fmt: skip


def known(client_record: Any, customer_record: Any, record_identity: Any, golden_field: Any) -> Any:
    """What a client's records tell of it, whatever it does and wherever it is looked after."""
    facts = _golden(client_record, customer_record, record_identity, golden_field).drop("raw_address")
    joined = _summary(client_record).join(facts, "client_id")
    return joined.mutate(
        id_masked=masks.number(joined.id_number), phone_masked=masks.phone(joined.phone)
    ).drop("id_number", "phone")


def placed(
    known: Any,
    client_record: Any,
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
    """Clients of whom it is known what their records tell, with home branch, population and present manager."""
    met = places.met(contact, returned_contact, as_of)
    wished = places.wishes(branch_wish, returned_assignment, client_record, as_of, acts_on)
    home = places.home(client_record, client_account, daily_asset, met, wished, packs.clients.home_branch)
    home = home.join(branch.select("city", home_branch_code="branch_code"), "home_branch_code")
    delivered = places.delivered(client_record, assignment, home, as_of)
    owner = places.manager(delivered, places.decided(returned_assignment, client_record, staff, acts_on))
    funded = _funded(client_account, holding, trade, cash_flow, packs)
    counts = client_account.group_by("client_id").agg(n_accounts=client_account.account_code.count())
    joined = known
    for part in (home, owner, funded, counts):
        joined = joined.left_join(part, "client_id").drop("client_id_right")
    return joined.mutate(
        n_accounts=joined.n_accounts.fill_null(0),
        population=_population(joined, as_of),
    ).drop("is_funded")


def client_secret(client_record: Any, customer_record: Any, record_identity: Any, golden_field: Any) -> Any:
    """The secret facts of each client, for the vault alone."""
    facts = _golden(client_record, customer_record, record_identity, golden_field)
    return facts.select("client_id", "id_number", "phone", address="raw_address")


TAKEN = ("client_kind", "client_name", "id_valid_to", "sex", "birth_on", "occupation", "income_band", "phone")


def _golden(client_record: Any, customer_record: Any, record_identity: Any, golden_field: Any) -> Any:
    """Each client's facts: of its only record, or each of the record whose value counts."""
    facts = _facts(client_record, customer_record, record_identity)
    names = (*TAKEN, "id_kind", "id_number", "id_is_valid", "raw_address")
    alone = facts.anti_join(golden_field.select("client_id").distinct(), "client_id").select(
        "client_id", *names
    )
    chosen = golden_field.filter(golden_field.standing == str(Standing.CHOSEN))
    rows = chosen.select("record_code", "golden_field").join(facts, "record_code")

    def of(fact: Fact, column: str = "") -> Any:
        return rows[column or str(fact)].max(where=rows.golden_field == str(fact))

    several = rows.group_by("client_id").agg(
        **{name: of(Fact.of(name)) for name in (*TAKEN, "id_number")},
        id_kind=ibis.coalesce(of(Fact.ID_NUMBER, "id_kind"), of(Fact.CLIENT_NAME, "id_kind")),
        id_is_valid=of(Fact.ID_NUMBER, "id_is_valid").fill_null(False),
        raw_address=of(Fact.ADDRESS, "raw_address"),
    )
    return alone.union(several.select(*alone.columns), distinct=False)


def _facts(client_record: Any, customer_record: Any, record_identity: Any) -> Any:
    """Records as written, numbers in standard form."""
    standard = record_identity.select("record_code", "id_number", "id_is_valid", "phone")
    raw = customer_record.select(
        "record_code", "client_kind", "client_name", "id_kind", "id_valid_to", "sex", "birth_on", "occupation",
        "income_band", raw_address="address",
    )  # fmt: skip
    owned = client_record.select("record_code", "client_id")
    return owned.join(raw, "record_code").join(standard, "record_code")


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
