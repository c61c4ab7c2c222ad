"""Accounts and what stands on them: securities accounts, banks, permissions, fee agreements, agents, status."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.sources import accounts as tables
from keepwell.engine.simulator import families, fees, purposes
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator.accounts import (
    A_AT,
    A_CHANGE,
    A_KIND,
    A_MAIN,
    A_MINIMUM,
    A_MINIMUM_NEW,
    A_NUMBER,
    A_OPENED,
    A_PERSON,
    A_RATE,
    A_RATE_NEW,
    A_RECORD,
    CREDIT,
    NORMAL,
    OPTION,
)
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import account_cells, person_record, record_cells
from keepwell.engine.simulator.emit import Mask, batch, cells_of, dates, decimals, from_bytes, money, pick
from keepwell.engine.simulator.event_tables import BANKS
from keepwell.engine.simulator.identifiers import cards
from keepwell.engine.simulator.record_tables import closed_on
from keepwell.engine.simulator.streams import Integers, uniforms, words

Batch = tuple[str, pa.RecordBatch]
_KINDS = [codes.AccountKind.NORMAL, codes.AccountKind.CREDIT, codes.AccountKind.OPTION]
_KIND_OF = np.array([0, 1, 2, 0, 0])
_CURRENCIES = [codes.Currency.CNY, codes.Currency.USD, codes.Currency.HKD]
_CURRENCY_OF = np.array([0, 0, 0, 1, 2])
_STATES = [
    codes.AccountStatus.NORMAL,
    codes.AccountStatus.DORMANT,
    codes.AccountStatus.FROZEN,
    codes.AccountStatus.LOST,
    codes.AccountStatus.CLOSED,
]
DORMANT, FROZEN, LOST, CLOSED = range(1, 5)


def open_accounts(town: Town, block: Block) -> Mask:
    """Which accounts exist on the last day: those of the records that do."""
    ends = closed_on(town, block)[block.accounts[:, A_PERSON]]
    return (block.accounts[:, A_AT] < town.span.n_run) & ((ends == 0) | (block.accounts[:, A_OPENED] <= ends))


def _status(town: Town, block: Block) -> tuple[Integers, Integers]:
    """State of each account on the last day and since when."""
    person = block.accounts[:, A_PERSON]
    ends = closed_on(town, block)[person]
    u = uniforms(town.seed, block.accounts[:, A_NUMBER], purposes.STATUS, person * 0, 0)
    v = uniforms(town.seed, block.accounts[:, A_NUMBER], purposes.STATUS, person * 0, 1)
    empty = block.rows[person, who_is.LIVES] == 0
    old = block.accounts[:, A_OPENED] < town.span.first - 1_200
    state = np.where(empty & old & (u < 0.35), DORMANT, 0)
    state = np.where(~empty & (u < 0.0005), FROZEN, state)
    state = np.where(~empty & (u > 0.9995), LOST, state)
    since = town.span.first - 400 + np.floor(v * 380).astype(np.int64)
    state, since = np.where(ends > 0, CLOSED, state), np.where(ends > 0, ends, since)
    return state, np.maximum(since, block.accounts[:, A_OPENED])


def _accounts(town: Town, block: Block, kept: Mask) -> Iterator[Batch]:
    a = block.accounts[kept]
    state, since = _status(town, block)
    state, since = state[kept], since[kept]
    code = from_bytes(account_cells(town.seed, block)[kept])
    yield batch(
        tables.Account,
        {
            "account_code": code,
            "record_code": _record_codes(town, block).filter(pa.array(kept)),
            "account_kind": pick(_KINDS, _KIND_OF[a[:, A_KIND]]),
            "currency": pick(_CURRENCIES, _CURRENCY_OF[a[:, A_KIND]]),
            "account_status": pick(_STATES, state),
            "opened_on": dates(a[:, A_OPENED]),
            "closed_on": dates(since, state != CLOSED),
        },
    )
    moved = state > 0
    yield batch(
        tables.AccountStatusChange,
        {
            "account_code": code.filter(pa.array(moved)),
            "changed_on": dates(since[moved]),
            "account_status": pick(_STATES, state[moved]),
        },
    )


def _record_codes(town: Town, block: Block) -> pa.Array:
    return from_bytes(record_cells(town.seed, block)[block.accounts[:, A_RECORD]])


def _markets(town: Town, block: Block, kept: Mask) -> Batch:
    """Securities accounts: Shanghai and Shenzhen for most, 1.9 a record; others by kind."""
    rows = np.flatnonzero(kept & (block.accounts[:, A_KIND] != OPTION))
    number = block.accounts[rows, A_NUMBER]
    u = uniforms(town.seed, number, purposes.SECURITIES, number * 0, 0)
    first = np.where(u < 0.5, 0, 1)
    both = np.concatenate([rows, rows[u < 0.9]])
    market = np.concatenate([first, 1 - first[u < 0.9]])
    order = np.argsort(both, kind="stable")
    both, market = both[order], market[order]
    number = block.accounts[both, A_NUMBER]
    digits = cells_of((number * 2 + market, 9), n=both.size)
    letter = np.where(market == 0, ord("A"), ord("0")).astype(np.uint8)
    ends = closed_on(town, block)[block.accounts[both, A_PERSON]]
    return batch(
        tables.SecuritiesAccount,
        {
            "market": pick([codes.Market.SHANGHAI, codes.Market.SHENZHEN], market),
            "securities_account_code": from_bytes(np.concatenate([letter[:, None], digits], axis=1)),
            "account_code": from_bytes(account_cells(town.seed, block)[both]),
            "opened_on": dates(block.accounts[both, A_OPENED]),
            "closed_on": dates(ends, ends == 0),
        },
    )


def _banks(town: Town, block: Block, kept: Mask) -> Batch:
    """One custodian bank an account; 6% have had another before."""
    rows = np.flatnonzero(kept)
    person = block.first + block.accounts[rows, A_PERSON]
    bank = words(town.seed, person, purposes.BANKS, person * 0) % len(BANKS)
    number = block.accounts[rows, A_NUMBER]
    u = uniforms(town.seed, number, purposes.BANKS, number * 0 + 1, 0)
    two = (u < town.firm.clients.two_banks_share) & (block.accounts[rows, A_OPENED] < town.span.first - 500)
    opened = block.accounts[rows, A_OPENED]
    change = np.where(two, (opened + town.span.first) // 2, opened)
    every = np.concatenate([np.arange(rows.size), np.flatnonzero(two)])
    old = np.arange(every.size) >= rows.size
    order = np.argsort(every, kind="stable")
    every, old = every[order], old[order]
    bank = np.where(old, (bank[every] + 3) % len(BANKS), bank[every])
    bits = words(town.seed, number[every], purposes.BANKS, 2 + old.astype(np.int64))
    return batch(
        tables.BankLink,
        {
            "account_code": from_bytes(account_cells(town.seed, block)[rows[every]]),
            "bank_code": pick(BANKS, bank),
            "bank_account_number": from_bytes(cells_of((cards(bank, bits), 16), n=every.size)),
            "starts_on": dates(np.where(old, opened[every], change[every])),
            "ends_on": dates(change[every], ~old),
        },
    )


ASKS = (
    (codes.PermissionKind.STAR, 5e5, 0.55),
    (codes.PermissionKind.CHINEXT, 1e5, 0.60),
    (codes.PermissionKind.BEIJING, 5e5, 0.25),
    (codes.PermissionKind.HK_CONNECT, 5e5, 0.30),
    (codes.PermissionKind.MARGIN, 0.0, 1.0),
    (codes.PermissionKind.OPTION, 0.0, 1.0),
)


def permissions(town: Town, block: Block) -> tuple[Integers, Integers, Integers]:
    """Row of the account, place in ``ASKS`` and day granted: by assets and taste, or with the account."""
    a, row = block.accounts, block.rows[block.accounts[:, A_PERSON]]
    assets = np.exp(row[:, who_is.LOG_ASSETS]) * row[:, who_is.LIVES]
    kept, number = open_accounts(town, block), a[:, A_NUMBER]
    main = (a[:, A_KIND] == NORMAL) & (np.arange(number.size) == a[:, A_MAIN])
    may = np.zeros((number.size, len(ASKS)), np.bool_)
    for k, (_, least, share) in enumerate(ASKS):
        own = main if k < 4 else a[:, A_KIND] == (CREDIT if k == 4 else OPTION)
        u = uniforms(town.seed, number, purposes.PERMISSIONS, number * 0 + k, 0)
        may[:, k] = kept & own & (assets >= least) & (u < share)
    rows, kinds = np.nonzero(may)
    v = uniforms(town.seed, number[rows], purposes.PERMISSIONS, kinds, 1)
    granted = a[rows, A_OPENED] + np.floor(v * (town.span.on[-1] - a[rows, A_OPENED])).astype(np.int64)
    later = np.maximum(town.span.workday(granted), a[rows, A_OPENED])
    granted = np.where(kinds >= 4, a[rows, A_OPENED], later)
    known = granted <= town.span.last
    return rows[known], kinds[known], granted[known]


def _permissions(town: Town, block: Block) -> Batch:
    rows, kinds, granted = permissions(town, block)
    u = uniforms(town.seed, block.accounts[rows, A_NUMBER], purposes.PERMISSIONS, kinds, 2)
    ends = np.where((u < 0.03) & (kinds < 4), granted + 200, 0)
    return batch(
        tables.Permission,
        {
            "account_code": from_bytes(account_cells(town.seed, block)[rows]),
            "permission_kind": pick([ask[0] for ask in ASKS], kinds),
            "granted_on": dates(granted),
            "withdrawn_on": dates(ends, (ends == 0) | (ends > town.span.last)),
        },
    )


def _agreements(town: Town, block: Block, kept: Mask) -> Batch:
    """Agreed rates with the dates they hold; a raise without consent lacks its consent."""
    a = block.accounts
    change = np.minimum(a[:, A_CHANGE], town.span.on.size - 1)
    raised = kept & (a[:, A_CHANGE] < town.span.n_run) & (town.span.on[change] > a[:, A_OPENED])
    rows = np.concatenate([np.flatnonzero(kept), np.flatnonzero(raised)])
    second = np.arange(rows.size) >= int(kept.sum())
    order = np.argsort(rows, kind="stable")
    rows, second = rows[order], second[order]
    day = town.span.on[change[rows]]
    starts = np.where(second, day, a[rows, A_OPENED])
    without = second & (block.plants[rows] == fees.RAISED)
    consent = np.where(second, day - 3, a[rows, A_OPENED])
    return batch(
        tables.FeeAgreement,
        {
            "account_code": from_bytes(account_cells(town.seed, block)[rows]),
            "starts_on": dates(starts),
            "ends_on": dates(day, second | ~raised[rows]),
            "rate_share": decimals(np.where(second, a[rows, A_RATE_NEW], a[rows, A_RATE]), 8),
            "minimum_amount": money(np.where(second, a[rows, A_MINIMUM_NEW], a[rows, A_MINIMUM])),
            "consented_on": dates(consent, without),
        },
    )


def relations(town: Town, block: Block) -> Integers:
    """(person, other, kind) of a block; kinds as in ``families.links``."""
    noise = town.firm.identity
    shares = np.array([noise.kin_agent_share, noise.controller_share])
    at = np.array([who_is.KIND, who_is.ANCHOR, who_is.HOUSE, who_is.BIRTH])
    return families.links(town.seed, block.first, block.rows, town.size.n_clients, shares, at)


def _agents(town: Town, block: Block) -> Batch:
    """Kin who act as agents, and who controls a company, on the main account; guardians are declared apart."""
    links = relations(town, block)
    links = links[(links[:, 2] == 1) | (links[:, 2] == 3)]
    links = links[np.unique(links[:, :2], axis=0, return_index=True)[1]]
    main = block.account_range[links[:, 0] - block.first, 0]
    opened = block.accounts[main, A_OPENED]
    seen = block.accounts[main, A_AT] < 0
    seen &= who_opened_before(town, links[:, 1])
    links, main, opened = links[seen], main[seen], opened[seen]
    u = uniforms(town.seed, links[:, 0], purposes.RELATED, links[:, 0] * 0 + 2, 0)
    ends = np.where(u < 0.1, np.maximum(opened + 30, town.span.first - 300), 0)
    return batch(
        tables.AccountAgent,
        {
            "account_code": from_bytes(account_cells(town.seed, block)[main]),
            "record_code": person_record(town.seed, links[:, 1]),
            "starts_on": dates(opened),
            "ends_on": dates(ends, ends == 0),
        },
    )


def who_opened_before(town: Town, persons: Integers) -> Mask:
    """Whether persons were clients before the first day, so that their records are certain to be delivered."""
    u = uniforms(town.seed, persons, purposes.TENURE, persons * 0, 0)
    return u >= town.firm.clients.new_share


def account_tables(town: Town, block: Block) -> Iterator[Batch]:
    """Accounts of a block and what stands on them."""
    kept = open_accounts(town, block)
    yield from _accounts(town, block, kept)
    yield _agents(town, block)
    yield _markets(town, block, kept)
    yield _banks(town, block, kept)
    yield _permissions(town, block)
    yield _agreements(town, block, kept)
