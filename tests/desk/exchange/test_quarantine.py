"""R238, R233: what the source should mend, by reason and by row; its text masked; taken away with a second person."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.exchange import quarantine_export, rules, source_text
from keepwell.desk.people.actions import create_user
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs_running
from keepwell.desk.ui.models import Job
from tests.desk import run_folder
from tests.desk.conftest import PASSWORD, WORKERS
from tests.desk.run_deliveries import BAD_ROW

ROW = "/runs/quarantine/row/?file_name={}&line_no={}&table_name={}&column_name={}"
TEXT = ROW.format("customer_record.csv", 3, "customer_record", "phone")


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_reasons_are_counted_over_all_files(at_work: Callable[[str], Client]) -> None:
    browser = at_work("hq_brokerage")
    page = body(browser.get("/runs/quarantine/"))
    for told in ("account.csv", "customer_record.csv", "不是约定格式的日期", "文本过长", "代码不在列表中"):
        assert told in page, told
    assert re.search(r'id="reasons">\s*<div [^>]*data-chart="{', page)
    only = body(browser.get("/runs/quarantine/?reason=too_long"))
    assert "2026-13-01" not in only
    assert "138****8000" in only


def test_a_page_follows_the_other_within_a_line(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keepwell.desk.ui.paging.keyset.__defaults__", ("", 1))
    browser, seen, address = at_work("hq_brokerage"), [], "/runs/quarantine/"
    for _page in range(3):
        page = body(browser.get(address))
        seen += re.findall(r'<td class="num" data-label="行">(\d+)</td>', page)
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = "/runs/quarantine/" + (found[1].replace("&amp;", "&") if found else "")
    assert seen == ["17", "44", "3"]


def test_a_row_is_shown_as_delivered_with_its_secrets_masked(at_work: Callable[[str], Client]) -> None:
    browser = at_work("hq_brokerage")
    page = body(browser.get(TEXT))
    assert "10000042" not in page
    for secret in BAD_ROW.split(",")[2:5] + BAD_ROW.split(",")[7:]:
        assert secret not in page, secret
    for told in ("330102********0018", "138****8000", "陈*", "杭*", "1.50", "2018-03-01", "person"):
        assert told in page, told
    named = body(browser.get(ROW.format("account.csv", 17, "account", "opened_on")))
    assert "2026-13-01" in named
    assert "需改" in named
    told = ENTRIES["firm"].objects.filter(verb="exchange.read_source_text").order_by("id")
    assert [(entry.subject_id, entry.payload) for entry in told] == [
        ("customer_record.csv", {"line_no": 3}),
        ("account.csv", {"line_no": 17}),
    ]


def test_administrators_see_no_source_text(at_work: Callable[[str], Client]) -> None:
    browser = at_work("admin")
    page = browser.get("/runs/quarantine/")
    assert "/runs/quarantine/row/" not in body(page)
    assert "导出…" not in body(page)
    refused = browser.get(TEXT)
    assert refused.status_code == 403
    assert "系统管理员看不到原文。可由总部经纪业务部查看。" in body(refused)
    assert ENTRIES["firm"].objects.get(outcome="refused").reason == "M23"


@pytest.mark.parametrize(
    "query",
    ["", "line_no=3", "file_name=account.csv&line_no=x", "file_name=a%00b&line_no=3", "line_no=" + "9" * 30],
)
def test_no_such_row_is_not_found(at_work: Callable[[str], Client], query: str) -> None:
    assert at_work("hq_brokerage").get(f"/runs/quarantine/row/?{query}").status_code == 404


@pytest.mark.parametrize(
    "field, shown",
    [
        ("330102197405010018", "330102********0018"), ("33010219740501001X", "330102********001X"),
        ("13800138000", "138****8000"), ("6222021234567890", "****7890"), ("E12345678", "****5678"),
        ("陈志远", "陈*"), ("a@b.cn", "•••"), ("Zhang Wei", "•••"), ("+8613800138000", "•••"), ("138 0013 8000", "•••"),
        ("2026-13-01", "2026-13-01"), ("-1200.50", "-1200.50"), ("resident", "resident"), ("B01", "B01"), ("", ""),
        ("BL-0007", "BL-0007"), ("20261301", "****1301"), ("１３８００１３８０００", "１*"),
    ],
)  # fmt: skip
def test_a_field_nobody_knows_is_masked_by_its_shape(field: str, shown: str) -> None:
    assert source_text.by_shape(field) == shown


def test_a_row_of_json_is_masked_by_its_columns() -> None:
    delivered = {
        "record_code": "10000042",
        "client_name": "陈志远",
        "phone": "13800138000",
        "email": "a@b.cn",
    }
    delivered |= {"vendor_field": "330102197405010018", "opened_on": None}
    told = dict(source_text.fields("customer_record", json.dumps(delivered, ensure_ascii=False)))
    assert told["record_code"] == "10000042"
    assert (told["client_name"], told["phone"], told["email"]) == ("陈*", "138****8000", "•••")
    assert (told["vendor_field"], told["opened_on"]) == ("330102********0018", "—")
    cut = json.dumps(delivered, ensure_ascii=False)[:90]
    assert "陈志远" not in source_text.fields("customer_record", cut)[0][1]
    assert "13800138000" not in source_text.fields("customer_record", cut)[0][1]


def test_a_run_without_fault_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run_folder.deliveries

    def clean(rows: dict[str, list[dict[str, Any]]]) -> None:
        plain(rows)
        rows["quarantine"] = []

    monkeypatch.setattr(run_folder, "deliveries", clean)
    run_folder.build(data, n=4)
    call_command("load_run")
    given = {"username": "hq", "display_name": "孙洁", "role": "hq_brokerage", "must_change_password": False}
    page = body(
        browser_of(create_user(**given, password=PASSWORD, by=None, at=timezone.now())).get(
            "/runs/quarantine/"
        )
    )
    assert "全部收下，没有隔离行。" in page
    assert "account.csv" in page
    assert "导出…" not in page


def browser_of(user: User) -> Client:
    """A browser in which the person is logged in."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def hq(firm_run: Any, worker: Callable[[str], Any]) -> Any:
    """Someone of headquarters with the small run in use."""
    return worker("hq_brokerage")


