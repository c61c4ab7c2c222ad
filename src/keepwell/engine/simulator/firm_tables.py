"""Branches, staff, products, prices, index, rates and notices: what all clients share, as tables of the contract."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.sources import firm as house
from keepwell.contract.sources import products as tables
from keepwell.contract.sources.suitability import ProductFactor
from keepwell.contract.suitable import RiskFactor
from keepwell.engine.simulator import products as product
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.block import Town
from keepwell.engine.simulator.codebook import branch_codes, product_texts, staff_codes
from keepwell.engine.simulator.emit import (
    batch,
    cells_of,
    dates,
    decimals,
    flags,
    from_bytes,
    integers,
    numbered,
    pick,
    texts,
)
from keepwell.engine.simulator.names import COMPANY_FRONT, SECTOR, one_name
from keepwell.engine.simulator.places import branch_city, branch_name
from keepwell.engine.simulator.profile_tables import renewed, staff_traits
from keepwell.engine.simulator.staff import satisfaction
from keepwell.engine.simulator.streams import normal, uniform, uniforms, words

Batch = tuple[str, pa.RecordBatch]
_SOON = 24
"""Days until a registration ends that is about to."""


def _branches(town: Town) -> Iterator[Batch]:
    n = np.arange(town.size.n_branches)
    cities = [branch_city(int(b)) for b in n]
    yield batch(
        house.Branch,
        {
            "branch_code": branch_codes(n),
            "branch_name": texts([branch_name(int(b)) for b in n]),
            "city": texts([city.name for city in cities]),
            "region": texts([city.region for city in cities]),
            "city_tier": texts([str(city.tier) for city in cities]),
            "opened_on": dates(9_500 + words(town.seed, n, purposes.BRANCH, n * 0 + 1) % 5_000),
        },
    )
    teams = np.array([team for team, _ in town.staff.teams])
    yield batch(
        house.Team,
        {
            "team_code": numbered("T", (teams + 1, 4), n=teams.size),
            "branch_code": branch_codes(np.array([branch for _, branch in town.staff.teams])),
            "team_name": texts([f"服务{team + 1}组" for team in teams]),
        },
    )


def _column(town: Town, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([getattr(member, name) for member in town.staff.members], np.int64)


def _members(town: Town) -> Batch:
    members, number = town.staff.members, _column(town, "number")
    bits = words(town.seed, number, purposes.STAFF_NAME, number * 0)
    u = uniforms(town.seed, number, purposes.STAFF_NAME, number * 0, 1)
    team, left = _column(town, "team"), _column(town, "left")
    score = np.array([round(satisfaction(member, town.seed) * 100) for member in members], np.int64)
    book = _column(town, "has_book") > 0
    return batch(
        house.Staff,
        {
            "staff_code": staff_codes(number),
            "branch_code": branch_codes(_column(town, "branch")),
            "team_code": numbered("T", (np.maximum(team, 0) + 1, 4), n=number.size, nulls=team < 0),
            "staff_name": texts(
                [one_name(int(b), float(x), male=bool(b % 2)) for b, x in zip(bits, u, strict=True)]
            ),
            "role": texts([str(member.role) for member in members]),
            "level": integers(_column(town, "level")),
            "joined_on": dates(_column(town, "joined")),
            "left_on": dates(left, left == 0),
            "has_book": flags(book & (left == 0)),
            "weekly_hours": decimals(np.array([int(member.hours * 100) for member in members], np.int64), 2),
            "satisfaction_score": decimals(score, 2, ~book),
        },
    )


def _licences(town: Town) -> Batch:
    number, last = _column(town, "number"), int(town.span.on[-1])
    bits = words(town.seed, number, purposes.STAFF, number * 0 + 5)
    u = uniforms(town.seed, number, purposes.STAFF, number * 0, 6)
    expired = u < town.firm.staff.licence_expired_share
    joined = _column(town, "joined")
    ends = np.where(expired, last - 20 - bits % 300, last + 60 + bits % 900)
    ends[number == town.size.n_books] = last + _SOON  # the first branch's head: somebody has to see to it
    adviser = np.array([member.role is codes.Role.ADVISER for member in town.staff.members])
    return batch(
        house.StaffLicence,
        {
            "staff_code": staff_codes(number),
            "licence_no": numbered("S0990", (bits % 10**8, 8), n=number.size),
            "licence_kind": pick(
                [codes.LicenceKind.GENERAL, codes.LicenceKind.ADVISER], adviser.astype(np.int64)
            ),
            "valid_from": dates(np.minimum(joined, ends - 30)),
            "valid_to": dates(ends),
        },
    )


def _specialties(town: Town) -> Batch:
    number = _column(town, "number")[_column(town, "has_book") > 0]
    who, need = np.repeat(number, 6), np.tile(np.arange(6), number.size)
    share = np.floor(town.staff.taste[who, need] * 1e6).astype(np.int64)
    return batch(
        house.StaffSpecialty,
        {
            "staff_code": staff_codes(who),
            "need": pick(list(codes.Need), need),
            "strength_share": decimals(share, 6),
            "confirmed_on": dates(renewed(int(town.span.last), who)),
        },
    )


def _away(town: Town) -> Iterator[Batch]:
    """A week or two away each half year, and the devices and phones of staff."""
    members = [member for member in town.staff.members if member.left == 0]
    number = np.array([member.number for member in members], np.int64)
    half = np.arange(max(1, (int(town.span.on[-1]) - town.span.first) // 183))
    who, turn = np.repeat(number, half.size), np.tile(half, number.size)
    bits = words(town.seed, who, purposes.STAFF_LEAVE, turn)
    starts = town.span.first + turn * 183 + bits % 170
    joined = np.repeat(np.array([member.joined for member in members], np.int64), half.size)
    kept = (starts <= town.span.last + 14) & (bits % 3 > 0) & (starts > joined)
    yield batch(
        house.StaffLeave,
        {
            "staff_code": staff_codes(who[kept]),
            "starts_on": dates(starts[kept]),
            "ends_on": dates((starts + 3 + (bits >> 10) % 10)[kept]),
        },
    )
    bits = words(town.seed, number, purposes.STAFF_LEAVE, number * 0 + 999)
    yield batch(
        house.StaffDevice,
        {
            "staff_code": staff_codes(number),
            "device_code": numbered("S", (bits % 10**15, 15), n=number.size),
            "phone": numbered("139", (bits % 10**8, 8), n=number.size),
        },
    )


def product_names(town: Town) -> list[str]:
    """Invented names by kind."""
    titles = ["", "ETF", "混合", "债", "号集合资产管理计划", "结构化", "B", "购", "收益凭证"]
    names = []
    for p, cell in enumerate(town.goods.cells):
        kind = int(cell[product.KIND])
        place = p - int(town.goods.pools[kind, 0])
        front, body = COMPANY_FRONT[place % 16], SECTOR[(place // 16 + place) % len(SECTOR)]
        more = "" if place < 256 else str(place // 256 + 1)
        if kind in {product.STOCK, product.B_STOCK}:
            names.append(front + body + more + titles[kind])
        elif kind == product.NOTE:
            names.append(f"守安{product.NOTE_TERMS[place % 4]}天{place // 4 + 1:03d}期收益凭证")
        elif kind == product.WEALTH:
            names.append(f"{front}稳盈{place + 1}{titles[kind]}")
        elif kind == product.BOND:
            names.append(f"{20 + place % 7}{front}{place + 1:02d}")
        else:
            names.append(
                f"{front}{body}{titles[kind]}{'AC'[place % 2] if kind == product.FUND else place + 1}"
            )
    return names


def _products(town: Town) -> Iterator[Batch]:
    cells = town.goods.cells
    known = np.flatnonzero(cells[:, product.ISSUED] <= town.span.last)
    cells = cells[known]
    code = texts(product_texts(town.goods)).take(pa.array(known))
    ends = cells[:, product.MATURES]
    yield batch(
        tables.Product,
        {
            "product_code": code,
            "product_name": texts(product_names(town)).take(pa.array(known)),
            "product_kind": pick(product.KINDS, cells[:, product.KIND]),
            "market": pick(product.MARKETS, cells[:, product.MARKET]),
            "currency": pick(product.CURRENCIES, cells[:, product.CURRENCY]),
            "issued_on": dates(cells[:, product.ISSUED]),
            "matures_on": dates(ends, ends == 0),
            "term_days": integers(ends - cells[:, product.ISSUED], ends == 0),
        },
    )
    yield batch(
        tables.ProductRating,
        {
            "product_code": code,
            "rated_on": dates(cells[:, product.ISSUED]),
            "product_level": pick(list(codes.ProductLevel), cells[:, product.LEVEL] - 1),
        },
    )
    factors = list(RiskFactor)
    each = np.repeat(np.arange(cells.shape[0]), len(factors))
    yield batch(
        ProductFactor,
        {
            "product_code": code.take(pa.array(each)),
            "risk_factor": pick(factors, np.tile(np.arange(len(factors)), cells.shape[0])),
            "rated_on": dates(cells[each, product.ISSUED]),
            "factor_mark": integers(cells[each, product.LEVEL]),
        },
    )


def _prices(town: Town) -> Iterator[Batch]:
    """Month ends and the last 60 trading days of every product; the index of every day."""
    span = town.span
    days = np.flatnonzero(span.month_ends() | (np.arange(span.n_run) >= span.n_run - 60))
    cells = town.goods.cells
    on = span.on[days]
    alive = (cells[:, product.ISSUED][:, None] <= on) & (
        (cells[:, product.MATURES][:, None] == 0) | (cells[:, product.MATURES][:, None] >= on)
    )
    p, d = np.nonzero(alive)
    yield batch(
        tables.Price,
        {
            "product_code": pick(product_texts(town.goods), p),
            "priced_on": dates(on[d]),
            "price": decimals(town.goods.price[p, days[d]] * 100, 6),
        },
    )
    level = np.floor(town.index.levels * 1e4 + 0.5).astype(np.int64)
    yield batch(
        tables.IndexPrice,
        {
            "index_code": pick(["KW300"], np.zeros(span.n_run, np.int64)),
            "priced_on": dates(span.on[: span.n_run]),
            "level": decimals(level, 4),
        },
    )


def _rates(town: Town) -> Batch:
    """US and Hong Kong dollars on every trading day: a slow walk around 7.10, and the peg to it."""
    n = town.span.n_run
    z = np.array([normal(uniform(town.seed, t, purposes.CURRENCY, 0, 0)) for t in range(n)])
    usd = 7.1 * np.exp(np.cumsum(0.0012 * z - 0.0))
    both = np.concatenate([usd, usd / 7.8])
    return batch(
        tables.ExchangeRate,
        {
            "currency": pick([codes.Currency.USD, codes.Currency.HKD], np.repeat([0, 1], n)),
            "quoted_on": dates(np.tile(town.span.on[:n], 2)),
            "rate": decimals(np.floor(both * 1e6).astype(np.int64) * 100, 8),
        },
    )


def _notices(town: Town) -> Batch:
    """Results twice a year, and what a corporate action brings, some days before it does."""
    start, end = (int(x) for x in town.goods.pools[product.STOCK])
    half = np.arange(max(1, town.span.n_run // product.HALF_YEAR))
    p, turn = np.repeat(np.arange(start, end), half.size), np.tile(half, end - start)
    day = turn * product.HALF_YEAR + words(town.seed, p, purposes.NOTICE, turn) % 110
    actions = town.goods.actions
    of, told = actions[:, product.A_PRODUCT], actions[:, product.A_DAY] - 8
    rows = np.concatenate([np.stack([p, turn, day, day * 0, day], axis=1),
                           np.stack([of, told, told, 1 + actions[:, product.A_KIND], told + 8], axis=1)])  # fmt: skip
    rows = rows[rows[:, 2] < town.span.n_run]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    kinds = [codes.NoticeKind.RESULTS, codes.NoticeKind.DIVIDEND, codes.NoticeKind.SPLIT]
    headlines = ["定期报告披露公告", "现金分红实施公告", "送转股实施公告"]
    letters = np.frombuffer(b"RDS", np.uint8)[rows[:, 3]]
    number = cells_of((rows[:, 0], 5), (rows[:, 1], 4), n=rows.shape[0])
    return batch(
        tables.Notice,
        {
            "notice_code": from_bytes(np.concatenate([letters[:, None], number], axis=1)),
            "product_code": pick(product_texts(town.goods), rows[:, 0]),
            "published_on": dates(town.span.on[rows[:, 2]]),
            "effective_on": dates(town.span.on[rows[:, 4]], rows[:, 3] == 0),
            "notice_kind": pick(kinds, rows[:, 3]),
            "headline": pick(headlines, rows[:, 3]),
        },
    )


def firm_tables(town: Town) -> Iterator[Batch]:
    """All tables that no single client owns."""
    yield from _branches(town)
    yield _members(town)
    yield _licences(town)
    yield _specialties(town)
    yield staff_traits(town)
    yield from _away(town)
    yield from _products(town)
    yield from _prices(town)
    yield _rates(town)
    yield _notices(town)
