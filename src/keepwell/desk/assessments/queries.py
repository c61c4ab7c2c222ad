"""What is known of a client's assessments: of the run, and of forms sent since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from keepwell.contract.codes import RiskLevel
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.assessments.listing import with_devices
from keepwell.desk.clients.models import ClientFeature, ClientLine, ClientRecord
from keepwell.desk.clients.scope import visible_one
from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User

SHOWN = 5
ANSWERED = (Form.State.ANSWERED, Form.State.RECEIVED)


@dataclass(frozen=True, slots=True)
class Known:
    """The latest level of a client that anybody was told, and its day; the day of the latest test taken elsewhere."""

    level: RiskLevel | None = None
    on: dt.date | None = None
    elsewhere_on: dt.date | None = None


def of_client(client_id: str) -> list[Form]:
    """The forms of a client, newest first; whoever asks has the client in scope."""
    rows = with_devices(Form.objects.filter(client_id=client_id))
    return list(rows.order_by("-asked_at", "-pk")[:SHOWN])


def one(user: User, pk: int) -> tuple[Form, ClientLine] | None:
    """A form and its client, if the client is in scope."""
    form = with_devices(Form.objects.filter(pk=pk)).first()
    line = visible_one(user, form.client_id).first() if form else None
    return (form, line) if form and line else None


def known(client_id: str) -> Known:
    """The latest of what the run knows and what was answered on the pages since."""
    run_on, run_level = (
        ClientFeature.objects.filter(pk=client_id).values_list("assessed_on", "risk_level").first()
    ) or (None, None)
    own = Form.objects.filter(client_id=client_id, state__in=ANSWERED).order_by("-answered_at")
    days = {form.pk: timezone.localdate(form.answered_at) for form in own if form.answered_at}
    taken_in = {days[form.pk] for form in own if form.state == Form.State.RECEIVED}
    found = [(days[form.pk], form.risk_level) for form in own if form.risk_level]
    if run_on and run_level:
        found.append((run_on, run_level))
    on, level = max(found, key=lambda one: one[0], default=(None, ""))
    elsewhere_on = run_on if run_on not in taken_in else None
    return Known(RiskLevel.of(level) if level else None, on, elsewhere_on)


def first_record(client_id: str) -> str:
    """The customer number a form is answered for: the first opened of those still open, else the first."""
    rows = ClientRecord.objects.filter(client_id=client_id).order_by("opened_on", "record_code")
    codes = list(rows.values_list("record_code", "closed_on"))
    still = [code for code, closed_on in codes if closed_on is None]
    return (still or [code for code, _closed in codes] or [""])[0]


def n_others_on_device(form: Form) -> int:
    """How many other clients answered on the same device of their own: one device for several is looked at."""
    if not form.device_code or form.way == AnsweredOn.COUNTER:
        return 0
    same = Form.objects.filter(device_code=form.device_code).exclude(client_id=form.client_id)
    return same.values("client_id").distinct().count()
