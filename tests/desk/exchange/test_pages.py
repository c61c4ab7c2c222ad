"""R238, R242: runs tell what came in and what became of it; quarantined values are masked by role."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.exchange import folders, rules
from keepwell.desk.ui import formats


@pytest.fixture
def progress(written_run: Path) -> Iterator[Path]:
    """Where the run in flight says how far it is; removed at the end."""
    path = written_run.parents[1] / "progress.json"
    yield path
    path.unlink(missing_ok=True)


def told(pid: int) -> str:
    return json.dumps(
        {
            "run_id": "000002", "as_of": "2026-11-21", "stage": "grading", "place": 4, "n_stages": 7, "n": 3, "of": 5,
            "started_at": "2026-11-21T18:00:00+00:00", "state": "running", "pid": pid,
        }
    )  # fmt: skip


def test_the_list_shows_the_run_in_use(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/runs/").content.decode()
    assert "#1</a>" in body
    assert "使用中" in body
    assert "首次运行" in body


def test_what_a_run_left_that_never_ended_is_no_run(
    at_work: Callable[[str], Client], written_run: Path
) -> None:
    """Killed between the rename and the pointer, a folder lies there whole; nobody may take it for a run."""
    left = written_run.with_name("000002")
    shutil.copytree(written_run, left)
    try:
        browser = at_work("admin")
        assert "#2" not in browser.get("/runs/").content.decode()
        assert browser.get("/runs/000002/").status_code == 404
        assert [run.run_id for run in folders.known()] == ["000001"]
    finally:
        shutil.rmtree(left)


def test_runs_are_called_by_their_number(at_work: Callable[[str], Client]) -> None:
    body = at_work("admin").get("/runs/000001/").content.decode()
    assert "运行 #1" in body
    assert ">000001<" not in body
    assert formats.run_number("000418") == "418"


def test_before_the_first_run_the_page_says_what_to_do(
    log_in: Callable[..., Client], settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    body = log_in("admin").get("/runs/").content.decode()
    assert "还没有运行。先执行 keepwell run。" in body


def test_a_run_in_flight_is_polled_into_a_child(at_work: Callable[[str], Client], progress: Path) -> None:
    progress.write_text(told(os.getpid()), encoding="utf-8")
    browser = at_work("admin")
    body = browser.get("/runs/").content.decode()
    assert 'hx-get="/runs/progress/" hx-trigger="every 2s" hx-swap="innerHTML"' in body
    part = browser.get("/runs/progress/", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "第 4 / 7 阶段 · 分类分级" in part.content.decode()
    assert 'value="60"' in part.content.decode()


def test_polling_ends_with_the_run(at_work: Callable[[str], Client]) -> None:
    answer = at_work("admin").get("/runs/progress/")
    assert answer.status_code == 286
    assert answer.headers["HX-Refresh"] == "true"


def test_a_killed_run_says_so(at_work: Callable[[str], Client], progress: Path) -> None:
    progress.write_text(told(2**22 + 1), encoding="utf-8")
    browser = at_work("admin")
    assert "运行中途停止" in browser.get("/runs/").content.decode()
    assert browser.get("/runs/progress/").status_code == 286


@pytest.fixture
def note(written_run: Path) -> Iterator[Path]:
    """Where a run that failed says why; removed at the end, with the journal it left aside."""
    path = written_run.parents[1] / "stopped.json"
    aside = written_run.with_name(".aside-000002")
    aside.mkdir()
    (aside / "journal.json").write_text(
        '{"key": "k", "done": {"ingest": {}, "identity": {}}}', encoding="utf-8"
    )
    fault = {
        "file": "account.csv", "line_no": 17, "place": "",
        "what": "a quote is not closed: 张三,110101199003070011", "what_zh": "引号未闭合：张三,110101199003070011",
        "remedy": {"en": "Close it", "zh": "请补上引号"},
    }  # fmt: skip
    told = {
        "run_id": "000002", "as_of": "2026-11-21", "stage": "grading", "place": 4, "n_stages": 7,
        "stopped_at": "2026-11-21T18:00:00+00:00", "faults": [fault],
    }  # fmt: skip
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    yield path
    path.unlink(missing_ok=True)
    shutil.rmtree(aside)


@pytest.mark.usefixtures("note")
def test_m24_a_run_that_stopped_says_where_and_what_to_do(at_work: Callable[[str], Client]) -> None:
    """R242: stage, file, line and remedy on the list of runs, with a link to the reason; the reading is logged."""
    browser = at_work("admin")
    listed = browser.get("/runs/").content.decode()
    for words in (
        "运行 #2 停在“分类分级”，现仍用 #1（",
        "account.csv",
        "第 17 行",
        "请补上引号",
        'href="/runs/stopped/"',
    ):
        assert words in listed, words
    why = browser.get("/runs/stopped/").content.decode()
    for words in ("入库", "识别同一人", "account.csv", "17", "引号未闭合", "请补上引号"):
        assert words in why, words
    entry = ENTRIES["firm"].objects.get(verb="exchange.read_run")
    assert (entry.subject_kind, entry.subject_id, entry.run) == ("run", "000002", "000001")


@pytest.mark.usefixtures("note")
def test_m23_what_the_source_wrote_is_for_those_who_may_read_it(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    """R242, R004: an administrator reads the fault without what the file quoted; headquarters reads it all."""
    assert "110101199003070011" not in at_work("admin").get("/runs/stopped/").content.decode()
    assert "110101199003070011" in log_in("hq_brokerage").get("/runs/stopped/").content.decode()


def test_a_killed_run_tells_its_stage_and_nothing_it_does_not_know(
    at_work: Callable[[str], Client], progress: Path
) -> None:
    """R242: killed from outside a run leaves no fault; where it stood is told, and that it goes on."""
    progress.write_text(told(2**22 + 1), encoding="utf-8")
    browser = at_work("hq_brokerage")
    assert "运行 #2 停在“分类分级”" in browser.get("/runs/stopped/").content.decode()
    progress.unlink()
    assert "没有中断的运行" in browser.get("/runs/stopped/").content.decode()
    assert "看原因" not in browser.get("/runs/").content.decode()


def test_one_run_adds_up_file_by_file(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/runs/000001/").content.decode()
    for word in ("account.csv", "gb18030", "tables/client.parquet", "特征", "grading"):
        assert word in body, word
    assert "不平" not in body


@pytest.mark.parametrize("name", ["000009", "..", "x;y"])
def test_an_unknown_run_is_not_found(at_work: Callable[[str], Client], name: str) -> None:
    assert at_work("admin").get(f"/runs/{name}/").status_code in {404, 301}


@pytest.mark.parametrize(("years", "warns"), [(20, False), (25, True), (None, False)])
def test_r242_a_run_says_who_answers_for_its_rules_and_what_is_kept(
    at_work: Callable[[str], Client], settings: Any, years: int | None, warns: bool
) -> None:
    """The owners that init was told stand beside the role that signs; the years kept beside the signed pack's."""
    settings.FIRM_OWNERS, settings.FIRM_YEARS_KEPT = {"hq_brokerage": "何静"}, years
    desk = at_work("hq_brokerage")
    body = desk.get("/runs/000001/").content.decode()
    assert ">何静</td>" in body
    assert "240 个，合 20 年 [V]" in body
    assert "第137条" in body
    assert ("请另签自有规则包" in body) is warns
    desk.post("/me/language/", {"language": "en"})
    told = desk.get("/runs/000001/").content.decode()
    assert "240: 20 years [V]" in told
    assert ("not answered; the pack alone says" in told) is (years is None)


