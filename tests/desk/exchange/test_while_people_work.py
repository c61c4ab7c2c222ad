"""R002, R004, R235: a run that arrives while people work takes nothing from under their hands."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.acted import Override
from keepwell.desk.contacts.models import Contact
from keepwell.desk.exchange.folders import RunFolder
from keepwell.desk.exchange.intake import take_in
from keepwell.desk.people.actions import create_user
from tests.desk.conftest import WORKERS
from tests.desk.run_folder import build, facts

TASK = {"client": "c000012", "key": "birthday/2026-11-23"}
OPENED, OFFER = "/contacts/of/c000004/record/", "/clients/c000004/override/"


def take(path: Path) -> None:
    """Make a run what people see."""
    take_in(run=RunFolder(path), by=None, at=timezone.now())


def sit(role: str) -> Client:
    """Somebody of the small firm, logged in."""
    made = {"display_name": "周敏", "must_change_password": False, **WORKERS[role]}
    user = create_user(role=role, username=role, password="x", by=None, at=timezone.now(), **made)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_r235_what_was_opened_on_one_run_is_saved_on_the_next(data: Path) -> None:
    """A form, a task and an override begun on run 1 are recorded after run 2 came, each once and told as of run 2."""
    take(build(data, "000001", n=60))
    manager, leader = sit("manager"), sit("team_leader")
    assert manager.get(OPENED).status_code == 200
    assert re.search(
        r'data-client="c000012" data-key="birthday', manager.get("/contacts/today/").content.decode()
    )
    offered = re.findall(r'<option value="(grade:\w+)"', leader.get(OFFER).content.decode())
    take(build(data, "000002", n=60))
    said = {"way": "call_out", "contacted_at": "2026-11-22T15:04", "outcome": "reached", "topic": "fee"}
    said["record_code"] = facts(4)["record"]
    assert manager.post(OPENED, said).status_code == 302
    assert manager.post("/contacts/today/outcome/", {**TASK, "outcome": "reached"}).status_code in {200, 302}
    asked = {"to": offered[-1], "reason": "客户转入 300 万已确认", "expires_on": "2027-01-31"}
    assert leader.post(OFFER, asked).status_code == 302
    assert sorted(Contact.objects.values_list("client_id", flat=True)) == ["c000004", "c000012"]
    assert Override.objects.get().state == "proposed"
    acts = FirmEntry.objects.filter(verb__in=["contacts.record_contact", "clients.propose_override"])
    assert set(acts.values_list("run", flat=True)) == {"000002"}
    page = manager.get("/contacts/today/").content.decode()
    assert "#2" in page
    assert 'data-client="c000012" data-key="birthday' not in page
