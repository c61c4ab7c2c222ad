"""The only place that knows the order of the stages."""

from __future__ import annotations

from keepwell.contract import RETURNS, Table
from keepwell.contract.sources import SOURCES
from keepwell.engine.allocation.stage import STAGE as ALLOCATION
from keepwell.engine.changes.stage import STAGE as CHANGES
from keepwell.engine.features.stage import STAGE as FEATURES
from keepwell.engine.grading.stage import STAGE as GRADING
from keepwell.engine.identity.stage import STAGE as IDENTITY
from keepwell.engine.ingest.stage import STAGE as INGEST
from keepwell.engine.moments.stage import STAGE as MOMENTS
from keepwell.engine.stage import PARENT, Stage
from keepwell.engine.suitability.stage import STAGE as SUITABILITY

STAGES: tuple[Stage, ...] = (INGEST, IDENTITY, FEATURES, SUITABILITY, GRADING, ALLOCATION, MOMENTS, CHANGES)


def sources_read() -> tuple[type[Table], ...]:
    """The source tables any stage reads."""
    wanted = {name for stage in STAGES for name in stage.reads}
    return tuple(table for table in SOURCES if table.name in wanted)


def parents_read() -> tuple[str, ...]:
    """Names of the parent run's tables any stage reads, without their prefix."""
    names = {name.removeprefix(PARENT) for stage in STAGES for name in stage.reads if name.startswith(PARENT)}
    return tuple(sorted(names))


def check_order() -> None:
    """Every stage reads only sources, what came back from the desk, parents and what an earlier stage wrote.

    Raises ``ValueError`` naming the stage and the table it would read too early.
    """
    known = {table.name for table in (*SOURCES, *RETURNS)}
    for stage in STAGES:
        for rule in stage.rules:
            missing = [name for name in rule.reads if not name.startswith(PARENT) and name not in known]
            if missing:
                raise ValueError(f"stage {stage.name} reads {missing} before anybody wrote it")
            known |= {table.name for table in rule.writes}
