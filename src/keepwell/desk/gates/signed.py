"""The signed packs a gate stands on, and which day it is at the desk."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from keepwell.desk.generations.models import Generation
from keepwell.policy.packs import Packs, load_packs
from keepwell.policy.years import load_calendars


@lru_cache(maxsize=8)
def _loaded(on: dt.date, own: Path | None, calendar: str, _changed: float) -> Packs:
    return load_packs(on, own, calendar)


def packs(generation: Generation, on: dt.date) -> Packs:
    """The packs in force on a day, the firm's own before the defaults."""
    return packs_on(on, generation.calendar)


def packs_on(on: dt.date, calendar: str) -> Packs:
    """The same for any run by its calendar, read or not."""
    own: Path | None = settings.FIRM_PACKS
    changed = max((path.stat().st_mtime for path in own.glob("**/*.toml")), default=0.0) if own else 0.0
    return _loaded(on, own, calendar, changed)


@lru_cache(maxsize=8)
def _next_working_day(on: dt.date, calendar: str, own: Path | None) -> dt.date:
    due = load_calendars(calendar, own).working.add(on, 1)
    return on + dt.timedelta(days=1) if due.is_provisional else due.on


def next_working_day(generation: Generation, on: dt.date) -> dt.date:
    """The working day after `on` by the firm's calendar; beyond its verified years simply the next day."""
    return _next_working_day(on, generation.calendar, settings.FIRM_PACKS)


def before_work(generation: Generation, on: dt.date) -> dt.date:
    """The last day before the next working day: `on` itself, or the end of the days off that follow it."""
    return next_working_day(generation, on) - dt.timedelta(days=1)


def desk_day(generation: Generation) -> dt.date:
    """Today. On a made-up firm time stands still: the first working day after its data, whenever it is looked at."""
    if generation.is_made_up:
        return next_working_day(generation, generation.as_of_on)
    return timezone.localdate()


def desk_instant(generation: Generation, at: dt.datetime) -> dt.datetime:
    """The instant on the desk's day: `at` itself, or its time of day on a made-up firm's day."""
    local = timezone.localtime(at)
    return dt.datetime.combine(desk_day(generation), local.timetz())
