"""Frames as the question they ask: places in the order of numbers, candidates, limits and ties."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell import framing
from keepwell.allocating.answer import Allocated
from keepwell.allocating.question import HEADS, MICRO, Pair, Question, floats, millionths, places
from keepwell.allocating.scores import signed_points
from keepwell.assigning import Assigned
from keepwell.contract import Column
from keepwell.contract.codes import Grade, ServiceType, TradingStyle
from keepwell.contract.schema import code, decimal, integer, share, text
from keepwell.contract.serving import Resource, TieKind
from keepwell.engine.solver.assignment.problem import Floats, Longs
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs

CLIENTS = {
    "client_id": "the client's number",
    "branch_code": "only managers of the same branch may take the client; without the column any manager may",
    "manager_code": "the present manager; empty for who has none",
    "developer_code": "who developed the client; never scored, only asked whether it shows",
    "grade": "strategic, important, regular or basic; without it the lowest",
    "service_type": "cautious, balanced, enterprising or unassessed; empty where nobody knows",
    "trading_style": "long_term, mixed or short_term; empty where nobody knows",
    "wished_code": "the manager the client wishes for",
    "needs": "needs with blanks between, the strength behind a colon: 'fund:0.8 bond'; empty where nobody knows",
    "assets_amount": "assets; never scored, only asked whether the rich go to the senior",
}
"""What a frame of clients may hold; the first it must. ``limits``, ``bands`` and ``groups`` name further columns."""

MANAGERS = {
    "manager_code": "the manager's number",
    "branch_code": "where the manager works",
    "level": "from 1 to 5; without it 1",
    "satisfaction_score": "of the own clients, from 1 to 5; empty where nobody knows",
    "specialties": "as needs of clients",
    "styles": "the trading styles the manager is good at, with blanks between",
    "service_types": "and the service types",
    "qualification": "adviser or certified; empty for neither",
    "capacity_share": "part of full working time, 0 for who takes no clients; without it 1",
}
"""What a frame of managers may hold; the first it must."""

PAIRS = {
    "client_id": "the client",
    "manager_code": "a manager who may take the client",
    "score": "how well they fit; counts to six digits; without the column as the signed weights say",
}
"""What a frame of pairs may hold; whoever is in no row has no candidate."""

LIMITS = {
    "manager_code": "the manager",
    "resource": "heads, or a column of clients with what each takes",
    "lower": "at least so much; empty for no limit",
    "upper": "at most so much; empty for no limit",
}
"""What a frame of limits must hold; they stand in the place of a band's."""

TIES = {"client_id": "the client", "manager_code": "the manager", "tie_kind": "pin or ban"}
"""What a frame of ties must hold: what people fixed or ruled out."""

KNOWN: dict[str, Column] = {
    **{name: text(name, name, nullable=name != "client_id") for name in (*CLIENTS, *MANAGERS, "resource")},
    "grade": code("grade", "grade", Grade, nullable=True),
    "service_type": code("service_type", "service_type", ServiceType, nullable=True),
    "trading_style": code("trading_style", "trading_style", TradingStyle, nullable=True),
    "tie_kind": code("tie_kind", "tie_kind", TieKind),
    "assets_amount": decimal("assets_amount", "assets_amount", nullable=True),
    "level": integer("level", "level", nullable=True),
    "satisfaction_score": decimal("satisfaction_score", "satisfaction_score", nullable=True),
    "capacity_share": share("capacity_share", "capacity_share", nullable=True),
}
Bands = Mapping[str, tuple[Decimal | str | float, Decimal | str | float]]
MOST = 1e9
"""The largest score: sums of millions of clients stay exact."""


def signed_band(packs: Packs) -> Bands:
    """The band around the fair share of heads, as signed."""
    band = packs.allocation.band(Resource.HEADS)
    return {HEADS: (band.lower_share, band.upper_share)}


