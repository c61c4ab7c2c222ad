"""What happened on accounts, as tables of the contract."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.sources import accounts, events
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes, world
from keepwell.engine.simulator.accounts import A_NUMBER, A_PERSON, A_RECORD, R_BRANCH
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import account_cells, address_cells, device_cells, product_texts
from keepwell.engine.simulator.emit import (
    Bytes,
    Mask,
    batch,
    dates,
    decimals,
    from_bytes,
    instants,
    money,
    pick,
    serials,
)
from keepwell.engine.simulator.places import CITIES
from keepwell.engine.simulator.streams import Integers, uniforms, words

LATE_SHARE = 0.05
CHANNELS = ["app", "web", "phone", "counter", "wecom", "other"]
LOBBY, TRAVEL = 20_000, 50_000


def lateness(seed: int, who: Integers, kind: int, serial: Integers) -> Integers:
    """Days until the firm knows of an event: 5% are late by one to three."""
    u = uniforms(seed, who, purposes.LATE + 1_000 * kind, serial, 0)
    return np.where(u < LATE_SHARE, 1 + np.floor(u / LATE_SHARE * 3.0).astype(np.int64), 0)


class Delivery:
    """Rows of one kind of event that the firm knows of on the last day, with their codes and dates."""

    def __init__(
        self, town: Town, block: Block, kind: int, early: tuple[Integers, Integers] | None = None
    ) -> None:
        rows = block.events[kind]
        days = town.span.on[rows[:, 2]]
        if early is not None:
            rows, days = np.concatenate([early[0], rows]), np.concatenate([early[1], days])
            order = np.argsort(block.accounts[rows[:, 1], A_PERSON], kind="stable")
            rows, days = rows[order], days[order]
        serial = serials(rows[:, 1], block.accounts.shape[0])
        owner = block.accounts[rows[:, 1], A_NUMBER] if rows.size else rows[:, 1]
        known = days + lateness(town.seed, owner, kind, serial)
        person = block.accounts[rows[:, 1], A_PERSON] if rows.size else rows[:, 1]
        known = np.where(town.stories.tells_of(block.first + person), days, known)
        kept = known <= town.span.last
        seen = np.flatnonzero(kept)
        self.rows = rows.take(seen, axis=0)
        self.serial, self.days, self.known = serial.take(seen), days.take(seen), known.take(seen)
        self.account = self.rows[:, 1]
        self.n = self.account.size
        self.cells = account_cells(town.seed, block)[self.account]

    def code(self, letter: str) -> pa.Array:
        """A code of its own for each event: letter, account, number within the account."""
        out = np.empty((self.n, 19), np.uint8)
        out[:, 0] = ord(letter)
        out[:, 1:13] = self.cells
        serial = self.serial.copy()
        for k in range(6):
            out[:, 18 - k] = 48 + serial % 10
            serial //= 10
        return from_bytes(out)


def _device(devices: tuple[Bytes, Bytes], person: Integers, which: Integers) -> pa.Array:
    cells = np.where((which == 2)[:, None], devices[1][person], devices[0][person])
    return from_bytes(cells, which == 0)


def _trades(
    town: Town, block: Block, devices: tuple[Bytes, Bytes], names: list[str]
) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.TRADE)
    r = d.rows
    return batch(
        events.Trade,
        {
            "trade_code": d.code("T"),
            "account_code": from_bytes(d.cells),
            "traded_at": instants(d.days, r[:, 3]),
            "traded_on": dates(d.days),
            "product_code": pick(names, r[:, 4]),
            "side": pick([codes.TradeSide.BUY, codes.TradeSide.SELL], r[:, 5]),
            "quantity": decimals(r[:, 6], 4),
            "price": decimals(r[:, 7], 4),
            "traded_amount": money(r[:, 8]),
            "commission_amount": money(r[:, 9]),
            "pass_through_amount": money(r[:, 10]),
            "tax_amount": money(r[:, 11]),
            "channel": pick(CHANNELS, r[:, 12] // 4),
            "device_code": _device(devices, block.accounts[d.account, A_PERSON], r[:, 12] % 4),
            "known_on": dates(d.known),
        },
    )


def bank_texts(numbers: Integers) -> pa.Array:
    """Bank code of accounts, by their number."""
    return pick(BANKS, numbers % len(BANKS))


BANKS = ["ICBC", "ABC", "BOC", "CCB", "BCOM", "CMB", "PSBC", "CIB", "SPDB", "CITIC"]


def _emptied(town: Town, block: Block) -> tuple[Integers, Integers]:
    """Money that came and went before the first day, of clients whose accounts stand empty: why they are clients."""
    row = block.rows
    past = (row[:, who_is.LIVES] == 0) & (row[:, who_is.FUNDED] > 0) & (row[:, who_is.OPENS_AT] < 0)
    past &= row[:, who_is.OPENED] < town.span.first - 20
    person = np.flatnonzero(past)
    account = block.account_range[person, 0]
    assets = block.events[world.ASSET]
    at = np.searchsorted(assets[:, 1], account)
    left = np.where(assets[at, 2] == 0, assets[at, 3], 0)
    u = uniforms(town.seed, block.first + person, purposes.HISTORY, person * 0, 0)
    opened, last = row[person, who_is.OPENED].astype(np.int64), town.span.first - 12  # no holiday is longer
    first = town.span.bankday(np.minimum(opened + 3, last))
    gone = town.span.bankday(np.minimum(first + np.floor(u * (last - first)).astype(np.int64), last))
    brought = left + 100 * np.floor(10.0 ** (3.0 + 2.0 * u)).astype(np.int64)
    rows = np.zeros((2 * person.size, world.WIDTH), np.int64)
    rows[0::2, 1], rows[0::2, 3], rows[0::2, 5], rows[0::2, 6] = account, 34_000, brought, brought
    rows[1::2, 1], rows[1::2, 3], rows[1::2, 5], rows[1::2, 6] = account, 50_000, brought - left, left
    rows[1::2, 4] = 1
    rows[:, 7] = 1
    return rows, np.stack([first, gone], axis=1).ravel()


def _flows(town: Town, block: Block, devices: tuple[Bytes, Bytes]) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.FLOW, _emptied(town, block))
    r = d.rows
    person = block.accounts[d.account, A_PERSON]
    return batch(
        events.CashFlow,
        {
            "flow_code": d.code("F"),
            "account_code": from_bytes(d.cells),
            "flowed_at": instants(d.days, r[:, 3]),
            "flowed_on": dates(d.days),
            "side": pick([codes.FlowSide.IN, codes.FlowSide.OUT], r[:, 4]),
            "flow_amount": money(r[:, 5]),
            "balance_amount": money(r[:, 6]),
            "bank_code": bank_texts(words(town.seed, block.first + person, purposes.BANKS, 0 * person)),
            "channel": pick(CHANNELS, r[:, 7] // 4),
            "device_code": _device(devices, person, r[:, 7] % 4),
            "known_on": dates(d.known),
        },
    )


def _where(town: Town, block: Block, d: Delivery) -> tuple[Integers, Integers]:
    """Random number of the address and place in ``CITIES`` of each log-in: home, lobby, or a journey."""
    place = d.rows[:, 5]
    person = block.accounts[d.account, A_PERSON]
    branch = block.records[block.accounts[d.account, A_RECORD], R_BRANCH]
    home = words(
        town.seed, block.rows[:, who_is.ANCHOR].astype(np.int64), purposes.ADDRESS, np.arange(block.n) * 0
    )
    lobby = words(town.seed, branch, purposes.BRANCH, branch * 0 + 9)
    away = words(town.seed, block.first + person, purposes.ADDRESS, d.rows[:, 2] + 10)
    number = np.where(place < LOBBY, lobby, np.where(place < TRAVEL, away, home[person]))
    city = np.where((place >= LOBBY) & (place < TRAVEL), away % len(CITIES), branch % len(CITIES))
    return number, city


def _logins(town: Town, block: Block, devices: tuple[Bytes, Bytes]) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.LOGIN)
    number, city = _where(town, block, d)
    how = d.rows[:, 4]
    second: Mask = how % 1_000 < 150
    person = block.accounts[d.account, A_PERSON]
    return batch(
        events.Login,
        {
            "login_code": d.code("L"),
            "account_code": from_bytes(d.cells),
            "logged_in_at": instants(d.days, d.rows[:, 3]),
            "logged_in_on": dates(d.days),
            "channel": pick(CHANNELS, (how >= 850_000).astype(np.int64)),
            "device_code": _device(devices, person, np.where(second, 2, 1)),
            "ip_address": from_bytes(address_cells(number)),
            "city": pick([place.name for place in CITIES], city),
            "known_on": dates(d.known),
        },
    )


def _assets(town: Town, block: Block) -> tuple[str, pa.RecordBatch]:
    r = block.events[world.ASSET]
    names = accounts.DailyAsset.names()[2:]
    columns = {name: money(r[:, 3 + k]) for k, name in enumerate(names)}
    columns["account_code"] = from_bytes(account_cells(town.seed, block)[r[:, 1]])
    columns["held_on"] = dates(town.span.on[r[:, 2]])
    return batch(accounts.DailyAsset, columns)


def _holdings(town: Town, block: Block, names: list[str]) -> tuple[str, pa.RecordBatch]:
    r = block.events[world.HOLDING]
    matures = town.goods.cells[r[:, 4], 11]
    return batch(
        accounts.Holding,
        {
            "account_code": from_bytes(account_cells(town.seed, block)[r[:, 1]]),
            "product_code": pick(names, r[:, 4]),
            "held_on": dates(town.span.on[r[:, 2]]),
            "quantity": decimals(r[:, 5], 4),
            "market_amount": money(r[:, 6]),
            "cost_amount": money(r[:, 7]),
            "matures_on": dates(matures, matures == 0),
        },
    )


def _income(town: Town, block: Block) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.INCOME)
    return batch(
        events.OtherIncome,
        {
            "account_code": from_bytes(d.cells),
            "earned_on": dates(d.days),
            "income_kind": pick(
                [codes.IncomeKind.INTEREST, codes.IncomeKind.PRODUCT, codes.IncomeKind.ADVICE], d.rows[:, 4]
            ),
            "income_amount": money(d.rows[:, 5]),
            "known_on": dates(d.known),
        },
    )


def _entitlements(town: Town, block: Block, names: list[str]) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.ENTITLED)
    return batch(
        events.Entitlement,
        {
            "account_code": from_bytes(d.cells),
            "product_code": pick(names, d.rows[:, 4]),
            "paid_on": dates(d.days),
            "entitlement_kind": pick([codes.NoticeKind.DIVIDEND, codes.NoticeKind.SPLIT], d.rows[:, 5]),
            "cash_amount": money(d.rows[:, 7]),
            "quantity": decimals(d.rows[:, 6], 4),
            "known_on": dates(d.known),
        },
    )


def _transfers(town: Town, block: Block, names: list[str]) -> tuple[str, pa.RecordBatch]:
    d = Delivery(town, block, world.TRANSFER)
    r = d.rows
    kinds = [codes.TransferKind.REVOKE, codes.TransferKind.CUSTODY_OUT]
    return batch(
        events.Transfer,
        {
            "transfer_code": d.code("Z"),
            "account_code": from_bytes(d.cells),
            "transferred_on": dates(d.days),
            "transfer_kind": pick(kinds, np.where(r[:, 7] == 0, 0, 1)),
            "product_code": pick(names, r[:, 4]),
            "quantity": decimals(r[:, 5], 4),
            "transfer_amount": money(r[:, 6]),
            "counterparty": pick(["另一家证券公司"], r[:, 4] * 0),
            "document": pick(["客户申请书"], r[:, 4] * 0),
            "known_on": dates(d.known),
        },
    )


def event_tables(town: Town, block: Block) -> Iterator[tuple[str, pa.RecordBatch]]:
    """All events on accounts of a block, those known on the last day."""
    names, devices = product_texts(town.goods), device_cells(town, block)
    yield _assets(town, block)
    yield _holdings(town, block, names)
    yield _trades(town, block, devices, names)
    yield _flows(town, block, devices)
    yield _logins(town, block, devices)
    yield _entitlements(town, block, names)
    yield _transfers(town, block, names)
    yield _income(town, block)
