"""The proposal: the best plan of each branch under head-count and licence limits, with grounds and proof."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from keepwell.contract import Table
from keepwell.contract.allocation import AllocationCertificate, AllocationLoad, AllocationProposal
from keepwell.contract.codes import Grade
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.engine.allocation.rules.managers import Managers, limits, managers
from keepwell.engine.allocation.rules.scores import Clients, pair_scores, strengths
from keepwell.engine.columns import arrow_schema
from keepwell.engine.solver.transport import Assignment, Longs, assign
from keepwell.policy.packs import Packs

Rows = dict[str, Any]


def allocation(
    client: pa.Table,
    client_grade: pa.Table,
    client_record: pa.Table,
    client_need: pa.Table,
    staff: pa.Table,
    staff_licence: pa.Table,
    staff_specialty: pa.Table,
    staff_leave: pa.Table,
    packs: Packs,
    as_of: dt.date,
) -> dict[str, pa.Table]:
    """Proposals, loads and certificates of all branches; development relations are never read or moved."""
    people = _clients(client, client_grade, client_record, client_need, packs)
    team = managers(staff, staff_licence, staff_leave, packs, as_of)
    specialty = strengths(staff_specialty, "staff_code", pa.array(team.code, pa.string()))
    version = packs.allocation.version
    parts: list[tuple[Rows, Rows, Rows]] = []
    for branch in np.unique(people.branch):
        mine, ours = np.flatnonzero(people.branch == branch), np.flatnonzero(team.branch == branch)
        parts.append(_branch(str(branch), _take(people, mine), _pick(team, ours), specialty[ours], packs))
    tables = (AllocationProposal, AllocationLoad, AllocationCertificate)
    return {
        table.name: _table(table, [part[place] for part in parts], version)
        for place, table in enumerate(tables)
    }


def _clients(
    client: pa.Table, client_grade: pa.Table, client_record: pa.Table, client_need: pa.Table, packs: Packs
) -> Clients:
    populations = pa.array([population.value for population in packs.allocation.populations])
    held = client.filter(pc.is_in(client["population"], populations)).sort_by("client_id")
    codes = held["client_id"].combine_chunks()
    owner = pc.index_in(client_need["record_code"], client_record["record_code"].combine_chunks())
    needs = client_need.append_column("client_id", client_record["client_id"].take(owner))
    grade_of = pc.index_in(codes, client_grade["client_id"].combine_chunks())
    grades = pc.index_in(client_grade["grade"].take(grade_of), pa.array([grade.value for grade in Grade]))
    return Clients(
        code=codes.to_numpy(zero_copy_only=False),
        branch=held["home_branch_code"].to_numpy(zero_copy_only=False),
        current=held["manager_code"].to_numpy(zero_copy_only=False),
        grade=pc.fill_null(grades, len(Grade) - 1).to_numpy().astype(np.int64),
        need=strengths(needs, "client_id", codes),
    )


def _take(people: Clients, rows: Longs) -> Clients:
    return Clients(
        people.code[rows], people.branch[rows], people.current[rows], people.grade[rows], people.need[rows]
    )


def _pick(team: Managers, rows: Longs) -> Managers:
    return Managers(
        team.code[rows], team.branch[rows], team.reason[rows], team.capacity[rows], team.level[rows],
        team.satisfaction[rows],
    )  # fmt: skip


def _branch(
    branch: str, people: Clients, team: Managers, specialty: Longs, packs: Packs
) -> tuple[Rows, Rows, Rows]:
    able = np.flatnonzero(team.is_eligible)
    lower, upper = limits(len(people.code), team.capacity[able], packs)
    if not len(able):
        return _unplaced(branch, people, team)
    scores = pair_scores(people, _pick(team, able), specialty[able], packs)
    plan = assign(scores, lower, upper)
    proposal = _proposal(branch, people, team.code[able], scores, plan)
    bounds = np.zeros((2, len(team.code)), dtype=np.int64)
    bounds[0, able], bounds[1, able] = lower, upper
    price = np.zeros(len(team.code), dtype=np.int64)
    price[able] = plan.price
    load = _load(branch, team, people.current, proposal["manager_code"], bounds, price)
    return proposal, load, _certificate(branch, people, team.code[able], scores, plan)


def _proposal(
    branch: str, people: Clients, able: NDArray[np.object_], scores: Longs, plan: Assignment
) -> Rows:
    n = len(people.code)
    chosen, best = able[plan.manager], scores.argmax(axis=1)
    stays = chosen == people.current
    reason = np.where(
        plan.price[best] > plan.price[plan.manager],
        str(AllocationReason.BEST_IS_FULL),
        str(AllocationReason.FILLS_LOWER_LIMIT),
    ).astype(object)
    top = scores[np.arange(n), plan.manager] == scores.max(axis=1)
    reason[top] = str(AllocationReason.BEST)
    reason[stays] = str(AllocationReason.STAYS)
    return {
        "client_id": people.code,
        "branch_code": np.full(n, branch, dtype=object),
        "manager_code": chosen,
        "current_code": people.current,
        "is_change": ~stays,
        "score": scores[np.arange(n), plan.manager],
        "best_code": able[best],
        "best_score": scores.max(axis=1),
        "price": plan.price[plan.manager],
        "allocation_reason": reason,
    }


def _unplaced(branch: str, people: Clients, team: Managers) -> tuple[Rows, Rows, Rows]:
    """A branch in which nobody may take clients: everyone stays with whom they have, and it is said."""
    n, none = len(people.code), np.full(len(people.code), None, dtype=object)
    proposal: Rows = {
        "client_id": people.code,
        "branch_code": np.full(n, branch, dtype=object),
        "manager_code": none,
        "current_code": people.current,
        "is_change": np.zeros(n, dtype=np.bool_),
        **dict.fromkeys(("score", "best_code", "best_score", "price"), none),
        "allocation_reason": np.full(n, str(AllocationReason.NO_MANAGER), dtype=object),
    }
    zeros = np.zeros((2, len(team.code)), dtype=np.int64)
    load = _load(branch, team, people.current, none, zeros, zeros[0])
    empty = {"branch_code": branch, "n_clients": n, "n_managers": 0, "n_unplaced": n, "n_changes": 0}
    values = {**empty, "value": 0, "bound": 0, "current_value": 0}
    return proposal, load, {name: np.array([value], dtype=object) for name, value in values.items()}


def _load(
    branch: str,
    team: Managers,
    current: NDArray[np.object_],
    chosen: NDArray[np.object_],
    bounds: Longs,
    price: Longs,
) -> Rows:
    def counted(held: NDArray[np.object_], where: NDArray[np.bool_]) -> Longs:
        return np.array([int(((held == code) & where).sum()) for code in team.code], dtype=np.int64)

    everyone = np.ones(len(current), dtype=np.bool_)
    moving = current != chosen
    return {
        "staff_code": team.code,
        "branch_code": np.full(len(team.code), branch, dtype=object),
        "is_eligible": team.is_eligible,
        "allocation_reason": team.reason,
        "n_current": counted(current, everyone),
        "n_proposed": counted(chosen, everyone),
        "n_lower": bounds[0],
        "n_upper": bounds[1],
        "n_incoming": counted(chosen, moving),
        "n_outgoing": counted(current, moving),
        "price": price,
    }


def _certificate(
    branch: str, people: Clients, able: NDArray[np.object_], scores: Longs, plan: Assignment
) -> Rows:
    held = people.current[:, None] == able[None, :]
    values = {
        "branch_code": branch,
        "n_clients": len(people.code),
        "n_managers": len(able),
        "value": plan.value,
        "bound": plan.bound,
        "current_value": int(scores[held].sum()),
        "n_unplaced": 0,
        "n_changes": int((able[plan.manager] != people.current).sum()),
    }
    return {name: np.array([value], dtype=object) for name, value in values.items()}


def _table(table: type[Table], parts: list[Rows], version: str) -> pa.Table:
    """The parts of all branches as one Arrow table; scores in millionths become decimals exactly."""
    arrays = []
    for name, column in table.columns.items():
        if name == "policy_version":
            arrays.append(pa.array([version] * sum(len(part["client_id"]) for part in parts), pa.string()))
            continue
        values = np.concatenate([part[name] for part in parts]) if parts else np.array([], dtype=object)
        exact = column.scale == 6 and name in (
            "score",
            "best_score",
            "price",
            "value",
            "bound",
            "current_value",
        )
        arrays.append(
            _decimals(values) if exact else pa.array(values.tolist(), arrow_schema(table).field(name).type)
        )
    return pa.table(arrays, schema=arrow_schema(table))


def _decimals(values: NDArray[Any]) -> pa.Array:
    """Millionths as decimal(18, 6), exactly: the integers are the decimals' own 128-bit form."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    low = np.array([int(value) if value is not None else 0 for value in values], dtype=np.int64)
    words = np.column_stack([low, np.where(low < 0, -1, 0)]).astype("<i8")
    validity = pa.array(known).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(low), [validity, pa.py_buffer(words.tobytes())])
