"""Which questionnaires went out: one-time forms within scope, by what a reader of compliance asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments.notices import scoped
from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User

EXPIRED, JUMP, SHARED, BRANCH, OTHER = "expired", "jump", "shared", "branch", "other"
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
        rows = _flagged(rows, flag)
    rows = with_devices(rows)
    if since := wanted.get("since"):
        rows = rows.filter(asked_at__gte=_midnight(since))
    if until := wanted.get("until"):
        rows = rows.filter(asked_at__lt=_midnight(until) + DAY)
    return rows


def with_devices(rows: QuerySet[Form]) -> QuerySet[Form]:
    """Each answer on a device said to be the client's own, with what the device tells against it.

    `is_branch_device`: somebody answered on it at the counter. `is_other_device`: the client answered before, and never
    on this one.
    """
    return rows.annotate(is_branch_device=_on_branch_device(), is_other_device=_on_other_device())


def _on_branch_device() -> Q:
    at_counter = Form.objects.filter(way=AnsweredOn.COUNTER, device_code=OuterRef("device_code"))
    return Q(way=AnsweredOn.OWN_DEVICE) & ~Q(device_code="") & Q(Exists(at_counter))


def _on_other_device() -> Q:
    before = _own_devices().filter(client_id=OuterRef("client_id"), answered_at__lt=OuterRef("answered_at"))
    same = before.filter(device_code=OuterRef("device_code"))
    return Q(way=AnsweredOn.OWN_DEVICE) & ~Q(device_code="") & Q(Exists(before)) & ~Q(Exists(same))


def _flagged(rows: QuerySet[Form], flag: str) -> QuerySet[Form]:
    kinds = {JUMP: Q(is_jump=True), BRANCH: _on_branch_device(), OTHER: _on_other_device()}
    return rows.filter(kinds[flag] if flag in kinds else Q(device_code__in=_shared()))


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
