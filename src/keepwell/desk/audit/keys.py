"""Keys of this house: made once, in files that only their owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """Read the key in `path`; made once, readable by its owner alone.

    Two processes that start together agree: the file appears by an exclusive link, the loser reads the winner's.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return path.read_text(encoding="utf-8")
        finally:
            aside.unlink()
    return path.read_text(encoding="utf-8")
