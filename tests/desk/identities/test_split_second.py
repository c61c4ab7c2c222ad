"""R210: what two people have agreed is one client, two people part; one alone changes nothing, and it is all traced."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Judgement, Split
from keepwell.desk.people.models import User
from keepwell.desk.ui.models import Notice
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

ENTRY = ENTRIES["firm"]
CLIENT, HERE, THERE = facts(IN_TWO_BRANCHES)["client_id"], facts(IN_TWO_BRANCHES)["record"], "20000057"
PAGE = f"/identities/merges/{CLIENT}/"
SPLIT = f"{PAGE}split/"
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **HEADQUARTERS)


@pytest.fixture
def head_office(log_in: Callable[..., Client]) -> Client:
    """The second person."""
    return log_in("hq_brokerage", username="second", display_name="何宁")


@pytest.fixture
def same(steward: Client, head_office: Client) -> Judgement:
    """Two have agreed that the numbers are one client, and a run knows it."""
    first, other = (User.objects.get(username=name) for name in ("steward", "second"))
    at = timezone.now()
    row = Judgement.objects.create(
        left_code=HERE, right_code=THERE, left_client_id=CLIENT, right_client_id=CLIENT, judgement="same",
        reason="same_document", proof="派出所变更证明", by=first, second_by=other, at=at, second_at=at,
        in_force_at=at, run="000000",
    )  # fmt: skip
    Generation.objects.update(returns_cut=timezone.now())
    return row


def told() -> list[str]:
    """What the next run would be told."""
    return [row["judgement"] for row in judgements(Cut(timezone.now(), dt.date(2026, 11, 20)))]


def propose(browser: Client) -> Split:
    preview = browser.get(SPLIT, {"taken": THERE})
    given = {
        "taken": THERE,
        "mark": preview.context["preview"].mark,
        "reason": "entry_mistake",
        "note": "录错",
    }
    assert browser.post(SPLIT, given).status_code == 302
    return Split.objects.latest("pk")


def second(browser: Client, row: Split, decision: str = "approve", reason: str = "已核对原件") -> int:
    row.refresh_from_db()
    given = {"decision": decision, "version": row.version, "reason": reason}
    return int(browser.post(f"/identities/splits/{row.pk}/second/", given).status_code)


def undo(browser: Client, row: Split) -> int:
    return int(browser.post(f"/identities/splits/{row.pk}/undo/").status_code)


def states(same: Judgement, row: Split) -> tuple[str, str]:
    same.refresh_from_db()
    row.refresh_from_db()
    return same.state, row.state


def notices(username: str) -> list[str]:
    rows = Notice.objects.filter(user_id=User.objects.get(username=username).pk)
    return list(rows.order_by("pk").values_list("kind", flat=True))


def verbs() -> list[str]:
    rows = ENTRY.objects.filter(verb__contains="split", subject_kind="client", outcome="done").order_by("pk")
    return [str(verb).removeprefix("identities.") for verb in rows.values_list("verb", flat=True)]


def test_r210_one_alone_only_proposes_to_part_what_two_agreed_to(steward: Client, same: Judgement) -> None:
    page = steward.get(SPLIT, {"taken": THERE}).content.decode()
    assert "两人同意过是同一客户，拆分也须两人。" in page
    assert "提出拆分" in page
    row = propose(steward)
    assert states(same, row) == ("in_force", "proposed")
    assert told() == ["same"]
    shown = steward.get(PAGE).content.decode()
    assert "拆分等另一人复核。" in shown
    assert not steward.get(PAGE).context["may_split"]  # one at a time
    assert "等另一人复核" in steward.get("/identities/merges/").content.decode()
    assert notices("second") == ["people.asked"]


def test_r210_a_second_person_agrees_after_reading_what_moves(
    steward: Client, head_office: Client, same: Judgement
) -> None:
    row = propose(steward)
    waits = head_office.get(f"/approvals/identities.split/{row.pk}/").content.decode()
    assert all(
        word in waits for word in (f"拆分：{THERE} 与 {HERE} 分开", "录错", "派出所变更证明", "未结任务")
    )
    assert facts(IN_TWO_BRANCHES)["name"] not in waits
    assert second(steward, row) == 403
    assert second(head_office, row) == 302
    assert states(same, row) == ("followed", "in_force")
    assert told() == ["not_same"]
    (said,) = row.judgements.all()
    assert (said.second_by.display_name, said.in_force_at) == ("何宁", row.in_force_at)
    assert "拆分已记录，等下次运行。" in steward.get(PAGE).content.decode()
    assert notices("steward") == ["people.approved"]
    assert verbs() == ["propose_split", "agree_split"]
    assert second(head_office, row) == 403  # it waits no longer


def test_r210_returned_nothing_changes_and_it_may_be_proposed_again(
    steward: Client, head_office: Client, same: Judgement
) -> None:
    row = propose(steward)
    assert second(head_office, row, "return", "请附依据") == 302
    assert states(same, row) == ("in_force", "returned")
    assert told() == ["same"]
    page = steward.get(PAGE).content.decode()
    assert "已失效的拆分" in page
    assert "请附依据" in page
    assert states(same, propose(steward)) == ("in_force", "proposed")


def test_r210_a_proposal_is_withdrawn_by_one(steward: Client, same: Judgement) -> None:
    row = propose(steward)
    assert undo(steward, row) == 302
    assert states(same, row) == ("in_force", "undone")
    assert undo(steward, row) == 403


def test_r210_what_two_parted_two_join_again(steward: Client, head_office: Client, same: Judgement) -> None:
    row = propose(steward)
    second(head_office, row)
    assert undo(steward, row) == 302
    assert (states(same, row), told()) == (("followed", "in_force"), ["not_same"])
    assert undo(steward, row) == 403  # asked once
    assert "撤回：" in head_office.get("/approvals/").content.decode()
    assert second(head_office, row, "return", "维持") == 302
    assert (states(same, row), told()) == (("followed", "in_force"), ["not_same"])
    assert undo(steward, row) == 302
    assert second(head_office, row) == 302
    assert (states(same, row), told()) == (("in_force", "undone"), ["same"])
    assert verbs() == [
        "propose_split", "agree_split", "propose_undo_split", "return_undo_split", "propose_undo_split",
        "agree_undo_split",
    ]  # fmt: skip


def test_r210_parted_by_two_and_taken_in_by_a_run_a_new_split_takes_two(
    steward: Client, head_office: Client, same: Judgement
) -> None:
    second(head_office, propose(steward))
    Generation.objects.update(returns_cut=timezone.now())
    assert propose(steward).state == "proposed"


def test_r242_a_client_with_another_number_since_is_not_parted_as_it_was_read(
    steward: Client, head_office: Client, same: Judgement
) -> None:
    """M25: when it was read, the client had a number that has gone since."""
    row = propose(steward)
    Split.objects.filter(pk=row.pk).update(kept=[HERE, "10000001"])
    assert second(head_office, row) == 403
    assert states(same, row) == ("in_force", "proposed")
    assert ENTRY.objects.filter(verb="identities.second_split", outcome="refused", reason="M25").exists()
    assert second(head_office, row, "return") == 302


def test_r210_who_proposed_agrees_by_no_other_login(
    steward: Client, log_in: Callable[..., Client], same: Judgement
) -> None:
    row = propose(steward)
    own = log_in("hq_brokerage", username="own", display_name="总部核对")
    assert second(own, row) == 403
    assert states(same, row) == ("in_force", "proposed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Split.objects.filter(pk=row.pk).update(second_by=row.by)


def test_r210_a_split_of_other_numbers_takes_one(steward: Client) -> None:
    row = propose(steward)
    assert (row.state, told()) == ("in_force", ["not_same"])
    assert undo(steward, row) == 302
    assert verbs() == ["split_client", "undo_split"]
