"""R199, R235: files leave with a right, a purpose, a limit, beyond 50 rows a second person; masked, marked, logged."""

import csv
import dataclasses
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import exports, sheets
from keepwell.desk.ui.jobs_running import work_off
from keepwell.desk.ui.models import Export, Job, Notice

ROWS = [["=1+1", "\t-2", "@x", "张三", 5]]


@pytest.fixture(autouse=True)
def kind(settings: Any, tmp_path: Path) -> Iterator[dict[str, int]]:
    """A kind of file whose number of rows a test sets."""
    settings.MEDIA_ROOT = tmp_path
    size = {"n": 3}
    before = dict(exports._kinds)
    exports.register(
        "tests.export_rows",
        exports.Kind(
            label="Rows",
            permission="audit.export",
            columns=lambda _user: ["=A", "B", "C", "D", "E"],
            rows=lambda _user, _query: ROWS * size["n"],
            count=lambda _user, _query, at_most: min(size["n"], at_most),
        ),
    )
    yield size
    exports._kinds.clear()
    exports._kinds.update(before)


def ask(browser: Client, **form: str) -> Any:
    given = {"purpose": "季度检查", "form": "csv", "query": "", **form}
    return browser.post("/exports/tests.export_rows/", given)


def fetched(browser: Client) -> bytes:
    job = Job.objects.get(kind="people.export")
    return b"".join(browser.get(f"/ui/jobs/{job.pk}/file/").streaming_content)  # type: ignore[attr-defined]  # a streamed answer


