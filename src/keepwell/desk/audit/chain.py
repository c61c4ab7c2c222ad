"""The hash chain, pure: what a row's hash covers, how links are made, what a check finds.

A link hashes the link before it, its position, the entry's id and the entry's hash, so that changing, removing
or reordering anything breaks it. Cutting off the end leaves a whole but shorter chain: that is told by the signed
heads, which lie outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed entry: its place in the chain, the entry, the hash up to here."""

    position: int
    entry_id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at some time."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `altered`, `removed`, `broken`, `cut_off`, `forged` or `heads_missing`, and where."""

    kind: str
    position: int
    entry_id: int | None = None


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 over the facts as canonical JSON (sorted keys, UTF-8, no spaces)."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(before: str, position: int, entry_id: int, entry_hash: str) -> str:
    """Hash of one link."""
    return hashlib.sha256(f"{before}|{position}|{entry_id}|{entry_hash}".encode()).hexdigest()


def extend(head: Head, entries: Iterable[tuple[int, str]]) -> list[Link]:
    """Chain entries `(id, hash)` behind `head`."""
    links = []
    for entry_id, entry_hash in entries:
        head = Head(head.position + 1, link_hash(head.hash, head.position + 1, entry_id, entry_hash))
        links.append(Link(head.position, entry_id, head.hash))
    return links


def check(links: Iterable[Link], entries: Mapping[int, tuple[str, str]], before: Head) -> list[Finding]:
    """Findings in a stretch of the chain that follows `before`.

    `entries` maps an entry's id to `(stored hash, hash of what the row holds now)`.
    """
    findings = []
    for link in links:
        expected = before.position + 1
        if link.position != expected:
            findings.append(Finding("removed", expected))
        stored, actual = entries.get(link.entry_id, ("", ""))
        if not stored:
            findings.append(Finding("removed", link.position, link.entry_id))
        elif stored != actual:
            findings.append(Finding("altered", link.position, link.entry_id))
        elif link.hash != link_hash(before.hash, link.position, link.entry_id, stored):
            findings.append(Finding("broken", link.position, link.entry_id))
        before = Head(link.position, link.hash)
    return findings


def check_heads(heads: Sequence[Head], hash_at: Mapping[int, str]) -> list[Finding]:
    """Findings of signed heads against the chain: a head beyond the end means that the end was cut off."""
    findings = []
    for head in heads:
        found = hash_at.get(head.position)
        if found is None:
            findings.append(Finding("cut_off", head.position))
        elif found != head.hash:
            findings.append(Finding("broken", head.position))
    return findings


def sign(head: Head, stream: str, at: str, key: str, before: str = "") -> str:
    """HMAC-SHA-256 of a head and of the signature before it, so that a head taken out of their file is missed."""
    message = f"{stream}|{head.position}|{head.hash}|{at}|{before}"
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()


def is_signed(head: Head, stream: str, at: str, key: str, signature: str, before: str = "") -> bool:
    """Whether the signature is ours."""
    return hmac.compare_digest(sign(head, stream, at, key, before), signature)
