"""Writers wait in a queue of the kernel instead of asking again and again.

SQLite lets one transaction write; the others ask anew after 1, 2, 5 … 100 ms. With eight writers most of their
time is sleep, and the last to come may be the first to get in. An exclusive lock on a file beside the database, held
from BEGIN to the end of the transaction, wakes the next writer at once and goes with its process when that is killed.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the queue."""

    queue: int | None = None
    queue_of = ""

    def _start_transaction_under_autocommit(self) -> None:
        self._queue_up()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._leave()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._leave()

    def close(self) -> None:
        """Close, and let go of the queue's file: a forked child opens its own."""
        super().close()
        if not self.in_atomic_block and self.queue is not None:
            os.close(self.queue)
            self.queue, self.queue_of = None, ""

    def _queue_up(self) -> None:
        name = self.settings_dict["NAME"]
        if self.is_in_memory_db() or not Path(name).parent.is_dir():
            return
        if self.queue is None or self.queue_of != str(name):
            self.queue = os.open(f"{name}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.queue_of = str(name)
        fcntl.flock(self.queue, fcntl.LOCK_EX)

    def _leave(self) -> None:
        if self.queue is not None:
            fcntl.flock(self.queue, fcntl.LOCK_UN)
