"""R194: many clients at once: previewed with reasons, done by a job that asks scope and gates again for each row."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, refuse
from keepwell.desk.clients import bulk
from keepwell.desk.generations import queries as generations
from keepwell.desk.ui import jobs
from keepwell.desk.ui.models import Job

DAY = "2027-11-22"
done: list[tuple[str, str]] = []


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> None:
    """One act, which the gates refuse to clients without a phone that ends in 9."""
    done.clear()
    monkeypatch.setattr(bulk, "_acts", {})

    def check(_user: Any, _run: Any, lines: Any, _given: Any) -> dict[str, Any]:
        return {
            line.client_id: refuse(Refusal.PURPOSE) if line.client_id.endswith("9") else ALLOWED
            for line in lines
        }

    def do(*, line: Any, given: Any, **_more: Any) -> None:
        done.append((line.client_id, given["about"]))

    bulk.register("try", "试办", "clients.read_service", check, do)


@pytest.mark.usefixtures("act")
def test_the_preview_says_how_many_how_many_not_and_why(at_work: Callable[[str], Client]) -> None:
    page = at_work("team_leader").post(
        "/clients/bulk/", {"act": "try", "client": ["c000000", "c000009", "c000003"], "on": DAY}
    )
    body = page.content.decode()
    assert "将安排 1 位" in body
    assert "1 位不安排" in body
    assert "请填用途或理由" in body
    assert (
        "c000003" not in body.split("<main", 1)[1].split('type="hidden" name="client"')[0]
    )  # another branch's


@pytest.mark.usefixtures("act")
def test_the_job_does_what_may_be_done_and_tells_the_rest(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    facts = {
        "act": "try",
        "client": ["c000000", "c000009", "c000003"],
        "on": DAY,
        "about": "季报",
        "key": "k1",
    }
    assert browser.post("/clients/bulk/start/", facts).status_code == 302
    assert browser.post("/clients/bulk/start/", facts).status_code == 302
    job = Job.objects.get()
    steps = list(bulk.run(job))
    assert [n for _stage, n, _of in steps] == [1, 2]
    assert done == [("c000000", "季报")]
    assert "吴珊：请填用途或理由" in job.result
    assert "c000003" not in job.result


@pytest.mark.usefixtures("act")
def test_all_that_pass_follow_the_filters_within_scope(
    at_work: Callable[[str], Client],
    worker: Callable[[str], Any],
    firm_run: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = worker("team_leader")
    lines = bulk.Chosen(query="activity_state=leaving").lines(user, firm_run)
    assert lines
    assert {line.activity_state for line in lines} == {"leaving"}
    job = jobs.start(
        kind=bulk.KIND,
        payload={"act": "try", "query": "activity_state=leaving", "given": {"on": DAY, "about": ""}},
        by=user,
        at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
        key="k2",
    )
    attached: list[str] = []  # a runner reads no request's generation: the job has to make it readable
    monkeypatch.setattr(generations, "use", attached.append)
    list(bulk.run(job))
    assert attached == [firm_run.run_id]
    assert {client for client, _about in done} == {
        line.client_id for line in lines if not line.client_id.endswith("9")
    }


def test_an_act_that_nobody_offers_is_unknown(at_work: Callable[[str], Client]) -> None:
    assert at_work("team_leader").post("/clients/bulk/", {"act": "nothing"}).status_code == 404


def test_roles_that_record_no_contact_have_no_such_act(at_work: Callable[[str], Client]) -> None:
    browser = at_work("compliance")
    assert 'form="bulk"' not in browser.get("/clients/").content.decode()
    answer = browser.post("/clients/bulk/", {"act": "contacts.appoint", "client": ["c000000"]})
    assert answer.status_code == 403


def test_appointments_are_made_for_those_the_gates_let_through(at_work: Callable[[str], Client]) -> None:
    from keepwell.desk.work.models import WorkItem

    browser = at_work("team_leader")
    facts = {
        "act": "contacts.appoint",
        "client": ["c000000", "c000009"],
        "on": DAY,
        "about": "季报",
        "key": "k3",
    }
    assert browser.post("/clients/bulk/", facts).status_code == 200
    browser.post("/clients/bulk/start/", facts)
    list(bulk.run(Job.objects.get()))
    made = WorkItem.objects.filter(kind="appointment")
    assert set(made.values_list("client_id", "kind")) == {
        ("c000000", "appointment"),
        ("c000009", "appointment"),
    }
