"""R231: writers on SQLite wait in one queue; a killed one leaves it free."""

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.desk.own_database import own_database


def test_a_writer_killed_in_its_transaction_leaves_the_queue_free(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> None:
    with django_db_blocker.unblock(), own_database(tmp_path):
        connection.close()
        pid = os.fork()
        if pid == 0:
            try:
                with transaction.atomic():
                    os.kill(os.getpid(), signal.SIGKILL)
            finally:
                os._exit(3)
        _pid, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE queue_test (a integer)")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            1 / 0  # noqa: B018  any error ends the transaction
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO queue_test VALUES (1)")
        if connection.vendor == "sqlite":
            lock = tmp_path / "desk.sqlite3-writers"
            assert lock.stat().st_mode & 0o077 == 0
            with sqlite3.connect(tmp_path / "desk.sqlite3") as other:
                assert other.execute("SELECT a FROM queue_test").fetchall() == [(1,)]
