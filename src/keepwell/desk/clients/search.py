"""From what people type to the run's search words: name, pinyin, initials; tails of phone, account and document.

Words of secret columns are keyed hashes; the key lies beside the runs and never in a database.
"""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from keepwell.desk.audit import keys

LAST = "\U0010ffff"
NUMBERS = ("record", "account")
SECRETS = ("phone", "id")
SHORTEST_TAIL = 4


def words(typed: str) -> tuple[Q, ...]:
    """Conditions on search words for what was typed, the likelier first; none when it is too short to be looked for."""
    compact = unicodedata.normalize("NFKC", "".join(typed.split())).replace("-", "")
    if not compact:
        return ()
    if any(sign.isdigit() for sign in compact) and compact.isascii():
        return (_number(compact.upper()),) if len(compact) >= SHORTEST_TAIL else ()
    if not compact.isascii():
        return (_begins("name", compact.upper()),)
    if len(compact) < 2:
        return ()
    lower = compact.lower()
    return _begins("initials", lower), _begins("name", compact.upper()), _begins("pinyin", lower)


def _begins(kind: str, start: str) -> Q:
    """A prefix as a range, which the index answers on both databases."""
    return Q(token_kind=kind, token__gte=start, token__lt=start + LAST)


def _number(number: str) -> Q:
    found = Q()
    for kind in NUMBERS:
        found |= Q(token_kind=kind, token=number)
    key = _key()
    if key:
        for kind in SECRETS:
            found |= Q(token_kind=kind, token=hidden(key, kind, number))
    return found


def hidden(key: str, kind: str, value: str) -> str:
    """The word of a secret value, as the engine wrote it."""
    return hashlib.sha256(f"{key}:{kind}:{value}".encode()).hexdigest()[:32]


def secret_word(kind: str, value: str) -> str:
    """The word of a secret value by the data folder's key; empty while there is none."""
    key = _key()
    return hidden(key, kind, value) if key else ""


def _key() -> str:
    path = Path(settings.DATA) / "token_key"
    return keys.read(path).strip() if path.exists() else ""
