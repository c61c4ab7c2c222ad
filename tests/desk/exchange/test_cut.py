"""R235, R210: no act falls between two runs, however long it waited for its turn; on SQLite and on PostgreSQL."""

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from keepwell.desk.clients.models import Client
from keepwell.desk.exchange import returns
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.generations import cuts
from keepwell.desk.generations.models import DrawnCut, Generation
from keepwell.desk.identities.models import Judgement
from keepwell.desk.identities.pairs.actions import judge_pair
from keepwell.desk.identities.pairs.force import Couple
from keepwell.desk.people.actions import create_user

MORNING = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
NOON = MORNING + dt.timedelta(hours=3)
COUPLE = Couple("10000001", "10000005", "c000001", "c000005")
RUN = Generation(run_id="000001", as_of_on=MORNING.date(), taken_in_at=MORNING)


def test_before_anybody_acted_no_cut_is_drawn(db: None) -> None:
    """Also what makes the suite's database, which the tests below copy."""
    assert not DrawnCut.objects.exists()


@pytest.fixture
def steward(data: Path) -> Any:
    for client_id in ("c000001", "c000005"):
        Client.objects.create(pk=client_id, born_run="000001")
    return create_user(
        role="service_desk",
        username="steward",
        display_name="总部核对",
        branch_code="HQ",
        password="x",
        by=None,
        at=MORNING,
    )


def judge(by: Any, at: dt.datetime) -> Judgement:
    return judge_pair(couple=COUPLE, judgement="not_same", reason="namesake", generation=RUN, by=by, at=at)


def told(at: dt.datetime) -> list[str]:
    return [row["judgement_key"] for row in judgements(Cut(at, MORNING.date()))]


def test_r235_an_act_that_got_its_turn_after_the_cut_is_of_after_it(steward: Any) -> None:
    """R235: asked for in the morning, written after the cut at noon: no run takes it for known before one was told."""
    given = returns.write(by=None, at=NOON)
    row = judge(steward, MORNING)
    knows = Generation(returns_cut=given.cut).knows
    assert row.in_force_at is not None
    assert not knows(row.in_force_at)
    assert told(given.cut) == []
    again = returns.write(by=None, at=timezone.now() + dt.timedelta(minutes=1))
    assert again.is_new
    assert told(again.cut) == [str(row.pk)]
    assert Generation(returns_cut=again.cut).knows(row.in_force_at)


def test_r235_an_act_in_time_keeps_its_instant(steward: Any) -> None:
    returns.write(by=None, at=MORNING)
    assert judge(steward, NOON).in_force_at == NOON


def test_r235_a_cut_waits_for_the_act_under_way_and_tells_it(steward: Any) -> None:
    """R235: stamped, not yet committed: the cut is drawn when it is."""
    inside, drawn = threading.Event(), threading.Event()
    overtaken: list[bool] = []

    def act() -> None:
        with transaction.atomic():
            judge(steward, MORNING)
            inside.set()
            overtaken.append(drawn.wait(0.5))
        connection.close()  # the thread's own

    thread = threading.Thread(target=act)
    thread.start()
    assert inside.wait(20)
    given = returns.write(by=None, at=NOON)
    drawn.set()
    thread.join()
    assert overtaken == [False]
    assert given.counts["returned_judgement"] == 1
    assert told(given.cut) == [str(Judgement.objects.get().pk)]


def test_r235_a_cut_never_goes_back(steward: Any) -> None:
    cuts.draw(NOON)
    cuts.draw(MORNING)
    assert DrawnCut.objects.get().at == NOON
    assert judge(steward, MORNING).at > NOON


def test_r235_an_act_is_stamped_inside_its_transaction_alone(steward: Any) -> None:
    with pytest.raises(RuntimeError, match="inside its transaction"):
        cuts.stamped(NOON)


def test_r235_acts_that_do_not_end_are_told_to_whoever_writes_the_returns(
    steward: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R235: on PostgreSQL; SQLite's writers stand in one queue, and an act ends or its process does."""

    def never(at: dt.datetime) -> None:
        raise cuts.CutBusy(f"acts under way at {at}")

    monkeypatch.setattr(cuts, "draw", never)
    with pytest.raises(returns.ReturnsBusy, match="under way"):
        returns.write(by=None, at=NOON)
    assert not (returns.folder() / "returns.json").exists()


STAMPED = {
    "contacts/actions.py": 1, "work/actions.py": 1, "clients/actions.py": 1, "identities/facts/actions.py": 1,
    "identities/pairs/actions.py": 2, "identities/merges/actions.py": 3,
}  # fmt: skip


@pytest.mark.parametrize(("module", "n"), list(STAMPED.items()))
def test_r235_every_act_that_a_run_is_told_is_stamped(module: str, n: int) -> None:
    """R235: contacts, outcomes, overrides, findings, judgements, their second word, splits and their undoing."""
    text = (Path(cuts.__file__).parents[1] / module).read_text(encoding="utf-8")
    assert text.count("stamped(at)") == n
