"""R008, R210, R211: pairs are judged one after the other, by those they concern, and every word is kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.models import Judgement, PairEvidence, PairLine
from keepwell.desk.identities.pairs import queries, telling
from keepwell.desk.people.models import User

ENTRY = ENTRIES["firm"]
BOTH_HERE = {
    "left": "10000006",
    "right": "10000010",
}  # both at the first branch, one without a valid document
ACROSS = {"left": "10000002", "right": "10000003"}
TWO_DOCUMENTS = {"left": "10000009", "right": "10000013"}
SAME = {"judgement": "same", "reason": "confirmed"}
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters: a login without a branch."""
    return log_in("service_desk", **HEADQUARTERS)


def judge(browser: Client, pair: dict[str, str], **said: str) -> Any:
    return browser.post("/identities/pairs/judge/", {**pair, **said})


def test_r211_the_queue_has_most_at_stake_first_then_the_longest_waiting(
    steward: Client, firm_run: Any, make_user: Callable[..., Any]
) -> None:
    page = steward.get("/identities/pairs/")
    rows = list(PairLine.objects.all())
    first = min(rows, key=lambda row: (-row.sort_amount, row.waiting_since_on, row.left_code, row.right_code))
    shown = page.context["shown"].line
    assert (shown.left_code, shown.right_code) == (first.left_code, first.right_code)
    assert page.context["n"] == len(rows)
    user = make_user("service_desk", branch_code="HQ")
    listed = queries.queue(user, firm_run, 500)
    walked, after = [], None
    while batch := queries.queue(user, firm_run, 7, after=after):
        walked += batch
        after = batch[-1]
    assert [row.pk for row in walked] == [row.pk for row in listed]
    assert len(walked) == len(rows)


def test_r211_headquarters_sees_the_firm_with_masked_values(steward: Client) -> None:
    text = steward.get("/identities/pairs/", ACROSS).content.decode()
    assert "10000002" in text
    assert "刘*" in text
    assert "刘建国" not in text
    assert "1974-05-01" not in text
    assert "1974-**-**" in text
    assert "330102********002X" in text
    assert "138****0002" in text


def test_r210_what_no_page_shows_and_the_run_compared_is_lit_where_it_differs(steward: Client) -> None:
    """R210, R211: an address or a bank account that differs stands among the facts, without its value."""
    sides = steward.get("/identities/pairs/", ACROSS).context["shown"]
    agreement = [
        PairEvidence(left_code="1", right_code="2", evidence_field=name, agreement=said)
        for name, said in (("address", "different"), ("bank_account", "same"), ("email", "missing"))
    ]
    told = {fact.label: fact for fact in telling.facts(sides.left, sides.right, agreement, names=False)}
    assert (told["住址"].is_lit, told["住址"].left) == (True, "有登记，不在此显示")
    assert told["银行账号"].is_lit is False
    assert "邮箱" not in told


def test_r004_a_branch_sees_pairs_within_itself_alone(at_work: Callable[[str], Client]) -> None:
    browser = at_work("service_desk")
    inside = browser.get("/identities/pairs/", BOTH_HERE).context["shown"]
    assert inside.line.left_code == BOTH_HERE["left"]
    assert "王伟" in inside.left.name
    seen = browser.get("/identities/pairs/", ACROSS).context["shown"].line
    assert (seen.left_code, seen.right_code) != tuple(ACROSS.values())
    assert judge(browser, ACROSS, **SAME).status_code == 404
    assert Judgement.objects.count() == 0


def test_r210_a_judgement_leaves_the_queue_at_once_and_the_next_pair_follows(steward: Client) -> None:
    before = steward.get("/identities/pairs/", BOTH_HERE)
    ahead = before.context["ahead"][0]["pair"]
    answer = steward.post("/identities/pairs/judge/", {**BOTH_HERE, **SAME}, headers={"HX-Request": "true"})
    assert answer.context["shown"].line.pk == ahead.pk
    assert answer.context["n"] == before.context["n"] - 1
    (row,) = Judgement.objects.all()
    assert (row.left_code, row.right_code, row.judgement, row.reason, row.state) == (
        "10000006", "10000010", "same", "confirmed", "in_force",
    )  # fmt: skip
    assert (row.by.username, row.run) == ("steward", "000001")
    entry = ENTRY.objects.get(verb="identities.judge_pair")
    assert (entry.actor_name, entry.run, entry.payload["said"]) == ("总部核对", "000001", "same")
    assert ENTRY.objects.filter(verb="identities.read_pair", subject_id="c000006").exists()


