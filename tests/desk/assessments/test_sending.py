"""R026, X18: staff send a link and never answer; what comes back goes to the next run, checked once more."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from keepwell.contract.codes import RiskLevel
from keepwell.contract.reasons.forms import SendReason
from keepwell.desk.assessments import queries
from keepwell.desk.assessments.receiving import receive_all
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.models import ClientFeature, ClientLine
from keepwell.desk.exchange.acts import Cut, answers, assessments
from keepwell.desk.forms import answering, codes
from keepwell.desk.forms.models import Form
from keepwell.policy.packs import load_packs
from tests.desk.forms.sheets import VERSION, answer_all, form_of

AtWork = Callable[[str], Client]
PACKS = load_packs(dt.date(2026, 11, 23))


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.CLIENT_PAGES = "https://f.example"


def mine() -> ClientLine:
    """A person of the manager's own book whose last assessment is not of these days."""
    lines = ClientLine.objects.filter(client__place__manager_code="S02", client_kind="person")
    late = ClientFeature.objects.filter(assessed_on__gt=dt.date(2026, 10, 1)).values("pk")
    return lines.exclude(pk__in=late).order_by("pk")[0]


def verbs(prefix: str = "assessments.") -> list[str]:
    return [
        row.verb
        for row in ENTRIES["firm"].objects.filter(outcome="done").order_by("pk")
        if row.verb.startswith(prefix)
    ]


def test_x18_the_link_is_shown_once_and_leads_the_client_to_the_form(at_work: AtWork) -> None:
    browser, line = at_work("manager"), mine()
    page = browser.get(f"/assessments/{line.pk}/send/").content.decode()
    for told in ("最多 2 次", "最多 3 次", "7 天内升 2 级", "失败 5 次即关闭"):
        assert told in page, told
    to = browser.post(f"/assessments/{line.pk}/send/")["Location"]
    shown = browser.get(to).content.decode()
    code = shown.split("https://f.example/f/")[1].split("/")[0]
    form = answering.found(code, timezone.now())
    assert (form.client_id, form.way, form.version) == (line.pk, "own_device", VERSION.code)
    assert "data:image/svg+xml" in shown
    assert "请您本人完成风险测评" in shown
    assert "please answer the risk assessment yourself" in shown
    again = browser.get(to).content.decode()
    assert code not in again
    assert "不作留存" in again
    assert verbs() == ["assessments.send"]
    assert "clients.hash_tails" in verbs("clients.")
    assert code not in str(list(ENTRIES["firm"].objects.values_list("payload", flat=True)))


def test_x18_the_client_proves_by_what_the_vault_holds_and_nobody_is_shown_it(at_work: AtWork) -> None:
    browser, line = at_work("manager"), mine()
    browser.post(f"/assessments/{line.pk}/send/")
    form = Form.objects.get()
    number = int("".join(sign for sign in line.pk if sign.isdigit()))
    assert form.proof_kind == "phone"
    assert codes.proves("0013", form.proofs)
    card = browser.get(f"/clients/{line.pk}/").content.decode()
    assert f"138****{number:04d}" in card
    for seen in (f"{number:04d}", "002X", "zzzz"):
        assert not codes.proves(seen, form.proofs), seen


def test_x18_a_new_link_ends_the_one_before_and_a_link_can_be_withdrawn(at_work: AtWork) -> None:
    browser, line = at_work("manager"), mine()
    browser.post(f"/assessments/{line.pk}/send/")
    browser.post(f"/assessments/{line.pk}/send/")
    assert sorted(Form.objects.values_list("state", flat=True)) == ["open", "withdrawn"]
    form = Form.objects.get(state="open")
    browser.post(f"/assessments/sent/{form.pk}/withdraw/")
    browser.post(f"/assessments/sent/{form.pk}/withdraw/")
    assert Form.objects.filter(state="open").count() == 0
    assert verbs() == ["assessments.send", "assessments.send", "assessments.withdraw"]


