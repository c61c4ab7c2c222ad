"""R026, X18: a form is answered once, by whoever knows the client's number, whole, in time and not too often."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from keepwell.contract.reasons.suitability import FlagReason
from keepwell.desk.forms import answering, codes
from keepwell.desk.forms.answering import Gone
from keepwell.desk.forms.models import Form, Step
from keepwell.desk.ui import formats
from keepwell.policy.packs import Packs, load_packs
from tests.desk.forms.sheets import MIDDLE, PHONE, VERSION, answer_all, form_of

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(dt.date(2026, 11, 23))


def hand_in(form: Form, packs: Packs, at: dt.datetime | None = None) -> Any:
    return answering.hand_in(form=form, packs=packs, device="d", at=at or NOW())


def test_x18_a_code_is_kept_as_a_hash_and_leads_nowhere_once_its_time_is_over() -> None:
    form, code = form_of()
    assert code not in str(Form.objects.values())
    assert answering.found(code, NOW()) == form
    for gone in ("x", code[:-1], ""):
        with pytest.raises(Gone):
            answering.found(gone, NOW())
    with pytest.raises(Gone):
        answering.found(code, form.expires_at)


@pytest.mark.parametrize("state", [Form.State.WITHDRAWN, Form.State.LOCKED])
def test_x18_a_form_that_was_withdrawn_or_closed_is_not_found(state: str) -> None:
    _form, code = form_of(state=state)
    with pytest.raises(Gone):
        answering.found(code, NOW())


def test_x18_the_client_proves_by_digits_of_the_phone_that_every_mask_hides() -> None:
    """What staff read on a card, the tails of phone and document, opens nothing."""
    masked = formats.mask_phone(PHONE), formats.mask_id("33010219800101002X")
    assert masked == ("138****8000", "330102********002X")
    proof = codes.proof_of(phone=PHONE, document="33010219800101002X")
    assert proof.kind == Form.Proof.PHONE
    assert [codes.proves(typed, proof.hashes) for typed in (MIDDLE, f" {MIDDLE} ", "8000", "002X", "0001", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert MIDDLE not in str(proof.hashes)


def test_x18_without_a_phone_the_document_s_tail_is_asked_for_and_said_so() -> None:
    assert codes.tail_of("330102 19800101 002x") == "002X"
    proof = codes.proof_of(phone="0571-8", document="33010219800101002X")
    assert proof.kind == Form.Proof.DOCUMENT
    assert codes.proves("002x", proof.hashes)
    assert codes.proof_of(phone="", document="12").hashes == []


def test_x18_after_five_failures_the_form_is_closed_and_each_is_on_record() -> None:
    form, code = form_of()
    for _ in range(4):
        assert not answering.prove(form=form, typed="0000", at_most=5, at=NOW())
    with pytest.raises(Gone):
        answering.prove(form=form, typed="0000", at_most=5, at=NOW())
    with pytest.raises(Gone):
        answering.found(code, NOW())
    with pytest.raises(Gone):
        answering.prove(form=form, typed=MIDDLE, at_most=5, at=NOW())
    assert [step.what for step in Step.objects.all()] == ["failed"] * 5 + ["locked"]


def test_r026_score_and_level_follow_from_the_marks_and_stay(packs: Packs) -> None:
    form, _code = form_of()
    answer_all(form, "C")
    assert hand_in(form, packs) is None
    form.refresh_from_db()
    assert (form.state, form.score, form.risk_level) == ("answered", 62, "C4")
    question = VERSION.questions[0]
    assert not answering.answer(form=form, question=question, letters="A")
    assert hand_in(form, packs) is None
    form.refresh_from_db()
    assert form.score == 62
    assert [step.what for step in Step.objects.all()] == ["answered"]


def test_x18_unanswered_questions_are_refused_with_the_article(packs: Packs) -> None:
    form, _code = form_of()
    answer_all(form, "C", but=(7, 9))
    fault = hand_in(form, packs)
    assert (fault.reason, fault.questions, fault.facts["n_found"]) == (FlagReason.UNANSWERED, (7, 9), 2)
    assert "第6、33条" in fault.reason.text.zh
    form.refresh_from_db()
    assert form.state == "open"


def test_x18_two_answers_to_a_question_of_one_are_not_kept_and_refused_if_they_stand_there(
    packs: Packs,
) -> None:
    form, _code = form_of()
    answer_all(form, "C")
    single = VERSION.questions[0]
    assert not answering.answer(form=form, question=single, letters="AB")
    assert not answering.answer(form=form, question=single, letters="Z")
    assert not answering.answer(form=form, question=single, letters="")
    form.answers.filter(question_no=1).update(letters="AB")
    assert hand_in(form, packs).reason == FlagReason.DOUBLE_ANSWERED
    form.answers.filter(question_no=1).update(letters="Z")
    assert hand_in(form, packs).reason == FlagReason.UNKNOWN_OPTION


def test_x18_a_version_that_is_not_in_use_is_refused(packs: Packs) -> None:
    form, _code = form_of()
    answer_all(form, "C")
    before = dt.datetime(2017, 6, 30, tzinfo=dt.UTC)
    assert hand_in(form, packs, at=before).reason == FlagReason.OLD_VERSION
    Form.objects.update(version="1999")
    form.refresh_from_db()
    assert hand_in(form, packs).reason == FlagReason.UNKNOWN_VERSION


def test_x18_a_third_test_on_a_day_and_a_fourth_in_thirty_days_are_refused(packs: Packs) -> None:
    now = NOW()
    for _ in range(2):
        form_of(state=Form.State.RECEIVED, answered_at=now)
    form, _code = form_of()
    answer_all(form, "C")
    fault = hand_in(form, packs)
    assert (fault.reason, fault.facts["n_found"]) == (FlagReason.TESTS_A_DAY, 3)
    assert hand_in(form, packs, at=now + dt.timedelta(days=1)) is None
    form_of()
    fault = answering.too_often("C1", packs, now + dt.timedelta(days=2))
    assert fault is not None
    assert (fault.reason, fault.facts["n_found"]) == (FlagReason.TESTS_30_DAYS, 4)
    assert answering.too_often("C1", packs, now + dt.timedelta(days=40)) is None
    assert answering.too_often("C2", packs, now) is None


def test_x18_a_jump_of_two_levels_within_seven_days_is_flagged(packs: Packs) -> None:
    today = timezone.localdate()
    form, _code = form_of(level_before="C2", level_before_on=today - dt.timedelta(days=3))
    answer_all(form, "C")
    assert hand_in(form, packs) is None
    form.refresh_from_db()
    assert (form.risk_level, form.is_jump) == ("C4", True)


def test_r026_whoever_can_bear_no_loss_is_told_so(packs: Packs) -> None:
    form, _code = form_of()
    answer_all(form, "C")
    form.answers.filter(question_no=15).update(letters="A")
    assert hand_in(form, packs) is None
    form.refresh_from_db()
    assert form.is_lowest_class
