"""Which questionnaires went out: one-time forms within scope, by what a reader of compliance asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments.notices import scoped
from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User

EXPIRED, JUMP, SHARED = "expired", "jump", "shared"
DAY = dt.timedelta(days=1)


def sent(user: User, wanted: Mapping[str, Any], at: dt.datetime) -> QuerySet[Form]:
    """The forms of clients in scope that pass, each of `wanted` empty or asked for."""
    rows = scoped(user, Form.objects.all())
    if state := wanted.get("state"):
        rows = rows.filter(_of_state(state, at))
    if way := wanted.get("way"):
        rows = rows.filter(way=way)
    if who := wanted.get("who"):
        rows = rows.filter(asked_by_name=who)
    if flag := wanted.get("flag"):
        rows = rows.filter(is_jump=True) if flag == JUMP else rows.filter(device_code__in=_shared())
    if since := wanted.get("since"):
        rows = rows.filter(asked_at__gte=_midnight(since))
    if until := wanted.get("until"):
        rows = rows.filter(asked_at__lt=_midnight(until) + DAY)
    return rows


def others_on_devices(device_codes: Collection[str]) -> dict[str, int]:
    """How many clients answered on each of these devices of their own."""
    rows = _own_devices().filter(device_code__in=set(device_codes)).values("device_code").order_by()
    return dict(rows.annotate(n=Count("client_id", distinct=True)).values_list("device_code", "n"))


def _of_state(state: str, at: dt.datetime) -> Q:
    """A form that ran out unanswered is open in the books: for a reader it is another state."""
    if state == EXPIRED:
        return Q(state=Form.State.OPEN, expires_at__lte=at)
    return Q(state=state, expires_at__gt=at) if state == Form.State.OPEN else Q(state=state)


def _own_devices() -> QuerySet[Form]:
    return Form.objects.exclude(device_code="").exclude(way=AnsweredOn.COUNTER)


def _shared() -> QuerySet[Form, Any]:
    codes = _own_devices().values("device_code").order_by()
    return codes.annotate(n=Count("client_id", distinct=True)).filter(n__gt=1).values("device_code")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
