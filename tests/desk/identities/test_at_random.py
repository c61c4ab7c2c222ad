"""R210, R235: whatever people do in whatever order, what two agreed to is put out of force by two and never by one."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.verdict import ALLOWED
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.merges import actions as merges
from keepwell.desk.identities.models import Judgement, Split
from keepwell.desk.identities.pairs import actions as pairs
from keepwell.desk.identities.pairs.force import Couple
from keepwell.desk.identities.pairs.rules import REASONS
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import Refused
from tests.desk.conftest import MakeUser
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
HERE, THERE = "10000057", "20000057"
COUPLES = (
    Couple(HERE, THERE, CLIENT, CLIENT),
    Couple("10000009", "10000013", "c000009", "c000013"),  # two valid documents
    Couple("10000006", "10000010", "c000006", "c000010"),
)
N_ACTS = 200
Act = Callable[[], Any]


@dataclass
class Walk:
    """Somebody does something, again and again; most of it is refused."""

    run: Any
    stewards: list[User]
    seconds: list[User]
    dice: random.Random
    n_done: int = 0
    done: set[str] = field(default_factory=set)

    def step(self) -> tuple[str, Act]:
        """What is tried next."""
        ways = (
            self.judge,
            self.undo,
            self.split,
            self.undo_split,
            self.second,
            self.second_undo,
            self.second_split,
        )
        way = self.dice.choice(ways)
        return way.__name__, way()

    def given(self, by: User) -> dict[str, Any]:
        return {"generation": self.run, "by": by, "at": timezone.now()}

    def alone(self) -> dict[str, Any]:
        return self.given(self.dice.choice(self.stewards))

    def word(self, row: Any) -> dict[str, Any]:
        told = {"is_agreed": self.dice.random() < 0.7, "reason": "已看依据", "version": row.version}
        return {"row": row, **told, **self.given(self.dice.choice(self.seconds))}

    def one(self, rows: Any, **waiting: Any) -> Any:
        """Mostly one that waits for it, now and then any that ever was."""
        likely = list(rows.filter(**waiting)) if self.dice.random() < 0.8 else []
        return self.dice.choice(likely or list(rows) or [None])

    def judge(self) -> Act:
        said = self.dice.choice([Said.SAME, *Said])
        proof = "变更证明" if said == Said.SAME and self.dice.random() < 0.7 else ""
        told = {"couple": self.dice.choice(COUPLES), "judgement": str(said), "reason": str(REASONS[said][0])}
        return lambda: pairs.judge_pair(**told, proof=proof, **self.alone())

    def undo(self) -> Act:
        row = self.one(Judgement.objects.filter(split=None), state="in_force")
        return lambda: row and pairs.undo_judgement(row=row, **self.alone())

    def second(self) -> Act:
        row = self.one(Judgement.objects.filter(split=None), state="proposed")
        return lambda: row and pairs.second_judgement(**self.word(row))

    def second_undo(self) -> Act:
        row = self.one(Judgement.objects.filter(split=None), undo_asked_by__isnull=False)
        return lambda: row and pairs.second_undo(**self.word(row))

    def split(self) -> Act:
        told = {"client_id": CLIENT, "taken": [THERE], "kept": [HERE], "reason": "namesake"}
        return lambda: merges.split_client(**told, unchanged=lambda: ALLOWED, **self.alone())

    def undo_split(self) -> Act:
        row = self.one(Split.objects.all(), state="in_force")
        return lambda: row and merges.undo_split(split=row, **self.alone())

    def second_split(self) -> Act:
        row = self.one(Split.objects.all(), state="proposed")
        return lambda: row and merges.second_split(**self.word(row))


def agreed() -> dict[tuple[str, str], int]:
    """What two have agreed to and is in force, by pair."""
    rows = Judgement.objects.filter(state="in_force").exclude(second_by=None)
    return {(row.left_code, row.right_code): row.pk for row in rows}


def is_sound() -> Iterator[str]:
    """What must hold at any time, and does not."""
    for row in Judgement.objects.filter(Q(second_by__isnull=False)).exclude(second_by=None):
        if row.second_by_id == row.by_id:
            yield f"{row}: one person twice"
    for split in Split.objects.all():
        stands = split.judgements.filter(state="in_force").exists()
        if stands and split.state != "in_force":
            yield f"{split}: says something though it is {split.state}"
    for row in Judgement.objects.filter(
        state__in=("undone", "returned", "followed"), undo_asked_by__isnull=False
    ):
        if row.state == "followed":
            yield f"{row}: somebody waits for a word on what is followed"


@pytest.mark.parametrize("seed", range(6))
def test_r210_no_order_of_acts_lets_one_undo_what_two_agreed(
    firm_run: Any, make_user: MakeUser, seed: int
) -> None:
    def made(role: str, nth: int) -> User:
        told = {"username": f"{role}{nth}", "display_name": f"{role} {nth}", "branch_code": "HQ"}
        user: User = make_user(role, staff_code=f"X{role[:2]}{nth}", **told)
        return user

    dice = random.Random(seed)  # noqa: S311  a walk that is the same each time
    walk = Walk(
        firm_run,
        [made("service_desk", nth) for nth in (1, 2)],
        [made("hq_brokerage", nth) for nth in (1, 2)],
        dice,
    )
    for _nth in range(N_ACTS):
        before, n_traces = agreed(), ENTRIES["firm"].objects.filter(outcome="done").count()
        name, act = walk.step()
        try:
            act()
        except Refused:
            continue
        finally:
            gone = {pair: pk for pair, pk in before.items() if agreed().get(pair) != pk}
            assert not gone or name.startswith("second"), (seed, name, gone)
            assert list(is_sound()) == [], (seed, name)
        if ENTRIES["firm"].objects.filter(outcome="done").count() > n_traces:
            walk.done.add(name)
            walk.n_done += 1
        if dice.random() < 0.15:  # a run knows everything said until now
            firm_run.returns_cut = timezone.now()
            firm_run.save()
    assert walk.n_done > N_ACTS / 10
    assert {"judge", "second"} <= walk.done
