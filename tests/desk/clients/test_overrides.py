"""R030, R090: people may decide a grade against the rules: one proposes, another approves, until a day."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import overrides
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui.models import Notice
from tests.desk.conftest import WORKERS

MINE = "c000009"  # of the team leader's team
UNTIL = dt.date(2099, 12, 31)


def other_grade(client_id: str) -> tuple[str, str]:
    """The grade the run decided and one it did not."""
    now = ClientLine.objects.get(pk=client_id).grade
    return now, "regular" if now != "regular" else "important"


def propose(browser: Client, client_id: str = MINE, **given: Any) -> Any:
    browser.get(f"/clients/{client_id}/")  # from here on this thread reads the generation
    to = f"grade:{other_grade(client_id)[1]}"
    facts = {"to": to, "reason": "客户转入 300 万已确认", "expires_on": UNTIL.isoformat(), **given}
    return browser.post(f"/clients/{client_id}/override/", facts)


def test_a_proposal_waits_and_the_rules_value_stands(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    assert propose(browser).status_code == 302
    row = Override.objects.get()
    assert (row.client_id, row.field, row.state, row.expires_on) == (MINE, "grade", "proposed", UNTIL)
    assert row.from_value == ClientLine.objects.get(pk=MINE).grade
    body = browser.get(f"/clients/{MINE}/").content.decode()
    assert "待审批" in body
    entry = ENTRIES["firm"].objects.get(verb="clients.propose_override")
    assert (entry.subject_id, entry.run, entry.payload["to_value"]) == (MINE, "000001", row.to_value)


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"expires_on": ""}, "改判须有到期日。填好即可提交。"),
        ({"expires_on": "2020-01-01"}, "到期日须晚于今天"),
        ({"reason": " "}, "请填用途或理由，才能继续"),
        ({"to": "grade:nonsense"}, "nonsense"),
    ],
)
def test_r030_what_is_missing_is_said(
    at_work: Callable[[str], Client], given: dict[str, str], sentence: str
) -> None:
    page = propose(at_work("team_leader"), **given)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"expires_on": ""}, "M13"),
        ({"reason": " "}, "M20"),
        ({"expires_on": "2020-01-01"}, "override_end_is_past"),
    ],
)
def test_r199_a_form_that_is_refused_leaves_the_refusal_in_the_log(
    at_work: Callable[[str], Client], given: dict[str, str], reason: str
) -> None:
    """R199: M13 and its kin are refusals like the others: who, about whom, why; an error of typing is none."""
    browser = at_work("team_leader")
    propose(browser, **given)
    entry = ENTRIES["firm"].objects.get(outcome="refused")
    told = (entry.verb, entry.subject_kind, entry.subject_id, entry.reason, entry.actor_role, entry.run)
    assert told == ("clients.propose_override", "client", MINE, reason, "team_leader", "000001")
    assert propose(browser, to="grade:nonsense").status_code == 422
    assert ENTRIES["firm"].objects.filter(outcome="refused").count() == 1


def test_r004_the_form_answers_where_it_stands(at_work: Callable[[str], Client]) -> None:
    """R004: opened beside the card it answers there, as a page of its own on the page."""
    browser = at_work("team_leader")
    address = f"/clients/{MINE}/override/"
    alone = browser.get(address).content.decode()
    assert f'action="{address}"' in alone
    assert f'hx-post="{address}"' not in alone
    refused = propose(browser, expires_on="").content.decode()
    assert "<html" in refused
    assert "改判须有到期日。填好即可提交。" in refused
    beside = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{address}" hx-target="#drawer-body"' in beside
    again = browser.post(address, {"to": "grade:top"}, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{address}" hx-target="#drawer-body"' in again


def test_only_one_waits_for_a_field(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    propose(browser)
    page = propose(browser)
    assert "已有一件改判待审批" in page.content.decode()
    assert Override.objects.count() == 1


@pytest.mark.parametrize("role", ["compliance", "audit", "manager", "counter", "hq_brokerage"])
def test_others_have_no_such_act(at_work: Callable[[str], Client], role: str) -> None:
    browser = at_work(role)
    client_id = "c000000"
    body = browser.get(f"/clients/{client_id}/").content.decode()
    assert "改判…" not in body
    assert propose(browser, client_id).status_code == 403


def decide(browser: Client, row: Override, **given: Any) -> Any:
    facts = {"decision": "approve", "reason": "", "version": row.version, **given}
    return browser.post(f"/clients/overrides/{row.pk}/decide/", facts)


def test_r090_the_head_approves_and_the_card_says_until_when(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    propose(at_work("team_leader"))
    row = Override.objects.get()
    head = log_in("branch_head", **WORKERS["branch_head"])
    head.get(f"/clients/{MINE}/")
    assert decide(head, row).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by.role, row.version) == ("approved", "branch_head", 2)
    assert "2099-12-31" in head.get(f"/clients/{MINE}/").content.decode()
    assert ENTRIES["firm"].objects.filter(verb="clients.approve_override", subject_id=MINE).count() == 1
    told = Notice.objects.get(user_id=row.proposed_by_id)
    assert (told.kind, told.facts["title"]["zh-hans"].split("：")[0]) == ("people.approved", "改判 吴*")


def test_a_notice_quotes_the_proposal_in_the_language_of_its_reader(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    """R235: proposed and decided in English, asked and told in Chinese, and the other way round."""
    leader, head = at_work("team_leader"), log_in("branch_head", **WORKERS["branch_head"])
    User.objects.filter(role="team_leader").update(language="en")
    propose(leader)
    row = Override.objects.get()
    assert "改判 吴*：分级 " in notices_of(head)
    assert decide(head, row).status_code == 302
    assert "Override of 吴*: Grade " in notices_of(leader)
    User.objects.filter(role="team_leader").update(language="zh-hans")
    assert "改判 吴*：分级 " in notices_of(leader)


def notices_of(browser: Client) -> str:
    """What the page of notices tells, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", browser.get("/work/notices/").content.decode()).split())


