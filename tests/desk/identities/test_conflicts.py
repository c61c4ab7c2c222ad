"""R006, R008, R212, R213: where records disagree somebody finds out with the client, and the next run knows."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.exchange.acts import Cut, verifications
from keepwell.desk.identities.facts import queries, rules, telling
from keepwell.desk.identities.models import (
    GoldenField,
    IdentityConflict,
    LimitedAccount,
    Verification,
)
from keepwell.desk.people.models import User

OPENED = dt.date(2020, 1, 6)
ENTRY = ENTRIES["firm"]
WORK = {"key": "occupations_opposed/c000057/0123456789ab"}
ADDRESSES = {"key": "two_addresses/c000057/0123456789ab"}
ACCOUNTS = {"key": "too_many_accounts/c000057/0123456789ab"}
HERE, THERE = (
    {"key": "number_elsewhere/c000002/0123456789ab"},
    {"key": "number_elsewhere/c000003/0123456789ab"},
)
FOUND = {"finding": "one_is_right", "record": "10000057", "how": "phone", "grounds": "11 月 18 日电话核实"}
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
LIST = "/identities/conflicts/"
ONE = "/identities/conflicts/one/"


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **HEADQUARTERS)


def settle(browser: Client, key: dict[str, str], **given: str) -> Any:
    return browser.post("/identities/conflicts/settle/", {**key, **FOUND, **given})


def keys(browser: Client, **asked: str) -> list[str]:
    return [one["row"].conflict_key for one in browser.get(LIST, asked).context["shown"]]


def test_r213_the_gravest_comes_first_then_the_longest_waiting(steward: Client) -> None:
    shown = [one["row"] for one in steward.get(LIST).context["shown"]]
    assert [row.conflict_key for row in shown] == [
        row.conflict_key
        for row in sorted(shown, key=lambda row: (row.urgency, row.since_on, row.conflict_key))
    ]
    assert len(shown) == IdentityConflict.objects.count()
    assert {row.severity for row in shown} == {"high", "medium"}


def test_r213_one_severity_and_one_kind_of_it_are_listed_and_stay_so_on_the_next_page(
    steward: Client,
) -> None:
    every = [one["row"] for one in steward.get(LIST).context["shown"]]
    assert steward.get(LIST).context["kinds"] == []
    offered = {kind for kind, _label in steward.get(LIST, {"severity": "high"}).context["kinds"]}
    reasons = {row.conflict_reason for row in every if row.severity == "high"}
    assert reasons
    assert reasons <= offered
    for reason in reasons:
        told = steward.get(LIST, {"severity": "high", "kind": reason}).context
        assert {one["row"].conflict_reason for one in told["shown"]} == {reason}
        assert told["query"] == f"severity=high&kind={reason}"
    assert steward.get(LIST, {"severity": "highest", "kind": "x"}).context["query"] == ""
    empty = steward.get(LIST, {"severity": "high", "kind": "two_sexes"})
    assert "没有待核实资料。" in empty.content.decode()


def test_r213_whoever_works_on_one_kind_goes_on_with_that_kind(counter: Client) -> None:
    kind = {"severity": "medium", "kind": "two_phones"}
    (first, *_others) = counter.get(LIST, kind).context["shown"]
    assert first["url"].endswith("&severity=medium&kind=two_phones")
    page = counter.get(first["url"])
    assert page.context["all"] == f"{LIST}?severity=medium&kind=two_phones"
    assert page.context["next"].endswith("&severity=medium&kind=two_phones")
    answer = settle(counter, {"key": first["row"].conflict_key, **kind})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("severity=medium&kind=two_phones")


def test_r004_a_branch_works_on_the_conflicts_of_its_own_clients_alone(counter: Client) -> None:
    found = keys(counter)
    assert WORK["key"] in found
    assert HERE["key"] in found
    assert THERE["key"] not in found
    assert counter.get(ONE, THERE).status_code == 404
    assert settle(counter, THERE).status_code == 404
    assert Verification.objects.count() == 0


def test_r233_headquarters_sees_all_masked_and_leaves_the_finding_out_to_the_branch(steward: Client) -> None:
    assert {HERE["key"], THERE["key"]} <= set(keys(steward))
    text = steward.get(ONE, WORK).content.decode()
    assert "李*" in text
    assert "李强57" not in text
    assert "采纳此值" not in text
    assert settle(steward, WORK).status_code == 403
    assert Verification.objects.count() == 0


def test_r213_both_values_stand_side_by_side_with_number_branch_and_day(counter: Client) -> None:
    page = counter.get(ONE, WORK)
    told = [(value.shown, value.where, value.is_chosen) for value in page.context["values"]]
    assert told == [
        ("无业", "20000057 文三路营业部", True),
        ("自由职业", "10000057 解放路营业部", False),
    ]
    assert ENTRY.objects.filter(verb="identities.read_conflict", subject_id="c000057").exists()


def test_r008_values_that_are_masked_alike_are_told_apart(counter: Client) -> None:
    values = counter.get(ONE, ADDRESSES).context["values"]
    assert [value.shown for value in values] == ["杭州市上城区***"] * 2
    assert [value.rows[0].record_code for value in values] == ["20000057", "10000057"]


def test_r008_of_a_number_under_another_name_the_other_client_is_not_told(counter: Client) -> None:
    text = counter.get(ONE, HERE).content.decode()
    assert "330102********002X" in text
    assert "c000003" not in text
    assert "10000003" not in text


def test_r008_of_a_number_under_another_name_the_branch_to_ask_is_told(counter: Client) -> None:
    page = counter.get(ONE, HERE)
    there = branch_names({"B02"})["B02"]
    assert page.context["elsewhere"] == there
    assert f"另一份档案在{there}" in page.content.decode()
    assert counter.get(ONE, WORK).context["elsewhere"] == ""


def test_r008_where_the_other_file_is_the_branchs_own_it_is_not_sent_to_itself(counter: Client) -> None:
    key = {"key": "number_elsewhere/c000002/0123456789ab"}
    user = User.objects.get(username="counter")
    row = queries.one(user, key["key"])
    assert row is not None
    there = queries.branches_elsewhere(row.client_id)
    assert there == ["B02"]
    user.branch_code = "B02"
    told = telling.opened(row, user)
    assert (told["elsewhere"], told["is_elsewhere_here"]) == ("", True)
    assert counter.get(ONE, key).context["is_elsewhere_here"] is False


def test_r212_a_value_adopted_leaves_the_list_is_audited_and_comes_back_to_the_run(
    counter: Client, firm_run: Any
) -> None:
    before = len(keys(counter))
    answer = settle(counter, WORK)
    assert answer.status_code == 302
    assert "conflicts/one/?key=" in answer.headers["Location"]
    assert len(keys(counter)) == before - 1
    (row,) = Verification.objects.all()
    assert (row.record_code, row.finding, row.how, row.state, row.by.username) == (
        "10000057", "one_is_right", "phone", "in_force", "counter",
    )  # fmt: skip
    entry = ENTRY.objects.get(verb="identities.settle_conflict")
    assert (entry.subject_id, entry.payload["record"], entry.run) == ("c000057", "10000057", "000001")
    now = timezone.now()
    (told,) = verifications(Cut(now, timezone.localdate(now)))
    assert (told["record_code"], told["golden_field"], told["conflict_key"], told["finding"]) == (
        "10000057", "occupation", WORK["key"], "one_is_right",
    )  # fmt: skip
    assert "grounds" not in told


def test_r212_which_value_was_adopted_is_told_on_the_conflict_and_in_the_record_of_due_diligence(
    counter: Client, steward: Client
) -> None:
    settle(counter, WORK)
    page = counter.get(ONE, WORK)
    assert (page.context["finding"]["adopted"], page.context["said"][0]["adopted"]) == ("自由职业",) * 2
    text = page.content.decode()
    assert "自由职业</span>" in text.partition("kw-split-note")[2].partition("</div>")[0]
    row = next(part for part in text.split("<tr data-row>")[1:] if "自由职业" in part)
    assert "下次运行生效" in row.partition("</th>")[0]
    card = steward.get("/identities/merges/c000057/").context["diligence"]
    assert [one["adopted"] for one in card] == ["自由职业"]


def test_r212_what_was_not_found_out_and_what_is_all_right_adopts_no_value(counter: Client) -> None:
    settle(counter, WORK, finding="not_reached")
    settle(counter, WORK, finding="all_are_right")
    assert [one["adopted"] for one in counter.get(ONE, WORK).context["said"]] == ["", ""]


def test_r213_a_finding_is_taken_back_from_where_it_is_told_and_the_list_stays_narrowed(
    counter: Client,
) -> None:
    kind = {"severity": "medium", "kind": "two_phones"}
    (first, *_others) = counter.get(LIST, kind).context["shown"]
    key = {"key": first["row"].conflict_key}
    settle(counter, {**key, **kind})
    row = Verification.objects.get()
    toast = counter.get(LIST).content.decode().partition("data-undo")[0].rpartition("<form")[2]
    assert f"/identities/conflicts/{row.pk}/undo/" in toast
    assert 'name="kind" value="two_phones"' in toast
    answer = counter.post(f"/identities/conflicts/{row.pk}/undo/", kind)
    assert answer.headers["Location"].endswith("severity=medium&kind=two_phones")


def test_r212_nobody_reached_is_noted_and_the_conflict_waits_on(counter: Client) -> None:
    settle(counter, WORK, finding="not_reached", record="", how="visit")
    assert WORK["key"] in keys(counter)
    said = counter.get(ONE, WORK).context["said"][0]["row"]
    assert (said.finding, said.how, said.state) == ("not_reached", "visit", "noted")
    assert ENTRY.objects.filter(verb="identities.try_conflict").count() == 1
    now = timezone.now()
    assert list(verifications(Cut(now, timezone.localdate(now)))) == []


def test_r235_a_finding_is_taken_back_once_and_both_acts_stay(counter: Client) -> None:
    settle(counter, WORK)
    (row,) = Verification.objects.all()
    assert counter.post(f"/identities/conflicts/{row.pk}/undo/").status_code == 302
    assert WORK["key"] in keys(counter)
    assert counter.post(f"/identities/conflicts/{row.pk}/undo/").status_code == 403
    row.refresh_from_db()
    assert (row.state, row.undone_by.username) == ("undone", "counter")
    assert settle(counter, WORK, finding="all_are_right").status_code == 302


def test_r235_somebody_else_settled_it_meanwhile(counter: Client, at_work: Callable[[str], Client]) -> None:
    """M25: whoever comes second reads it again."""
    settle(at_work("service_desk"), WORK)
    answer = settle(counter, WORK)
    assert answer.status_code == 403
    assert Verification.objects.count() == 1


@pytest.mark.parametrize(
    "missing",
    [
        {"grounds": " "},
        {"record": "99999999"},
        {"record": ""},
        {"how": "rumour"},
        {"finding": ""},
    ],
)
def test_r212_a_finding_says_how_on_what_grounds_and_which_value(
    counter: Client, missing: dict[str, str]
) -> None:
    """M20."""
    assert settle(counter, WORK, **missing).status_code == 403
    assert Verification.objects.count() == 0


def test_r223_accounts_beyond_the_limit_are_confirmed_as_really_needed(
    counter: Client, at_work: Callable[[str], Client]
) -> None:
    page = counter.get(ONE, ACCOUNTS)
    told = [(value.shown, value.remark, value.rows[0].is_idle) for value in page.context["values"]]
    within = "按开户先后，在上限之内"
    assert told == [
        ("上海 普通账户 尾号 0571", within, False),
        ("上海 普通账户 尾号 0572", within, True),
        ("上海 普通账户 尾号 0573", within, False),
        ("上海 普通账户 尾号 0574", "限户规定施行前开立：客户确有需要的可保留", False),
    ]
    assert "确有需要" in page.content.decode()
    assert settle(counter, ACCOUNTS).status_code == 403  # of accounts none is "the right one"
    assert settle(counter, ACCOUNTS, finding="all_are_right").status_code == 302
    assert ACCOUNTS["key"] not in keys(counter)
    now = timezone.now()
    (row,) = verifications(Cut(now, timezone.localdate(now)))
    assert (row["golden_field"], row["finding"]) == (None, "all_are_right")
    card = at_work("team_leader").get("/clients/c000057/accounts/").content.decode()
    assert "同一市场同类账户超过上限" in card
    assert "在休眠清单" in card
    record = card.partition("核实记录")[2].partition("</section>")[0]
    assert "确有需要" in record
    assert "11 月 18 日电话核实" in record


def test_r223_what_was_opened_beyond_the_limit_is_not_kept_as_needed() -> None:
    row = LimitedAccount(
        client_id="c", market="sh", securities_account_code="A1", account_kind="normal", account_code="8",
        record_code="1", branch_code="B01", opened_on=OPENED, nth=4, n_open=4, limit_reason="over", is_idle=False,
    )  # fmt: skip
    (value,) = telling.beyond([row], {})
    assert value.is_over
    verdict = rules.may_keep(is_over=value.is_over)
    assert not verdict
    assert "销户" in verdict.in_language("zh")


def test_r006_the_value_that_counts_comes_first_with_the_record_it_is_taken_from() -> None:
    """Also where others, with lower numbers, agree with it."""
    facts = {"client_id": "c", "golden_field": "occupation", "branch_code": "B01", "known_on": OPENED,
             "is_in_force": True, "golden_reason": "latest"}  # fmt: skip
    rows = [
        GoldenField(**facts, record_code=code, standing=standing, shown_value=value, value_mark=value)
        for code, standing, value in (
            ("1", "differs", "doctor"), ("2", "agrees", "teacher"), ("3", "chosen", "teacher"),
            ("4", "differs", "doctor"), ("5", "differs", "doctor"),
        )
    ]  # fmt: skip
    counts, gives_way = telling.values(rows, {"B01": "解放路"}, names=True)
    assert counts.is_chosen
    assert [row.record_code for row in counts.rows] == ["3", "2"]
    assert counts.briefly == "3 解放路 等 2 个客户号"
    assert len(gives_way.rows) == 3


@pytest.mark.parametrize("role", ["manager", "team_leader", "compliance", "hq_brokerage", "admin"])
def test_r199_other_roles_have_no_such_page(role: str, at_work: Callable[[str], Client]) -> None:
    assert at_work(role).get(LIST).status_code == 403


def test_r199_the_branch_head_reads_what_may_be_put_off_and_settles_nothing(
    at_work: Callable[[str], Client],
) -> None:
    head = at_work("branch_head")
    assert head.get(ONE, WORK).status_code == 200
    assert settle(head, WORK).status_code == 403


def test_r006_the_card_tells_where_each_value_comes_from(at_work: Callable[[str], Client]) -> None:
    page = at_work("team_leader").get("/clients/c000057/accounts/")
    text = page.content.decode()
    assert "各项资料取自何处" in text
    assert 'href="#sources"' in text
    assert "20000057 文三路营业部" in text
    assert "资料最新" in text
    assert "职业互相矛盾" in text
    assert "identities/conflicts" not in text  # a leader has no such page, so no way there


def test_r233_the_card_of_one_number_says_nothing_of_sources(at_work: Callable[[str], Client]) -> None:
    text = at_work("manager").get("/clients/c000000/accounts/").content.decode()
    assert "各项资料取自何处" not in text
    assert "#sources" not in text


def test_r006_names_and_births_are_masked_on_the_card_for_those_who_see_no_names(
    at_work: Callable[[str], Client],
) -> None:
    text = at_work("compliance").get("/clients/c000057/accounts/").content.decode()
    assert "李*" in text
    assert "1974-**-**" in text
    assert "李强57" not in text


def test_r213_the_work_list_is_walked_one_after_the_other(
    steward: Client, make_user: Callable[..., Any]
) -> None:
    user = make_user("service_desk", username="other", branch_code="HQ")
    rows = list(queries.waiting(user).order_by(*queries.ORDER))
    for row, following in pairwise(rows):
        found = queries.following(user, row)
        assert found is not None
        assert found.conflict_key == following.conflict_key
