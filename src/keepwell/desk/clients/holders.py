"""Who looks after a client today, in words: the manager, whoever stands in for one who left, and who covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.desk.clients.models import Assignment, Place, Staff
from keepwell.desk.clients.sentences import language
from keepwell.desk.people.queries import covers_in_force
from keepwell.desk.ui import formats

Grounds = Place.Grounds
BY_PEOPLE = {Grounds.ACT, Grounds.PLAN}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a client: `former` is the manager who left, while nobody was found for the client yet."""

    place: Place
    code: str = ""
    name: str = ""
    former: Staff | None = None
    cover_name: str = ""
    cover_until_on: dt.date | None = None

    @property
    def is_for_now(self) -> bool:
        """Whether somebody is still to be found."""
        return not self.code or self.place.grounds == Grounds.LEAVER


def of(places: Sequence[Place]) -> dict[str, Holder]:
    """The holder of each place by client: at most four queries, however many places."""
    covers = _covers({place.manager_code for place in places if place.manager_code})
    left = _left([place.pk for place in places if place.grounds == Grounds.LEAVER or not place.manager_code])
    codes = {place.manager_code or "" for place in places} | set(left.values())
    staff = Staff.objects.in_bulk([code for code in codes if code])
    found = {}
    for place in places:
        code, former = place.manager_code or "", staff.get(left.get(place.pk, ""))
        name, until = covers.get(code, ("", None))
        found[place.pk] = Holder(
            place,
            code,
            staff[code].staff_name if code in staff else code,
            former if former is not None and former.left_on else None,
            name,
            until,
        )
    return found


def _covers(codes: set[str]) -> dict[str, tuple[str, dt.date]]:
    rows = covers_in_force(timezone.localdate()).filter(covered_code__in=codes).order_by("until_on", "pk")
    told = rows.values_list("covered_code", "covering__display_name", "until_on")
    return {code: (name, until) for code, name, until in told}


def _left(client_ids: Sequence[str]) -> dict[str, str]:
    """Who looked after each client last, before nobody or the leader did."""
    if not client_ids:
        return {}
    ended = Assignment.objects.filter(
        client_id__in=client_ids, relation=Assignment.Relation.SERVICE, ends_on__isnull=False
    ).exclude(staff_code="")
    return dict(ended.order_by("pk").values_list("client_id", "staff_code"))


def day(on: dt.date) -> str:
    """A day as people say it."""
    return formats.day(on, language(), timezone.localdate())


def told(holder: Holder) -> str:
    """Since when and on what grounds, who covers, or who is missing: a few words for the card's band."""
    if holder.cover_name and holder.cover_until_on:
        facts = {"name": holder.cover_name, "day": day(holder.cover_until_on)}
        return _("%(name)s covers until %(day)s") % facts
    if holder.former is not None:
        facts = {"name": holder.former.staff_name, "day": day(holder.former.left_on)}
        if holder.code:
            return _("for now: %(name)s left on %(day)s") % facts
        return _("%(name)s left on %(day)s; to be assigned") % facts
    if not holder.code:
        return _("to be assigned")
    since = holder.place.since_on
    if since is None:
        return str(holder.place.get_grounds_display())
    if holder.place.grounds in BY_PEOPLE:
        facts = {"day": since.isoformat(), "why": str(holder.place.get_grounds_display())}
        return _("since %(day)s, %(why)s") % facts
    return _("since %(day)s") % {"day": since.isoformat()}


def sentence(holder: Holder) -> str:
    """The same as a whole sentence: who looks after the client today."""
    name = holder.name
    if not holder.code:
        return _("Nobody looks after the client today.")
    if holder.place.grounds == Grounds.LEAVER:
        return _("Today %(name)s holds the client until somebody is assigned.") % {"name": name}
    if holder.place.grounds in BY_PEOPLE:
        facts = {"name": name, "day": day(holder.place.since_on or timezone.localdate())}
        facts["why"] = str(holder.place.get_grounds_display())
        return _("Today %(name)s looks after the client, since %(day)s, %(why)s.") % facts
    return _("Today %(name)s looks after the client.") % {"name": name}
