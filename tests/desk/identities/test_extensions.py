"""R212, R235: a conflict's due date is put off for a reason, by as much as is signed, once another person agrees."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.facts import deadlines, signing
from keepwell.desk.identities.models import Extension
from keepwell.desk.people.models import User

ENTRY = ENTRIES["firm"]
ONE = "/identities/conflicts/one/"
EXPIRED = {"key": "document_expired/c000057/0123456789ab"}  # due since 2026-04-05
ADDRESSES = {"key": "two_addresses/c000057/0123456789ab"}  # without a due date
TODAY = dt.date(2026, 11, 23)
LATER = {"to_on": "2026-12-15", "reason": "客户 12 月 10 日回国，已约柜台"}
B02 = {"branch_code": "B02", "staff_code": "S07"}


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def head(at_work: Callable[[str], Client]) -> Client:
    return at_work("branch_head")


def ask(browser: Client, key: dict[str, str] = EXPIRED, **given: str) -> Any:
    return browser.post("/identities/conflicts/extend/", {**key, **LATER, **given})


def decide(browser: Client, row: Extension, decision: str = "approve", **given: Any) -> Any:
    told = {"decision": decision, "version": row.version, "reason": "同意一次", **given}
    return browser.post(f"/identities/extensions/{row.pk}/decide/", told)


def due(browser: Client) -> Any:
    rows = browser.get("/identities/conflicts/").context["shown"]
    return next(one["row"].due_on for one in rows if one["row"].conflict_key == EXPIRED["key"])


def test_r212_a_later_date_is_proposed_and_holds_once_another_agreed(counter: Client, head: Client) -> None:
    assert ask(counter).status_code == 302
    row = Extension.objects.get()
    assert (row.state, row.from_on, row.to_on) == ("proposed", dt.date(2026, 4, 5), dt.date(2026, 12, 15))
    assert due(counter) == dt.date(2026, 4, 5)
    waits = head.get("/approvals/").content.decode()
    assert "2026-04-05" in waits
    assert LATER["reason"] in waits
    assert decide(head, row).status_code == 302
    assert due(counter) == dt.date(2026, 12, 15)
    text = counter.get(ONE, EXPIRED).content.decode()
    assert LATER["reason"] in text
    assert "同意一次" in text
    verbs = set(ENTRY.objects.filter(subject_id="c000057").values_list("verb", flat=True))
    assert {"identities.extend_conflict", "identities.agree_extension"} <= verbs


def test_r235_nobody_agrees_to_their_own(counter: Client, head: Client, db: None) -> None:
    ask(counter)
    row = Extension.objects.get()
    assert decide(counter, row).status_code == 403
    proposer = User.objects.get(username="counter")
    assert not deadlines.may_agree(proposer, row, row.version)
    Extension.objects.filter(pk=row.pk).update(by=User.objects.get(username="branch_head"))
    assert decide(head, row).status_code == 403
    assert Extension.objects.get().state == "proposed"


def test_r235_a_decision_binds_to_what_was_read_and_is_made_once(counter: Client, head: Client) -> None:
    ask(counter)
    row = Extension.objects.get()
    assert decide(head, row, version=7).status_code == 403
    assert decide(head, row, "return").status_code == 302
    assert decide(head, row).status_code == 403
    assert Extension.objects.get().state == "returned"
    assert due(counter) == dt.date(2026, 4, 5)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"to_on": "2026-12-24"}, "不晚于 2026-12-23"),
        ({"to_on": "2026-11-23"}, "晚于 2026-11-23"),
        ({"to_on": "morgen"}, "不晚于"),
        ({"to_on": "2026-02-31"}, "不晚于"),
        ({"reason": "  "}, "理由"),
    ],
)
def test_r230_only_within_what_is_signed_and_for_a_reason(
    counter: Client, given: dict[str, str], word: str
) -> None:
    answer = ask(counter, **given)
    assert answer.status_code == 403
    assert word in answer.content.decode()
    assert Extension.objects.count() == 0
    assert ENTRY.objects.filter(verb="identities.extend").count() == 1


def test_r212_without_a_due_date_there_is_nothing_to_put_off(counter: Client) -> None:
    assert ask(counter, ADDRESSES).status_code == 403
    assert "延期…" not in counter.get(ONE, ADDRESSES).content.decode()
    assert "延期…" in counter.get(ONE, EXPIRED).content.decode()


def test_r230_one_waits_at_a_time_and_only_as_often_as_signed(counter: Client, head: Client) -> None:
    ask(counter)
    assert ask(counter).status_code == 403
    decide(head, Extension.objects.get())
    assert ask(counter, to_on="2026-12-20").status_code == 403
    assert "已延期 1 次" in counter.get(ONE, EXPIRED).content.decode()


def test_r212_the_proposer_withdraws_while_it_waits(counter: Client, head: Client, log_in: Any) -> None:
    ask(counter)
    row = Extension.objects.get()
    address = f"/identities/extensions/{row.pk}/withdraw/"
    other = log_in("service_desk", branch_code="B01", staff_code="S11")
    assert other.post(address).status_code == 403
    assert counter.post(address).status_code == 302
    assert Extension.objects.get().state == "withdrawn"
    assert decide(head, row).status_code == 403
    assert counter.post(address).status_code == 403
    assert ask(counter).status_code == 302  # asked anew


def test_r004_another_branch_neither_asks_nor_agrees(counter: Client, log_in: Any) -> None:
    elsewhere = log_in("branch_head", **B02)
    ask(counter)
    row = Extension.objects.get()
    assert decide(elsewhere, row).status_code == 404
    assert signing.waiting(User.objects.get(username="branch_head")) == []


def test_art51_no_due_date_is_put_off_beyond_the_last_day(counter: Client, firm_run: Any) -> None:
    from keepwell.desk.identities.models import IdentityConflict

    conflict = IdentityConflict.objects.get(conflict_key=EXPIRED["key"])
    vars(conflict).update(due_on=dt.date(2027, 12, 20))
    assert deadlines.bounds(conflict, [], firm_run).latest_on == dt.date(2027, 12, 31)
