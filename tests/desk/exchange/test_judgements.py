"""R210, R235: a judgement reaches the next run; work done between a merge and a split stands with its right owner."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from keepwell.contract import TABLES
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.clients.queries import visible_to
from keepwell.desk.contacts import queries as contacts
from keepwell.desk.exchange import folders, intake, returns
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.generations.attach import use
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import current
from keepwell.desk.identities.duplicates.documents import check_digit
from keepwell.desk.identities.models import Judgement, KeptEvent, PairLine, Split
from keepwell.desk.people.actions import create_user
from keepwell.desk.work import queries as work
from keepwell.engine.run import Settings, nightly
from tests.book import arrow_rows
from tests.engine.crash import clock, quiet
from tests.engine.small_firm import AS_OF, BEFORE, deliver

MORNING = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
LEFT, RIGHT = "000000000035", "000000000080"  # one person's numbers, by name and phone
PAIR = {"left": LEFT, "right": RIGHT}
DOCUMENTS = {LEFT: "11010519710309001", RIGHT: "11010519710309003"}  # without their check digits


def redocumented(folder: Path) -> None:
    """Two valid documents: name and phone agree, and yet nothing joins the two by itself."""
    path = folder / "customer_record.parquet"
    rows = pq.read_table(path).to_pylist()
    for row in rows:
        if body := DOCUMENTS.get(row["record_code"]):
            row |= {"id_number": body + check_digit(body), "birth_on": dt.date(1971, 3, 9)}
    table: pa.Table = arrow_rows(TABLES["customer_record"], rows)
    pq.write_table(table, path)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries of two days, in which the two numbers have two documents, and the run of the first."""
    made = tmp_path_factory.mktemp("twins")
    for on in (BEFORE, AS_OF):
        deliver(made / f"extracts-{on}", on)
        redocumented(made / f"extracts-{on}")
    nightly(Settings(made, made / f"extracts-{BEFORE}", BEFORE), quiet, clock)
    return made


