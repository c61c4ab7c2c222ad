"""The board's clients as a file: what the page shows, of the page's filters, masked as on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.contract.quality import GapKind
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.scope import placed
from keepwell.desk.columns import lazy_text
from keepwell.desk.generations.queries import current
from keepwell.desk.identities.models import Remediation
from keepwell.desk.identities.remediation import queries, telling
from keepwell.desk.identities.remediation.queries import Wanted
from keepwell.desk.people.models import User
from keepwell.desk.ui.exports import AT_MOST, Kind

NAME = "identities.export_remediation"
LONGEST_CODE = 16


def wanted_of(user: User, query: str) -> Wanted:
    """What an address asks for, within what the person may ask."""
    asked = parse_qs(query)
    kind = asked.get("kind", [""])[0]
    return Wanted(
        queries.branch_of(user, _branch(query)),
        kind if kind in queries.COUNTS else "",
        asked.get(queries.PAST, [""])[0] == "1",
    )


def _branch(query: str) -> str:
    return parse_qs(query).get("branch", [""])[0][:LONGEST_CODE]


def _found(user: User, query: str, on: dt.date) -> QuerySet[Remediation]:
    """The clients that pass; none of a branch the person may not ask for, so that a file is what it is said to be."""
    wanted = wanted_of(user, query)
    rows = queries.clients(user, wanted, on)
    return rows if _branch(query) in {"", wanted.branch} else rows.none()


def query_of(wanted: Wanted) -> str:
    """The address that asks for the same."""
    told = {"branch": wanted.branch, "kind": wanted.kind, queries.PAST: "1" if wanted.is_past else ""}
    return urlencode({name: value for name, value in told.items() if value})


def columns(_user: User) -> Sequence[str]:
    """The head of the file."""
    return [_("Client"), _("Branch"), _("To mend"), _("Minutes"), _("To be brought up to date by")]


def count(user: User, query: str, at_most: int) -> int:
    """How many clients pass, counted up to a limit."""
    generation = current()
    if generation is None:
        return 0
    found = _found(user, query, generation.as_of_on)
    return found.order_by()[:at_most].count()


def rows(user: User, query: str) -> Iterator[Sequence[Any]]:
    """The clients that pass, in the order of the page."""
    generation = current()
    if generation is None:
        return
    found = _found(user, query, generation.as_of_on)
    taken = list(found.select_related("client__line").order_by(*queries.ORDER)[:AT_MOST])
    placed([row.client.line for row in taken])
    names = branch_names({row.client.line.home_branch_code for row in taken})
    for one in telling.rows_told(taken, user):
        row = one["row"]
        home = row.client.line.home_branch_code
        yield [one["name"], names.get(home, home), telling.said(one), row.fix_minutes, row.due_on]


def told(query: str) -> str:
    """The filters in words."""
    asked = parse_qs(query)
    kind, branch = asked.get("kind", [""])[0], _branch(query)
    said = [str(lazy_text(GapKind.of(kind).text))] if kind in queries.COUNTS else []
    said = [*branch_names([branch]).values(), *said] if branch else said  # of an unknown one there is no file
    if asked.get(queries.PAST, [""])[0] == "1":
        said.append(_("Past the date"))
    return " · ".join(said)


KIND = Kind(
    label=gettext_lazy("Clients to be brought up to date"),
    permission=NAME,
    columns=columns,
    rows=rows,
    count=count,
    told=told,
    page="identities:remediation",
)
