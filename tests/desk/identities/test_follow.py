"""R210, R235: what is taken back stays taken back, and nothing comes into force that two people had to agree to."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.identities.merges import actions
from keepwell.desk.identities.models import Judgement, PairLine, Split
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import Refused
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

TWO = {"left": "10000009", "right": "10000013"}  # two valid documents
WHO = facts(IN_TWO_BRANCHES)
CLIENT, HERE, THERE = WHO["client_id"], WHO["record"], "20000057"
PAGE = f"/identities/merges/{CLIENT}/"
SPLIT = f"{PAGE}split/"


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")


def told() -> list[str]:
    """What the next run would be told."""
    return [row["judgement"] for row in judgements(Cut(timezone.now(), dt.date(2026, 11, 20)))]


def split(browser: Client) -> Split:
    mark = browser.get(SPLIT, {"taken": THERE}).context["preview"].mark
    given = {"taken": THERE, "mark": mark, "reason": "namesake"}
    assert browser.post(SPLIT, given).status_code == 302
    return Split.objects.order_by("-pk")[0]


def undo(browser: Client, row: Split) -> None:
    assert browser.post(f"/identities/splits/{row.pk}/undo/").status_code == 302


def take_in(run: Any) -> None:
    """A run knows everything said until now."""
    run.returns_cut = timezone.now()
    run.save()


def stood(judgement: str, left: str, right: str, client_ids: tuple[str, str], **more: Any) -> Judgement:
    """A judgement of yesterday."""
    by, at = User.objects.get(username="steward"), timezone.now() - dt.timedelta(days=1)
    given = {"state": "in_force", "in_force_at": at, "reason": "namesake", **more}
    return Judgement.objects.create(
        left_code=left, right_code=right, left_client_id=client_ids[0], right_client_id=client_ids[1],
        judgement=judgement, by=by, at=at, run="000000", **given,
    )  # fmt: skip


@pytest.mark.parametrize("first", [0, 1])
def test_r210_two_splits_taken_back_in_either_order_leave_nothing_in_force(
    steward: Client, firm_run: Any, first: int
) -> None:
    one = split(steward)
    take_in(firm_run)
    rows = [one, split(steward)]
    assert told() == ["not_same"]
    undo(steward, rows[first])
    assert told() == ["not_same"]
    undo(steward, rows[1 - first])
    assert told() == []
    assert set(Judgement.objects.values_list("state", flat=True)) == {"undone"}


def test_r210_what_stood_before_two_splits_stands_again_when_both_are_taken_back(
    steward: Client, firm_run: Any
) -> None:
    same = stood("same", HERE, THERE, (CLIENT, CLIENT))
    one = split(steward)
    take_in(firm_run)
    two = split(steward)
    undo(steward, one)
    undo(steward, two)
    same.refresh_from_db()
    assert (same.state, told()) == ("in_force", ["same"])


def test_r242_one_split_of_a_client_at_a_time_waits_for_a_run(steward: Client) -> None:
    row = split(steward)
    assert "已有拆分在等下次运行" in steward.get(SPLIT, {"taken": THERE}).content.decode()
    assert not steward.get(PAGE).context["may_split"]
    answer = steward.post(SPLIT, {"taken": THERE, "mark": "0" * 32, "reason": "namesake"})
    assert answer.status_code == 403
    assert "已有拆分在等下次运行" in answer.content.decode()
    assert Split.objects.count() == 1
    undo(steward, row)
    split(steward)


def test_r242_what_was_read_is_compared_once_nobody_else_writes(steward: Client, firm_run: Any) -> None:
    """M25 inside the act: two that confirm the same page at one instant."""
    by = User.objects.get(username="steward")
    with pytest.raises(Refused):
        actions.split_client(
            client_id=CLIENT, taken=[THERE], kept=[HERE], reason="namesake", generation=firm_run, by=by,
            unchanged=lambda: refuse(Refusal.CHANGED_SINCE, changed_by="陈静", changed_at="9:00"),
            at=timezone.now(),
        )  # fmt: skip
    assert Split.objects.count() == Judgement.objects.count() == 0


def test_r210_a_proposal_leaves_in_force_what_was_until_it_is_agreed(
    steward: Client, log_in: Callable[..., Client], firm_run: Any
) -> None:
    line = PairLine.objects.get(left_code=TWO["left"], right_code=TWO["right"])
    before = stood("not_same", *TWO.values(), (line.left_client_id, line.right_client_id))
    take_in(firm_run)
    said = {"judgement": "same", "reason": "confirmed", "proof": "变更证明"}
    assert steward.post("/identities/pairs/judge/", {**TWO, **said}).status_code == 302
    row = Judgement.objects.get(state="proposed")
    assert told() == ["not_same"]
    second = log_in("hq_brokerage")
    agreed = {"decision": "approve", "version": str(row.version)}
    assert second.post(f"/identities/pairs/{row.pk}/second/", agreed).status_code == 302
    before.refresh_from_db()
    row.refresh_from_db()
    assert (before.state, row.state, row.follows_id, told()) == ("followed", "in_force", before.pk, ["same"])
    assert steward.post(f"/identities/pairs/{row.pk}/undo/").status_code == 302
    assert told() == ["same"]  # two agreed to it, so two take it back
    row.refresh_from_db()
    taken_back = {"decision": "approve", "version": str(row.version)}
    assert second.post(f"/identities/pairs/{row.pk}/undo/second/", taken_back).status_code == 302
    assert told() == ["not_same"]


def test_r210_a_proposal_under_a_split_waits_again_and_is_not_in_force(steward: Client) -> None:
    """With what was in force below it, which is in force again."""
    below = stood("unsure", HERE, THERE, (CLIENT, CLIENT))
    proposal = stood("same", HERE, THERE, (CLIENT, CLIENT), state="proposed", in_force_at=None, proof="证明")
    row = split(steward)
    assert told() == ["not_same"]
    undo(steward, row)
    below.refresh_from_db()
    proposal.refresh_from_db()
    assert (below.state, proposal.state, proposal.second_by) == ("in_force", "proposed", None)
    assert told() == ["unsure"]