def test_the_file_holds_place_reason_and_remedy_and_no_secret(hq: User) -> None:
    rows = list(quarantine_export.rows(hq, ""))
    assert len(rows) == quarantine_export.count(hq, "", 100) == 3
    assert len(rows[0]) == len(quarantine_export.columns(hq))
    told = io.StringIO()
    csv.writer(told).writerows(rows)
    for word in ("account.csv", "17", "YYYY-MM-DD", "138****8000"):
        assert word in told.getvalue(), word
    for secret in ("13800138000", "330102197405010018", "陈志远", "解放路"):
        assert secret not in told.getvalue(), secret


def test_the_file_follows_the_filter_of_the_page(hq: User) -> None:
    assert quarantine_export.count(hq, "reason=too_long", 100) == 1
    assert quarantine_export.count(hq, "file=account.csv", 1) == 1
    assert [row[1] for row in quarantine_export.rows(hq, "file=account.csv")] == [17, 44]
    assert "account.csv" in quarantine_export.told("file=account.csv&reason=too_long")
    assert quarantine_export.told("file=no.csv&reason=none") == ""


def test_only_headquarters_takes_rows_away(hq: User) -> None:
    assert [role for role in WORKERS if rules.may_export(User(role=role))] == []
    browser = browser_of(hq)
    asked = browser.get("/exports/exchange.export_quarantine/?query=reason%3Dtoo_long")
    assert asked.status_code == 200
    assert "文本过长" in body(asked)
    answer = browser.post(
        "/exports/exchange.export_quarantine/", {"query": "", "purpose": "请源系统改", "form": "csv"}
    )
    assert answer.status_code == 302
    assert jobs_running.work_off() == 1
    lying = Job.objects.get().path.read_text(encoding="utf-8-sig")
    assert all(word in lying for word in ("周敏", "请源系统改", "customer_record.csv", "138****8000"))
    assert not [secret for secret in ("13800138000", "330102197405010018", "陈志远") if secret in lying]
    told = ENTRIES["firm"].objects.get(verb="exchange.export_quarantine")
    assert (told.payload["n_rows"], told.payload["purpose"]) == (3, "请源系统改")
    assert told.at <= timezone.now()