def test_m12_whoever_proposes_does_not_approve(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    second = make_user("branch_head", username="branch_head2", branch_code="B01", display_name="王琳")
    head = at_work("branch_head")
    propose(head)
    assert Notice.objects.get(user_id=second.pk).kind == "people.asked"
    row = Override.objects.get()
    answer = decide(head, row)
    assert answer.status_code == 403
    assert "须由另一人同意。已通知王琳" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "proposed"


def test_m12_a_second_role_of_the_same_staff_number_does_not_approve_either(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    """Four eyes are two people: the proposer's login as branch head decides nothing of the proposer's."""
    propose(at_work("team_leader"))
    row = Override.objects.get()
    twin = log_in(
        "branch_head", username="twin", branch_code="B01", staff_code=WORKERS["team_leader"]["staff_code"]
    )
    assert decide(twin, row).status_code == 403
    row.refresh_from_db()
    assert row.state == "proposed"


def test_a_decision_binds_to_the_version_that_was_read(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    leader = at_work("team_leader")
    propose(leader)
    row = Override.objects.get()
    assert leader.post(f"/clients/overrides/{row.pk}/withdraw/").status_code == 302
    head = log_in("branch_head", **WORKERS["branch_head"])
    assert decide(head, row).status_code == 403
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_nothing_is_returned_without_a_reason_and_only_ones_own_is_withdrawn(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    propose(at_work("team_leader"))
    row = Override.objects.get()
    head = log_in("branch_head", **WORKERS["branch_head"])
    head.get("/clients/")
    assert decide(head, row, decision="return").status_code == 403
    assert head.post(f"/clients/overrides/{row.pk}/withdraw/").status_code == 403
    assert decide(head, row, decision="return", reason="材料不足").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision_reason) == ("returned", "材料不足")


def test_an_override_out_of_scope_is_unknown(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    propose(at_work("team_leader"))
    row = Override.objects.get()
    stranger = log_in("branch_head", username="far", branch_code="B02")
    stranger.get("/clients/")
    assert decide(stranger, row).status_code == 404
    assert stranger.get("/clients/c000009/override/").status_code == 404
    assert MINE not in stranger.get("/clients/overrides/").content.decode()


def test_it_stands_among_what_waits_for_the_head(
    at_work: Callable[[str], Client], make_user: Callable[..., Any]
) -> None:
    propose(at_work("team_leader"))
    head = make_user("branch_head", **WORKERS["branch_head"])
    waiting = [row for row in approvals.waiting(head) if row.kind == "clients.override"]
    assert len(waiting) == 1
    assert waiting[0].verdict
    assert waiting[0].grounds == "客户转入 300 万已确认"
    assert waiting[0].difference[0][1] != waiting[0].difference[0][2]


def test_the_list_shows_the_teams_overrides_and_what_one_may_withdraw(
    at_work: Callable[[str], Client],
) -> None:
    leader = at_work("team_leader")
    propose(leader)
    body = leader.get("/clients/overrides/?state=proposed").content.decode()
    assert "客户转入 300 万已确认" in body
    assert "/withdraw/" in body
    assert "没有改判。" in leader.get("/clients/overrides/?state=approved").content.decode()


def test_r030_whoever_is_a_moment_too_late_is_told(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R030: two proposals or two decisions in one moment: one counts, the other is told and changes nothing."""
    leader, head = at_work("team_leader"), at_work("branch_head")
    propose(leader)
    monkeypatch.setattr(overrides, "has_waiting", lambda _client, _field: False)
    late = propose(leader)
    assert (late.status_code, Override.objects.count()) == (422, 1)
    assert "已有一件改判待审批" in late.content.decode()
    head.get("/clients/")
    read = Override.objects.get()
    Override.objects.update(state="returned", version=2)
    monkeypatch.setattr(overrides, "one", lambda _user, _pk: read)
    for browser, act in ((head, "decide"), (leader, "withdraw")):
        said = browser.post(
            f"/clients/overrides/{read.pk}/{act}/", {"decision": "approve", "version": read.version}
        )
        assert said.status_code == 403
        assert "已被处理或改动" in said.content.decode()
    assert Override.objects.get().state == "returned"


def test_r231_a_script_pasted_as_grounds_is_only_text(at_work: Callable[[str], Client]) -> None:
    """R231: on the card, in the list and before whoever signs."""
    leader = at_work("team_leader")
    assert propose(leader, reason="<script>alert(1)</script>").status_code == 302
    pages = [leader.get(address).content.decode() for address in (f"/clients/{MINE}/", "/clients/overrides/")]
    assert all("<script>alert(1)" not in page for page in pages)
    assert "&lt;script&gt;alert(1)" in "".join(pages)