def test_r199_clients_out_of_scope_are_unknown(at_work: AtWork, firm_run: Any) -> None:
    other = ClientLine.objects.filter(client__place__manager_code="S06").first()
    assert other is not None
    browser = at_work("manager")
    form, _code = form_of(other.pk)
    for path in (
        f"/assessments/{other.pk}/send/",
        f"/assessments/{other.pk}/counter/",
        f"/assessments/sent/{form.pk}/withdraw/",
    ):
        assert browser.post(path).status_code == 404
    assert browser.get(f"/assessments/sent/{form.pk}/").status_code == 404
    assert Form.objects.count() == 1


def test_x18_not_a_third_time_a_day_nor_without_an_address(at_work: AtWork, settings: Any) -> None:
    browser, line = at_work("manager"), mine()
    for _ in range(2):
        form_of(line.pk, state="received", answered_at=timezone.now())
    refused = browser.post(f"/assessments/{line.pk}/send/")
    assert refused.status_code == 403
    assert "今日再测即第 3 次，每日上限 2 次" in refused.content.decode()
    Form.objects.all().delete()
    settings.CLIENT_PAGES = ""
    assert SendReason.NO_ADDRESS.text.zh in browser.get(f"/assessments/{line.pk}/send/").content.decode()
    assert browser.post(f"/assessments/{line.pk}/send/").status_code == 403
    assert Form.objects.count() == 0


