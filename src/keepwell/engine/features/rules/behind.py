"""The rows that one client's feature is made of, as the contract's table of features tells them (R242)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr import datatypes as types

from keepwell.contract import TABLES
from keepwell.contract.behind import LOGIN_NORM, TRADING, Behind, Pick, Rows
from keepwell.contract.codes import TradeSide
from keepwell.engine import frames
from keepwell.engine.features.rules import money, results, windows
from keepwell.policy.packs import Packs

COUNTED = "counted_amount"
MONEY = types.Decimal(18, 2)
CONVERTED = ("client_account", "exchange_rate")
HOLDS = "product"
TWICE_TOLD = {"returned_assessment": "questionnaire"}  # what both tell counts as delivered


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose rows: a client with its accounts and customer numbers."""

    client_id: str
    accounts: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """By which day and which signed numbers."""

    as_of: dt.date
    packs: Packs


def reads(behind: Behind) -> tuple[str, ...]:
    """Names of the tables that the rows of a feature are told from."""
    names = [spec.table for spec in behind.rows]
    also = [TWICE_TOLD[name] for name in names if name in TWICE_TOLD]
    also += [HOLDS for spec in behind.rows if spec.pick is Pick.MATURING]
    return tuple(dict.fromkeys([*names, *also, *(CONVERTED if behind.rows else ())]))


def rows_behind(behind: Behind, spec: Rows, tables: Mapping[str, Any], owned: Owned, cut: Cut) -> Any:
    """The rows of one table that count, with what of each is added up in yuan; the newest first."""
    on = day_of(spec)
    mine = _where(_owned(tables[spec.table], owned), spec)
    if spec.table in TWICE_TOLD:
        delivered = _owned(tables[TWICE_TOLD[spec.table]], owned)
        mine = mine.anti_join(delivered, ["record_code", "answered_at"])
    if spec.pick is Pick.MATURING:
        mine = _due(mine, tables[HOLDS])
    picked = PICKS[spec.pick](mine, spec, cut) if spec.pick in PICKS else mine
    columns = [name for name in TABLES[spec.table].open_names() if name in picked.columns]
    told = _counted(picked.select(*columns), behind, spec, tables, cut)
    ordered = [told[on].desc()] if on else []
    return told.order_by(*ordered, *(told[name] for name in TABLES[spec.table].grain if name != on))


def day_of(spec: Rows) -> str:
    """The column with the day by which a row counts; none where a row has no day."""
    return spec.on or TABLES[spec.table].event_on or ""


def _owned(rows: Any, owned: Owned) -> Any:
    for key, values in (
        ("account_code", owned.accounts), ("record_code", owned.records), ("client_id", (owned.client_id,))
    ):  # fmt: skip
        if key in rows.columns:
            return rows.filter(rows[key].isin(values) if values else ibis.literal(False))
    return rows


def _where(rows: Any, spec: Rows) -> Any:
    for name, values in spec.where.items():
        rows = rows.filter(rows[name].isin(values))
    return rows


def _span(spec: Rows, cut: Cut) -> tuple[dt.date | None, dt.date]:
    """First and last day of the span; without a beginning ``None``."""
    last = cut.as_of - dt.timedelta(days=spec.ago)
    if spec.by == TRADING and spec.days:
        trading = cut.packs.calendars.trading
        back = spec.days - 1 if trading.is_day(last) else spec.days
        return trading.add(last, -back).on, last
    days = cut.packs.features.windows.login_norm_days if spec.by == LOGIN_NORM else spec.days
    return (last - dt.timedelta(days=days - 1) if days else None), last


def _happened(rows: Any, spec: Rows, cut: Cut) -> Any:
    on, (first, last) = day_of(spec), _span(spec, cut)
    seen = windows.known(rows, on, cut.as_of)
    seen = seen.filter(seen[on] <= frames.day(last))
    return seen.filter(seen[on] >= frames.day(first)) if first else seen


def _last(rows: Any, spec: Rows, cut: Cut) -> Any:
    on = day_of(spec)
    seen = windows.known(rows, on, cut.as_of)
    return seen.filter(seen[on] == seen[on].max().over())


def _held(rows: Any, spec: Rows, cut: Cut) -> Any:
    first, last = _span(spec, cut)
    return _in_force(rows, day_of(spec), cut, [(first or last, last)])


