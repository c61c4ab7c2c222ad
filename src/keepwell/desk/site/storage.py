"""Where the desk keeps its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# Opening anew costs a page of SQLite some 6 ms: both files' schemas are read again. A generation that is gone is
# let go of with the thread's next request, else after this time.
KEPT_OPEN = 60  # seconds


def database(url: str, data: Path) -> dict[str, Any]:
    """Answer Django's description of the database: PostgreSQL by address, else SQLite in the data folder.

    Raises `ValueError` when the address names another kind of database.
    """
    if not url:
        return {
            "ENGINE": "keepwell.desk.site.sqlite",
            "NAME": data / "desk.sqlite3",
            "CONN_MAX_AGE": KEPT_OPEN,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Checkpoints wait for the disk: the sealer makes them each second, so that no writer has to.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA wal_autocheckpoint=20000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"KEEPWELL_DATABASE_URL begins with {parts.scheme!r}; allowed: postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
    }
