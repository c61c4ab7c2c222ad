"""Ingest's place in the pipeline: what the store took in is joined by the calendar."""

from __future__ import annotations

from keepwell.contract.ingest import CalendarDay
from keepwell.engine.ingest.days import calendar_day
from keepwell.engine.stage import Rule, Stage

STAGE = Stage("ingest", (Rule((CalendarDay,), calendar_day, arrays=True),))
