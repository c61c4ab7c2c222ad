"""The proposal: the best plan of each branch under its limits, with grounds and proof."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import Table
from keepwell.contract import allocation as tables
from keepwell.engine.allocation.rules import evidence, hours
from keepwell.engine.allocation.rules.advisers import adviser_rows
from keepwell.engine.allocation.rules.alternatives import alternative_rows, proposal_rows, weighed
from keepwell.engine.allocation.rules.anew import anew_rows, before_of, facts_key
from keepwell.engine.allocation.rules.answering import Answer, answered
from keepwell.engine.allocation.rules.clients import clients_of
from keepwell.engine.allocation.rules.fairness import (
    Owners,
    fairness_rows,
    holders_of,
    leaning_rows,
    owners_of,
)
from keepwell.engine.allocation.rules.firm import Firm, across
from keepwell.engine.allocation.rules.managers import Told, managers_of, told_of
from keepwell.engine.allocation.rules.quantities import Objects, Rows, joined, micro, stored, texts
from keepwell.engine.allocation.rules.question import Question, question_of
from keepwell.engine.allocation.rules.scores import weights_of
from keepwell.engine.allocation.rules.swaps import swap_rows
from keepwell.engine.allocation.rules.ties import Said, ties_of
from keepwell.policy.allocation import Allocation
from keepwell.policy.packs import Packs

WRITES: tuple[type[Table], ...] = (
    tables.AllocationProposal,
    tables.AllocationAlternative,
    tables.AllocationLoad,
    tables.AllocationLimit,
    tables.AllocationHours,
    tables.AllocationCertificate,
    tables.AllocationContradiction,
    tables.AllocationFairness,
    tables.AllocationSwap,
    tables.AllocationAdviser,
    tables.AllocationAnew,
    tables.AllocationWeight,
    tables.AllocationLeaning,
)


def allocation(
    allocation_use: pa.Table, client_record: pa.Table, branch: pa.Table, staff: pa.Table, staff_licence: pa.Table,
    staff_specialty: pa.Table, staff_leave: pa.Table, staff_trait: pa.Table, staff_conflict: pa.Table,
    manager_wish: pa.Table, client_language: pa.Table, returned_tie: pa.Table, returned_specialty: pa.Table,
    returned_leave: pa.Table, returned_trait: pa.Table, returned_hours: pa.Table,
    parent_allocation_proposal: pa.Table, parent_allocation_anew: pa.Table, parent_allocation_adviser: pa.Table,
    packs: Packs, as_of: dt.date,
) -> dict[str, pa.Table]:  # fmt: skip
    """Proposals, alternatives, loads, limits and certificates of all branches; development relations are never read."""
    delivered = (staff_specialty, staff_leave, staff_trait)
    returned = (returned_specialty, returned_leave, returned_trait)
    told = told_of(staff, staff_licence, delivered, returned, returned_hours)
    said = Said(client_record, returned_tie, staff_conflict, manager_wish, client_language)
    firm = firm_of(allocation_use, branch, told, said, packs.allocation, as_of)
    key = facts_key(firm.clients, firm.ties, firm.managers)
    earlier = (parent_allocation_proposal, parent_allocation_anew)
    firm = replace(firm, before=before_of(*earlier, firm.clients, key, packs.allocation.version))
    rows = decided(firm, advised(parent_allocation_adviser, firm), packs)
    return {table.name: stored(table, rows[table.name]) for table in WRITES}


def decided(firm: Firm, before: Objects, packs: Packs) -> dict[str, Rows]:
    """All branches, one after the other, and what is told over the firm."""
    parts, holders = [], []
    for at in range(len(firm.branches)):
        asked = question_of(firm, at, packs.allocation)
        answer = answered(asked, packs.allocation)
        owners = owners_of(asked, answer)
        holders.append(holders_of(asked, owners))
        parts.append(of_branch(asked, answer, owners, before[firm.first[at] : firm.first[at + 1]], packs))
    rows = {table.name: joined([part[table.name] for part in parts]) for table in WRITES[:-2]}
    rows[tables.AllocationWeight.name] = _weights(packs.allocation) if parts else {}
    rows[tables.AllocationLeaning.name] = leaning_rows(firm.clients.value, holders) if parts else {}
    return rows


def advised(parent: pa.Table, firm: Firm) -> Objects:
    """Who advised each client before, none where nobody did."""
    at = pc.index_in(pa.array(firm.clients.code, pa.string()), parent["client_id"].combine_chunks())
    return texts(parent["adviser_code"].take(at))


def firm_of(
    allocation_use: pa.Table, branch: pa.Table, told: Told, said: Said, rules: Allocation, as_of: dt.date
) -> Firm:
    """The tables as arrays, clients sorted by branch and id; those whom nobody at home may serve where somebody may."""
    clients = clients_of(allocation_use.sort_by([("branch_code", "ascending"), ("client_id", "ascending")]))
    managers = managers_of(told, rules, as_of)
    names, first = np.unique(clients.branch.astype(str), return_index=True)
    codes, tiers = texts(branch["branch_code"]), texts(branch["city_tier"])
    firm = Firm(
        clients,
        managers,
        ties_of(said, clients, managers, as_of),
        tuple(map(str, names)),
        np.append(first, len(clients.code)).astype(np.int64),
        np.array([hours.tier_of(tiers, codes, str(name)) for name in names], dtype=np.int64),
        as_of,
    )
    if not rules.runs.served_across:
        return firm
    region = dict(zip(codes, texts(branch["region"]), strict=True))
    return across(firm, np.array([region.get(name) for name in firm.branches], dtype=object))


def of_branch(
    asked: Question, answer: Answer, owners: Owners, before: Objects, packs: Packs
) -> dict[str, Rows]:
    """All that is written of a branch, by table."""
    seen = weighed(asked, answer)
    proposals = proposal_rows(asked, answer, seen)
    n_tied = int(proposals["is_tied"].sum())
    version = np.full(len(asked.clients.code), packs.allocation.version, dtype=object)
    return {
        "allocation_proposal": {**proposals, "policy_version": version},
        "allocation_alternative": alternative_rows(asked, seen, packs.allocation),
        "allocation_load": evidence.load_rows(asked, answer),
        "allocation_limit": evidence.limit_rows(asked, answer),
        "allocation_hours": hours.rows_of(asked.hours, asked.branch, packs.allocation),
        "allocation_certificate": evidence.certificate_rows(asked, answer, n_tied),
        "allocation_fairness": fairness_rows(asked, owners),
        "allocation_swap": swap_rows(asked, packs.allocation),
        "allocation_adviser": adviser_rows(asked, answer, before, packs.allocation),
        "allocation_anew": anew_rows(asked.anew, asked.clients),
        "allocation_contradiction": evidence.contradiction_rows(asked, answer.troubles),
    }


def _weights(rules: Allocation) -> Rows:
    parts = weights_of(rules)
    return {
        "score_part": np.array([str(part) for part, _ in parts], dtype=object),
        "weight_share": np.array([micro(weight) for _, weight in parts], dtype=np.int64),
        "policy_version": np.full(len(parts), rules.version, dtype=object),
    }