def _held_at_month_ends(rows: Any, spec: Rows, cut: Cut) -> Any:
    """What was in force at one of the last thirteen month-ends; of what happened what fell between them."""
    ends = results.month_ends(cut.as_of)
    if "known_on" in rows.columns:
        since = Rows(spec.table, days=(cut.as_of - ends[0]).days)
        return _happened(rows, since, cut)
    if spec.table == "index_price":
        rows = rows.filter(rows.index_code.isin(list(cut.packs.features.market.index_codes)))
    return _in_force(rows, day_of(spec), cut, [(end, end) for end in ends])


def _in_force(rows: Any, on: str, cut: Cut, spans: list[tuple[dt.date, dt.date]]) -> Any:
    """Rows that held on some day of the spans: each until the next of the same account."""
    seen = windows.known(rows, on, cut.as_of)
    key = next(name for name in seen.columns if name in ("account_code", "index_code"))
    dated = seen.mutate(next_on=seen[on].lead().over(ibis.window(group_by=key, order_by=on)))
    holds = [
        (dated[on] <= frames.day(last)) & (dated.next_on.isnull() | (dated.next_on > frames.day(first)))
        for first, last in spans
    ]
    return dated.filter(ibis.or_(*holds)).drop("next_on")


def _open(rows: Any, spec: Rows, cut: Cut) -> Any:
    day = frames.day(cut.as_of)
    return rows.filter((rows[spec.on] <= day) & (rows[spec.until].isnull() | (rows[spec.until] > day)))


def _newest(rows: Any, spec: Rows, cut: Cut) -> Any:
    seen = windows.known(rows, day_of(spec), cut.as_of)
    newest = seen.held_on.max().over(ibis.window(group_by="account_code"))
    return seen.filter((seen.held_on == newest) & (seen.quantity > 0))


def _maturing(rows: Any, spec: Rows, cut: Cut) -> Any:
    """Of each product the first day on which any of it falls due; of all products those due first."""
    dated = _newest(rows, spec, cut)
    first = dated.mutate(first_on=dated.due_on.min().over(ibis.window(group_by="product_code")))
    ahead = first.filter(first.first_on >= frames.day(cut.as_of))
    return ahead.filter(ahead.first_on == ahead.first_on.min().over())


def _due(rows: Any, product: Any) -> Any:
    """Positions with the day they fall due: their own, else the product's."""
    terms = product.select(held_code="product_code", product_due_on="matures_on")
    held = rows.left_join(terms, rows.product_code == terms.held_code)
    return held.mutate(due_on=ibis.coalesce(held.matures_on, held.product_due_on))


def _sold(rows: Any, spec: Rows, cut: Cut) -> Any:
    """Sales of the span, and every purchase of what was sold."""
    sold = _happened(rows.filter(rows.side == str(TradeSide.SELL)), spec, cut)
    bought = windows.known(rows.filter(rows.side == str(TradeSide.BUY)), day_of(spec), cut.as_of)
    return sold.union(bought.semi_join(sold, ["account_code", "product_code"]))


PICKS = {
    Pick.HAPPENED: _happened,
    Pick.LAST: _last,
    Pick.HELD: _held,
    Pick.HELD_AT_MONTH_ENDS: _held_at_month_ends,
    Pick.OPEN: _open,
    Pick.NEWEST: _newest,
    Pick.MATURING: _maturing,
    Pick.SOLD: _sold,
}


def _counted(rows: Any, behind: Behind, spec: Rows, tables: Mapping[str, Any], cut: Cut) -> Any:
    """The rows with what of each is added up, in yuan at the rate of its day; nothing where rows are counted."""
    of = [name for name in (*behind.of, *behind.less) if name in rows.columns and name.endswith("_amount")]
    if not of:
        return rows.mutate(**{COUNTED: ibis.null(MONEY)})
    rates = money.account_rate(tables["client_account"], tables["exchange_rate"], cut.as_of)
    told = rows.mutate(**{f"{name}_in_yuan": rows[name] for name in of})
    told = money.in_yuan(told, day_of(spec), tuple(f"{name}_in_yuan" for name in of), rates)
    nothing = ibis.literal("0").cast(MONEY)
    whole = sum(
        (told[f"{name}_in_yuan"].fill_null(nothing) for name in of if name in behind.of), start=nothing
    )
    whole = whole - sum((told[f"{name}_in_yuan"] for name in of if name in behind.less), start=nothing)
    return told.select(*rows.columns, **{COUNTED: whole.cast(MONEY)})
