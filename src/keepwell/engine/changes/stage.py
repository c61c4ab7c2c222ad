"""The place of changes in the pipeline: last, for it compares what all others decided."""

from __future__ import annotations

from keepwell.contract.changes import BranchMonth, BranchStatistic, ClassMove, ClientChange, ClientMove
from keepwell.contract.quality import BranchQuality, GapStatistic, Remediation, RemediationStatistic
from keepwell.engine.changes.rules import (
    branch_month,
    branch_statistic,
    class_move,
    client_change,
    client_move,
    mending,
)
from keepwell.engine.stage import Stage, one

STAGE = Stage(
    "changes",
    (
        one(ClientChange, client_change),
        one(BranchStatistic, branch_statistic),
        one(BranchMonth, branch_month),
        one(ClassMove, class_move),
        one(ClientMove, client_move),
        one(Remediation, mending.remediation),
        one(RemediationStatistic, mending.remediation_statistic),
        one(BranchQuality, mending.branch_quality),
        one(GapStatistic, mending.gap_statistic),
    ),
)
