"""R233, R235: a write-back with more secrets in full than is signed leaves once a second person has agreed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import Verification, WriteBack, WriteBackRow
from keepwell.desk.people.models import User
from keepwell.desk.ui.models import Notice
from keepwell.policy.packs import load_packs

ENTRY = ENTRIES["firm"]
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
PHONE = "two_phones/c000057/0123456789ab"
WORK = "occupations_opposed/c000057/0123456789ab"
PAGE = "/identities/write-back/"


@pytest.fixture
def none_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The firm has signed that no value in full leaves by one person alone."""
    whole = signed.packs

    def strict(generation: Generation, on: dt.date) -> Any:
        packs = whole(generation, on)
        write_back = replace(packs.remediation.write_back, n_secrets_alone_at_most=0)
        return replace(packs, remediation=replace(packs.remediation, write_back=write_back))

    monkeypatch.setattr(signed, "packs", strict)


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters, who makes the files."""
    return log_in("service_desk", **HEADQUARTERS)


@pytest.fixture
def second(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """Headquarters' brokerage department, which lets them go."""
    return log_in("hq_brokerage", display_name="何宁", staff_code="S31")


def settle(browser: Client, key: str = PHONE) -> Verification:
    told = {"finding": "one_is_right", "record": "20000057", "how": "phone", "grounds": "11 月 18 日电话核实"}
    assert browser.post("/identities/conflicts/settle/", {"key": key, **told}).status_code == 302
    Generation.objects.update(returns_cut=timezone.now() + dt.timedelta(seconds=1))
    return Verification.objects.get(conflict_key=key, state="in_force")


def make(browser: Client) -> WriteBack:
    assert browser.post(PAGE, {"purpose": "发至集中柜台"}).status_code == 302
    return WriteBack.objects.latest("number")


def fetch(browser: Client, row: WriteBack) -> Any:
    return browser.post(f"{PAGE}{row.number}/fetch/", {"purpose": "发至集中柜台"})


def decide(browser: Client, row: WriteBack, decision: str = "approve", **more: Any) -> Any:
    row.refresh_from_db()
    given = {"decision": decision, "version": row.version, "reason": "先核对名单", **more}
    return browser.post(f"{PAGE}{row.number}/decide/", given)


def upload(browser: Client, row: WriteBack, text: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("answer.csv", text.encode(), content_type="text/csv")
    return browser.post(f"{PAGE}{row.number}/answer/", {"answer": file})


def test_r233_the_signed_number_is_fifty_and_the_firms_own_choice() -> None:
    pack = load_packs(dt.date(2026, 11, 23)).remediation
    assert pack.write_back.n_secrets_alone_at_most == 50
    (evidence,) = (one for one in pack.evidence if one.key == "write_back")
    assert str(evidence.mark) == "P"


def test_r233_a_file_within_the_signed_number_leaves_by_one_person(counter: Client, steward: Client) -> None:
    settle(counter)
    row = make(steward)
    assert (row.state, row.n_secrets) == ("sent", 1)
    assert fetch(steward, row).status_code == 200


def test_r235_beyond_it_the_file_waits_and_a_second_person_lets_it_go(
    none_alone: None, counter: Client, steward: Client, second: Client
) -> None:
    settle(counter)
    row = make(steward)
    assert (row.state, row.n_secrets) == ("waits", 1)
    told = steward.get(f"{PAGE}{row.number}/").content.decode()
    assert f"{PAGE}{row.number}/fetch/" not in told
    refused = fetch(steward, row)
    assert refused.status_code == 403
    assert "等第二人同意" in refused.content.decode()
    assert upload(steward, row, f"file,row,result,reason\n{row.number},1,accepted,\n").status_code == 403
    assert Notice.objects.filter(
        user_id=User.objects.get(username="hq_brokerage").pk, kind="people.asked"
    ).exists()
    waits = second.get("/approvals/").content.decode()
    assert "发至集中柜台" in waits
    weighed = second.get(f"{PAGE}{row.number}/weigh/")
    assert "138****0057" in weighed.content.decode()
    assert "fetch" not in weighed.content.decode()
    assert decide(second, row).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by.display_name) == ("sent", "何宁")
    assert fetch(second, row).status_code == 403  # letting go is no right to take away
    assert fetch(steward, row).status_code == 200
    verbs = list(
        ENTRY.objects.filter(subject_kind="write_back", outcome="done").values_list("verb", flat=True)
    )
    assert verbs == [f"identities.{verb}_write_back" for verb in ("make", "agree", "fetch")]
    assert "先核对名单" in second.get("/approvals/").content.decode()


