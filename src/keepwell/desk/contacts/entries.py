"""What the log, an entry and a client's timeline show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from keepwell.contract import codes
from keepwell.contract.schema import Code
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.contacts import queries, rules, sentences
from keepwell.desk.contacts.models import FIELDS, Contact
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

WRITTEN = {str(channel) for channel in (codes.Channel.SMS, codes.Channel.EMAIL, codes.Channel.LETTER)}
CODED: dict[str, type[Code]] = {
    "channel": codes.Channel,
    "direction": codes.ContactDirection,
    "outcome": codes.ContactOutcome,
    "topic": codes.ContactTopic,
    "need": codes.Need,
}


def value_of(name: str, value: Any) -> str:
    """A field of a contact in words."""
    if value in (None, ""):
        return formats.UNKNOWN
    if name in CODED:
        return sentences.code_of(CODED[name], str(value))
    if name == "promise_due_on":
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        return formats.day(day, sentences.language())
    if name == "minutes":
        return _("%(n)d min") % {"n": int(value)}
    return str(value)


def label_of(name: str) -> str:
    """What a field is called."""
    field: Any = Contact._meta.get_field(name)  # noqa: SLF001  Django's public API for it
    return str(field.verbose_name)


def _how_long(channel: str, minutes: Any) -> list[str]:
    """How long it took, number and unit on one line; what was written took no time of the client's."""
    return [] if not minutes or channel in WRITTEN else [value_of("minutes", minutes).replace(" ", "\u00a0")]


def said(contact: Contact) -> dict[str, Any]:
    """A contact in one line: how, how long, how it ended, about what."""
    way = [value_of("channel", contact.channel)]
    if contact.direction == codes.ContactDirection.IN:
        way.append(value_of("direction", contact.direction))
    way += _how_long(contact.channel, contact.minutes)
    about = [value_of(name, getattr(contact, name)) for name in ("topic", "need") if getattr(contact, name)]
    return {
        "contact": contact,
        "stamp": formats.moment(contact.contacted_at),
        "way": " · ".join(way),
        "outcome": value_of("outcome", contact.outcome),
        "about": about,
    }


def versions(contact: Contact) -> list[dict[str, Any]]:
    """What each earlier version said that the next one does not."""
    after: Mapping[str, Any] = contact.facts()
    found = []
    for old in contact.versions.all():
        changed = [
            {
                "label": label_of(name),
                "before": value_of(name, old.facts.get(name)),
                "after": value_of(name, after.get(name)),
            }
            for name in FIELDS
            if _plain(old.facts.get(name)) != _plain(after.get(name))
        ]
        found.append({"old": old, "changed": changed})
        after = old.facts
    return found


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def entry(contact: Contact, line: ClientLine | None, user: User, on: dt.date) -> dict[str, Any]:
    """One contact with its versions, remarks, and what may be done with it."""
    return {
        **said(contact),
        "line": line,
        "versions": versions(contact),
        "remarks": list(contact.remarks.all()),
        "may_correct": rules.may_correct(contact, user),
        "promise_is_late": bool(contact.promise_due_on and contact.promise_due_on < on),
    }


def log(user: User, on: dt.date, wanted: queries.Wanted, cursor: str) -> dict[str, Any]:
    """The list of contacts with its filters."""
    found = queries.log(user, on, wanted, cursor)
    lines = queries.lines_of(user, on, found.rows)
    kept = {
        "author": wanted.author,
        "channel": wanted.channel,
        "from": wanted.first_on.isoformat() if wanted.first_on else "",
        "to": wanted.last_on.isoformat() if wanted.last_on else "",
        "promise": "open" if wanted.promise_open else "",
    }
    return {
        "rows": [
            {**said(row), "line": lines.get(row.pk), "may_correct": rules.may_correct(row, user)}
            for row in found.rows
        ],
        "found": found,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "wanted": wanted,
        "channels": [(str(code), sentences.code_of(codes.Channel, str(code))) for code in codes.Channel],
        "is_filtered": any(kept.values()),
    }


def timeline(
    line: ClientLine, run_id: str, user: User, author: str = "", channel: str = "", most: int = 20
) -> dict[str, Any]:
    """A client's contacts, the desk's and the run's, with the filters that have anything to choose."""
    everything = queries.timeline(line, run_id, limit=40)
    names = staff_names(one.author for one in everything if one.contact is None)
    authors = sorted({names.get(one.author, one.author) for one in everything})
    shown = [
        one
        for one in everything
        if author in {"", names.get(one.author, one.author)} and channel in {"", one.channel}
    ]
    return {
        "line": line,
        "said": [_line(one, names, user) for one in shown[:most]],
        "authors": authors,
        "channels": _channels(everything),
        "author": author,
        "channel": channel,
        "n_hidden": len(shown) - len(shown[:most]),
    }


def _channels(everything: Sequence[queries.Said]) -> list[tuple[str, str]]:
    used = sorted({one.channel for one in everything})
    return [(code, sentences.code_of(codes.Channel, code)) for code in used]


def _line(one: queries.Said, names: Mapping[str, str], user: User) -> dict[str, Any]:
    if one.contact is not None:
        return {
            **said(one.contact),
            "at": one.at,
            "author": one.author,
            "n_versions": len(one.contact.versions.all()),
            "remarks": list(one.contact.remarks.all()),
            "is_mine": one.contact.author_id == user.pk,
        }
    row = one.row
    way = [value_of("channel", one.channel)]
    way += _how_long(one.channel, row.get("n_minutes"))
    return {
        "contact": None,
        "at": one.at,
        "author": names.get(one.author, one.author),
        "way": " · ".join(way),
        "outcome": value_of("outcome", one.outcome),
        "about": [],
        "note": row.get("note") or "",
    }


def conflict(contact: Contact, given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The fields two people changed differently, side by side."""
    last = contact.versions.order_by("-pk").first()
    return {
        "fields": [
            {
                "name": name,
                "label": label_of(name),
                "mine": value_of(name, given[name]),
                "theirs": value_of(name, getattr(contact, name)),
            }
            for name in names
        ],
        "changed_by": last.changed_by_name if last else contact.author_name,
        "changed_at": last.changed_at if last else contact.recorded_at,
    }
