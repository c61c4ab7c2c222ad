"""R210: what was joined can be parted, with the consequences shown before; both acts stay on record."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.exchange.acts import Cut, judgements
from keepwell.desk.identities.models import Judgement, KeptEvent, Split, Verification
from keepwell.desk.work.models import WorkItem
from tests.desk.run_folder import IN_TWO_BRANCHES, facts, token

ENTRY = ENTRIES["firm"]
WHO = facts(IN_TWO_BRANCHES)
CLIENT, HERE, THERE = WHO["client_id"], WHO["record"], "20000057"
PAGE = f"/identities/merges/{CLIENT}/"
SPLIT = f"{PAGE}split/"
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **HEADQUARTERS)


def task(record_code: str, key: str, by: Any) -> WorkItem:
    return WorkItem.objects.create(
        key=key, kind="promise", client_id=CLIENT, record_code=record_code, due_on=dt.date(2026, 11, 27),
        listed_from_on=dt.date(2026, 11, 20), by_id=by.pk, by_name="陈静", opened_at=timezone.now(),
    )  # fmt: skip


def mark_of(page: Any) -> str:
    return page.context["preview"].mark


def test_r210_what_a_score_joined_is_told_field_by_field_the_weightiest_first(steward: Client) -> None:
    page = steward.get(PAGE)
    (told,) = page.context["scored"]
    assert {told["left"], told["right"]} == {HERE, THERE}
    assert [one["weight"] for one in told["evidence"]] == ["+8.1", "+6.4", "+3.2", ""]
    assert "由评分合并，分量以比特计" in page.content.decode()


def test_r210_a_split_is_shown_first_then_recorded_for_the_next_run(
    steward: Client, make_user: Callable[..., Any]
) -> None:
    teller = make_user("counter")
    task(HERE, "promise/1", teller)
    task(THERE, "promise/2", teller)
    assert "20000057" in steward.get(PAGE).content.decode()
    preview = steward.get(SPLIT, {"taken": THERE})
    shown = preview.context["preview"]
    assert (shown.kept.codes, shown.taken.codes) == ([HERE], [THERE])
    assert (shown.kept.n_tasks, shown.taken.n_tasks) == (1, 1)
    assert (shown.kept.n_accounts, shown.taken.n_accounts) == (1, 1)
    assert (shown.kept.has_assignment, shown.taken.has_assignment) == (True, False)
    assert (shown.manager, shown.home) == ("周敏", "解放路营业部")
    assert "下次运行起为两位客户。" in preview.content.decode()
    given = {"taken": THERE, "mark": mark_of(preview), "reason": "entry_mistake", "note": "开户时录错"}
    answer = steward.post(SPLIT, given, follow=True)
    assert "拆分已记录，等下次运行。" in answer.content.decode()
    (row,) = Split.objects.all()
    assert (row.taken, row.kept, row.run, row.by.username) == ([THERE], [HERE], "000001", "steward")
    (said,) = judgements(Cut(timezone.now(), dt.date(2026, 11, 20)))
    assert (said["left_code"], said["right_code"]) == (HERE, THERE)
    assert (said["judgement"], said["judgement_reason"], said["judged_by"]) == (
        "not_same", "entry_mistake", "steward",
    )  # fmt: skip
    assert "录错" not in str(said)
    entry = ENTRY.objects.get(verb="identities.split_client")
    assert (entry.subject_id, entry.payload["taken"]) == (CLIENT, [THERE])


def test_r210_in_what_the_numbers_agree_and_in_what_not_stands_beside_what_joined_them(
    steward: Client, at_work: Callable[[str], Client]
) -> None:
    """Masked for headquarters, who sees no card; in full for the branch."""
    page = steward.get(PAGE)
    told = {one["label"]: one for one in page.context["facts"]}
    assert told["姓名"]["is_agreed"]
    assert not told["手机"]["is_agreed"]
    assert told["姓名"]["chosen"].shown.endswith("*")
    assert "各项资料取自何处" in page.content.decode()
    assert WHO["name"] not in page.content.decode()
    own = {one["label"]: one for one in at_work("service_desk").get(PAGE).context["facts"]}
    assert own["姓名"]["chosen"].shown == WHO["name"]


def test_r210_what_changed_since_the_preview_is_said(steward: Client, make_user: Callable[..., Any]) -> None:
    """M25 with the name of who changed it; nothing is split."""
    preview = steward.get(SPLIT, {"taken": THERE})
    task(HERE, "promise/9", make_user("counter"))
    given = {"taken": THERE, "mark": mark_of(preview), "reason": "related"}
    answer = steward.post(SPLIT, given)
    assert answer.status_code == 403
    assert "陈静" in answer.content.decode()
    assert ENTRY.objects.filter(verb="identities.split_client", outcome="refused", reason="M25").exists()
    assert Split.objects.count() == Judgement.objects.count() == 0


def test_r210_a_split_can_be_taken_back_once(steward: Client) -> None:
    preview = steward.get(SPLIT, {"taken": THERE})
    steward.post(SPLIT, {"taken": THERE, "mark": mark_of(preview), "reason": "namesake"})
    (row,) = Split.objects.all()
    assert f"/splits/{row.pk}/undo/" in steward.get("/identities/merges/").content.decode()
    assert steward.post(f"/identities/splits/{row.pk}/undo/").status_code == 302
    assert list(judgements(Cut(timezone.now(), dt.date(2026, 11, 20)))) == []
    row.refresh_from_db()
    assert row.undone_by.username == "steward"
    assert steward.post(f"/identities/splits/{row.pk}/undo/").status_code == 403
    assert ENTRY.objects.filter(verb="identities.undo_split", outcome="done").count() == 1


def test_r212_the_preview_shows_what_was_verified_and_notices_a_finding_in_between(
    steward: Client, make_user: Callable[..., Any]
) -> None:
    """A finding goes with the customer number that has it right; one made since the preview is M25 with its author."""
    by = make_user("counter", display_name="陈静")
    told = {"client_id": CLIENT, "finding": "one_is_right", "how": "phone", "by": by, "run": "000001"}
    Verification.objects.create(
        conflict_key="a", record_code=THERE, golden_field="phone", at=timezone.now(), **told
    )
    preview = steward.get(SPLIT, {"taken": THERE})
    shown = preview.context["preview"]
    assert [list(part.verified) for part in shown.parts] == [[], [{"fact": "手机", "record_code": THERE}]]
    assert "已核实资料" in preview.content.decode()
    Verification.objects.create(
        conflict_key="b", record_code=HERE, golden_field="occupation", at=timezone.now(), **told
    )
    answer = steward.post(SPLIT, {"taken": THERE, "mark": mark_of(preview), "reason": "related"})
    assert answer.status_code == 403
    assert "陈静" in answer.content.decode()
    assert Split.objects.count() == 0


@pytest.mark.parametrize("taken", [[], [HERE, THERE], ["nothing"]])
def test_r210_a_split_has_two_sides(steward: Client, taken: list[str]) -> None:
    assert "请至少选一个要拆出的客户号" in steward.get(SPLIT, {"taken": taken}).content.decode()
    assert steward.post(SPLIT, {"taken": taken, "reason": "namesake"}).status_code == 403
    assert Split.objects.count() == 0


def test_r210_a_later_split_follows_a_same_and_undoing_it_restores_that(
    steward: Client, make_user: Callable[..., Any]
) -> None:
    by = make_user("hq_brokerage")
    told = {"left_client_id": CLIENT, "right_client_id": CLIENT, "reason": "confirmed", "by": by}
    same = Judgement.objects.create(
        left_code=HERE, right_code=THERE, judgement="same", at=timezone.now(), in_force_at=timezone.now(),
        run="000001", **told,
    )  # fmt: skip
    preview = steward.get(SPLIT, {"taken": THERE})
    steward.post(SPLIT, {"taken": THERE, "mark": mark_of(preview), "reason": "namesake"})
    same.refresh_from_db()
    assert same.state == "followed"
    steward.post(f"/identities/splits/{Split.objects.get().pk}/undo/")
    same.refresh_from_db()
    assert same.state == "in_force"


def test_r004_a_branch_does_not_part_what_concerns_another(at_work: Callable[[str], Client]) -> None:
    browser = at_work("service_desk")
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "须由总部客服处理" in page.content.decode()
    assert browser.get(SPLIT, {"taken": THERE}).status_code == 403
    assert browser.get("/identities/merges/c000003/").status_code == 404
    assert ENTRY.objects.filter(verb="clients.miss_card", subject_id="c000003").exists()


def test_r210_an_old_number_is_found_after_a_merge(steward: Client, firm_run: Any) -> None:
    Anchor.objects.create(
        client_id="cold", born_run="000000", merged_into_id=CLIENT, absent_since_run="000001"
    )
    KeptEvent.objects.create(
        run="000001", on=firm_run.as_of_on, record_code=THERE, from_client_id="cold", to_client_id=CLIENT,
        event="merged", event_reason="judged_same",
    )  # fmt: skip
    for number in ("cold", THERE, HERE, CLIENT):
        answer = steward.post("/identities/merges/", {"number": number})
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE), number
    assert steward.get("/identities/merges/cold/").headers["Location"] == PAGE
    unknown = steward.post("/identities/merges/", {"number": "nobody"})
    assert unknown.status_code == 422
    assert "没有找到，或不在您的范围内" in unknown.content.decode()
    assert "cold" in steward.get(PAGE).content.decode()
    assert "经人工判断为同一人" in steward.get("/identities/merges/").content.decode()


def test_without_any_merge_the_page_says_so(steward: Client) -> None:
    assert "从未合并或拆分。" in steward.get("/identities/merges/").content.decode()


def test_r231_the_card_leads_to_the_merges(at_work: Callable[[str], Client]) -> None:
    assert PAGE in at_work("service_desk").get(f"/clients/{CLIENT}/").content.decode()


def test_r004_a_number_looked_up_in_vain_leaves_a_trace(at_work: Callable[[str], Client]) -> None:
    """Another branch's client is named in the trace; what is no number of the firm is not."""
    browser = at_work("service_desk")
    for number in ("10000003", "330102197405010028"):
        assert browser.post("/identities/merges/", {"number": number}).status_code == 422
    missed = (
        ENTRY.objects.filter(verb="clients.miss_card").order_by("pk").values_list("subject_id", flat=True)
    )
    assert list(missed) == ["c000003", token("id", "330102197405010028")]


@pytest.mark.parametrize("role", ["compliance", "audit"])
def test_r210_compliance_and_audit_read_how_a_client_came_together_and_change_nothing(
    steward: Client, at_work: Callable[[str], Client], role: str
) -> None:
    """R210, R199: by what, by whom, who agreed; the name masked, no button, and a forced split is refused."""
    steward.post(
        SPLIT, {"taken": THERE, "mark": mark_of(steward.get(SPLIT, {"taken": THERE})), "reason": "related"}
    )
    browser = at_work(role)
    page = browser.get(PAGE).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "20000057" in main
    assert WHO["name"] not in page
    assert "亲属或代办关系" in main
    assert "撤销拆分" not in main
    assert 'type="checkbox"' not in main
    assert "/undo/" not in main
    assert browser.post(SPLIT, {"taken": THERE}).status_code == 403
    assert ENTRY.objects.filter(verb="identities.read_merges", actor_role=role).exists()
    assert "/identities/merges/" in page.partition("<main")[0]
