"""资料核实, clients of other branches: what this branch's own records say, the rest only as differing elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from keepwell.desk.clients.queries import branch_names
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities.facts import actions, putting_off, rules, telling
from keepwell.desk.identities.guests import queries
from keepwell.desk.identities.models import IdentityConflict
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import page, requires


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _told(row: IdentityConflict, user: User, names: dict[str, str]) -> dict[str, Any]:
    name = names.get(row.client_id, row.client.line.client_name)
    return telling.told(row) | {
        "name": name if sees_names(user) else formats.mask_name(name),
        "url": f"{reverse('identities:guest_conflict')}?{urlencode({'key': row.conflict_key})}",
    }


@requires(rules.READ)
@needs_run
def guest_conflicts(request: Pinned) -> HttpResponse:
    """Where do records here disagree with those of the client's home branch, which finds out?"""
    user = _user(request)
    rows = queries.listed(user, request.GET.get("after", ""))
    names = queries.names(user, [row.client_id for row in rows.rows])
    put_off = putting_off.due_dates(row.conflict_key for row in rows.rows)
    context = {
        "rows": rows,
        "shown": [
            _told(row, user, names) | {"due_on": put_off.get(row.conflict_key, row.due_on)}
            for row in rows.rows
        ],
        "as_of": request.generation.as_of_on,
    }
    return page(request, "identities/guest_conflicts.html", context)


@requires(rules.READ)
@needs_run
def guest_conflict(request: Pinned) -> HttpResponse:
    """Which value lies here? That another differs is said, not which; who read it is traced."""
    user, key = _user(request), request.GET.get("key", "")[:80]
    row = queries.one(user, key)
    if row is None:
        raise Http404(key)
    actions.read_conflict(conflict=row, run=request.generation.run_id, by=user, at=timezone.now())
    own, accounts = queries.own_values(user, row), queries.own_accounts(user, row)
    names = branch_names({user.branch_code, row.client.place.home_branch_code})
    shown = (
        telling.values(own, names, names=sees_names(user))
        if row.golden_field
        else telling.beyond(accounts, names)
    )
    context = _told(row, user, queries.names(user, [row.client_id])) | {
        "values": shown,
        "home": names.get(row.client.place.home_branch_code, row.client.place.home_branch_code),
        "is_elsewhere": queries.has_more(user, row, len(shown)),
        "may_open": bool(user.may("clients.read")),
    }
    return page(request, "identities/guest_conflict.html", context)
