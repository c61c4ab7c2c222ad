"""The desk that all acceptance flows share: a small run, everybody's log-in, and what its two logs have written."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import ViewportSize

from tests.desk import run_folder
from tests.processes import manage

N_CLIENTS = 240
OVER_THE_LIMIT = 5_001  # one file holds 5,000 rows
NEEDS_A_SECOND = 60  # over 50 rows another person agrees
LEAVERS = (("S21", "高原"), ("S22", "罗成"))
# The first plan gives the whole branch to one manager: here everybody gets their own book back.
SET_UP = """
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
call_command("load_run")
call_command("demo_logins")
from keepwell.desk.audit.actions import record
from keepwell.desk.clients.models import AllocationProposal, Place
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.actions import create_user
from keepwell.desk.people.models import User
User.objects.filter(username="hq_brokerage2").update(display_name="许宁")
read_current()
for code in ("S02", "S03"):
    own = list(AllocationProposal.objects.filter(current_code=code).values_list("client_id", flat=True))
    Place.objects.filter(client_id__in=own).update(manager_code=code)
leaders = list(AllocationProposal.objects.filter(current_code="S01").values_list("client_id", flat=True))
Place.objects.filter(client_id__in=leaders).update(manager_code="S01")
with transaction.atomic():
    made = dict(password="keepwell-demo", by=None, at=timezone.now(), must_change_password=False, branch_code="B01")
    create_user(username="branch_head3", display_name="林静", role="branch_head", **made)
    for code, name, book in (("S21", "高原", leaders[20:32]), ("S22", "罗成", leaders[32:39])):
        if not User.objects.filter(staff_code=code).update(username=code):  # the demo's second manager is one of them
            create_user(username=code, display_name=name, role="manager", staff_code=code, team_code="T01", **made)
        Place.objects.filter(client_id__in=book).update(manager_code=code)
    audit = User.objects.get(username="compliance")
    for n in range(5001):
        record(by=audit, at=timezone.now(), verb="people.log_in", subject_kind="user", subject_id=str(n), payload={})
"""


@dataclass(frozen=True)
class Look:
    """A language and a width."""

    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.language[:2]}-{self.width}"

    @property
    def size(self) -> ViewportSize:
        """The screen."""
        return ViewportSize(width=self.width, height=900 if self.width > 500 else 844)

    @property
    def is_phone(self) -> bool:
        """Whether rows are cards and the act lies under the thumb."""
        return self.width < 500

    def word(self, english: str, **values: object) -> str:
        """What the desk shows for an English word, as its catalogue has it."""
        with translation.override(self.language):
            return gettext(english) % values if values else gettext(english)

    def either(self, chinese: str, english: str) -> str:
        """A sentence that the design fixes in both languages."""
        return chinese if self.language == "zh-hans" else english


ZH_WIDE, ZH_PHONE, EN_WIDE, EN_PHONE = (
    Look(code, width) for code in ("zh-hans", "en") for width in (1440, 390)
)
EVERY_LOOK = (ZH_WIDE, ZH_PHONE, EN_WIDE, EN_PHONE)
TWO_LOOKS = (ZH_WIDE, EN_PHONE)


@dataclass
class Desk:
    """The running desk; sessions are kept so that everybody logs in once."""

    address: str
    data: Path
    sessions: dict[str, Any] = field(default_factory=dict)

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the desk's database beside the running server."""
        connection = sqlite3.connect(f"file:{self.data / 'desk.sqlite3'}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def mark(self) -> Mark:
        """Where both logs end now."""
        ends = {name: self.ask(f"SELECT MAX(id) FROM audit_{name}_entry")[0][0] or 0 for name in STREAMS}
        return Mark(self, ends)


STREAMS = ("firm", "aml")


@dataclass(frozen=True)
class Mark:
    """A place in both logs, to read what was written since."""

    desk: Desk
    ends: dict[str, int]

    def rows(self, stream: str) -> list[tuple[Any, ...]]:
        """Verb, outcome, reason, actor's id, time and run of everything since."""
        sql = f"SELECT verb, outcome, reason, actor_id, at, run FROM audit_{stream}_entry WHERE id > ? ORDER BY id"
        return self.desk.ask(sql, self.ends[stream])

    def has(self, verb: str, stream: str = "firm", *, reason: str = "", of_run: bool = True) -> None:
        """The act (or, with a reason, its refusal) stands in its stream: who, when, on which run if on one."""
        wanted = "refused" if reason else "done"
        rows = self.rows(stream)
        found = [row for row in rows if (not verb or row[0] == verb) and row[1:3] == (wanted, reason)]
        assert found, (verb, wanted, reason, rows)
        assert all(row[3] and row[4] and (row[5] or not of_run) for row in found), found

    def has_refusal(self, reason: str, stream: str = "firm") -> None:
        """Somebody was refused for this reason, whatever the act's name."""
        self.has("", stream, reason=reason, of_run=False)


def fill(data: Path) -> None:
    """In a desk's migrated folder: write the run, take it in, make the log-ins and what the flows need besides."""
    people = tuple((code, "B01", "T01", name, "manager", True) for code, name in LEAVERS)
    with patch.object(run_folder, "STAFF", (*run_folder.STAFF, *people)):
        run = run_folder.build(data, n=N_CLIENTS)
    refuse_rows(run)
    manage(data, "shell", "--verbosity", "0", "--command", SET_UP)
    stop_the_next_run(data)


def refuse_rows(run: Path) -> None:
    """Add rejected rows: so many of one file that another person agrees, so many in all that no file holds them."""
    rows: run_folder.Rows = {}
    run_folder.deliveries(rows)
    bad = {
        "column_name": "traded_on",
        "quarantine_reason": "not_a_date",
        "found": "2026-13-01",
        "allowed": "YYYY-MM-DD",
        "allowed_zh": "YYYY-MM-DD",
        "raw": "{}",
    }
    for file, n in (("login.csv", NEEDS_A_SECOND), ("trade.csv", OVER_THE_LIMIT)):
        table = {"table_name": file.removesuffix(".csv")}
        rows["quarantine"] += [bad | table | {"file_name": file, "line_no": at} for at in range(1, n + 1)]
    place = run / "quarantine" / "quarantine.parquet"
    digest = run_folder.write_table(place, run_folder.TABLES["quarantine"], rows["quarantine"])
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["quarantine/quarantine.parquet"] = digest
    manifest["rows"]["quarantine"] = len(rows["quarantine"])
    (run / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def stop_the_next_run(data: Path) -> None:
    """Leave what a run leaves that was killed in its grading: its progress, under a process that is gone."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    told = {"run_id": "000002", "as_of": "2026-11-23", "stage": "grading", "place": 5, "n_stages": 8, "n": 0, "of": 0,
            "started_at": "2026-11-23T18:00:00+00:00", "pid": gone.pid}  # fmt: skip
    (data / "progress.json").write_text(json.dumps(told), encoding="utf-8")
