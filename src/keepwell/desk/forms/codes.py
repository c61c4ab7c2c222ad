"""The code of a link and what proves a client: neither is kept, only what tells whether it is the right one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from keepwell.desk.forms.models import Form

BYTES = 18  # 144 bits: nobody meets a code by trying
FOUR, MASKED_AT_LEAST = 4, 11  # the desk masks the middle four of a phone number of so many digits


@dataclass(frozen=True, slots=True)
class Proof:
    """What a client is asked for, and what tells whether it is right; no hashes where nothing is known."""

    kind: Form.Proof
    hashes: list[str]


def new_code() -> str:
    """A code for a link: shown once, never kept."""
    return secrets.token_urlsafe(BYTES)


def hash_of(code: str) -> str:
    """How a code is found again."""
    return hashlib.sha256(code.encode()).hexdigest()


def tail_of(text: str) -> str:
    """The last four letters or digits of a number, as a person types them; empty for a shorter one."""
    plain = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    return plain[-FOUR:] if len(plain) >= FOUR else ""


def middle_of(phone: str) -> str:
    """The four digits before the last four of a phone number: those that no page of the desk shows."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    return digits[-2 * FOUR : -FOUR] if len(digits) >= MASKED_AT_LEAST else ""


def proof_of(*, phone: str, document: str) -> Proof:
    """What a client is asked for: what staff do not see of the phone number, else the tail of the document's."""
    asked = {Form.Proof.PHONE: middle_of(phone), Form.Proof.DOCUMENT: tail_of(document)}
    kind = Form.Proof.PHONE if asked[Form.Proof.PHONE] else Form.Proof.DOCUMENT
    return Proof(kind, [make_password(asked[kind])] if asked[kind] else [])


def proves(typed: str, proofs: Iterable[str]) -> bool:
    """Whether what was typed is one of them."""
    tail = tail_of(typed)
    if len(tail) != FOUR or len(typed.strip()) != FOUR:
        return False
    found = [check_password(tail, proof) for proof in proofs]  # each is looked at: time tells nothing
    return any(found)