def question_of(
    clients: Any, managers: Any, version: str, groups: Sequence[str], resources: tuple[str, ...]
) -> Question:
    """Clients and managers in the order of their numbers."""
    people, order = _read(clients, "clients", CLIENTS, ("client_id",))
    team, listed = _read(managers, "managers", MANAGERS, ("manager_code",))
    if not people.num_rows:
        raise UnknownFrame("clients has no rows: there is nobody to be looked after")
    codes, ids = team["manager_code"].combine_chunks(), people["client_id"].combine_chunks()
    capacity = millionths(team, "capacity_share", MICRO)
    if len(wrong := np.flatnonzero((capacity < 0) | (capacity > MICRO))):
        who, part = codes[int(wrong[0])].as_py(), capacity[wrong[0]] / MICRO
        raise UnknownFrame(f"capacity_share of manager {who} is {part:g}: from 0, who takes no clients, to 1")
    further = {name: _further(clients, name, order) for name in (*groups, *resources) if name != HEADS}
    return Question(
        clients=ids, managers=codes, people=people, team=team,
        current=_named(people, "manager_code", codes), developer=_named(people, "developer_code", codes),
        wished=_named(people, "wished_code", codes),
        branches=_branches(people, team), capacity=capacity, listed=listed, resources=resources,
        use=np.stack([_use(name, further, ids) for name in resources], axis=1),
        groups={name: further[name] for name in groups}, version=version,
    )  # fmt: skip


def _read(
    frame: Any, called: str, known: Mapping[str, str], wanted: tuple[str, ...]
) -> tuple[pa.Table, Longs]:
    """The known columns in the order of the first, and the place that each row had."""
    rows = framing.read(frame, called, known, wanted, KNOWN.__getitem__)
    framing.require_unique(rows, wanted[0])
    order = pc.sort_indices(rows[wanted[0]])
    return rows.take(order), order.to_numpy().astype(np.int64)


def _further(clients: Any, name: str, order: Longs) -> pa.Array:
    """A column that limits, bands or groups name, in the order of the clients' numbers."""
    given = clients if isinstance(clients, pa.Table) else pa.table(clients)
    if name not in given.column_names:
        raise UnknownFrame(f"{name} is limited or told by group, and missing in clients")
    column = given[name].combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    return column.take(pa.array(order))


def _named(people: pa.Table, name: str, codes: pa.Array) -> Longs:
    """The place of a manager named in a column, -1 for nobody, or for somebody who is in no row of managers."""
    if name not in people.column_names:
        return np.full(people.num_rows, -1, dtype=np.int64)
    return places(people[name].combine_chunks(), codes)


def _branches(people: pa.Table, team: pa.Table) -> tuple[Longs, Longs]:
    """Number of the branch of each client and of each manager; one for all where either frame tells none."""
    sides = (people, team)
    if any("branch_code" not in side.column_names for side in sides):
        return np.zeros(people.num_rows, dtype=np.int64), np.zeros(team.num_rows, dtype=np.int64)
    told = [pc.fill_null(side["branch_code"].combine_chunks(), "") for side in sides]
    known = pc.unique(pa.concat_arrays(told))
    known = known.take(pc.sort_indices(known))
    first, second = (pc.index_in(one, known).to_numpy(zero_copy_only=False).astype(np.int64) for one in told)
    return first, second


def resources_of(limits: Any, bands: Bands) -> tuple[str, ...]:
    """Heads, and what limits and bands name besides."""
    named: list[str] = []
    if limits is not None:
        rows = framing.read(limits, "limits", ["resource"], ("resource",), KNOWN.__getitem__)
        named = sorted(pc.unique(rows["resource"]).to_pylist())
    return tuple(dict.fromkeys([HEADS, *bands, *named]))


def _use(name: str, further: Mapping[str, pa.Array], ids: pa.Array) -> Floats:
    """What each client takes of a resource."""
    if name == HEADS:
        return np.ones(len(ids))
    taken = floats(further[name], name)
    if len(wrong := np.flatnonzero(~(np.isfinite(taken) & (taken >= 0)))):
        who, value = ids[int(wrong[0])].as_py(), taken[wrong[0]]
        raise UnknownFrame(f"{name} of client {who} is {value:g}: what a client takes is a number from 0 on")
    return taken


