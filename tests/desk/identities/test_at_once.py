"""R210, R235, R242: two people at the same instant: one act stands, the other is told by whom it was overtaken."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED
from keepwell.desk.clients.models import Client
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.facts import actions as facts
from keepwell.desk.identities.merges import actions as merges
from keepwell.desk.identities.models import IdentityConflict, Judgement, Split, Verification
from keepwell.desk.identities.pairs import actions as pairs
from keepwell.desk.identities.pairs.force import Couple
from keepwell.desk.people.actions import create_user
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import Refused

AT = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
COUPLE = Couple("10000001", "10000005", "c000001", "c000005")
RUN = Generation(run_id="000001", as_of_on=AT.date(), taken_in_at=AT)
PATIENCE = 30  # seconds a thread is waited for


def test_nobody_has_judged_yet(db: None) -> None:
    """Also what makes the suite's database, which the tests below copy."""
    assert not Judgement.objects.exists()


@pytest.fixture
def people(data: Path) -> dict[str, User]:
    """Two stewards and two who agree, on a desk of their own."""
    for client_id in ("c000001", "c000005"):
        Client.objects.create(pk=client_id, born_run="000001")
    told = {"password": "x", "branch_code": "HQ", "by": None, "at": AT}
    return {
        name: create_user(role=role, username=name, display_name=name, staff_code=name, **told)
        for name, role in (
            ("steward", "service_desk"), ("other", "service_desk"), ("head", "hq_brokerage"), ("vice", "hq_brokerage"),
        )
    }  # fmt: skip


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What became of acts that begin at the same instant: `None`, or why one was refused."""
    ready = threading.Barrier(len(acts))
    became: list[Any] = [TimeoutError] * len(acts)

    def run(nth: int, act: Callable[[], Any]) -> None:
        ready.wait(PATIENCE)
        try:
            act()
            became[nth] = None
        except Refused as refused:
            became[nth] = refused.verdict.reason
        finally:
            connection.close()  # the thread's own

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return became


def one_of(became: Sequence[Any], reason: Refusal) -> bool:
    """Whether one act was done and each other was refused for this reason."""
    return sorted(map(str, became)) == sorted([*["None"], *[str(reason)] * (len(became) - 1)])


def judge(by: User, judgement: str = "not_same", reason: str = "namesake", proof: str = "") -> Judgement:
    return pairs.judge_pair(
        couple=COUPLE, judgement=judgement, reason=reason, proof=proof, generation=RUN, by=by, at=AT
    )


def test_r242_two_stewards_at_one_pair(people: dict[str, User]) -> None:
    became = at_once(
        lambda: judge(people["steward"]), lambda: judge(people["other"], "same", "confirmed", "变更证明")
    )
    assert one_of(became, Refusal.CHANGED_SINCE), became
    assert Judgement.objects.count() == 1


def test_r242_two_second_people_at_one_proposal(people: dict[str, User]) -> None:
    row = judge(people["steward"], "same", "confirmed", "变更证明")

    def decide(by: User, *, is_agreed: bool) -> None:
        told = {"reason": "已看依据", "version": row.version, "generation": RUN, "by": by, "at": AT}
        pairs.second_judgement(row=Judgement.objects.get(pk=row.pk), is_agreed=is_agreed, **told)

    became = at_once(
        lambda: decide(people["head"], is_agreed=True), lambda: decide(people["vice"], is_agreed=False)
    )
    assert one_of(became, Refusal.SETTLED_ALREADY) or one_of(became, Refusal.CHANGED_SINCE), became
    assert Judgement.objects.get().version == row.version + 1


def test_r242_a_judgement_is_taken_back_once(people: dict[str, User]) -> None:
    row = judge(people["steward"])

    def undo(by: User) -> None:
        pairs.undo_judgement(row=Judgement.objects.get(pk=row.pk), generation=RUN, by=by, at=AT)

    became = at_once(lambda: undo(people["steward"]), lambda: undo(people["other"]))
    assert one_of(became, Refusal.SETTLED_ALREADY), became
    assert Judgement.objects.get().state == "undone"


def test_r242_two_splits_of_one_client(people: dict[str, User]) -> None:
    def split(by: User) -> None:
        told = {"client_id": "c000001", "taken": ["10000005"], "kept": ["10000001"], "reason": "namesake"}
        merges.split_client(**told, unchanged=lambda: ALLOWED, generation=RUN, by=by, at=AT)

    became = at_once(*(lambda name=name: split(people[name]) for name in ("steward", "other")))
    assert one_of(became, Refusal.SPLIT_WAITS), became
    assert Split.objects.count() == 1
    assert Judgement.objects.filter(state="in_force").count() == 1


def test_r242_two_find_out_about_one_conflict(people: dict[str, User]) -> None:
    conflict = IdentityConflict(
        conflict_key="two_phones/c000001/1", client_id="c000001", golden_field="phone"
    )

    def settle(by: User, record_code: str) -> None:
        told = {"finding": "one_is_right", "how": "phone", "grounds": "11 月 18 日电话核实"}
        facts.settle_conflict(
            conflict=conflict, record_code=record_code, generation=RUN, by=by, at=AT, **told
        )

    became = at_once(
        lambda: settle(people["steward"], "10000001"), lambda: settle(people["other"], "10000005")
    )
    assert one_of(became, Refusal.CHANGED_SINCE), became
    (row,) = Verification.objects.all()
    facts.undo_settlement(row=row, generation=RUN, by=people["steward"], at=AT)

    def undo(by: User) -> None:
        facts.undo_settlement(row=Verification.objects.get(pk=row.pk), generation=RUN, by=by, at=AT)

    settle(people["other"], "10000005")
    row = Verification.objects.get(state="in_force")
    became = at_once(lambda: undo(people["steward"]), lambda: undo(people["other"]))
    assert one_of(became, Refusal.SETTLED_ALREADY), became
