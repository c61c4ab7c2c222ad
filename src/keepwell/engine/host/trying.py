"""What would an allocation be if? One branch with other numbers or other people, solved from the night's own prices."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import Table
from keepwell.contract import allocation as tables
from keepwell.contract.asking import AskState
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.engine.allocation.rules import evidence, hours
from keepwell.engine.allocation.rules.alternatives import proposal_rows, weighed
from keepwell.engine.allocation.rules.answering import Answer, answered, proven
from keepwell.engine.allocation.rules.evidence import PRICE_PER_UNIT
from keepwell.engine.allocation.rules.limits import RESOURCES
from keepwell.engine.allocation.rules.managers import told_of
from keepwell.engine.allocation.rules.proposal import firm_of
from keepwell.engine.allocation.rules.quantities import MICRO, stored
from keepwell.engine.allocation.rules.question import Firm, Question, problem_of, question_of
from keepwell.engine.allocation.rules.ties import Said
from keepwell.engine.host.drafts import drafted
from keepwell.engine.host.inputs import Night, read_night
from keepwell.engine.solver import fairness
from keepwell.engine.solver.assignment.problem import Floats
from keepwell.engine.stage import views_of
from keepwell.policy.allocation import Allocation
from keepwell.policy.errors import PackError
from keepwell.policy.packs import Packs

TOLD: tuple[type[Table], ...] = (
    tables.AllocationCertificate, tables.AllocationLoad, tables.AllocationLimit, tables.AllocationHours,
    tables.AllocationContradiction,
)  # fmt: skip
"""What is told of a plan: a row a branch, a manager, a grade or a contradiction, never one a client."""
MOVED_SHOWN = 200
HAIR = 1000
"""Millionths of score for which nobody is moved from the run's proposal."""
KEYS = ("branch_code", "policy", "leaves", "joins")


class Unanswerable(ValueError):
    """What is asked cannot be: the message says why, for whoever asked."""


@dataclass(slots=True)
class Held:
    """A run in memory, its clients and managers as the solver's arrays."""

    night: Night
    firm: Firm

    @property
    def run(self) -> str:
        """The run's number."""
        return self.night.run


@dataclass(frozen=True, slots=True)
class Trial:
    """What is answered."""

    state: AskState
    body: dict[str, Any] = field(default_factory=dict)


def hold(data: Path, run: str) -> Held:
    """Read what is needed of a run into memory. Raises ``NoSuchRun`` and ``StoreError``."""
    night = read_night(data, run, views_of(firm_given), (*TOLD, tables.AllocationProposal))
    return Held(night, firm_given(**night.given, packs=night.packs, as_of=night.as_of))


def firm_given(
    allocation_use: pa.Table, client_record: pa.Table, branch: pa.Table, staff: pa.Table, staff_licence: pa.Table,
    staff_specialty: pa.Table, staff_leave: pa.Table, staff_trait: pa.Table, staff_conflict: pa.Table,
    manager_wish: pa.Table, client_language: pa.Table, returned_tie: pa.Table, returned_specialty: pa.Table,
    returned_leave: pa.Table, returned_trait: pa.Table, returned_hours: pa.Table, packs: Packs, as_of: dt.date,
) -> Firm:  # fmt: skip
    """The firm's clients and managers as the night took them; parameters are named as the tables they are."""
    delivered = (staff_specialty, staff_leave, staff_trait)
    returned = (returned_specialty, returned_leave, returned_trait)
    told = told_of(staff, staff_licence, delivered, returned, returned_hours)
    said = Said(client_record, returned_tie, staff_conflict, manager_wish, client_language)
    return firm_of(allocation_use, branch, told, said, packs.allocation, as_of)


def warm_up(held: Held) -> None:
    """Let the smallest branch be planned once, so that whoever asks does not wait for kernels to be loaded."""
    if held.firm.branches:
        tried(held, {"branch_code": held.firm.branches[int(np.diff(held.firm.first).argmin())]})


def tried(held: Held, body: Mapping[str, Any]) -> Trial:
    """The branch's tables as the run decided them, and as they would be. Raises ``Unanswerable``.

    ``body``: ``branch_code``; ``policy``, changes to the pack of allocation in the form of its file; ``leaves`` and
    ``joins``, staff numbers of who goes, and of whom somebody new would be like. Limits that cannot hold together are
    told as such, with the plan that the night would make of them.
    """
    began = time.monotonic()
    at = _branch_at(held.firm, body)
    rules = _drafted(held.night.packs.allocation, body)
    firm = _with_staff(held.firm, at, body.get("leaves") or (), body.get("joins") or ())
    asked = question_of(firm, at, rules)
    before = {name: _in_branch(rows, asked.branch) for name, rows in held.night.wrote.items()}
    before[tables.AllocationProposal.name] = _of_clients(held, asked)
    answer = _answered(held, asked, rules, before[tables.AllocationProposal.name])
    proposals = proposal_rows(asked, answer, weighed(asked, answer))
    made = (
        evidence.certificate_rows(asked, answer, int(proposals["is_tied"].sum())),
        evidence.load_rows(asked, answer), evidence.limit_rows(asked, answer),
        hours.rows_of(asked.hours, asked.branch, rules), evidence.contradiction_rows(asked, answer.troubles),
    )  # fmt: skip
    after = {table.name: stored(table, rows) for table, rows in zip(TOLD, made, strict=True)}
    moved = _moved(before[tables.AllocationProposal.name], proposals)
    told = {
        "before": {table.name: _plain(before[table.name]) for table in TOLD} | {"evenness": _even(before)},
        "after": {name: _plain(rows) for name, rows in after.items()} | {"evenness": _even(after)},
        "n_moved": len(moved), "moved": moved[:MOVED_SHOWN], "seconds": f"{time.monotonic() - began:.2f}",
    }  # fmt: skip
    return Trial(AskState.REFUSED if answer.troubles else AskState.ANSWERED, told)


