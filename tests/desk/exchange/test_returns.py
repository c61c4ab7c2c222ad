"""R090, R101, R104, R235: what people do at the desk reaches the next run, and the run after shows that it did."""

import datetime as dt
import json
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from keepwell.contract import RETURNS
from keepwell.contract.returns import LATER
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import actions as client_actions
from keepwell.desk.clients import overrides, waiting
from keepwell.desk.clients import queries as client_queries
from keepwell.desk.clients.assignments import assign, choose_home
from keepwell.desk.clients.models import ClientFeature, ClientGrade, ClientProfile, ClientRecord, Moment
from keepwell.desk.contacts import actions as contact_actions
from keepwell.desk.contacts.models import Contact
from keepwell.desk.exchange import acts, folders, intake, returns
from keepwell.desk.exchange.acts import Cut
from keepwell.desk.exchange.served import ACTS
from keepwell.desk.generations.attach import use
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.actions import create_user
from keepwell.desk.work import queries as work
from keepwell.engine.columns import arrow_schema
from keepwell.engine.run import Settings, nightly, verify
from keepwell.engine.store.errors import BrokenReturns
from tests.engine.crash import clock, quiet
from tests.engine.small_firm import AS_OF, BEFORE, deliver

MORNING = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)  # nine o'clock in Beijing on the day of the second run
NOON, EVENING = MORNING + dt.timedelta(hours=3), MORNING + dt.timedelta(hours=10)


@dataclass
class Desk:
    """A firm at the engine and the desk: nights are made, people act in between."""

    data: Path
    people: dict[str, Any]

    def night(self, on: dt.date) -> Generation:
        """Run as of a day with whatever came back, and take the run in."""
        extracts = self.data / f"extracts-{on}"
        return self.take_in(nightly(Settings(self.data, extracts, on), quiet, clock).run)

    def take_in(self, run: str) -> Generation:
        """Make a run what people see."""
        folder = folders.RunFolder(self.data / "runs" / run)
        generation = intake.take_in(run=folder, by=None, at=MORNING)
        use(generation.run_id)
        return generation

    def settle(self, moment: Moment, outcome: str, at: dt.datetime, **more: Any) -> None:
        """Who looks after clients says what became of a moment, whichever role its rule names."""
        user, key = self.people["leader"], f"{moment.rule}/{moment.occasion}"
        item = work.find(self.people["head office"], moment.client_id, key, AS_OF)
        assert item is not None, key
        record = ClientRecord.objects.filter(client_id=moment.client_id).first()
        contact_actions.record_outcome(
            item=item,
            outcome=outcome,
            record_code=record.record_code,
            by=user,
            at=at,
            on=AS_OF,
            contacted_at=at,
            settled=more,
        )

    def override(self, client_id: str, value: str, at: dt.datetime) -> None:
        """The leader proposes a grade, the head approves it."""
        grade = ClientGrade.objects.get(pk=client_id).grade
        expires_on = AS_OF + dt.timedelta(days=30)
        record = ClientRecord.objects.filter(client_id=client_id).order_by("record_code").first()
        told = client_actions.Asked("改判", "clients.approve_override", record.branch_code, "")
        row = client_actions.propose_override(
            client_id=client_id, record_code=record.record_code, field="grade", from_value=grade,
            to_value=value, reason="他处有资产", expires_on=expires_on, told=told, run="",
            by=self.people["leader"], at=at,
        )  # fmt: skip
        client_actions.decide_override(
            override=row, is_approved=True, reason="", title="改判", run="", by=self.people["head"], at=at
        )

    def laid_over(self, client_id: str) -> list[tuple[bool, bool]]:
        """Of each override on the client's card: is it in force, does the run decide by it already?"""
        user = self.people["head office"]
        rows = waiting.standing(client_queries.one(user, client_id), user)
        return [(row["is_in_force"], row["is_in_run"]) for row in rows]

    def listed(self, moment: Moment) -> bool:
        """Whether the moment stands on the work list of the day."""
        user, key = self.people["head office"], f"{moment.rule}/{moment.occasion}"
        return work.find(user, moment.client_id, key, AS_OF) is not None


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deliveries of two days and the run of the first, made once."""
    made = tmp_path_factory.mktemp("firm")
    for on in (BEFORE, AS_OF):
        deliver(made / f"extracts-{on}", on)
    nightly(Settings(made, made / f"extracts-{BEFORE}", BEFORE), quiet, clock)
    return made


@pytest.fixture
def desk(data: Path, first_night: Path) -> Desk:
    shutil.copytree(first_night, data, dirs_exist_ok=True)
    roles = {"head office": "hq_brokerage", "leader": "team_leader", "head": "branch_head"}
    people = {
        name: create_user(role=role, username=name, display_name=name, password="x", by=None, at=MORNING)
        for name, role in roles.items()
    }
    made = Desk(data, people)
    made.take_in("000001")
    return made


def test_before_anybody_acted_there_is_nothing_to_tell(db: None) -> None:
    """Also what makes the suite's database, which the tests below copy."""
    assert [list(rows(Cut(NOON, AS_OF))) for rows in ACTS.values()] == [[]] * len(ACTS)


