"""The errors of policy: one tree, each message names the file, the key, the value found and what is allowed."""

from __future__ import annotations

from pathlib import Path


class PolicyError(ValueError):
    """Anything that keeps a rule pack or a calendar from being used."""


class PackError(PolicyError):
    """A pack that cannot be loaded: where it is wrong, what was found and what would be right.

    ``file`` is the pack's path, ``key`` the dotted path of the entry (``levels[0].grade``), ``found`` the value as
    written, ``allowed`` the sentence that says what may stand there.
    """

    def __init__(self, file: Path | str, key: str, found: str, allowed: str) -> None:
        self.file = str(file)
        self.key = key
        self.found = found
        self.allowed = allowed
        super().__init__(f"{self.file}: {key}: found {found}; allowed: {allowed}")


class CalendarError(PolicyError):
    """A question about days that the loaded calendar years cannot answer."""
