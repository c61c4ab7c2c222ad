"""Secret columns at the desk: one encrypted value a row, opened by `clients.actions.reveal` and the exchange alone.

AES-256-GCM with a nonce a value. Run, table, columns and the row's key are part of what is signed, so that a value
moved to another client, table or run opens nowhere. Keys lie in `DATA/vault_key`, one a line, apart from every
database: the last line encrypts, any of them decrypts. A new line (`new_vault_key`) takes over with the next intake;
once both kept generations are younger, and no older write-back waits for an answer, the old line may go.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from keepwell.contract.schema import Table
from keepwell.desk.audit.keys import read_or_make

MARK = "\x1f"  # ingest lets no control character into a text
KEY_ID = 4
NONCE = 12
Seal = Callable[[Sequence[bytes], Sequence[bytes]], list[bytes]]


class Unreadable(Exception):
    """A sealed value that does not open; the sentence names the table and the remedy, never the value."""


def key_file() -> Path:
    """Where the keys lie."""
    return Path(settings.DATA) / "vault_key"


def sealer(run_id: str, table: type[Table]) -> Seal:
    """A function from the rows' keys and their joined secret columns to sealed values, for a run's table."""
    key_id, key = list(_keys(run_id).items())[-1]
    cipher, signed = AESGCM(key), _signed(table)

    def seal(owners: Sequence[bytes], texts: Sequence[bytes]) -> list[bytes]:
        nonces = os.urandom(NONCE * len(texts))
        made = []
        for place, (owner, text) in enumerate(zip(owners, texts, strict=True)):
            nonce = nonces[NONCE * place : NONCE * (place + 1)]
            made.append(key_id + nonce + cipher.encrypt(nonce, text, signed + owner))
        return made

    return seal


def opened(run_id: str, table: type[Table], owner: Sequence[object], sealed: bytes) -> dict[str, str]:
    """The secret columns of one row by name; what the run does not know is empty.

    Raises `Unreadable` when its key is not in the key file or the value does not belong to this row.
    """
    sealed = bytes(sealed)
    key = _keys(run_id).get(sealed[:KEY_ID]) if key_file().exists() else None  # reading makes no key
    if key is None:
        raise Unreadable(
            f"{table.name} of run {run_id}: its key is not in {key_file()}; put that line back, "
            "or make the next run"
        )
    nonce, body = sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :]
    place = MARK.join(map(str, owner)).encode()
    try:
        text = AESGCM(key).decrypt(nonce, body, _signed(table) + place).decode()
    except InvalidTag as error:
        raise Unreadable(
            f"{table.name} of run {run_id}: a value was changed after intake; the next run brings it anew"
        ) from error
    names = table.secret_names()
    return dict(zip(names, text.split(MARK, len(names) - 1), strict=True))


def add_key() -> int:
    """Append a new key, which encrypts from the next intake on; answers how many there are now."""
    lines = read_or_make(key_file()).split()
    lines.append(secrets.token_urlsafe(48))
    aside = key_file().with_name(f".vault_key-{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(key_file())
    return len(lines)


def _keys(run_id: str) -> dict[bytes, bytes]:
    """Key by its name, in the file's order. A key of each run's own keeps the number of nonces a key sees small."""
    found = {}
    for line in read_or_make(key_file()).split():
        material = line.encode()
        name = hashlib.sha256(b"name of " + material).digest()[:KEY_ID]
        told = f"keepwell vault {run_id}".encode()
        found[name] = HKDF(SHA256(), 32, salt=None, info=told).derive(material)
    return found


def _signed(table: type[Table]) -> bytes:
    return f"{table.name}{MARK}{','.join(table.secret_names())}{MARK}".encode()