def moments(n: int) -> list[Moment]:
    """Open moments of different clients."""
    rows = Moment.objects.filter(expires_on__gt=AS_OF).order_by("client_id", "rule", "occasion")
    first = {row.client_id: row for row in reversed(rows)}
    assert len(first) >= n
    return [first[client_id] for client_id in sorted(first)[:n]]


def now_of(moment: Moment) -> Moment | None:
    return Moment.objects.filter(
        client_id=moment.client_id, rule=moment.rule, occasion=moment.occasion
    ).first()


SERVED = [f"returned_{one}" for one in ("tie", "specialty", "need", "hours", "leave", "trait")]


def test_r235_what_people_did_shows_in_the_next_run_and_what_came_later_lies_over_it(desk: Desk) -> None:
    reached, skipped, put_off, open_one = moments(4)
    client_id, other_id = reached.client_id, skipped.client_id
    desk.settle(reached, "reached", MORNING)
    desk.settle(skipped, "skipped", MORNING, reason="no_need")
    until = AS_OF + dt.timedelta(days=40)
    desk.settle(put_off, "snoozed", MORNING, until_on=until)
    by_rule = ClientGrade.objects.get(pk=client_id).grade
    other_grade = "strategic" if by_rule != "strategic" else "basic"
    desk.override(client_id, other_grade, MORNING)
    staff = "S08" if ClientProfile.objects.get(pk=other_id).manager_code != "S08" else "S07"
    decided = {"starts_on": AS_OF, "grounds": "act", "by": desk.people["head"], "at": MORNING, "run": ""}
    assign(client_id=other_id, staff_code=staff, **decided)
    given = returns.write(by=None, at=NOON)
    assert given.counts == {
        "returned_contact": 1, "returned_outcome": 3, "returned_override": 1, "returned_assignment": 2,
        "returned_judgement": 0, "returned_verification": 0, "returned_assessment": 0, "returned_answer": 0,
        "returned_notice": 0, **dict.fromkeys(SERVED, 0),
    }  # fmt: skip

    desk.settle(open_one, "done", EVENING)  # after the cut: the run cannot know it
    generation = desk.night(AS_OF)
    assert generation.returns_cut == given.cut
    assert generation.knows(MORNING)
    assert not generation.knows(EVENING)

    assert now_of(reached) is None
    assert now_of(skipped) is None
    assert now_of(put_off).put_off_until_on == until
    grade = ClientGrade.objects.get(pk=client_id)
    assert (grade.grade, grade.grade_reason, grade.ruled_grade) == (other_grade, "overridden", by_rule)
    assert grade.grade_override_role == "branch_head"
    assert desk.laid_over(client_id) == [(True, True)]
    assert ClientFeature.objects.get(pk=client_id).last_contact_on == AS_OF
    profile = ClientProfile.objects.get(pk=other_id)
    assert (profile.manager_code, profile.manager_reason) == (staff, "decided")

    assert now_of(open_one) is not None  # the run has it; the desk lays the act over it
    assert not desk.listed(open_one)
    assert not desk.listed(put_off)


def test_r235_an_override_approved_after_the_cut_lies_over_the_run(desk: Desk) -> None:
    client_id = moments(1)[0].client_id
    returns.write(by=None, at=NOON)
    desk.override(client_id, "strategic", EVENING)
    generation = desk.night(AS_OF)
    assert ClientGrade.objects.get(pk=client_id).grade_override_key is None
    (row,) = overrides.Override.objects.filter(client_id=client_id)
    assert overrides.is_in_force(row, AS_OF)
    assert not generation.knows(row.decided_at)
    assert desk.laid_over(client_id) == [(True, False)]


