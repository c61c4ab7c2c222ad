"""What a run depends on besides its data: the code, and the key of the hashed search words."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import stat
from pathlib import Path
from typing import Any

import keepwell
from keepwell.engine.store.errors import KeyExposed


def digest(value: Any) -> str:
    """SHA-256 of a JSON value with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def code_hash() -> str:
    """SHA-256 over the source files that decide: contract, policy and engine."""
    root = Path(keepwell.__file__).parent
    total = hashlib.sha256()
    for part in ("contract", "policy", "engine"):
        for path in sorted((root / part).rglob("*")):
            if path.suffix in (".py", ".toml"):
                total.update(path.relative_to(root).as_posix().encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def token_key(data: Path) -> str:
    """The key of this data folder's hashed search words; made at the first use, readable by its owner only.

    One that others may read is closed to them, with a warning. Raises ``KeyExposed`` where that is not possible.
    """
    path = data / "token_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
    _close_to_others(path)
    return path.read_text(encoding="ascii").strip()


def _close_to_others(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    closed = mode & ~(stat.S_IRWXG | stat.S_IRWXO)
    if mode == closed:
        return
    try:
        path.chmod(closed)
    except OSError as fault:
        raise KeyExposed(path, mode) from fault
    logging.getLogger(__name__).warning(
        "%s had mode %04o, so others could read this key; it has %04o now", path, mode, closed
    )
