"""Ingest's place in the pipeline: what the store took in is joined by the calendar, and by what there is at all."""

from __future__ import annotations

from keepwell.contract.ingest import CalendarDay, SourceCoverage
from keepwell.engine.ingest.coverage import source_coverage
from keepwell.engine.ingest.days import calendar_day
from keepwell.engine.stage import Rule, Stage, one

STAGE = Stage(
    "ingest", (Rule((CalendarDay,), calendar_day, arrays=True), one(SourceCoverage, source_coverage))
)
