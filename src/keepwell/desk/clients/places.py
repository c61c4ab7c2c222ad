"""Keeping places in step with a generation: set-based, in ranges of at most 500 clients.

A new client gets the engine's home branch and the source's own manager. Where nothing but the source ever named the
manager, the place follows the source; a plan, a person's act or the client's wish stands until the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from keepwell.desk.clients.models import Assignment, Client, ClientProfile, Place

BATCH = 500  # no write transaction at the desk lasts over 50 ms
MOVED = 200  # a client who moves is four writes: what stood, its end, the place, what stands
SERVICE, HOME = Assignment.Relation.SERVICE, Assignment.Relation.HOME

NEW = """
INSERT INTO clients_place (client_id, manager_code, home_branch_code, since_on, grounds, home_is_wish, is_existing)
SELECT p.client_id, p.manager_code, p.home_branch_code, p.manager_since_on, 'source', %s, p.population = 'existing'
FROM decided_client p WHERE p.client_id BETWEEN %s AND %s
AND NOT EXISTS (SELECT 1 FROM clients_place a WHERE a.client_id = p.client_id)
"""
MISSING = """
SELECT p.client_id FROM decided_client p
WHERE NOT EXISTS (SELECT 1 FROM clients_place a WHERE a.client_id = p.client_id) ORDER BY p.client_id
"""
OTHER_MANAGER = """
SELECT a.client_id FROM clients_place a JOIN decided_client p ON p.client_id = a.client_id
WHERE a.grounds = 'source' AND COALESCE(a.manager_code, '') <> COALESCE(p.manager_code, '')
AND NOT (p.manager_code IS NULL AND EXISTS (
  SELECT 1 FROM decided_staff s WHERE s.staff_code = a.manager_code AND s.left_on <= %s))
ORDER BY a.client_id
"""
OTHER_HOME = """
SELECT a.client_id FROM clients_place a JOIN decided_client p ON p.client_id = a.client_id
WHERE NOT a.home_is_wish AND a.home_branch_code <> p.home_branch_code ORDER BY a.client_id
"""
BEGUN = """
SELECT a.client_id FROM clients_place a JOIN decided_client p ON p.client_id = a.client_id
WHERE p.population = 'existing' AND NOT a.is_existing ORDER BY a.client_id
"""
ENDED = """
SELECT a.client_id FROM clients_place a LEFT JOIN decided_client p ON p.client_id = a.client_id
WHERE a.is_existing AND COALESCE(p.population, '') <> 'existing' ORDER BY a.client_id
"""
ACT = """
INSERT INTO clients_assignment (client_id, record_code, relation, staff_code, branch_code, starts_on, ends_on,
  grounds, reason, by_id, by_name, at, run)
SELECT a.client_id, COALESCE((SELECT MIN(r.record_code) FROM decided_client_record r
    WHERE r.client_id = a.client_id AND r.branch_code = a.home_branch_code), ''),
  %s, CASE WHEN %s = 'home' THEN '' ELSE a.manager_code END, a.home_branch_code, {starts}, {ends},
  {grounds}, %s, {by_id}, %s, %s, %s
FROM clients_place a WHERE a.client_id IN ({ids}) AND (%s = 'home' OR a.manager_code IS NOT NULL)
"""
FIRST = (
    " AND NOT EXISTS (SELECT 1 FROM clients_assignment b WHERE b.client_id = a.client_id AND b.relation = %s)"
)


@dataclass(frozen=True, slots=True)
class Why:
    """What every assignment made by one act has in common; `by_id` and `by_name` are empty for the machine."""

    grounds: str
    on: dt.date
    at: dt.datetime
    run: str
    reason: str = ""
    by_id: int | None = None
    by_name: str = ""


def settle(*, run: str, as_of: dt.date, at: dt.datetime) -> None:
    """See that every client of the attached run has a place, and that places follow the source where they should.

    Whose manager has left and to whom the source names nobody else yet, stays: the hand-over finds them there.
    """
    added = False
    for ids in pieces(_ids(MISSING)):
        added = True
        with connection.cursor() as cursor:
            cursor.execute(NEW, [False, ids[0], ids[-1]])
    if added:
        renew_statistics()
    for statement, is_existing in ((BEGUN, True), (ENDED, False)):
        for ids in pieces(_ids(statement)):
            Place.objects.filter(pk__in=ids).update(is_existing=is_existing)
    why = Why(Place.Grounds.SOURCE, as_of, at, run)
    for ids in pieces(_ids(OTHER_MANAGER, connection.ops.adapt_datefield_value(as_of)), MOVED):
        change(ids, SERVICE, why, manager_code=decided("manager_code"))
    for ids in pieces(_ids(OTHER_HOME), MOVED):
        change(ids, HOME, why, home_branch_code=decided("home_branch_code"))
    if added:
        renew_statistics()  # who is an existing client and whose was all told since the first time


def renew_statistics() -> None:
    """Let PostgreSQL count anew who is where, after an act on many clients; SQLite plans by its indexes alone.

    It does so by itself some minutes later, and until then reads whole tables for a handful of rows.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in (Client, Place, Assignment):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')  # noqa: SLF001  Django's public API for it


def decided(column: str) -> Subquery:
    """A column of the engine's row for the place's client."""
    return Subquery(ClientProfile.objects.filter(pk=OuterRef("pk")).values(column))


def change(ids: Sequence[str], relation: str, why: Why, **values: Any) -> None:
    """Give the places (at most 200) other values, with the dated acts before and after; one short transaction."""
    if len(ids) > MOVED:
        raise ValueError(f"{len(ids)} places in one change; at most {MOVED}")
    places = Place.objects.filter(pk__in=ids)
    with transaction.atomic():
        _history(ids, relation, why)
        in_force = Assignment.objects.filter(client_id__in=ids, relation=relation, ends_on=None)
        in_force.update(ends_on=why.on)
        if relation == SERVICE:
            values |= {"since_on": why.on, "grounds": why.grounds}
        places.update(**values)
        _write(ids, relation, why)


def _history(ids: Sequence[str], relation: str, why: Why) -> None:
    """What the source said before the first act, so that the history begins with it."""
    parts = {"starts": "COALESCE(a.since_on, %s)", "ends": "%s", "grounds": "'source'", "by_id": "NULL"}
    on = connection.ops.adapt_datefield_value(why.on)
    given = [relation, relation, on, on, "", "", _instant(why), why.run, *ids, relation, relation]
    _execute(ACT + FIRST, parts, ids, given)


def _write(ids: Sequence[str], relation: str, why: Why) -> None:
    parts = {"starts": "%s", "ends": "NULL", "grounds": "%s", "by_id": "%s"}
    on = connection.ops.adapt_datefield_value(why.on)
    given = [relation, relation, on, why.grounds, why.reason, why.by_id, why.by_name, _instant(why), why.run]
    _execute(ACT, parts, ids, [*given, *ids, relation])


def _instant(why: Why) -> Any:
    return connection.ops.adapt_datetimefield_value(why.at)


def _execute(statement: str, parts: dict[str, str], ids: Sequence[str], given: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(ids=", ".join(["%s"] * len(ids)), **parts), given)


def _ids(statement: str, *given: Any) -> list[str]:
    """All ids first: what is being read is not what is being written."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [client_id for (client_id,) in cursor.fetchall()]


def pieces(ids: Iterable[str], size: int = BATCH) -> Iterator[list[str]]:
    """In lists of at most `size`; all are read first, for what is being read must not be what is being written."""
    found = iter(list(ids))
    while piece := list(islice(found, size)):
        yield piece
