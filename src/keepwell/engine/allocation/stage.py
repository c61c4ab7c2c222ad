"""Allocation's place in the pipeline."""

from __future__ import annotations

from keepwell.contract import allocation as tables
from keepwell.engine.allocation.rules import proposal
from keepwell.engine.stage import Rule, Stage

STAGE = Stage(
    "allocation",
    (
        Rule(
            (tables.AllocationProposal, tables.AllocationLoad, tables.AllocationCertificate),
            proposal.allocation,
            arrays=True,
        ),
    ),
)
