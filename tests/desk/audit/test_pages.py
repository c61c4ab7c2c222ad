"""R231, R199: the log's page: filters, random draws, the check as a job; auditors' work is theirs until they report."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record, seal_pending
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.audit.queries import firm_log
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Job


@pytest.fixture(autouse=True)
def aside(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEADS, settings.AUDIT_KEY_FILE = tmp_path, tmp_path / "audit_key"
    settings.MEDIA_ROOT = tmp_path / "files"


def write(n: int, **facts: Any) -> None:
    with transaction.atomic():
        for _ in range(n):
            record(at=timezone.now(), **{"by": None, "verb": "tests.act", **facts})


def shown(browser: Client, **query: str) -> str:
    return browser.get("/audit/log/", query, headers={"hx-request": "true"}).content.decode()


def test_filters_by_subject_and_outcome(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    write(2, subject_kind="client", subject_id="c1")
    write(1, verb="tests.no", verdict=refuse(Refusal.PURPOSE))
    assert shown(browser, subject="c1").count('data-label="结果"') == 2
    assert shown(browser, outcome="refused").count("M20") == 1
    searched = FirmEntry.objects.filter(verb="audit.read_log").order_by("id")
    assert [entry.payload for entry in searched] == [{"subject": "c1"}, {"outcome": "refused"}]


def test_auditors_read_compliance_and_not_the_other_way_round(make_user: Callable[..., Any]) -> None:
    officer, auditor = make_user("compliance"), make_user("audit")
    write(1, by=officer, verb="clients.read_card")
    write(1, by=auditor, verb="audit.draw_sample")
    assert set(firm_log(auditor).values_list("actor_role", flat=True)) >= {"audit", "compliance"}
    assert "audit" not in set(firm_log(officer).values_list("actor_role", flat=True))


def test_a_draw_is_kept_in_the_log_and_opens_the_same_again(log_in: Callable[..., Client]) -> None:
    auditor, officer = log_in("audit"), log_in("compliance")
    write(30)
    answer = auditor.post("/audit/log/draw/", {"n": "5", "query": "verb=tests.act"})
    drawn = FirmEntry.objects.get(verb="audit.draw_sample")
    assert answer.headers["Location"] == f"/audit/log/sample/{drawn.pk}/"
    assert (len(drawn.payload["entries"]), drawn.payload["among"]) == (5, 30)
    first, again = (auditor.get(answer.headers["Location"]) for _ in range(2))
    assert [row.pk for row in first.context["rows"]] == [row.pk for row in again.context["rows"]]
    assert officer.get(answer.headers["Location"]).status_code == 404
    assert auditor.get(f"/audit/log/sample/{drawn.pk - 1}/").status_code == 404


def test_the_check_runs_as_a_job_and_is_logged(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    write(3)
    seal_pending(stream="firm")
    for _ in range(2):  # pressed twice, run once
        assert browser.post("/audit/log/verify/").status_code == 302
    assert Job.objects.count() == 1
    assert "kw-progress" in browser.get("/audit/log/").content.decode()
    work_off()
    job = Job.objects.get()
    assert job.result.startswith("链条完整")
    assert FirmEntry.objects.get(verb="audit.verify_chain").payload["findings"] == 0
    assert "链条完整" in browser.get("/audit/log/").content.decode()


def test_there_is_no_way_to_change_the_log_and_others_do_not_open_it(log_in: Callable[..., Client]) -> None:
    browser = log_in("manager")
    assert browser.get("/audit/log/").status_code == 403
    assert browser.post("/audit/log/verify/").status_code == 403
    assert browser.post("/audit/log/draw/").status_code == 403
    assert not FirmEntry.objects.filter(verb="audit.draw_sample").exists()


def test_r231_acts_that_read_the_same_are_one_choice_and_found_together(
    log_in: Callable[..., Client],
) -> None:
    """R231: a refused address and the act it leads to have the same words: the filter has them once."""
    browser = log_in("compliance")
    for verb in ("people.cover", "people.covers", "books.reassign", "clients.assign"):
        write(1, verb=verb, subject_id=verb)
    form = browser.get("/audit/log/").context["form"]
    words = [text for _verb, text in form.fields["verb"].widget.choices]
    assert len(words) == len(set(words))
    (chosen,) = [verb for verb, text in form.fields["verb"].widget.choices if text == "设代管"]
    found = shown(browser, verb=chosen)
    assert {"people.cover", "people.covers"} == {
        one for one in ("people.cover", "people.covers") if one in found
    }
    assert found.count('data-label="结果"') == 2


def test_r231_why_something_was_refused_is_told_in_words(log_in: Callable[..., Client]) -> None:
    """R231: the code stands in the tooltip and the file; what people read is a sentence."""
    browser = log_in("compliance")
    write(1, verb="clients.propose", verdict=refuse(Refusal.OVERRIDE_WITHOUT_END))
    write(1, verb="contacts.correct", verdict=refuse(Refusal.EDITED_MEANWHILE))
    text = shown(browser, outcome="refused")
    assert "改判没有到期日" in text
    assert "打开之后已有变动" in text
    assert ">M13<" not in text
    assert 'title="M13"' in text


def test_r231_a_refused_page_is_told_by_its_name(log_in: Callable[..., Client]) -> None:
    """R231: a page that was refused to a role stands in the log as its menu calls it, not as its address."""
    log_in("admin").get("/clients/")
    browser = log_in("compliance")
    text = shown(browser, outcome="refused")
    assert "打开“客户”" in text
    assert ">clients.list<" not in text
    assert shown(browser, verb="clients.list").count('data-label="结果"') == 1
