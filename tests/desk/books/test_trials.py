"""R048, R054: other limits, weights and people are tried out; the host's answer stands beside what the run proposes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from keepwell.contract import asking as protocol
from keepwell.desk.asks import asking
from keepwell.desk.asks.models import Ask
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books.models import AllocationCertificate, AllocationLoad

AT_ONCE = {
    "changes": "5", "bonus": "10", "ceiling": "30", "heads_lower": "90", "heads_upper": "110", "hours_lower": "70",
    "hours_upper": "130", "value_lower": "50", "value_upper": "150", "top_tier_lower": "60", "top_tier_upper": "140",
    "vulnerable_lower": "50", "vulnerable_upper": "160", "need_weight": "35", "style_weight": "5", "risk_weight": "5",
    "region_weight": "5", "level_weight": "15", "satisfaction_weight": "5", "qualification_weight": "5",
    "continuity_weight": "20", "wish_weight": "5",
}  # fmt: skip


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of asks of its own."""
    monkeypatch.setattr(asking, "_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def head(at_work: Callable[[str], Client], folder: Path) -> Client:
    return at_work("branch_head")


def try_out(browser: Client, capture: Any, **more: str) -> Ask:
    with capture(execute=True):
        answer = browser.post("/books/trial/ask/", AT_ONCE | more)
    assert answer.status_code == 302
    return Ask.objects.latest("asked_at")


def reckoned(
    folder: Path, row: Ask, state: str = "answered", troubles: list[dict[str, Any]] | None = None
) -> None:
    """Answer as the host does: the same tables, with another count."""
    branch = row.body["branch_code"]
    proof = (
        AllocationCertificate.objects.filter(branch_code=branch)
        .values("value", "bound", "n_changes", "current_value")
        .get()
    )
    loads = AllocationLoad.objects.filter(branch_code=branch).order_by("staff_code")
    columns = ("staff_code", "n_current", "n_proposed", "n_lower", "n_upper", "is_eligible")
    served = {"grade": "strategic", "given_hours": "4.00", "floor_hours": "2.00", "hours_share": "0.240000"}
    even = [{"resource": name, "gini": "0.123456"} for name in ("heads", "hours")]

    def side(more: int) -> dict[str, Any]:
        told = {name: str(value) for name, value in proof.items()} | {"n_changes": proof["n_changes"] + more}
        rows = [dict(one, n_proposed=one["n_proposed"] + more) for one in loads.values(*columns)]
        new = [{**rows[0], "staff_code": "+1", "n_current": 0, "n_proposed": 41}] if more else []
        return {
            "allocation_certificate": [told], "allocation_load": rows + new, "evenness": even,
            "allocation_hours": [dict(served, given_hours="3.00") if more else served],
            "allocation_contradiction": (troubles or []) if more else [],
        }  # fmt: skip

    body = {"seconds": "0.41", "n_moved": 7, "moved": [], "before": side(0), "after": side(3)}
    path = folder / f"{row.key}{protocol.ANSWER}"
    path.write_text(json.dumps({"state": state, "body": body}), "utf-8")


def test_r054_signed_numbers_stand_in_the_form_and_what_is_asked_is_sent_and_logged(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    page = head.get("/books/trial/")
    assert page.status_code == 200
    assert page.context["form"].initial["need_weight"] == 35
    row = try_out(head, django_capture_on_commit_callbacks)
    told = json.loads((folder / f"{row.key}{protocol.ASK}").read_text("utf-8"))["body"]
    assert told["policy"]["stay"] == {"changes_at_most_share": "0.05", "bonus_share": "0.1"}
    assert told["policy"]["between_clients"] == {"strategic_hours_at_most_share": "0.3"}
    bands = {band["resource"]: (band["lower_share"], band["upper_share"]) for band in told["policy"]["bands"]}
    assert (bands["heads"], bands["vulnerable"], bands["advised"]) == (
        ("0.9", "1.1"),
        ("0.5", "1.6"),
        ("0.50", "1.50"),
    )
    assert FirmEntry.objects.filter(verb="books.try_policy", subject_id=row.key).count() == 1


def test_r054_both_plans_stand_side_by_side_once_there_is_an_answer(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = try_out(head, django_capture_on_commit_callbacks)
    waiting = head.get(f"/books/trial/{row.key}/")
    assert waiting.status_code == 200
    assert "正在试算" in waiting.content.decode()
    reckoned(folder, row)
    told = head.get(f"/books/trial/{row.key}/")
    assert told.status_code == 286
    text = told.content.decode()
    assert "7 位客户将归于建议以外的经理" in text
    assert "新加入者" in text
    assert "0.123" in text
    page = head.get("/books/trial/")
    assert "建议方案" in page.content.decode()
    assert (page.context["form"].initial["changes"], page.context["form"].initial["heads_lower"]) == (5, 90)


def test_r054_each_number_has_a_slider_that_tells_the_signed_one_and_one_link_goes_back_to_them(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    form = head.get("/books/trial/").context["form"]
    assert {
        name: (form.fields[name].least, form.fields[name].reach) for name in ("changes", "heads_upper")
    } == {
        "changes": (0, 30),
        "heads_upper": (100, 160),
    }
    row = try_out(head, django_capture_on_commit_callbacks)
    reckoned(folder, row)
    page = head.get("/books/trial/?signed=1")
    assert page.context["form"].initial["changes"] == 9
    text = page.content.decode()
    assert text.count('type="range"') == len(AT_ONCE)
    assert "签署值 9%" in text
    assert "7 位客户将归于建议以外的经理" in text


def test_r055_what_is_tried_stands_beside_the_proposal_and_the_books_of_today_as_table_and_chart(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = try_out(head, django_capture_on_commit_callbacks)
    reckoned(folder, row)
    page = head.get("/books/trial/")
    rows = {label: (now, was, would) for label, now, was, would in page.context["compared"]}
    assert rows["基尼系数：客户数"] == ("0.310", "0.123", "0.123")
    proof = AllocationCertificate.objects.get(branch_code=row.body["branch_code"])
    assert rows["总得分"][0] == f"{proof.current_value:,.2f}"
    drawn = page.context["drawn"]
    assert [one["name"] for one in drawn.data["series"]] == ["试算方案", "建议方案", "现状"]
    assert [cells[1] - cells[2] for cells in drawn.rows[:-1]] == [3] * (len(drawn.rows) - 1)
    assert page.context["hours"][0] == {
        "label": "战略", "before": "4.0", "after": "3.0", "floor": "2.0", "share": "24.0%",
    }  # fmt: skip


def test_r048_limits_that_cannot_hold_together_are_told_with_what_is_missing(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = try_out(head, django_capture_on_commit_callbacks)
    trouble = {
        "contradiction_reason": "not_enough_room", "resource": "heads", "missing": "12.00", "relief": "limit_dropped",
    }  # fmt: skip
    reckoned(folder, row, "refused", [trouble])
    text = head.get("/books/trial/").content.decode()
    assert "限额不能同时满足" in text
    assert "上限合计不足：客户数，缺 12。" in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"need_weight": "36"}, "权重合计为 101，请改为 100。"),
        ({"heads_lower": "120"}, "100"),
        ({"heads_upper": "90"}, "100"),
        ({"changes": "101"}, "100"),
        ({"leaves": "S99"}, "S99"),
    ],
)
def test_what_cannot_be_tried_is_told_beside_the_form_and_nothing_is_asked(
    head: Client, more: dict[str, str], said: str
) -> None:
    answer = head.post("/books/trial/ask/", AT_ONCE | more)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Ask.objects.exists()


def test_without_the_host_the_page_says_so(
    head: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert "试算程序没有运行" in head.get("/books/trial/").content.decode()
    row = try_out(head, django_capture_on_commit_callbacks)
    Ask.objects.filter(pk=row.pk).update(state="no_host")
    assert "试算程序没有运行" in head.get(f"/books/trial/{row.key}/").content.decode()


def test_r199_nobody_reads_what_another_tried(
    head: Client, at_work: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    row = try_out(head, django_capture_on_commit_callbacks)
    assert at_work("team_leader").get(f"/books/trial/{row.key}/").status_code == 404
    assert at_work("manager").get("/books/trial/").status_code == 403


def test_r199_headquarters_tries_any_branch_and_a_branch_its_own(
    head: Client, at_work: Callable[[str], Client], folder: Path
) -> None:
    firm = at_work("hq_brokerage").get("/books/trial/")
    codes = [code for code, _name in firm.context["branches"]]
    assert len(codes) >= 1
    assert head.get(f"/books/trial/?branch={codes[-1]}").context["branches"] == [
        pair for pair in firm.context["branches"] if pair[0] == head.get("/books/trial/").context["chosen"]
    ]
