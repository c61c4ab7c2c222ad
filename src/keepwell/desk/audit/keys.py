"""Keys of this house: made once, in files that only their owner reads."""

from __future__ import annotations

import logging
import os
import secrets
import stat
from pathlib import Path

from keepwell.contract.data_folder import LEFT_ALONE

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyExposed(Exception):
    """A key file that others may read and that is not ours to mend; the sentence says what to do."""


def read(path: Path) -> str:
    """Read the key in `path`. One that others may read is closed to them first, and said so in the server's log.

    Raises `KeyExposed` where that is not possible.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        try:
            path.chmod(mode & ~OTHERS)
        except OSError as error:
            raise KeyExposed(
                f"{path} has mode {mode:04o}, so others may read this key, and it cannot be changed: "
                "give it to the desk's user and call chmod 600"
            ) from error
        logging.getLogger(__name__).warning(
            "%s had mode %04o, so others could read this key; it has %04o now. "
            "If somebody else uses this machine, replace the key",
            path,
            mode,
            mode & ~OTHERS,
        )
    return path.read_text(encoding="utf-8")


def read_or_make(path: Path) -> str:
    """Read the key in `path`; made once, readable by its owner alone.

    Two processes that start together agree: the file appears by an exclusive link, the loser reads the winner's.
    """
    if not path.exists():
        _make_folder(path.parent)
        aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return read(path)
        finally:
            aside.unlink()
    return read(path)


def _make_folder(folder: Path) -> None:
    """Make the folder of keys, the data folder, and keep a new one out of a repository around it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        (folder / ".gitignore").write_text(LEFT_ALONE, encoding="utf-8")