def _answered(held: Held, asked: Question, rules: Allocation, before: pa.Table) -> Answer:
    """The plan from the run's prices, each client with whom the run proposes unless another brings more than a hair.

    Of the many plans that are worth the same it is so the one that differs least. Value and bound are proven for the
    scores as they are.
    """
    codes = dict(zip(before["client_id"].to_pylist(), before["manager_code"].to_pylist(), strict=True))
    proposed = np.array([codes.get(one) for one in asked.clients.code], dtype=object)
    leaning = asked.score + HAIR * (proposed[:, None] == asked.managers.code[None, :])
    answer = answered(replace(asked, score=leaning), rules, _warm(held, asked))
    if answer.certificate is None:
        return answer
    problem = problem_of(asked, answer.limits, answer.n_changes)
    proof = proven(problem, answer.manager[asked.placed], answer.price, answer.change_price)
    return replace(answer, certificate=proof, is_proven=proof.bound <= proof.value)


def _branch_at(firm: Firm, body: Mapping[str, Any]) -> int:
    if strange := sorted(set(body) - set(KEYS)):
        raise Unanswerable(f"{strange[0]} is nothing that can be asked: {', '.join(KEYS)}")
    branch = body.get("branch_code")
    if branch not in firm.branches:
        raise Unanswerable(f"branch {branch} has no clients in this run")
    return firm.branches.index(branch)


def _drafted(rules: Allocation, body: Mapping[str, Any]) -> Allocation:
    try:
        return drafted(rules, body.get("policy") or {})
    except PackError as fault:
        raise Unanswerable(str(fault)) from fault


def _with_staff(firm: Firm, at: int, leaves: Sequence[str], joins: Sequence[str]) -> Firm:
    """The firm with some staff of a branch gone, and some more like somebody there, numbered ``+1``, ``+2`` …"""
    team = firm.managers
    here = {str(team.code[m]): m for m in np.flatnonzero(team.branch == firm.branches[at])}
    if strange := sorted({*leaves, *joins} - set(here)):
        raise Unanswerable(f"{strange[0]} has no book in the branch")
    rows = np.concatenate([np.arange(len(team.code)), [here[one] for one in joins]]).astype(np.int64)
    grown = team.take(rows)
    gone = [here[one] for one in leaves]
    for name, value in (("capacity", 0), ("hours", 0), ("reason", str(AllocationReason.HAS_LEFT))):
        getattr(grown, name)[gone] = value
    grown.code[len(team.code) :] = [f"+{number}" for number in range(1, len(joins) + 1)]
    return replace(firm, managers=grown)


def _warm(held: Held, asked: Question) -> tuple[Floats, float] | None:
    """The run's own prices in what the solver counts in, those who join at nothing; none of a run that has none."""
    limits = _in_branch(held.night.wrote[tables.AllocationLimit.name], asked.branch)
    if not limits.num_rows:
        return None
    columns = (limits[name].to_pylist() for name in ("staff_code", "resource", "price"))
    known = {(staff, resource): float(price) for staff, resource, price in zip(*columns, strict=True)}
    codes, names = asked.managers.code, list(map(str, RESOURCES))
    price = np.array([[known.get((code, name), 0.0) for name in names] for code in codes])
    price = price.reshape(len(codes), len(names)) / PRICE_PER_UNIT * MICRO
    certificate = _in_branch(held.night.wrote[tables.AllocationCertificate.name], asked.branch)
    change = [float(one) for one in certificate["change_price"].to_pylist()]
    return price, change[0] * MICRO if change else 0.0


def _of_clients(held: Held, asked: Question) -> pa.Table:
    """What the run proposes for the clients asked about: a guest of another branch is one of them."""
    rows = held.night.wrote[tables.AllocationProposal.name]
    return rows.filter(pc.is_in(rows["client_id"], pa.array(asked.clients.code, pa.string())))


def _in_branch(rows: pa.Table, branch: str) -> pa.Table:
    return rows.filter(pc.equal(rows["branch_code"], branch))


def _even(made: Mapping[str, pa.Table]) -> list[dict[str, str]]:
    """How evenly each resource is shared out in the plan, by capacity."""
    limits = made[tables.AllocationLimit.name]
    told = []
    for resource in map(str, RESOURCES):
        rows = limits.filter(pc.equal(limits["resource"], resource))
        load, fair = (rows[name].cast(pa.float64()).to_numpy() for name in ("load_proposed", "load_fair"))
        even = fairness.evenness(load, fair)
        measures = {"gini": even.gini, "jain": even.jain, "lowest": even.lowest, "highest": even.highest}
        told.append({"resource": resource, **{name: f"{value:.6f}" for name, value in measures.items()}})
    return told


def _plain(rows: pa.Table) -> list[dict[str, Any]]:
    """Rows as JSON takes them: decimals as text."""
    return [
        {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in rows.to_pylist()
    ]


def _moved(before: pa.Table, after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Clients who would go to another manager than the run proposes, by number."""
    was = dict(zip(before["client_id"].to_pylist(), before["manager_code"].to_pylist(), strict=True))
    now = zip(after["client_id"], np.ma.filled(after["manager_code"], None), strict=True)
    return [
        {"client_id": client, "before": was.get(client), "after": code}
        for client, code in now
        if was.get(client) != code
    ]
