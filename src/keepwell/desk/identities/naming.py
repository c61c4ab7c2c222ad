"""What this room calls clients: to a reader, and as the log's subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keepwell.desk.clients.models import ClientProfile
from keepwell.desk.clients.sentences import language
from keepwell.desk.ui import formats


def name_of(profile: ClientProfile | None, names: bool) -> str:
    """The client's name, in full or as 张*."""
    if profile is None:
        return formats.UNKNOWN
    return str(profile.client_name) if names else formats.mask_name(profile.client_name)


def subject(client_id: str) -> dict[str, Any]:
    """The client as the log's subject."""
    return {"subject_kind": "client", "subject_id": client_id}


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the reader's language parts them."""
    return (", " if language() == "en" else "、").join(words)
