"""R104: what the run decided differently, of one's own clients alone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone, translation

from keepwell.contract import TABLES
from keepwell.contract.codes import CarriedChange
from keepwell.desk.clients import assignments, changed, queries
from keepwell.desk.clients.changed import told
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.clients.models import ClientChange, Place
from keepwell.desk.ui import formats
from tests.desk.clients.test_scope import expected
from tests.desk.run_folder import build, write_table

CARD = re.compile(r'href="/clients/(c\d{6})/"')
RELATED = ("line", "profile", "grade", "features", "place")


def test_changes_are_those_of_the_clients_in_scope(at_work: Callable[[str], Client]) -> None:
    page = at_work("team_leader").get("/clients/changes/")
    seen = set(CARD.findall(page.content.decode()))
    changed = {f"c{number:06d}" for number in range(0, 60, 10)}
    assert seen == expected("team_leader") & changed != set()


def test_a_change_names_what_from_and_to(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/clients/changes/?what=grade").content.decode()
    assert "战略" in body
    assert CARD.findall(body)


def test_a_kind_nobody_changed_in_is_empty(at_work: Callable[[str], Client]) -> None:
    body = at_work("hq_brokerage").get("/clients/changes/?what=manager_code").content.decode()
    assert "昨夜没有变化" in body
    assert CARD.findall(body) == []


def change(number: int, changed: str, before: str | None, after: str | None) -> str:
    """The reason of one change as the page tells it, in Chinese and English."""
    client = Anchor.objects.select_related(*RELATED).get(pk=f"c{number:06d}")
    row = ClientChange(client=client, changed=changed, before=before, after=after)
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            (one,) = told([row])
            assert formats.UNKNOWN not in {one.before, one.after, one.why}
            said.append(f"{one.before} | {one.after} | {one.why}")
    return "\n".join(said)


@pytest.mark.parametrize(
    ("kind", "grounds", "zh", "en"),
    [
        (
            "by_plan",
            "plan",
            "2 位客户的客户经理",
            "2 clients have the manager whom the approved plan gave them",
        ),
        (
            "of_leaver",
            "leaver",
            "2 位客户的经理已离职",
            "2 clients of managers who left are held by the leader",
        ),
    ],
)
def test_r104_what_comes_by_the_thousand_is_one_line(
    at_work: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    grounds: str,
    zh: str,
    en: str,
) -> None:
    """A first plan, or somebody who leaves, moves thousands: told once with the way to them, the rest one by one."""
    asked = Q(changed="grade", client__place__grounds=grounds)  # the made run's changes are of grades
    monkeypatch.setitem(queries.AT_ONCE, kind, asked)
    desk = at_work("branch_head")
    before = set(CARD.findall(desk.get("/clients/changes/").content.decode()))
    moved = sorted(before)[:2]
    Place.objects.filter(pk__in=moved).update(grounds=grounds)
    body = desk.get("/clients/changes/").content.decode()
    assert set(CARD.findall(body)) == before - set(moved)
    assert zh in body
    assert f"?what={kind}" in body
    assert set(CARD.findall(desk.get(f"/clients/changes/?what={kind}").content.decode())) == set(moved)
    desk.post("/me/language/", {"language": "en"})
    assert en in desk.get("/clients/changes/").content.decode()


def test_r104_without_such_changes_nothing_is_said_of_them(
    at_work: Callable[[str], Client], worker: Callable[[str], Any]
) -> None:
    """Managers are no change of this run, whatever their grounds."""
    Place.objects.update(grounds="plan")
    assert queries.n_at_once(worker("team_leader")) == {"by_plan": 0, "of_leaver": 0}
    assert "what=by_plan" not in at_work("branch_head").get("/clients/changes/").content.decode()


KINDS = [
    (0, "new_client", None, "existing"),
    (0, "grade", "regular", "strategic"),
    (0, "grade", None, "strategic"),
    (18, "grade", "regular", None),
    (0, "service_type", "balanced", "cautious"),
    (0, "activity_state", "hesitating", "active"),
    (0, "population", "never_funded", "existing"),
    (18, "population", "existing", "never_funded"),
    (22, "population", "existing", "closed"),
    (0, "home_branch_code", "B02", "B01"),
    (0, "manager_code", "S03", "S02"),
    (16, "manager_code", "S03", None),
    (0, "manager_code", None, "S02"),
]


@pytest.mark.parametrize("row", KINDS, ids=lambda row: "-".join(map(str, row)))
def test_r104_every_kind_of_change_is_told_in_full_in_both_languages(firm_run: Any, row: Any) -> None:
    """What it was, what it is, and a whole sentence why: no dash for what is known."""
    for line in change(*row).splitlines():
        why = line.rpartition("| ")[2]
        assert why.endswith((".", "。", "！")), line
        assert len(why) > 6


def test_r104_the_kinds_tested_are_all_there_are() -> None:
    assert {changed for _number, changed, _before, _after in KINDS} == set(map(str, CarriedChange))


def test_r104_a_manager_who_left_is_named_with_the_day_and_who_holds_the_client(firm_run: Any) -> None:
    at = timezone.now()
    given = {"starts_on": timezone.localdate(at), "grounds": "act", "by": None, "at": at, "run": "000001"}
    assignments.assign(client_id="c000000", staff_code="S14", **given)
    assignments.hand_over(staff_code="S14", by=None, at=at, run="000001")
    zh, en = change(0, "manager_code", "S14", None).splitlines()
    assert zh == "许诺 S14 | 周敏 S01 | 许诺已于 11月20日离职。今天由周敏暂代，待分配。"
    assert "许诺 left on 20 Nov. Today 周敏 holds the client" in en


def test_the_card_tells_the_classes_of_the_runs_kept(tmp_path: Path, settings: Any) -> None:
    """Issue 5, class history: a class is listed from the run on that decided it; a run later than the page's is not."""
    settings.DATA = tmp_path
    for run_id, day, grade in (
        ("000001", "2026-10-30", "regular"), ("000002", "2026-11-18", "important"),
        ("000003", "2026-11-19", "important"), ("000004", "2026-11-20", "strategic"),
    ):  # fmt: skip
        run = build(tmp_path, run_id, n=5, as_of=day)
        row = {"client_id": "c000001", "grade": grade, "grade_reason": "by_assets"}
        write_table(run / "tables" / "client_grade.parquet", TABLES["client_grade"], [row])
    listed = [(str(one.as_of), one.run) for one in changed.history("c000001", "000003")]
    assert listed == [("2026-11-18", "000002"), ("2026-10-30", "000001")]
    assert changed.history("c000002", "000003") == []
