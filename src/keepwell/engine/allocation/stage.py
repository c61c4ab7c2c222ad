"""Allocation's place in the pipeline."""

from __future__ import annotations

from keepwell.contract.allocation import AllocationUse
from keepwell.engine.allocation.rules import proposal, use
from keepwell.engine.stage import Rule, Stage, one

STAGE = Stage(
    "allocation",
    (
        one(AllocationUse, use.allocation_use),
        Rule(proposal.WRITES, proposal.allocation, arrays=True),
    ),
)