@dataclass
class Desk:
    """The desk of that firm: nights are made, people act in between through its pages."""

    data: Path
    people: dict[str, Any]

    def browser(self, name: str) -> Client:
        """Somebody at work."""
        browser = Client(headers={"host": "localhost"})
        browser.force_login(self.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    def night(self) -> Generation:
        """Give what people did to the engine, run, take the run in."""
        returns.write(by=None, at=timezone.now() + dt.timedelta(seconds=2))
        return self.take_in(
            nightly(Settings(self.data, self.data / f"extracts-{AS_OF}", AS_OF), quiet, clock).run
        )

    def take_in(self, run: str) -> Generation:
        """Make a run what people see."""
        folder = folders.RunFolder(self.data / "runs" / run)
        generation = intake.take_in(run=folder, by=None, at=timezone.now())
        use(generation.run_id)
        return generation


@pytest.fixture
def desk(data: Path, first_night: Path) -> Desk:
    shutil.copytree(first_night, data, dirs_exist_ok=True)
    told = {"password": "x", "by": None, "at": MORNING, "must_change_password": False}
    people = {
        "steward": create_user(
            role="service_desk", username="steward", display_name="总部核对", branch_code="HQ", **told
        ),
        "firm": create_user(role="hq_brokerage", username="firm", display_name="总部", **told),
        **{
            branch: create_user(
                role="service_desk", username=branch, display_name=branch, branch_code=branch, **told
            )
            for branch in ("B0", "B1", "B2")
        },
    }
    made = Desk(data, people)
    made.take_in("000001")
    return made


def test_before_anybody_judged_there_is_nothing_to_tell(db: None) -> None:
    """Also what makes the suite's database, which the test below copies."""
    assert list(judgements(Cut(MORNING, AS_OF))) == []


def owners() -> dict[str, str]:
    """The client of each of the two numbers."""
    return work.owners_of([LEFT, RIGHT])


def record_contact(desk: Desk, record_code: str, promise: str) -> None:
    """The service desk of the client's home branch records a call about one of the numbers, with a promise."""
    record = ClientRecord.objects.get(pk=record_code)
    home = Anchor.objects.get(pk=record.client_id).place.home_branch_code
    page = f"/contacts/of/{record.client_id}/record/"
    given = {
        "way": "call_in",
        "outcome": "reached",
        "contacted_at": "2026-11-20T09:00",
        "promise": promise,
        "promise_due_on": f"{timezone.localdate() + dt.timedelta(days=7)}",
        "record_code": record_code,
    }
    answer = desk.browser(home).post(page, given)
    assert answer.status_code == 302, answer.content.decode()


def promised(desk: Desk, client_id: str) -> set[str]:
    """The open promises of a client."""
    items = work.of_client(desk.people["firm"], client_id, timezone.localdate(), 20)
    return {item.opened.facts["promise"] for item in items if item.opened}


def said(desk: Desk, client_id: str) -> int:
    """How many contacts of the desk stand on the client's timeline."""
    line, generation = visible_to(desk.people["firm"]).get(client_id=client_id), current()
    assert generation is not None
    return sum(one.contact is not None for one in contacts.timeline(line, generation.run_id))


def judge_same(desk: Desk) -> None:
    """Two valid numbers are one client: the steward proposes with proof, headquarters agrees."""
    steward = desk.browser("steward")
    judged = {**PAIR, "judgement": "same", "reason": "same_document"}
    assert steward.post("/identities/pairs/judge/", judged).status_code == 403  # M17: not by one person
    steward.post("/identities/pairs/judge/", {**judged, "proof": "派出所变更证明"})
    row = Judgement.objects.get()
    agreed = {"decision": "approve", "version": row.version}
    assert desk.browser("firm").post(f"/identities/pairs/{row.pk}/second/", agreed).status_code == 302
    (told,) = judgements(Cut(timezone.now(), AS_OF))
    assert (told["left_code"], told["right_code"], told["judgement"]) == (LEFT, RIGHT, "same")


def split_again(desk: Desk, client_id: str) -> None:
    """The steward parts the numbers, with one task on each side; two had joined them, so two part them."""
    steward, page = desk.browser("steward"), f"/identities/merges/{client_id}/split/"
    shown = steward.get(page, {"taken": RIGHT}).context["preview"]
    assert (shown.kept.n_tasks, shown.taken.n_tasks) == (1, 1)
    given = {"taken": RIGHT, "mark": shown.mark, "reason": "entry_mistake"}
    assert steward.post(page, given).status_code == 302
    row = Split.objects.get()
    agreed = {"decision": "approve", "reason": "已核对原件", "version": row.version}
    assert desk.browser("firm").post(f"/identities/splits/{row.pk}/second/", agreed).status_code == 302


def test_r210_merge_work_split_at_the_desk(desk: Desk) -> None:
    before = owners()
    assert before[LEFT] != before[RIGHT]
    assert PairLine.objects.get(left_code=LEFT, right_code=RIGHT).pair_reason == "two_valid_ids"
    record_contact(desk, RIGHT, "改名材料")
    judge_same(desk)
    assert owners() == before  # the desk computes nothing: two clients until the next run
    desk.night()
    merged = owners()
    assert merged[LEFT] == merged[RIGHT]
    one = merged[LEFT]
    assert not PairLine.objects.filter(left_code=LEFT, right_code=RIGHT).exists()
    assert KeptEvent.objects.get().event_reason == "judged_same"
    old = next(client_id for client_id in before.values() if client_id != one)
    moved = desk.browser("steward").get(f"/identities/merges/{old}/").headers["Location"]
    assert moved == f"/identities/merges/{one}/"
    assert promised(desk, one) == {"改名材料"}

    record_contact(desk, LEFT, "寄对账单")
    assert promised(desk, one) == {"改名材料", "寄对账单"}
    assert said(desk, one) == 2
    split_again(desk, one)
    desk.night()
    parted = owners()
    assert parted[LEFT] != parted[RIGHT]
    assert promised(desk, parted[LEFT]) == {"寄对账单"}
    assert promised(desk, parted[RIGHT]) == {"改名材料"}
    assert (said(desk, parted[LEFT]), said(desk, parted[RIGHT])) == (1, 1)
    assert set(KeptEvent.objects.values_list("event", flat=True)) == {"merged", "split"}
    assert not PairLine.objects.filter(left_code=LEFT, right_code=RIGHT).exists()
