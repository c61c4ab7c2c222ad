"""通知: what concerns me: given to me, due soon, decided, done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keepwell.desk.gates.signed import desk_day, next_working_day
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import notices as told
from keepwell.desk.ui.http import page, requires
from keepwell.desk.ui.paging import keyset
from keepwell.desk.work import queries
from keepwell.desk.work.kinds import kind

SOON, DUE = 10, "due"


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _told(item: queries.Item) -> str:
    """What the task is called, as on Today."""
    return str(item.moment.get_rule_display() if item.moment else kind(item.rule).label)


def _due(user: User, generation: Generation | None, limit: int) -> dict[str, Any]:
    """Tasks overdue or due within a working day; clients masked, for notices are read over shoulders."""
    if generation is None or not user.may("contacts.read_today"):
        return {"due": []}
    on = desk_day(generation)
    until = next_working_day(generation, on)
    due = [
        {
            "name": item.line.client_name,
            "kind": _told(item),
            "due_on": item.due_on,
            "is_late": item.is_late(on),
            "url": reverse("clients:card", args=[item.client_id]),
        }
        for item in queries.open_items(user, on, until=until, limit=limit + 1)
    ]
    more = reverse("contacts:today") if len(due) > limit else ""
    return {"due": due[:limit], "due_until": until, "more": more}


@requires("people.own")
def notices(request: HttpRequest) -> HttpResponse:
    """What concerns me?"""
    user, group = _user(request), request.GET.get("group", "")
    group = group if group in told.GROUPS else ""
    seen = told.seen_at(user)
    found = keyset(told.of(user, group), ("-at", "-id"), request.GET.get("after", ""))
    rows = [
        {
            "notice": row,
            "sentence": told.sentence_of(row),
            "group": told.GROUPS[told.group_of(row)],
            "is_new": row.at > seen and row.read_at is None,
        }
        for row in found.rows
    ]
    context: dict[str, Any] = {"found": found, "rows": rows, "group": group, "groups": told.GROUPS}
    context["query"] = urlencode({"group": group}) if group else ""
    if found.is_first and group in ("", DUE):
        limit = queries.PAGE if group == DUE else SOON
        context |= _due(user, getattr(request, "generation", None), limit)
    return page(request, "work/notices.html", context)


@requires("people.own")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own: read from now on, and on to what it is about."""
    found = told.one(_user(request), pk)
    if found is None:
        raise Http404(pk)
    told.read(found, timezone.now())
    return redirect(found.url or "work:notices")


@require_POST
@requires("people.own")
def read_all(request: HttpRequest) -> HttpResponse:
    """All of them are read."""
    told.read_all(_user(request), timezone.now())
    return redirect("work:notices")