def scored(question: Question, pairs: Any, packs: Packs) -> tuple[Longs, Longs, dict[str, Longs]]:
    """Candidates and scores in millionths, (N, K) both, and the points each part of a signed score brings."""
    if pairs is not None:
        rows = _named_pairs(pairs, "pairs", PAIRS, question)
        if "score" in rows.column_names:
            return *_own(rows, question), {}
    candidates = _of_branch(question)
    if pairs is not None:
        listed = np.sort(_pair(_at(rows, "client_id"), _at(rows, "manager_code"), question))
        asked = _pair(np.arange(len(candidates))[:, None], candidates, question)
        candidates = np.where(np.isin(asked, listed), candidates, -1)
    points = signed_points(question, candidates, packs)
    return candidates, sum(points.values(), np.zeros(candidates.shape, dtype=np.int64)), points


def _of_branch(question: Question) -> Longs:
    """The managers of each client's branch who take clients, -1 behind the last."""
    of_client, of_manager = question.branches
    able = np.flatnonzero(question.capacity > 0)
    n_branches = int(max(of_client.max(initial=0), of_manager.max(initial=0))) + 1
    n_each = np.bincount(of_manager[able], minlength=n_branches)
    table = np.full((n_branches, max(int(n_each.max(initial=0)), 1)), -1, dtype=np.int64)
    order = able[np.argsort(of_manager[able], kind="stable")]
    first = np.append(0, np.cumsum(n_each))
    table[of_manager[order], np.arange(len(order)) - first[of_manager[order]]] = order
    return table[of_client]