def test_the_manifest_is_what_the_run_wrote(at_work: Callable[[str], Client], written_run: Path) -> None:
    answer = at_work("admin").get("/runs/000001/manifest.json")
    assert answer.content == (written_run / "manifest.json").read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_quarantined_rows_name_file_line_column_and_remedy(at_work: Callable[[str], Client]) -> None:
    browser = at_work("hq_brokerage")
    body = browser.get("/runs/quarantine/?file=account.csv").content.decode()
    for word in ("account.csv", "17", "opened_on", "不是约定格式的日期", "2026-13-01", "YYYY-MM-DD"):
        assert word in body, word
    assert "88000017" not in body
    assert ENTRIES["firm"].objects.filter(verb="exchange.read_quarantine").count() == 1
    only = browser.get("/runs/quarantine/?file=account.csv&reason=unknown_code").content.decode()
    assert "2026-13-01" not in only


def test_r238_what_should_stand_there_is_told_in_the_readers_language(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("hq_brokerage")
    address = "/runs/quarantine/?file=account.csv&reason=unknown_code"
    assert "0、1、2" in browser.get(address).content.decode()
    browser.post("/me/language/", {"language": "en"})
    assert "0, 1, 2" in browser.get(address).content.decode()


@pytest.mark.parametrize(
    "table, column, found, may_read, shown",
    [
        ("account", "opened_on", "2026-13-01", False, "2026-13-01"),
        ("customer_record", "phone", "13800138000", True, "138****8000"),
        ("customer_record", "phone", "13800138000", False, "•••"),
        ("customer_record", "client_name", "陈志远", True, "陈*"),
        ("customer_record", "client_name", "陈志远", False, "•••"),
        ("customer_record", "email", "a@b.cn", True, "•••"),
        ("no_table", "x", "value", True, "•••"),
        ("account", "opened_on", None, True, "—"),
    ],
)
def test_what_may_be_seen_of_a_quarantined_value(
    table: str, column: str, found: str | None, may_read: bool, shown: str
) -> None:
    assert rules.shown(table, column, found, may_read=may_read) == shown


def test_administrators_are_told_who_sees_the_text(at_work: Callable[[str], Client]) -> None:
    assert "系统管理员看不到原文" in at_work("admin").get("/runs/quarantine/").content.decode()
