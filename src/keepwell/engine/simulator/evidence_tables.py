"""Evidence of suitability beside the tests: professional investors, facts refused, institutions' own limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.contract.codes import ProductKind
from keepwell.contract.sources import suitability as sources
from keepwell.contract.suitable import ProfessionalBasis
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import R_K, R_OPENED, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import record_cells
from keepwell.engine.simulator.emit import batch, cells_of, dates, flags, from_bytes, integers, money, pick
from keepwell.engine.simulator.record_tables import delivered
from keepwell.engine.simulator.streams import Integers, uniforms

Batch = tuple[str, pa.RecordBatch]
INSTITUTION, ENTITY, PERSON, CONVERTED = range(4)
BASES = [
    ProfessionalBasis.INSTITUTION, ProfessionalBasis.ENTITY, ProfessionalBasis.PERSON, ProfessionalBasis.CONVERTED
]  # fmt: skip
PERMITTED = [ProductKind.STOCK, ProductKind.FUND, ProductKind.BOND]
HANDLERS = ["陈静", "李强", "王敏", "赵磊", "周婷", "吴刚", "孙丽", "郑凯"]
WEALTHY = math.log(500_000)
YEAR, MILLION = 365, 100_000_000  # fen
TOLD_DAYS = 3 * YEAR
PROFESSIONAL_SHARE, REFUSED_SHARE, LIMITED_SHARE = 0.3, 0.01, 0.4


def evidence_tables(town: Town, block: Block) -> Iterator[Batch]:
    """The tables of a block, about the main record of each client."""
    main = np.flatnonzero((block.records[:, R_K] == 0) & delivered(town, block))
    u = _draws(town, block, main)
    day, last = _days(town, u[3], block.records[main, R_OPENED].astype(np.int64)), int(town.span.last)
    known = day <= last
    kind = block.rows[block.records[main, R_PERSON], who_is.KIND].astype(np.int64)
    wealthy = block.rows[block.records[main, R_PERSON], who_is.LOG_ASSETS] > WEALTHY
    professional = known & (u[0] < PROFESSIONAL_SHARE) & ((kind == 1) | ((kind == 0) & wealthy))
    heads = record_cells(town.seed, block)
    is_company = kind[professional] == 1
    yield _professionals(heads, main[professional], u[:, professional], is_company, day[professional], last)
    refusing = known & (u[1] < REFUSED_SHARE)
    yield _refusals(heads, main[refusing], u[:, refusing], day[refusing], last)
    limited = known & (kind == 1) & (u[2] < LIMITED_SHARE)
    yield _limits(heads, main[limited], u[:, limited], day[limited])
    yield _handlers(heads, main[limited], u[:, limited], day[limited])


def _draws(town: Town, block: Block, rows: Integers) -> Any:
    who = block.first + block.records[rows, R_PERSON]
    return np.stack([uniforms(town.seed, who, purposes.TESTS, who * 0 + 500, draw) for draw in range(6)])


def _days(town: Town, u: Any, opened: Integers) -> Integers:
    """The day of what is told, the same whichever night tells it; not before opening."""
    day: Integers = np.maximum(int(town.span.first) + np.floor(u * TOLD_DAYS).astype(np.int64), opened)
    return day


def _professionals(heads: Any, rows: Any, u: Any, is_company: Any, applied: Any, last: int) -> Batch:
    basis = np.where(
        is_company, np.where(u[4] < 0.3, INSTITUTION, ENTITY), np.where(u[4] < 0.5, PERSON, CONVERTED)
    )
    is_converted, by_law = basis == CONVERTED, basis == INSTITUTION
    grows = np.floor(u[5] * 20).astype(np.int64) * MILLION
    ended = applied + 90
    stays = (u[5] >= 0.1) | (ended > last)
    return batch(
        sources.ProfessionalEvidence,
        {
            "record_code": from_bytes(heads[rows]),
            "applied_on": dates(applied),
            "professional_basis": pick(BASES, basis),
            "evidenced_on": dates(applied - 20),
            "net_assets_amount": money(25 * MILLION + grows, ~is_company),
            "financial_assets_amount": money(np.where(is_company, 12, 6) * MILLION + grows),
            "yearly_income_amount": money(np.full(rows.size, 40_000_000), is_company),
            "n_years_experience": integers(2 + np.floor(u[0] * 10)),
            "is_qualified": pa.array(u[4] < 0.2, pa.bool_(), mask=is_company),
            "tested_on": dates(applied - 5, ~is_converted),
            "warned_on": dates(applied - 5, ~is_converted),
            "told_on": dates(applied + 0, ~is_converted),
            "is_accepted": flags(u[4] < 0.95),
            "valid_to": dates(applied + YEAR, by_law),
            "ended_on": dates(ended, stays),
        },
    )


def _refusals(heads: Any, rows: Any, u: Any, refused: Any, last: int) -> Batch:
    return batch(
        sources.FactsRefused,
        {
            "record_code": from_bytes(heads[rows]),
            "refused_on": dates(refused),
            "told_on": dates(refused, u[4] > 0.8),
            "given_on": dates(refused + 30, (u[5] > 0.6) | (refused + 30 > last)),
        },
    )


def _limits(heads: Any, rows: Any, u: Any, begins: Any) -> Batch:
    n, kinds = rows.size, len(PERMITTED)
    starts = np.repeat(begins, kinds)
    kind = np.tile(np.arange(kinds), n)
    quota = (5 + np.floor(np.repeat(u[4], kinds) * 50).astype(np.int64)) * MILLION
    return batch(
        sources.InstitutionMandate,
        {
            "record_code": from_bytes(heads[np.repeat(rows, kinds)]),
            "product_kind": pick(PERMITTED, kind),
            "starts_on": dates(starts),
            "ends_on": dates(starts + 3 * YEAR, kind == 0),
            "quota_amount": money(quota, kind == 2),
        },
    )


def _handlers(heads: Any, rows: Any, u: Any, begins: Any) -> Batch:
    """Two each: one for all, in half of them up to an amount; one for funds alone, up to less, for a year."""
    n = rows.size
    second = np.tile(np.arange(2), n)
    starts = np.repeat(begins, 2)
    name = np.floor(np.repeat(u[5], 2) * len(HANDLERS)).astype(np.int64)
    is_unlimited = (second == 0) & (np.repeat(u[4], 2) < 0.5)
    return batch(
        sources.MandateHandler,
        {
            "record_code": from_bytes(heads[np.repeat(rows, 2)]),
            "handler_code": from_bytes(cells_of("J", (second + 1, 2), n=2 * n)),
            "handler_name": pick(HANDLERS, (name + second) % len(HANDLERS)),
            "product_kind": pick([ProductKind.FUND], second - 1),
            "starts_on": dates(starts),
            "ends_on": dates(starts + YEAR, second == 0),
            "order_amount": money(np.where(second == 0, 2 * MILLION, MILLION // 2), is_unlimited),
        },
    )
