"""The code of a link and what proves a client: neither is kept, only what tells whether it is the right one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import check_password, make_password

BYTES = 18  # 144 bits: nobody meets a code by trying
TAIL = 4


def new_code() -> str:
    """A code for a link: shown once, never kept."""
    return secrets.token_urlsafe(BYTES)


def hash_of(code: str) -> str:
    """How a code is found again."""
    return hashlib.sha256(code.encode()).hexdigest()


def tail_of(text: str) -> str:
    """The last four letters or digits of a number, as a person types them; empty for a shorter one."""
    plain = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    return plain[-TAIL:] if len(plain) >= TAIL else ""


def proofs_of(numbers: Iterable[str]) -> list[str]:
    """Salted hashes of the tails of what a client is known by."""
    tails = sorted({tail_of(number) for number in numbers} - {""})
    return [make_password(tail) for tail in tails]


def proves(typed: str, proofs: Iterable[str]) -> bool:
    """Whether what was typed is the tail of one of them."""
    tail = tail_of(typed)
    if len(tail) != TAIL or len(typed.strip()) != TAIL:
        return False
    found = [check_password(tail, proof) for proof in proofs]  # each is looked at: time tells nothing
    return any(found)
