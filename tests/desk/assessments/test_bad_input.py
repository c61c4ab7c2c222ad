"""R026, X18: what cannot be counted is refused by the article that says so, told to the client and to the desk."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.contract.reasons.sentence import sentence
from keepwell.desk.assessments.receiving import receive_all
from keepwell.desk.forms import answering
from keepwell.desk.forms.models import Answer, Form
from keepwell.policy.packs import load_packs
from tests.desk.forms.sheets import answer_all, form_of

AtWork = Callable[[str], Client]
PACKS = load_packs(dt.date(2026, 11, 23))
LIST = "/assessments/forms/"


def unanswered(form: Form) -> None:
    form.answers.filter(question_no=7).delete()


def double(form: Form) -> None:
    Answer.objects.filter(form=form, question_no=3).update(letters="AB")


def no_such_option(form: Form) -> None:
    Answer.objects.filter(form=form, question_no=4).update(letters="H")


def old_version(form: Form) -> None:
    Form.objects.filter(pk=form.pk).update(version="1999")


def ten_tests_a_day(form: Form) -> None:
    at = timezone.now() - dt.timedelta(hours=2)
    for _ in range(10):
        form_of(form.client_id, state="received", answered_at=at, score=62, risk_level="C4")


SPOILT = [
    (unanswered, "漏答 1 题：不能得出等级（第6、33条）"),
    (double, "1 道单选题选了多项：不能得出等级（第6、33条）"),
    (no_such_option, "1 个答案的题号或选项在问卷中不存在"),
    (old_version, "所用问卷版本未经签署或不适用于该类客户：不同版本的得分不得比较（第13条）"),
    (ten_tests_a_day, "当日测评 11 次，上限 2 次：等级应反映客户真实情况（协会指引）"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILT, ids=lambda one: getattr(one, "__name__", ""))
def test_x18_what_is_handed_in_spoilt_is_refused_at_once(
    firm_run: object, spoil: Callable[[Form], None], said: str
) -> None:
    form, _code = form_of("c000004")
    answer_all(form, "C")
    spoil(form)
    form.refresh_from_db()
    fault = answering.hand_in(form=form, packs=PACKS, device="d", at=timezone.now())
    assert fault is not None
    assert said in sentence(fault.reason, fault.facts, "zh-hans")
    form.refresh_from_db()
    assert (form.state, form.risk_level) == ("open", "")


@pytest.mark.parametrize(("spoil", "said"), SPOILT, ids=lambda one: getattr(one, "__name__", ""))
def test_x18_what_was_spoilt_after_it_was_handed_in_stays_out_and_compliance_reads_why(
    at_work: AtWork, spoil: Callable[[Form], None], said: str
) -> None:
    form, _code = form_of("c000004")
    answer_all(form, "C")
    assert answering.hand_in(form=form, packs=PACKS, device="d", at=timezone.now()) is None
    spoil(form)
    assert receive_all(packs=PACKS, by=None, at=timezone.now()) == 0
    page = at_work("compliance").get(f"{LIST}?state=refused").content.decode()
    assert said in page
