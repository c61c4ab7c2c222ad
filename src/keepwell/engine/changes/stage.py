"""The place of changes in the pipeline: last, for it compares what all others decided."""

from __future__ import annotations

from keepwell.contract.changes import BranchMonth, BranchStatistic, ClientChange
from keepwell.engine.changes.rules import branch_month, branch_statistic, client_change
from keepwell.engine.stage import Stage, one

STAGE = Stage(
    "changes",
    (
        one(ClientChange, client_change),
        one(BranchStatistic, branch_statistic),
        one(BranchMonth, branch_month),
    ),
)
