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
REST = "done"
MOST = 100  # as far as unread ones are counted
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


def of(user: Told, group: str = "") -> QuerySet[Notice]:
    """The user's notices, newest first, of one group or of all."""
    rows = Notice.objects.filter(user_id=user.pk).order_by("-at", "-id")
    if not group:
        return rows
    if group == REST:  # with those whose room is gone
        return rows.exclude(kind__in=[name for name, kind in _kinds.items() if kind.group != REST])
    return rows.filter(kind__in=[name for name, kind in _kinds.items() if kind.group == group])


def one(user: Told, pk: int) -> Notice | None:
    """A notice of the user's own."""
    return of(user).filter(pk=pk).first()


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
    return kind.group if kind else REST


def seen_at(user: Told) -> dt.datetime:
    """Up to when the user has read."""
    seen = NoticesSeen.objects.filter(pk=user.pk).first()
    return seen.at if seen else BEFORE_ALL


def n_unread(user: Told) -> int:
    """How many came since and were not opened, counted up to a limit, in one query."""

    def unread() -> QuerySet[Notice, Any]:
        seen = NoticesSeen.objects.filter(pk=OuterRef("user_id"), at__gte=OuterRef("at"))
        return of(user).order_by().filter(~Exists(seen), read_at=None).values("pk")[:MOST]

    return len(often.asked(("notices", user.pk), unread))


def read(notice: Notice, at: dt.datetime) -> None:
    """One of them is read: whoever opened it."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)


def read_all(user: Told, at: dt.datetime) -> None:
    """All that came up to now is read."""
    NoticesSeen.objects.update_or_create(pk=user.pk, defaults={"at": at})
