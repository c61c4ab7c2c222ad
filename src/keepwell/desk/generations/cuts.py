"""Where acts are cut for the next run: what was done before the cut is told to it, what is done after lies over it.

An act's instant is taken before its transaction begins and may wait long for its locks. So that none falls between,
told to no run and taken for known by the next, an act is stamped once it holds its locks, after every cut drawn so
far; and a cut is drawn when no act is between its stamp and its commit. SQLite's one writer sees to that by itself;
on PostgreSQL acts share a lock that the cut takes alone.
"""

from __future__ import annotations

import datetime as dt

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from keepwell.desk.generations.models import DrawnCut

LOCK = 0x6B77_6375_7401  # any number that no other advisory lock of the desk has
PATIENCE = "10s"  # acts behind a waiting cut wait as long
LEAST = dt.timedelta(microseconds=1)


class CutBusy(Exception):
    """Acts are under way and do not end; the cut was not drawn."""


def stamped(at: dt.datetime) -> dt.datetime:
    """The instant of an act that is written in this transaction: `at`, unless a cut has been drawn since.

    Called after the act has its locks. Raises `RuntimeError` outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "an act is stamped inside its transaction: call cuts.stamped below transaction.atomic"
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    drawn = DrawnCut.objects.values_list("at", flat=True).first()
    if drawn is None or at > drawn:
        return at
    return max(timezone.now(), drawn + LEAST)


def draw(at: dt.datetime) -> None:
    """Draw a cut: every act up to it is committed when this returns, every later one is stamped after it.

    Raises `CutBusy` when acts under way do not end within ten seconds.
    """
    try:
        with transaction.atomic():
            _wait_for_acts()
            drawn = DrawnCut.objects.first()
            if drawn is None or drawn.at < at:
                DrawnCut.objects.update_or_create(only=1, defaults={"at": at})
    except OperationalError as error:
        raise CutBusy(
            f"acts under way at the desk did not end within {PATIENCE}; write the returns again"
        ) from error


def _wait_for_acts() -> None:
    if connection.vendor != "postgresql":
        return  # the transaction itself has the one right to write
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
