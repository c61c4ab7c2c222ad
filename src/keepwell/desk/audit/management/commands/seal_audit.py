"""`manage seal_audit`: chain what is committed; with --loop each second, heads signed each minute."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

from keepwell.desk.audit.actions import BATCH, seal_pending, sign_head
from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.audit.models import ENTRIES

PAUSE = 1.0
HEADS_EVERY = 60.0


class Command(BaseCommand):
    """The one sealer."""

    help = "Chain committed log entries; --loop keeps on each second until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """--loop."""
        parser.add_argument(
            "--loop", action="store_true", help="keep on each second, sign the heads each minute"
        )

    def handle(self, *_args: Any, loop: bool, **_options: Any) -> None:
        """Seal once, or until someone stops the loop; the last heads are signed on the way out."""
        key = read_or_make(settings.AUDIT_KEY_FILE)
        stopped = threading.Event()
        if loop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
        full_look_at = 0.0
        while True:
            is_full = not loop or stopped.is_set() or time.monotonic() - full_look_at >= HEADS_EVERY
            try:
                seal_all(recent_only=not is_full)
                if is_full:
                    sign_all(key)
                    full_look_at = time.monotonic()
            except OperationalError as error:
                if not loop:
                    raise
                self.stderr.write(f"seal_audit: {error}; trying again")
                connection.close()
            if not loop or stopped.is_set():
                return
            stopped.wait(PAUSE)


def seal_all(*, recent_only: bool) -> None:
    """Seal both streams until nothing is pending, and on SQLite take the writers' checkpoints off their hands."""
    for stream in ENTRIES:
        while seal_pending(stream=stream, recent_only=recent_only) == BATCH:
            continue
    if (
        connection.vendor == "sqlite" and not connection.in_atomic_block
    ):  # moves what was written from the log to the file; holds up no writer
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def sign_all(key: str) -> None:
    """Sign the heads of both streams."""
    for stream in ENTRIES:
        sign_head(stream=stream, key=key, at=timezone.now())