def test_r235_an_undone_judgement_stays_on_record_and_the_pair_waits_again(steward: Client) -> None:
    n = steward.get("/identities/pairs/").context["n"]
    judge(steward, BOTH_HERE, judgement="not_same", reason="namesake")
    (row,) = Judgement.objects.all()
    answer = steward.post(f"/identities/pairs/{row.pk}/undo/", follow=True)
    assert answer.context["shown"].line.left_code == BOTH_HERE["left"]
    assert answer.context["n"] == n
    row.refresh_from_db()
    assert (row.state, row.judgement, row.undone_by.username) == ("undone", "not_same", "steward")
    assert steward.post(f"/identities/pairs/{row.pk}/undo/").status_code == 403
    assert ENTRY.objects.filter(verb="identities.undo_judgement", outcome="done").count() == 1


@pytest.mark.parametrize("said", [{"judgement": "same", "reason": "namesake"}, {"judgement": "same"}, {}])
def test_r235_a_judgement_gives_one_of_its_reasons(steward: Client, said: dict[str, str]) -> None:
    answer = judge(steward, BOTH_HERE, **said)
    assert answer.status_code == 403
    assert "请填用途或理由" in answer.content.decode()
    assert Judgement.objects.count() == 0


def test_r210_two_valid_documents_are_not_one_client_by_one_person(
    steward: Client, log_in: Callable[..., Client]
) -> None:
    """M17: refused; with a proof it waits for a second person, who is another."""
    page = steward.get("/identities/pairs/", TWO_DOCUMENTS)
    assert not page.context["shown"].may_be_one
    answer = judge(steward, TWO_DOCUMENTS, **SAME)
    assert answer.status_code == 403
    assert "两个证件号都有效且不同。判「同一人」须附变更证明，由第二人复核。" in answer.content.decode()
    assert ENTRY.objects.filter(verb="identities.judge_pair", outcome="refused", reason="M17").exists()

    judge(steward, TWO_DOCUMENTS, **SAME, proof="派出所变更证明 2024-03，档案柜 3")
    (row,) = Judgement.objects.all()
    assert (row.state, row.in_force_at) == ("proposed", None)
    assert steward.get("/identities/pairs/", TWO_DOCUMENTS).context["shown"].line.left_code != "10000009"

    second = log_in("hq_brokerage")
    text = second.get("/approvals/").content.decode()
    assert "派出所变更证明" in text
    decided = {"decision": "approve", "version": str(row.version)}
    assert second.post(f"/identities/pairs/{row.pk}/second/", decided).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.second_by.username) == ("in_force", "hq_brokerage")
    assert row.in_force_at is not None
    assert ENTRY.objects.filter(verb="identities.agree_same").exists()


@pytest.mark.parametrize(
    ("proposer", "second", "status"),
    [
        ({"display_name": "总部 核对"}, {}, 403),
        ({"staff_code": "S90"}, {}, 403),
        ({"staff_code": "S90"}, {"staff_code": "S90"}, 403),
        ({"staff_code": "S90"}, {"staff_code": "S91"}, 302),
        ({}, {"display_name": "李倩"}, 302),
    ],
)
def test_r210_two_logins_that_may_be_one_person_s_are_not_two_people(
    log_in: Callable[..., Client],
    firm_run: Any,
    proposer: dict[str, str],
    second: dict[str, str],
    status: int,
) -> None:
    """M12: by staff number; a login without one by its name."""
    first = log_in("service_desk", **HEADQUARTERS | proposer)
    judge(first, TWO_DOCUMENTS, **SAME, proof="户口簿")
    (row,) = Judgement.objects.all()
    other = log_in("hq_brokerage", **{"display_name": "总部核对", **second})
    decided = {"decision": "approve", "version": "1"}
    assert other.post(f"/identities/pairs/{row.pk}/second/", decided).status_code == status
    row.refresh_from_db()
    assert row.state == ("in_force" if status == 302 else "proposed")


