"""The tests' PostgreSQL server with the settings of a small real one: commits reach the disk."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

from measure import ROOT

sys.path.insert(0, str(ROOT))

from tests.desk.postgres import server

SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
}


def postgres() -> AbstractContextManager[str]:
    """Start a server and give the address of its empty database; stopped and removed at the end."""
    return server(SETTINGS)
