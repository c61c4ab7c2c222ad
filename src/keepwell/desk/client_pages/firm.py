"""Who asks: what stands on each page of the firm, and the packs it has signed."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from keepwell.desk.forms.printing import Sender
from keepwell.policy.packs import Packs, load_packs

NAMES = ("FIRM", "LICENCE", "COMPLAINTS")


def shown(_request: HttpRequest | None) -> dict[str, object]:
    """Firm, licence and complaint channel."""
    return {name.lower(): getattr(settings, name) for name in NAMES}


def sender() -> Sender:
    """The same, as a letter names it."""
    told = shown(None)
    return Sender(*(str(told[name.lower()]) for name in NAMES))


def packs() -> Packs:
    """The packs in force today, the firm's own before the defaults."""
    own = settings.FIRM_PACKS
    changed = max((path.stat().st_mtime for path in own.glob("**/*.toml")), default=0.0) if own else 0.0
    return _loaded(timezone.localdate(), changed)


@lru_cache(maxsize=4)
def _loaded(on: dt.date, _changed: float) -> Packs:
    return load_packs(on, settings.FIRM_PACKS, getattr(settings, "CALENDAR", "cn"))