def test_a_small_file_is_written_at_once_marked_and_free_of_formulas(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance", staff_code="S10")
    assert ask(browser).headers["Location"] == "/me/exports/"
    work_off()
    body = fetched(browser)
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert all(word in lines[0][0] for word in ("周敏", "S10", "季度检查"))
    assert lines[2:] == [["'=A", "B", "C", "D", "E"]] + [["'=1+1", "'\t-2", "'@x", "张三", "5"]] * 3
    logged = FirmEntry.objects.get(verb="tests.export_rows")
    assert (logged.payload["n_rows"], logged.payload["purpose"]) == (3, "季度检查")
    assert "取结果" in browser.get("/me/exports/").content.decode()


def test_excel_holds_texts_and_no_formulas(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    ask(browser, form="xlsx")
    work_off()
    with zipfile.ZipFile(io.BytesIO(fetched(browser))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "'=1+1" in words


def test_no_purpose_no_file(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    assert ask(browser, purpose="  ").status_code == 403
    assert FirmEntry.objects.get(outcome="refused").reason == "M20"
    assert not Export.objects.exists()


def test_over_the_limit_is_refused_by_number(kind: dict[str, int], log_in: Callable[..., Client]) -> None:
    kind["n"] = 12_480
    browser = log_in("compliance")
    page = browser.get("/exports/tests.export_rows/").content.decode()
    assert "命中 12,480 行，单次上限 5,000" in page
    assert ask(browser).status_code == 403
    assert FirmEntry.objects.get(outcome="refused").reason == "M21"


def test_roles_without_the_right_find_no_such_page(log_in: Callable[..., Client]) -> None:
    assert log_in("manager").get("/exports/tests.export_rows/").status_code == 404
    assert ask(log_in("counter")).status_code == 404


def test_beyond_fifty_rows_another_person_lets_it_go(
    kind: dict[str, int], log_in: Callable[..., Client]
) -> None:
    kind["n"] = 51
    asker, other = log_in("compliance"), log_in("audit", display_name="冯雪")
    ask(asker)
    export = Export.objects.get()
    assert (export.state, export.asked_name, Job.objects.count()) == ("proposed", "冯雪", 0)
    page = asker.get("/approvals/").content.decode()
    assert 'class="kw-decide"' not in page  # no button for whoever may never sign it
    assert "已通知冯雪" in page
    decide = f"/exports/{export.pk}/decide/"
    assert asker.post(decide, {"decision": "approve", "version": 1}).status_code == 403
    assert FirmEntry.objects.get(outcome="refused").reason == "M12"
    user = User.objects.get(username="audit")
    assert approvals.n_waiting(user) == 1
    assert Notice.objects.filter(user_id=user.pk, kind="people.asked").exists()
    grounds = other.get(f"/approvals/people.export/{export.pk}/").content.decode()
    assert "季度检查" in grounds
    assert (
        other.post(decide, {"decision": "approve", "version": 9}).status_code == 403
    )  # not the version read
    assert other.post(decide, {"decision": "approve", "version": 1}).status_code == 302
    assert other.post(decide, {"decision": "approve", "version": 1}).status_code == 403  # decided by now: M25
    assert list(
        FirmEntry.objects.filter(outcome="refused").order_by("id").values_list("reason", flat=True)
    ) == [
        "M12",
        "M25",
        "M25",
    ]
    work_off()
    assert fetched(asker).count(b"\n") == 54
    assert Notice.objects.filter(kind="people.approved").count() == 1
    decided = other.get("/approvals/").content.decode()
    assert "已同意" in decided
    assert "没有等您审批的事。" in decided


def test_a_return_needs_a_reason_and_tells_the_proposer(
    kind: dict[str, int], log_in: Callable[..., Client]
) -> None:
    kind["n"] = 51
    asker, other = log_in("compliance"), log_in("audit")
    ask(asker)
    decide = f"/exports/{Export.objects.get().pk}/decide/"
    assert other.post(decide, {"decision": "return", "version": 1}).status_code == 403
    assert other.post(decide, {"decision": "return", "version": 1, "reason": "范围太大"}).status_code == 302
    assert Export.objects.get().state == "returned"
    assert "范围太大" in asker.get("/me/exports/").content.decode()
    assert not Job.objects.exists()


def test_a_request_can_be_withdrawn_while_it_waits(
    kind: dict[str, int], log_in: Callable[..., Client]
) -> None:
    kind["n"] = 51
    asker, other = log_in("compliance"), log_in("audit")
    ask(asker)
    pk = Export.objects.get().pk
    assert other.post(f"/exports/{pk}/withdraw/").status_code == 404
    asker.post(f"/exports/{pk}/withdraw/")
    assert Export.objects.get().state == "withdrawn"
    assert other.post(f"/exports/{pk}/decide/", {"decision": "approve", "version": 1}).status_code == 403


def test_the_right_is_asked_again_when_the_job_runs_and_when_it_is_fetched(
    log_in: Callable[..., Client],
) -> None:
    browser = log_in("compliance")
    ask(browser)
    User.objects.update(role="manager")
    work_off()
    assert Job.objects.get().state == "failed"
    User.objects.update(role="compliance")
    Job.objects.update(state="waiting", attempts=0)
    work_off()
    assert Job.objects.get().state == "done"
    User.objects.update(role="manager")
    assert browser.get(f"/ui/jobs/{Job.objects.get().pk}/file/").status_code == 403


@pytest.mark.parametrize("risky", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1"])
def test_texts_that_could_begin_a_formula_are_quoted(risky: str) -> None:
    assert sheets.safe(risky) == f"'{risky}"
    assert sheets.plain(-5) == "-5"


def test_aml_officers_files_stay_in_their_stream(make_user: Callable[..., Any]) -> None:
    officer, auditor = make_user("aml_hq"), make_user("audit")
    facts = {"kind": "tests.export_rows", "form": "csv", "purpose": "p", "n_rows": 60, "actor_id": officer.pk}
    Export.objects.create(**facts, actor_name="x", stream="aml", proposed_at=timezone.now())
    assert approvals.n_waiting(auditor) == 0


def test_the_client_list_leaves_as_the_page_shows_it(at_work: Callable[[str], Client]) -> None:
    browser = at_work("branch_head")
    assert browser.get("/exports/clients.export_list/?query=grade%3Dstrategic").status_code == 200
    browser.post("/exports/clients.export_list/", {"query": "grade=strategic", "purpose": "p", "form": "csv"})
    work_off()
    lines = list(csv.reader(io.StringIO(fetched(browser).decode("utf-8-sig"))))
    seen = browser.get("/clients/?grade=strategic").context["listed"].page.rows
    assert [line[0] for line in lines[3:]] == [row.client_name for row in seen]
    assert lines[3:]
    assert "战略" in lines[1][0]


def test_r235_what_is_counted_is_what_is_taken(kind: dict[str, int], log_in: Callable[..., Client]) -> None:
    """R235: a filter beyond the longest address kept narrows neither the count nor the file."""
    told = exports._kinds["tests.export_rows"]
    narrow = dataclasses.replace(
        told, count=lambda _user, query, _most: 3 if query.endswith("&grade=A") else 60
    )
    exports._kinds["tests.export_rows"] = narrow
    ask(log_in("compliance"), query="x=" + "a" * 1100 + "&grade=A")
    assert (Export.objects.get().state, Job.objects.count()) == ("proposed", 0)


def test_r235_rows_that_came_since_need_the_second_person_too(
    kind: dict[str, int], log_in: Callable[..., Client]
) -> None:
    """R235: a file allowed without a second person never holds more than 50 rows when it is written."""
    kind["n"] = 50
    ask(log_in("compliance"))
    kind["n"] = 51
    work_off()
    job = Job.objects.get()
    assert (job.state, job.file_place) == ("failed", "")
    assert "51 行，单次上限 50" in job.trouble
