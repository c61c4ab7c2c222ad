"""The signed numbers this room stands on."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from keepwell.policy.packs import load_packs


def last_day_of_cover(today: dt.date) -> dt.date:
    """The latest day on which a cover set today may end."""
    return today + dt.timedelta(days=n_days_of_cover(today))


def n_days_of_cover(today: dt.date) -> int:
    """How many days a cover may last, by the pack in force."""
    return load_packs(today, settings.FIRM_PACKS).people.cover.n_days_at_most
