"""Where secrets are opened for a write-back, and its text is sealed: the exchange does both, and says so here.

This room lies below the exchange and opens nothing itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Vault(Protocol):
    """What the exchange can do for this room."""

    def secrets(self, run_id: str, client_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Document number, phone and address that count of each client, in full."""

    def emails(self, run_id: str, record_codes: Collection[str]) -> Mapping[str, str]:
        """The e-mail address of each customer number, in full."""

    def seal(self, number: int, text: bytes) -> bytes:
        """The text of a write-back, encrypted."""

    def opened(self, number: int, sealed: bytes) -> bytes:
        """The same in full; raises `Refused` when its key is gone."""


_vaults: list[Vault] = []


def register(vault: Vault) -> None:
    """Say who opens and seals (called when the exchange is ready)."""
    _vaults[:] = [vault]


def vault() -> Vault:
    """Who opens and seals; raises `LookupError` on a desk without an exchange."""
    if not _vaults:
        raise LookupError(
            "no vault is registered: put keepwell.desk.exchange among the installed apps, it opens secrets"
        )
    return _vaults[0]
