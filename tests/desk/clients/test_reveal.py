"""R233: phone, document number and address are masked for all; a purpose shows them for a minute, and is logged."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import actions, reveals, sealing
from keepwell.desk.clients.models import ClientSecret
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import ROLES
from keepwell.desk.ui.http import Refused
from tests.desk.run_folder import facts

OWN, OTHER_BRANCH = "c000000", "c000003"
PHONE, NUMBER, ADDRESS = (facts(0)[name] for name in ("phone", "id_number", "address"))
AT = "/clients/c000000/reveal/"


def entries(stream: str = "firm") -> list[Any]:
    return list(ENTRIES[stream].objects.filter(verb="clients.reveal").order_by("id"))


def reveal(by: Any, **given: Any) -> str | None:
    asked = {"client_id": OWN, "field": "phone", "purpose": "call", "run": "000001"} | given
    return actions.reveal(**asked, by=by, at=timezone.now())


@pytest.mark.parametrize("field, value", [("phone", PHONE), ("id_number", NUMBER), ("address", ADDRESS)])
def test_a_purpose_shows_the_value_once(at_work: Callable[[str], Client], field: str, value: str) -> None:
    browser = at_work("manager")
    form = browser.get(f"{AT}{field}/")
    assert form.status_code == 200
    assert value not in form.content.decode()
    shown = browser.post(f"{AT}{field}/", {"purpose": "call"})
    assert value in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Refresh"] == f"60; url=/clients/{OWN}/"
    assert 'data-mask-after="60"' in shown.content.decode()
    assert value not in browser.get(f"{AT}{field}/").content.decode()


def test_the_drawer_gets_the_part_alone(at_work: Callable[[str], Client]) -> None:
    shown = at_work("manager").post(f"{AT}phone/", {"purpose": "call"}, headers={"HX-Request": "true"})
    assert f"tel:{PHONE}" in shown.content.decode()
    assert "<html" not in shown.content.decode()
    assert "Refresh" not in shown.headers


@pytest.mark.parametrize("given", [{}, {"purpose": "curious"}, {"purpose": "other", "note": "  "}])
def test_without_a_purpose_nothing_is_shown(at_work: Callable[[str], Client], given: dict[str, str]) -> None:
    answer = at_work("service_desk").post(f"{AT}phone/", given)
    assert answer.status_code == 403
    assert "请填用途或理由，才能继续；此举会留痕。" in answer.content.decode()
    assert PHONE not in answer.content.decode()
    assert [(entry.outcome, entry.reason) for entry in entries()] == [("refused", "M20")]


def test_the_log_holds_field_and_purpose_and_never_the_value(
    worker: Callable[[str], Any], firm_run: Any
) -> None:
    note = f"客户 {PHONE} 来电，住 {ADDRESS}，证件 3301-0219.7405·010000"
    teller = worker("counter")
    for field in reveals.FIELDS:
        assert reveal(teller, field=field, purpose="verify", note=note)
    told = entries()
    assert [entry.payload["field"] for entry in told] == list(reveals.FIELDS)
    assert {entry.payload["purpose"] for entry in told} == {"verify"}
    assert {entry.subject_id for entry in told} == {OWN}
    for entry in told:
        kept = json.dumps(entry.payload, ensure_ascii=False)
        assert PHONE not in kept
        assert "7405" not in kept
        assert facts(0)[entry.payload["field"]] not in kept


def person(worker: Callable[[str], Any], role: str) -> Any:
    """The person of the role, made when nobody has logged in as them."""
    return User.objects.filter(username=role).first() or worker(role)


def test_money_laundering_officers_leave_it_in_their_own_log(at_work: Callable[[str], Client]) -> None:
    answer = at_work("aml_branch").post("/clients/c000003/reveal/id_number/", {"purpose": "check"})
    assert facts(3)["id_number"] in answer.content.decode()
    assert entries() == []
    assert len(entries("aml")) == 1


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_may(worker: Callable[[str], Any], firm_run: Any, role: str) -> None:
    may = role not in {"admin", "hq_brokerage"}
    assert bool(reveals.may_reveal(worker(role))) is may


@pytest.mark.parametrize("role", ["admin", "hq_brokerage"])
def test_others_are_refused_by_page_and_by_act(
    at_work: Callable[[str], Client], worker: Callable[[str], Any], role: str
) -> None:
    assert at_work(role).post(f"{AT}phone/", {"purpose": "call"}).status_code == 403
    with pytest.raises(Refused):
        reveal(person(worker, role))


def test_outside_the_scope_is_unknown(at_work: Callable[[str], Client], worker: Callable[[str], Any]) -> None:
    browser = at_work("manager")
    for address in (
        f"/clients/{OTHER_BRANCH}/reveal/phone/",
        "/clients/c999999/reveal/phone/",
        f"{AT}email/",
    ):
        assert browser.post(address, {"purpose": "call"}).status_code == 404
    with pytest.raises(Http404):
        reveal(person(worker, "manager"), client_id=OTHER_BRANCH)
    assert entries() == []


def test_a_value_moved_to_another_client_opens_nowhere(firm_run: Any, worker: Callable[[str], Any]) -> None:
    sealed = bytes(ClientSecret.objects.get(pk="c000001").sealed)
    table = ClientSecret.contract_table
    assert sealing.opened("000001", table, ("c000001",), sealed)["phone"] == facts(1)["phone"]
    for run, owner, value in (
        ("000001", "c000002", sealed),
        ("000002", "c000001", sealed),
        ("000001", "c000001", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(sealing.Unreadable) as told:
            sealing.opened(run, table, (owner,), value)
        assert facts(1)["phone"] not in str(told.value)


def test_what_was_not_delivered_says_so(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = at_work("manager")
    monkeypatch.setattr(actions.sealing, "opened", lambda *_given: {"phone": ""})
    body = browser.post(f"{AT}phone/", {"purpose": "call"}).content.decode()
    assert "来源系统没有交付这位客户的这项资料。" in body


def test_the_purpose_is_prefilled_from_the_task(at_work: Callable[[str], Client]) -> None:
    body = at_work("manager").get(f"{AT}phone/?purpose=complaint&note=回访").content.decode()
    assert '<option value="complaint" selected>' in body
    assert 'value="回访"' in body


def test_the_card_offers_it_to_those_who_may(at_work: Callable[[str], Client]) -> None:
    card = at_work("manager").get(f"/clients/{OWN}/").content.decode()
    assert f'hx-get="{AT}phone/?purpose=call"' in card
    identity = at_work("counter").get(f"/clients/{OWN}/accounts/").content.decode()
    for field in reveals.FIELDS:
        assert f'href="{AT}{field}/"' in identity, field
    for page in (card, identity):
        assert PHONE not in page
        assert NUMBER not in page
        assert ADDRESS not in page
    assert "/reveal/" not in at_work("hq_brokerage").get(f"/clients/{OWN}/").content.decode()


def test_r233_reading_without_the_key_file_opens_nothing_and_makes_no_key(
    at_work: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """R233: a lost key is told with its remedy; a new one in its place would hide the loss until the next intake."""
    browser = at_work("manager")
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "vault_key")
    answer = browser.post(f"{AT}phone/", {"purpose": "call"})
    assert answer.status_code == 403
    assert "密文打不开" in answer.content.decode()
    assert "put that line back" in caplog.text
    assert PHONE not in caplog.text
    assert not (tmp_path / "vault_key").exists()
    (entry,) = ENTRIES["firm"].objects.filter(outcome="refused")
    assert (entry.subject_id, entry.reason) == (OWN, "secret_unreadable")
