"""X18: on whose device a client answered: the branch's own, or another than before, is looked at."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.forms.models import Form
from tests.desk.forms.sheets import form_of

AtWork = Callable[[str], Client]
FORMS, SEND = "/assessments/forms/", "/assessments/c000000/send/"
BRANCH, OTHER = "在营业部的设备上作答", "与以往不同的设备"


def answered(device: str, client: str = "c000000", days_ago: int = 0, **facts: Any) -> Form:
    """A form that was answered on a device."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    told = {"client_name": "陈志远", "asked_at": at, "answered_at": at, "score": 50, "risk_level": "C3"}
    return form_of(client, state="received", device_code=device, **(told | facts))[0]


@pytest.mark.usefixtures("firm_run")
def test_x18_a_link_opened_on_the_device_of_the_counter_is_told_as_such(at_work: AtWork) -> None:
    """Somebody answered at the counter on it; now "the client's own device" is the same one."""
    answered("counter", client="c000001", days_ago=3, way=AnsweredOn.COUNTER)
    answered("counter")
    compliance = at_work("compliance")
    page = compliance.get(FORMS).content.decode()
    assert page.count(BRANCH) == 1
    found = compliance.get(f"{FORMS}?flag=branch").content.decode()
    assert "/clients/c000000/" in found
    assert "/clients/c000001/" not in found
    assert BRANCH in at_work("manager").get(SEND).content.decode()


@pytest.mark.usefixtures("firm_run")
@pytest.mark.parametrize(
    ("before", "is_other"), [((), False), (("own",), False), (("old",), True), (("old", "own"), False)]
)
def test_x18_another_device_than_before_is_told_once_it_is_new(
    at_work: AtWork, before: tuple[str, ...], *, is_other: bool
) -> None:
    """The first device of a client is theirs; one they never answered on is looked at."""
    for at, device in enumerate(before):
        answered(device, days_ago=40 - at, is_jump=False)
    answered("own", is_jump=True)
    compliance = at_work("compliance")
    page = compliance.get(f"{FORMS}?flag=jump").content.decode()
    assert (f">{OTHER}</span>" in page) is is_other
    listed = compliance.get(f"{FORMS}?flag=other").content.decode()
    n_new = sum(device not in before[:at] for at, device in enumerate((*before, "own")) if at)
    assert listed.count(f">{OTHER}</span>") == n_new


@pytest.mark.usefixtures("firm_run")
def test_x18_at_the_counter_the_device_is_the_branch_s_and_says_nothing(at_work: AtWork) -> None:
    answered("own", days_ago=20)
    answered("counter", way=AnsweredOn.COUNTER)
    page = at_work("compliance").get(FORMS).content.decode()
    assert "陈*" in page
    assert BRANCH not in page
    assert f">{OTHER}</span>" not in page


@pytest.mark.usefixtures("firm_run")
def test_x18_a_check_by_what_staff_see_is_told(at_work: AtWork) -> None:
    """A client without a phone is asked for the document's tail, which stands on the card."""
    answered("own", proof_kind=Form.Proof.DOCUMENT)
    assert "按证件号后四位核对，此号员工可见" in at_work("compliance").get(FORMS).content.decode()