def test_r235_whoever_made_it_does_not_let_it_go_by_no_other_login_either(
    none_alone: None, counter: Client, log_in: Callable[..., Client], second: Client
) -> None:
    maker = log_in("service_desk", **HEADQUARTERS, staff_code="S30")
    settle(counter)
    row = make(maker)
    assert decide(maker, row).status_code == 403
    double = log_in("hq_brokerage", username="double", display_name="另一个名字", staff_code="S30")
    answer = decide(double, row)
    assert answer.status_code == 403
    assert "须由另一人同意" in answer.content.decode()
    nameless = log_in("hq_brokerage", username="nameless", display_name="总部 核对")
    assert decide(nameless, row).status_code == 403
    row.refresh_from_db()
    assert row.state == "waits"
    with pytest.raises(IntegrityError), transaction.atomic():
        WriteBack.objects.filter(pk=row.pk).update(decided_by=User.objects.get(username="steward"))


def test_r235_a_decision_binds_to_what_was_read_is_made_once_and_a_return_has_a_reason(
    none_alone: None, counter: Client, steward: Client, second: Client
) -> None:
    settle(counter)
    row = make(steward)
    assert decide(second, row, version=7).status_code == 403
    assert decide(second, row, "return", reason=" ").status_code == 403
    assert decide(second, row).status_code == 302
    assert decide(second, row).status_code == 403
    assert decide(second, row, "return").status_code == 403


def test_r007_what_was_returned_never_left_and_waits_for_the_next_file(
    none_alone: None, counter: Client, steward: Client, second: Client
) -> None:
    settle(counter)
    row = make(steward)
    assert steward.get(PAGE).context["n"] == 0
    assert decide(second, row, "return").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.sealed, row.rows.count()) == ("returned", None, 0)
    assert steward.get(PAGE).context["n"] == 2
    assert fetch(steward, row).status_code == 404
    assert upload(steward, row, f"file,row,result,reason\n{row.number},1,accepted,\n").status_code == 403
    assert "从未发出" in steward.get(f"{PAGE}{row.number}/").content.decode()
    again = make(steward)
    assert (again.number, again.state, again.n_rows) == (row.number + 1, "waits", 2)


def test_r007_who_made_it_withdraws_it_while_it_waits_and_nobody_else_does(
    none_alone: None, counter: Client, steward: Client, second: Client, log_in: Callable[..., Client]
) -> None:
    settle(counter)
    row = make(steward)
    other = log_in(
        "service_desk", username="other", display_name="温雅琴", branch_code="HQ", staff_code="S32"
    )
    assert other.post(f"{PAGE}{row.number}/withdraw/").status_code == 403
    assert steward.post(f"{PAGE}{row.number}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert decide(second, row).status_code == 403
    assert steward.get(PAGE).context["n"] == 2
    assert ENTRY.objects.filter(verb="identities.withdraw_write_back", outcome="done").count() == 1


def test_r007_a_refused_row_to_be_sent_again_is_still_to_be_sent_when_the_second_file_is_returned(
    counter: Client, steward: Client, second: Client, request: pytest.FixtureRequest
) -> None:
    settle(counter)
    first = make(steward)
    said = f"file,row,result,reason\n{first.number},1,refused,冻结\n{first.number},2,accepted,\n"
    assert upload(steward, first, said).status_code == 302
    assert steward.post(f"{PAGE}{first.number}/again/").status_code == 302
    request.getfixturevalue("none_alone")
    row = make(steward)
    assert (row.state, row.n_rows) == ("waits", 1)
    assert not WriteBackRow.objects.filter(is_again=True).exists()
    decide(second, row, "return")
    assert WriteBackRow.objects.get(is_again=True).write_back == first
    assert steward.get(PAGE).context["n"] == 1


def test_r007_a_finding_taken_back_is_not_withdrawn_before_the_file_has_left(
    none_alone: None, counter: Client, steward: Client, second: Client
) -> None:
    act = settle(counter)
    row = make(steward)
    counter.post(f"/identities/conflicts/{act.pk}/undo/")
    assert steward.get(PAGE).context["n"] == 0
    decide(second, row)
    assert steward.get(PAGE).context["n"] == 2  # now it is told that it holds no longer


def test_r235_only_headquarters_brokerage_weighs_and_decides(
    none_alone: None, counter: Client, steward: Client, at_work: Callable[[str], Client]
) -> None:
    settle(counter)
    row = make(steward)
    for browser in (counter, steward, at_work("branch_head"), at_work("compliance"), at_work("admin")):
        assert browser.get(f"{PAGE}{row.number}/weigh/").status_code == 403
        assert decide(browser, row).status_code == 403


def test_a_file_that_waits_says_how_many_values_it_holds() -> None:
    from keepwell.desk.identities.writeback.rules import has_left

    verdict: Verdict = has_left(WriteBack(state="waits", n_secrets=1234))
    assert "1,234" in verdict.in_language("en")
