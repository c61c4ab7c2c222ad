"""Telling a person that something concerns them: rooms name their sentences and tell; one page shows (flows.md §5).

It lies on the ground because the room that decides about a proposal lies below the one work list.
A sentence holds no secret and names clients masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui import often
from keepwell.desk.ui.models import Notice, NoticesSeen

GROUPS: dict[str, str | Promise] = {
    "assigned": _("Assigned to me"),
    "due": _("Due soon"),
    "decided": _("Decided"),
    "done": _("Done"),
    "informed": _("For your information"),
}
BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Told(Protocol):
    """A person who may be told."""

    pk: Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A sentence with places for facts (`%(name)s`), and the group it stands in."""

    sentence: str | Promise
    group: str


_kinds: dict[str, Kind] = {}


def register(kind: str, sentence: str | Promise, group: str) -> None:
    """Name a sentence; raises `ValueError` for a group that does not exist."""
    if group not in GROUPS:
        raise ValueError(f"{kind}: group {group!r} is not one of {', '.join(GROUPS)}")
    _kinds[kind] = Kind(sentence, group)


def tell(
    *, to: int, kind: str, key: str, at: dt.datetime, facts: Mapping[str, Any] | None = None, url: str = ""
) -> None:
    """Leave a notice for the user `to`; the same `key` tells only once. Raises `KeyError` for an unknown kind."""
    _kinds[kind]  # a kind nobody registered would be a notice nobody can read
    Notice.objects.get_or_create(
        key=f"{kind}:{to}:{key}"[:160],
        defaults={"user_id": to, "kind": kind, "facts": dict(facts or {}), "url": url, "at": at},
    )


def of(user: Told) -> QuerySet[Notice]:
    """The user's notices, newest first."""
    return Notice.objects.filter(user_id=user.pk).order_by("-at", "-id")


def sentence_of(notice: Notice) -> str:
    """The notice in the reader's language; a kind whose room is gone keeps its name.

    A fact that reads otherwise in each language holds all of them, by language.
    """
    kind = _kinds.get(notice.kind)
    language = get_language() or settings.LANGUAGE_CODE
    facts = {name: said[language] if isinstance(said, dict) else said for name, said in notice.facts.items()}
    return str(kind.sentence) % facts if kind else notice.kind


def group_of(notice: Notice) -> str:
    """The group the notice stands in."""
    kind = _kinds.get(notice.kind)
    return kind.group if kind else "done"


def seen_at(user: Told) -> dt.datetime:
    """Up to when the user has read."""
    seen = NoticesSeen.objects.filter(pk=user.pk).first()
    return seen.at if seen else BEFORE_ALL


def has_unread(user: Told) -> bool:
    """Whether anything came since, in one query."""

    def unread() -> QuerySet[Notice, Any]:
        seen = NoticesSeen.objects.filter(pk=OuterRef("user_id"), at__gte=OuterRef("at"))
        return of(user).order_by().filter(~Exists(seen)).values("pk")[:1]

    return bool(often.asked(("notices", user.pk), unread))


def read_all(user: Told, at: dt.datetime) -> None:
    """All that came up to now is read."""
    NoticesSeen.objects.update_or_create(pk=user.pk, defaults={"at": at})
