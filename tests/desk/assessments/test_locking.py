"""X18: at the counter the client has the device; nobody of the firm opens the desk on it meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.assessments.locking import COOKIE, LOCKED
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.forms import answering
from keepwell.desk.forms.models import Form
from tests.desk.assessments.test_sending import PACKS, mine
from tests.desk.forms.sheets import answer_all

AtWork = Callable[[str], Client]
LOG_IN = {"username": "counter", "password": "does not matter"}


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.CLIENT_PAGES = "https://f.example"


def handed(browser: Client, line: ClientLine) -> Form:
    assert browser.post(f"/assessments/{line.pk}/counter/", {"is_checked": "on"}).status_code == 200
    return Form.objects.get(state=Form.State.OPEN)


def test_x18_no_address_of_the_desk_answers_on_the_client_s_device(at_work: AtWork) -> None:
    browser, line = at_work("counter"), mine()
    form = handed(browser, line)
    for path in ("/", "/login/", "/me/", f"/clients/{line.pk}/", f"/assessments/sent/{form.pk}/"):
        answer = browser.get(path)
        assert answer.status_code == LOCKED, path
        assert "设备在客户手中" in answer.content.decode()
        assert line.client_name not in answer.content.decode()
    assert browser.post("/login/", LOG_IN).status_code == LOCKED
    assert "_auth_user_id" not in browser.session
    assert browser.cookies[COOKIE]["httponly"]


def test_x18_handing_in_gives_the_device_back(at_work: AtWork) -> None:
    browser = at_work("counter")
    form = handed(browser, mine())
    answer_all(form, "C")
    assert answering.hand_in(form=form, packs=PACKS, device="d", at=timezone.now()) is None
    assert browser.get("/login/").status_code == 200
    assert browser.cookies[COOKIE].value == ""
    form.refresh_from_db()
    assert form.state == Form.State.ANSWERED


def test_x18_whoever_takes_the_device_back_before_ends_the_questionnaire(at_work: AtWork) -> None:
    """Staff cannot have the desk and the open form on one device; that it was taken back is on record."""
    browser = at_work("counter")
    form = handed(browser, mine())
    assert browser.post("/", {"take_back": "1"}).status_code == 302
    form.refresh_from_db()
    assert form.state == Form.State.WITHDRAWN
    assert browser.get("/login/").status_code == 200
    told = FirmEntry.objects.get(verb="assessments.take_back")
    assert (told.subject_id, told.payload["handed_over_by"]) == (form.client_id, form.asked_by_name)
    assert browser.post("/", {"take_back": "1"}).status_code != LOCKED
    assert FirmEntry.objects.filter(verb="assessments.take_back").count() == 1


def test_x18_another_device_goes_on_and_may_withdraw_the_form(at_work: AtWork) -> None:
    device = at_work("counter")
    form = handed(device, mine())
    other = at_work("team_leader")
    assert other.get("/me/").status_code == 200
    Form.objects.filter(pk=form.pk).update(state=Form.State.WITHDRAWN)
    assert device.get("/login/").status_code == 200


@pytest.mark.parametrize("mark", ["", "1", "1:x", "999:forged"])
def test_x18_a_mark_that_is_not_ours_locks_nothing(log_in: Callable[..., Client], mark: str) -> None:
    browser = log_in("counter")
    browser.cookies[COOKIE] = mark
    assert browser.get("/me/").status_code == 200