def test_r001_a_wish_for_a_home_noted_at_the_desk_is_told(desk: Desk) -> None:
    record = ClientRecord.objects.get(client_id=moments(1)[0].client_id)
    client_id, branch = record.client_id, record.branch_code
    choose_home(
        client_id=client_id, branch_code=branch, reason="住得近", by=desk.people["head"], at=MORNING, run=""
    )
    told = [row for row in acts.assignments(Cut(NOON, AS_OF)) if row["ends_on"] is None]
    assert [(row["relation"], row["branch_code"], row["starts_on"]) for row in told] == [
        ("home", branch, AS_OF)
    ]
    assert told[0]["record_code"] in ClientRecord.objects.filter(client_id=client_id).values_list(
        "pk", flat=True
    )


def test_r242_the_same_acts_give_the_same_bytes_and_leave_the_cut(desk: Desk) -> None:
    desk.settle(moments(1)[0], "reached", MORNING)
    first = returns.write(by=None, at=NOON)
    before = {path.name: path.read_bytes() for path in returns.folder().iterdir()}
    again = returns.write(by=None, at=EVENING)
    assert {path.name: path.read_bytes() for path in returns.folder().iterdir()} == before
    assert (first.is_new, again.is_new, again.cut) == (True, False, first.cut)
    assert ENTRIES["firm"].objects.filter(verb="exchange.write_returns").count() == 1


def test_r242_the_run_keeps_its_own_copy_and_later_returns_change_nothing_of_it(desk: Desk) -> None:
    first, second = moments(2)
    desk.settle(first, "reached", MORNING)
    returns.write(by=None, at=NOON)
    generation = desk.night(AS_OF)
    desk.settle(second, "done", EVENING)
    assert returns.write(by=None, at=EVENING + dt.timedelta(minutes=1)).is_new
    assert verify(desk.data, generation.run_id, quiet).holds


def test_r235_files_are_those_of_the_contract_and_hold_no_words_of_people(desk: Desk) -> None:
    moment = moments(1)[0]
    desk.settle(moment, "skipped", MORNING, reason="other", note="客户住院，勿扰")
    desk.override(moment.client_id, "strategic", MORNING)
    returns.write(by=None, at=NOON)
    index = json.loads((returns.folder() / "returns.json").read_text(encoding="utf-8"))
    assert set(index["files"]) == {table.name for table in ACTS}
    assert set(RETURNS) - set(ACTS) <= set(LATER)
    for table in ACTS:
        path = returns.folder() / index["files"][table.name]["file"]
        assert pq.read_schema(path).equals(arrow_schema(table)), table.name
        assert "住院" not in str(pq.read_table(path).to_pylist())
        assert path.stat().st_mode & 0o077 == 0


def test_r230_what_another_firms_desk_wrote_is_refused(desk: Desk) -> None:
    """R230: the index names the firm; beside another firm's data the run stops and says so, and nothing is lost."""
    desk.settle(moments(1)[0], "reached", MORNING)
    returns.write(by=None, at=NOON)
    key = desk.data / "token_key"
    own = key.read_text(encoding="ascii")
    key.write_text("f" * 64, encoding="ascii")
    with pytest.raises(BrokenReturns, match="is of another firm"):
        desk.night(AS_OF)
    key.write_text(own, encoding="ascii")
    assert desk.night(AS_OF).run_id == "000002"


def test_r230_an_index_of_before_firms_were_named_is_written_anew(desk: Desk) -> None:
    """R230: the remedy the refusal names works: the same acts get their firm."""
    desk.settle(moments(1)[0], "reached", MORNING)
    returns.write(by=None, at=NOON)
    place = returns.folder() / "returns.json"
    told = json.loads(place.read_text(encoding="utf-8"))
    firm = told.pop("firm")
    place.write_text(json.dumps(told), encoding="utf-8")
    assert returns.write(by=None, at=EVENING).is_new
    assert json.loads(place.read_text(encoding="utf-8"))["firm"] == firm


def test_r101_a_contact_taken_back_does_not_come_back(desk: Desk) -> None:
    moment = moments(1)[0]
    desk.settle(moment, "reached", MORNING)
    user = desk.people["leader"]
    done = work.last_by(user, work.settled_on(user, AS_OF)[0].pk)
    contact_actions.undo_outcome(outcome=done, by=user, at=MORNING, on=AS_OF)
    given = returns.write(by=None, at=NOON)
    assert (given.counts["returned_contact"], given.counts["returned_outcome"]) == (0, 0)
    assert Contact.objects.count() == 1


def test_r230_two_who_write_at_once_are_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("write_returns")
    assert "returned_contact 0" in capsys.readouterr().out
    refused: list[str] = []

    def other() -> None:
        try:
            call_command("write_returns")
        except CommandError as error:
            refused.append(str(error))
        finally:
            connection.close()  # the thread's own

    with returns._alone():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "another write_returns is at work" in refused[0]
