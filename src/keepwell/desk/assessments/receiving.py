"""Taking over what clients handed in, before the next run is given what people did."""

from __future__ import annotations

import datetime as dt

from keepwell.desk.assessments import actions
from keepwell.desk.audit.actions import Actor
from keepwell.desk.forms.models import Form
from keepwell.policy.packs import Packs


def receive_all(*, packs: Packs, by: Actor | None, at: dt.datetime) -> int:
    """How many forms of those handed in go to the next run."""
    waiting = Form.objects.filter(state=Form.State.ANSWERED).order_by("pk").values_list("pk", flat=True)
    return sum(actions.receive(form_id=pk, packs=packs, by=by, at=at) for pk in list(waiting))