def test_x18_a_test_the_firm_itself_delivered_today_counts_too(
    at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, line = at_work("manager"), mine()
    told = queries.Known(RiskLevel.C2, timezone.localdate(), timezone.localdate())
    monkeypatch.setattr(queries, "known", lambda _client_id: told)
    assert browser.post(f"/assessments/{line.pk}/send/").status_code == 302
    form = Form.objects.get()
    assert (form.level_before, form.level_before_on) == ("C2", timezone.localdate())
    answer_all(form, "C")
    assert answering.hand_in(form=form, packs=PACKS, device="d", at=timezone.now()) is None
    form.refresh_from_db()
    assert form.is_jump
    assert browser.post(f"/assessments/{line.pk}/send/").status_code == 403


def test_x18_at_the_counter_staff_are_logged_out_before_the_client_answers(at_work: AtWork) -> None:
    browser, line = at_work("counter"), mine()
    assert browser.post(f"/assessments/{line.pk}/counter/").status_code == 403
    handed = browser.post(f"/assessments/{line.pk}/counter/", {"is_checked": "on"})
    assert handed.status_code == 200
    assert "https://f.example/f/" in handed.content.decode()
    assert Form.objects.get().way == "counter"
    assert "_auth_user_id" not in browser.session
    assert verbs() == ["assessments.hand_over"]


def answered(line: ClientLine, letter: str = "C", **facts: Any) -> Form:
    """A form of the client, handed in."""
    form, _code = form_of(line.pk, record_code="10000001", **facts)
    answer_all(form, letter)
    assert answering.hand_in(form=form, packs=PACKS, device="d" * 32, at=timezone.now()) is None
    form.refresh_from_db()
    return form


def test_r026_what_was_answered_is_told_to_the_next_run_once_the_desk_has_looked(firm_run: Any) -> None:
    form, cut = answered(mine()), Cut(timezone.now(), dt.date(2026, 11, 23))
    assert list(assessments(cut)) == []
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 1
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 0
    (row,) = assessments(cut)
    assert (row["questionnaire_code"], row["record_code"], row["version"]) == (
        f"desk:{form.pk}",
        "10000001",
        VERSION.code,
    )
    assert (row["score"], row["risk_level"], row["answered_by_way"]) == (62, "C4", "own_device")
    assert row["answered_on"] == dt.date(2026, 11, 23)
    assert [(one["question_no"], one["answer"]) for one in answers(cut)] == [(no, "C") for no in range(1, 21)]
    assert verbs() == ["assessments.receive"]
    entry = ENTRIES["firm"].objects.get(verb="assessments.receive")
    assert entry.payload["answers"] == answering.digest(form)
    form.answers.filter(question_no=1).update(letters="A")
    assert entry.payload["answers"] != answering.digest(form)  # altered afterwards: the sealed log tells
    assert list(assessments(Cut(form.answered_at - dt.timedelta(seconds=1), cut.on))) == []


def test_x18_the_desk_believes_no_answers_because_of_where_they_come_from(firm_run: Any) -> None:
    raised = answered(mine())
    Form.objects.filter(pk=raised.pk).update(score=90, risk_level="C5")
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 0
    raised.refresh_from_db()
    assert (raised.state, raised.refusal) == ("refused", "level_disagrees")
    holed = answered(mine())
    holed.answers.filter(question_no=3).delete()
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 0
    holed.refresh_from_db()
    assert (holed.state, holed.refusal) == ("refused", "unanswered")
    assert verbs() == ["assessments.refuse", "assessments.refuse"]
    assert list(assessments(Cut(timezone.now(), dt.date(2026, 11, 23)))) == []


def test_x18_a_state_that_the_desk_did_not_write_takes_no_form_to_the_next_run(firm_run: Any) -> None:
    """Whoever writes "received" past the desk's own check has said nothing: the run is given none of it."""
    form = answered(mine())
    Form.objects.filter(pk=form.pk).update(state=Form.State.RECEIVED, score=99, risk_level="C5")
    cut = Cut(timezone.now(), dt.date(2026, 11, 23))
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 0
    assert (list(assessments(cut)), list(answers(cut))) == ([], [])


def test_x18_ten_tests_a_day_by_another_way_than_the_pages_are_not_taken_over(firm_run: Any) -> None:
    """Were the pages' own check broken: the third and every later one of a day stays out."""
    line, now = mine(), timezone.now()
    for n in range(10):
        form, _code = form_of(
            line.pk, state="answered", answered_at=now + dt.timedelta(seconds=n), score=62, risk_level="C4"
        )
        answer_all(form, "C")
    assert receive_all(packs=PACKS, by=None, at=now) < 3
    assert set(Form.objects.filter(state="refused").values_list("refusal", flat=True)) == {"tests_a_day"}


def test_x18_the_card_tells_how_far_it_is_and_what_to_look_at(at_work: AtWork) -> None:
    browser, line = at_work("manager"), mine()
    answered(line, level_before="C1", level_before_on=timezone.localdate() - dt.timedelta(days=2))
    other = ClientLine.objects.exclude(pk=line.pk).order_by("pk")[0]
    answered(other)
    panel = browser.get(f"/clients/{line.pk}/panel/assessments-forms/").content.decode()
    for told in ("C4 积极型", "已作答", "等级跳升", "同一设备还有 1 位客户作答", "发测评链接"):
        assert told in panel, told


def test_r026_staff_open_the_letter_that_the_client_was_given(at_work: AtWork, settings: Any) -> None:
    form = answered(mine(), client_name="欧阳犇龘")
    settings.CLIENT_FIRM = "示例证券"
    browser = at_work("manager")
    assert (
        f"/assessments/sent/{form.pk}/letter.pdf"
        in browser.get(f"/assessments/{form.client_id}/send/").content.decode()
    )
    answer = browser.get(f"/assessments/sent/{form.pk}/letter.pdf")
    assert answer["Content-Type"] == "application/pdf"
    told = "".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "欧阳犇龘" in told
    assert "示例证券" in told
    assert verbs() == ["assessments.read_letter"]


def test_r199_whoever_sees_no_names_opens_no_letter(at_work: AtWork) -> None:
    form = answered(mine())
    assert at_work("compliance").get(f"/assessments/sent/{form.pk}/letter.pdf").status_code == 403


def test_r026_before_it_is_answered_there_is_no_letter(at_work: AtWork) -> None:
    form, _code = form_of(mine().pk)
    assert at_work("manager").get(f"/assessments/sent/{form.pk}/letter.pdf").status_code == 404