def _own(rows: pa.Table, question: Question) -> tuple[Longs, Longs]:
    """Candidates and scores as the frame of pairs tells them."""
    client, manager = _at(rows, "client_id"), _at(rows, "manager_code")
    score = floats(rows["score"].combine_chunks(), "score")
    if len(wrong := np.flatnonzero(~np.isfinite(score))):
        who, whom = (rows[name][int(wrong[0])].as_py() for name in ("client_id", "manager_code"))
        raise UnknownFrame(
            f"{len(wrong)} scores are no numbers, the first that of client {who} with manager {whom}: "
            "give a number or leave the pair out"
        )
    if len(score) and np.abs(score).max() > MOST:
        raise UnknownFrame(f"score {np.abs(score).max():g} is too large: at most {MOST:g}")
    order = np.lexsort((manager, client))
    client, manager, score = client[order], manager[order], np.rint(score[order] * MICRO).astype(np.int64)
    twice = np.flatnonzero((client[1:] == client[:-1]) & (manager[1:] == manager[:-1]))
    if len(twice):
        raise UnknownFrame(
            f"client {question.clients[int(client[twice[0]])]} is twice in pairs with manager "
            f"{question.managers[int(manager[twice[0]])]}: each pair once"
        )
    n_each = np.bincount(client, minlength=len(question.clients))
    place = np.arange(len(client)) - np.append(0, np.cumsum(n_each))[client]
    shape = (len(question.clients), max(int(n_each.max(initial=0)), 1))
    candidates, scores = np.full(shape, -1, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    able = question.capacity[manager] > 0
    candidates[client[able], place[able]], scores[client, place] = manager[able], score
    return candidates, scores


def _named_pairs(frame: Any, called: str, known: Mapping[str, str], question: Question) -> pa.Table:
    """Rows about a client and a manager, with the place of each among those of the question."""
    names = [name for name in known if name != "score"]
    rows = framing.read(frame, called, names, tuple(names), KNOWN.__getitem__)
    for name, codes in (("client_id", question.clients), ("manager_code", question.managers)):
        at = pc.index_in(rows[name].combine_chunks(), codes)
        if at.null_count:
            strange = rows[name].filter(pc.is_null(at))[0].as_py()
            raise UnknownFrame(f"{name} {strange!r} of {called} is in no row of its frame")
        rows = rows.append_column(f"{name}_at", at)
    given = frame if isinstance(frame, pa.Table) else pa.table(frame)
    has_score = "score" in known and "score" in given.column_names
    return rows.append_column("score", given["score"]) if has_score else rows


def _at(rows: pa.Table, name: str) -> Longs:
    return np.asarray(rows[f"{name}_at"].to_numpy()).astype(np.int64)


def limits_of(question: Question, limits: Any, bands: Bands) -> tuple[Floats, Floats]:
    """Lower and upper limits, (M, R): of the bands around fair shares, and in their place what limits tell."""
    shape = (len(question.managers), len(question.resources))
    lower, upper = np.full(shape, -np.inf), np.full(shape, np.inf)
    for name, (low, high) in bands.items():
        r = question.resources.index(name)
        fair, whole = question.fair()[:, r], bool((question.use[:, r] == np.rint(question.use[:, r])).all())
        lower[:, r], upper[:, r] = fair * float(low), fair * float(high)
        if whole:
            lower[:, r], upper[:, r] = np.floor(lower[:, r] + 1e-9), np.ceil(upper[:, r] - 1e-9)
    if limits is not None:
        _tell(question, limits, lower, upper)
    return lower, upper


def _tell(question: Question, limits: Any, lower: Floats, upper: Floats) -> None:
    """Write what the frame of limits tells over the bands."""
    rows = framing.read(
        limits, "limits", ["manager_code", "resource"], ("manager_code", "resource"), KNOWN.__getitem__
    )
    given = limits if isinstance(limits, pa.Table) else pa.table(limits)
    at = pc.index_in(rows["manager_code"].combine_chunks(), question.managers)
    if at.null_count:
        strange = rows["manager_code"].filter(pc.is_null(at))[0].as_py()
        raise UnknownFrame(f"manager_code {strange!r} of limits is in no row of managers")
    m = at.to_numpy().astype(np.int64)
    r = np.array([question.resources.index(name) for name in rows["resource"].to_pylist()], dtype=np.int64)
    for side, name, nothing in ((lower, "lower", -np.inf), (upper, "upper", np.inf)):
        if name in given.column_names:
            told = floats(given[name].combine_chunks(), name)
            side[m, r] = np.where(np.isnan(told), nothing, told)


def ties_of(question: Question, ties: Any) -> tuple[list[Pair], list[Pair]]:
    """Pins and bans as places of clients and managers."""
    if ties is None:
        return [], []
    rows = _named_pairs(ties, "ties", TIES, question)
    pairs = list(zip(_at(rows, "client_id").tolist(), _at(rows, "manager_code").tolist(), strict=True))
    kinds = rows["tie_kind"].to_pylist()
    pins, bans = (
        [pair for pair, one in zip(pairs, kinds, strict=True) if one == str(kind)] for kind in TieKind
    )
    return pins, bans


def without(candidates: Longs, bans: list[Pair]) -> Longs:
    """Candidates without those ruled out."""
    left = candidates.copy()
    for i, m in bans:
        left[i][left[i] == m] = -1
    return left


def _pair(client: Any, manager: Any, question: Question) -> Any:
    return client * (len(question.managers) + 1) + manager


def warm_of(earlier: Allocated | None, question: Question) -> Assigned | None:
    """The earlier prices for the managers and resources there are now."""
    if earlier is None:
        return None
    price = np.zeros((len(question.managers), len(question.resources)))
    at = (
        pc.fill_null(pc.index_in(question.managers, earlier.question.managers), -1)
        .to_numpy()
        .astype(np.int64)
    )
    for r, name in enumerate(question.resources):
        if name in earlier.question.resources:
            before = earlier.plan.price[:, earlier.question.resources.index(name)]
            price[:, r] = np.where(at >= 0, np.append(before, 0.0)[at], 0.0)
    return dataclasses.replace(earlier.plan, price=price)