def test_r210_a_returned_proposal_lets_the_pair_wait_again(
    steward: Client, log_in: Callable[..., Client]
) -> None:
    judge(steward, TWO_DOCUMENTS, **SAME, proof="户口簿")
    (row,) = Judgement.objects.all()
    second = log_in("hq_brokerage")
    decided = {"decision": "return", "reason": "材料看不清", "version": str(row.version)}
    second.post(f"/identities/pairs/{row.pk}/second/", decided)
    row.refresh_from_db()
    assert (row.state, row.second_reason) == ("returned", "材料看不清")
    assert steward.get("/identities/pairs/", TWO_DOCUMENTS).context["shown"].line.left_code == "10000009"


def test_r242_two_people_at_one_pair_the_second_is_told(
    steward: Client, log_in: Callable[..., Client]
) -> None:
    """M25 with the first one's name; one row stands."""
    other = log_in("service_desk", username="other", display_name="李倩", branch_code="HQ")
    assert judge(other, BOTH_HERE, judgement="not_same", reason="related").status_code == 302
    answer = judge(steward, BOTH_HERE, **SAME)
    assert answer.status_code == 403
    assert "李倩" in answer.content.decode()
    assert ENTRY.objects.filter(verb="identities.judge_pair", reason="M25").exists()
    assert Judgement.objects.count() == 1


def test_r210_what_the_run_knew_and_lists_again_may_be_judged_again(steward: Client, firm_run: Any) -> None:
    judge(steward, BOTH_HERE, judgement="unsure", reason="not_enough")
    firm_run.returns_cut = timezone.now()
    firm_run.save()
    page = steward.get("/identities/pairs/", BOTH_HERE)
    assert page.context["shown"].line.left_code == BOTH_HERE["left"]
    judge(steward, BOTH_HERE, **SAME)
    states = dict(Judgement.objects.values_list("judgement", "state"))
    assert states == {"unsure": "followed", "same": "in_force"}
    firm_run.returns_cut = timezone.now()
    firm_run.save()
    said = Judgement.objects.get(judgement="same")
    answer = steward.post(f"/identities/pairs/{said.pk}/undo/")
    assert answer.status_code == 403
    assert "合并历史" in answer.content.decode()


def test_when_all_is_judged_the_page_says_so(steward: Client) -> None:
    while (shown := steward.get("/identities/pairs/").context.get("shown")) is not None:
        pair = {"left": shown.line.left_code, "right": shown.line.right_code}
        judge(steward, pair, judgement="unsure", reason="not_enough")
    assert "都核完了。" in steward.get("/identities/pairs/").content.decode()
    assert steward.get("/identities/pairs/judged/").status_code == 200


def test_r004_other_roles_do_not_judge(at_work: Callable[[str], Client]) -> None:
    browser = at_work("counter")
    assert browser.get("/identities/pairs/").status_code == 403
    assert judge(browser, BOTH_HERE, **SAME).status_code == 403


def test_a_page_of_a_pair_asks_a_bounded_number_of_questions(
    steward: Client, django_assert_max_num_queries: Any
) -> None:
    steward.get("/identities/pairs/")
    with django_assert_max_num_queries(26):
        assert steward.get("/identities/pairs/").status_code == 200


def test_a_pair_within_one_client_is_traced_once_and_may_be_judged(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = PairLine.objects.get(left_code=BOTH_HERE["left"], right_code=BOTH_HERE["right"])
    line.right_client_id = line.left_client_id
    monkeypatch.setattr(queries, "one", lambda *_asked: line)
    assert steward.get("/identities/pairs/", BOTH_HERE).status_code == 200
    entry = ENTRY.objects.get(verb="identities.read_pair")
    assert (entry.subject_id, entry.payload) == ("c000006", {"beside": "c000006"})
    assert judge(steward, BOTH_HERE, **SAME).status_code == 302
    row = Judgement.objects.get()
    assert (row.left_client_id, row.right_client_id, row.state) == ("c000006", "c000006", "in_force")


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "已等 1,257 天"), ("en", "waiting for 1,257 days")]
)
def test_r211_days_of_waiting_are_written_as_other_numbers(
    steward: Client, firm_run: Any, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    line = PairLine.objects.get(left_code=BOTH_HERE["left"], right_code=BOTH_HERE["right"])
    line.waiting_since_on = firm_run.as_of_on - dt.timedelta(days=1257)
    monkeypatch.setattr(queries, "one", lambda *_asked: line)
    User.objects.filter(username="steward").update(language=language)
    assert said in steward.get("/identities/pairs/", BOTH_HERE).content.decode()
