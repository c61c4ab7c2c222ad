"""Allocation's place in the pipeline."""

from __future__ import annotations

from keepwell.contract.allocation import AllocationGroup, AllocationPool, AllocationUse
from keepwell.engine.allocation.rules import audit, proposal, use
from keepwell.engine.stage import Rule, Stage, one

STAGE = Stage(
    "allocation",
    (
        one(AllocationUse, use.allocation_use),
        Rule(proposal.WRITES, proposal.allocation, arrays=True),
        one(AllocationPool, audit.allocation_pool),
        one(AllocationGroup, audit.allocation_group),
    ),
)
