"""R052, R054, R059, R060, R194, R199: what somebody could try with a plan, by hand or at the wrong moment."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books import plan_rows
from keepwell.desk.books.acted import Objection, Plan, PlanMove, Tie
from keepwell.desk.books.handed import HandOver
from keepwell.desk.clients.models import Place
from keepwell.desk.ui.jobs_running import work_off

THE_DAY = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)
Sit = Callable[[str], Client]


@pytest.fixture
def sit(at_work: Sit) -> Sit:
    """Each role logs in once."""
    seated: dict[str, Client] = {}

    def go(role: str) -> Client:
        if role not in seated:
            seated[role] = at_work(role)
        return seated[role]

    return go


@pytest.fixture
def plan(sit: Sit) -> Plan:
    """A plan in review, taken up by the leader."""
    assert sit("team_leader").post("/books/plan/open/").status_code == 302
    return Plan.objects.get()


@pytest.fixture
def sent(sit: Sit, plan: Plan) -> Plan:
    assert sit("team_leader").post(f"/books/plan/{plan.pk}/agree/").status_code == 302
    plan.refresh_from_db()
    return plan


def decide(browser: Client, plan: Plan, **more: Any) -> Any:
    facts = {"decision": "approve", "version": plan.version, **more}
    return browser.post(f"/books/plan/{plan.pk}/decide/", facts)


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the newest run say that somebody may look after nobody."""
    return lambda code: monkeypatch.setattr(plan_rows, "barred", lambda _branch: {code})


def test_r053_barred_is_who_has_gone_or_has_no_valid_licence_by_the_newest_run(sit: Sit) -> None:
    assert sit("branch_head").get("/books/plans/").status_code == 200  # reads the run
    assert plan_rows.barred("B01") == {"S14"}
    assert plan_rows.barred("B02") == {"S08"}


def test_r052_nobody_stays_with_or_is_fixed_to_whoever_may_serve_nobody(
    sit: Sit, plan: Plan, bar: Callable[[str], None]
) -> None:
    leader = sit("team_leader")
    stays, fixed = plan.moves.filter(from_code="S02").order_by("pk")[:2]
    address = f"/books/plan/client/{fixed.pk}/"
    assert leader.post(f"{address}change/", {"to": "S02", "reason": "熟悉"}).status_code == 302
    bar("S02")
    refused = leader.post(f"/books/plan/client/{stays.pk}/change/", {"to": "S02", "reason": "熟悉"})
    assert refused.status_code == 403
    assert "不能接收客户" in refused.content.decode()
    pin = {"kind": "pin", "staff_code": "S02", "reason": "熟悉"}
    assert leader.post(f"{address}tie/", pin).status_code == 403
    assert not Tie.objects.exists()


def test_r002_no_client_is_left_to_nobody_by_hand(sit: Sit, plan: Plan) -> None:
    move = plan.moves.order_by("pk")[0]
    PlanMove.objects.filter(pk=move.pk).update(from_code="")
    answer = sit("team_leader").post(f"/books/plan/client/{move.pk}/change/", {"to": "", "reason": "不要"})
    assert answer.status_code == 403


def test_r052_a_run_after_the_signature_keeps_clients_from_whoever_may_serve_nobody_by_then(
    sit: Sit, sent: Plan, bar: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert decide(sit("branch_head"), sent).status_code == 302
    before = dict(
        Place.objects.filter(pk__in=sent.moves.values("client_id")).values_list("pk", "manager_code")
    )
    bar("S01")
    monkeypatch.setattr(timezone, "now", lambda: THE_DAY)
    work_off()
    sent.refresh_from_db()
    assert sent.state == Plan.State.DONE
    assert not sent.moves.filter(is_moved=True, to_code="S01").exists()
    to_them = sent.moves.filter(to_code="S01").values_list("client_id", flat=True)
    after = dict(Place.objects.filter(pk__in=to_them).values_list("pk", "manager_code"))
    assert after == {pk: before[pk] for pk in after}
    open_sheets = HandOver.objects.filter(plan=sent, to_code="S01").exclude(state=HandOver.State.VOID)
    assert not open_sheets.exists()


def test_r194_whoever_opened_changed_or_sent_a_plan_does_not_sign_it_by_hand(sit: Sit, plan: Plan) -> None:
    head = sit("branch_head")
    move = plan.moves.filter(from_code="S02").order_by("pk")[0]
    assert (
        head.post(f"/books/plan/client/{move.pk}/change/", {"to": "S03", "reason": "股票"}).status_code == 302
    )
    sit("team_leader").post(f"/books/plan/{plan.pk}/agree/")
    plan.refresh_from_db()
    refused = decide(head, plan)
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M12").exists()
    assert decide(sit("team_leader"), plan).status_code == 403
    plan.refresh_from_db()
    assert plan.state == Plan.State.OBJECTIONS


def test_r194_two_who_sign_at_once_sign_once_and_a_signed_plan_is_not_returned(sit: Sit, sent: Plan) -> None:
    head = sit("branch_head")
    assert decide(head, sent).status_code == 302
    assert decide(head, sent).status_code == 403
    assert decide(head, sent, decision="return", reason="反悔").status_code == 403
    assert FirmEntry.objects.filter(verb="books.approve_plan", outcome="done").count() == 1
    assert HandOver.objects.filter(plan=sent).count() == sent.moves.count()


def test_r054_one_branch_has_one_open_plan_whoever_presses_twice(sit: Sit, plan: Plan) -> None:
    for role in ("team_leader", "branch_head"):
        assert sit(role).post("/books/plan/open/").status_code == 403
    assert Plan.objects.count() == 1


def test_r060_an_objection_bears_the_name_of_whoever_is_logged_in(sit: Sit, sent: Plan) -> None:
    manager = sit("manager")
    move = sent.moves.filter(from_code="S02").order_by("pk")[0]
    forged = {"reason": "不同意", "whose": "manager", "staff_code": "S03", "by": "1", "by_name": "周航"}
    assert manager.post(f"/books/plan/client/{move.pk}/object/", forged).status_code == 302
    row = Objection.objects.get()
    assert (row.staff_code, row.by_name) == ("S02", manager.get("/me/").context["user"].display_name)
    assert (
        manager.post(f"/books/plan/client/{move.pk}/object/", forged).status_code == 403
    )  # one waits already
    foreign = sent.moves.exclude(from_code="S02").exclude(to_code="S02").exclude(proposed_code="S02")
    for other in foreign[:1]:
        assert manager.post(f"/books/plan/client/{other.pk}/object/", forged).status_code == 404


def test_r199_hand_over_sheets_and_profiles_of_another_branch_are_unknown(
    sit: Sit, sent: Plan, log_in: Callable[..., Client]
) -> None:
    assert decide(sit("branch_head"), sent).status_code == 302
    sheet = HandOver.objects.filter(plan=sent).order_by("pk")[0]
    far = log_in("branch_head", username="far", staff_code="S07", branch_code="B02")
    for address in (
        f"/books/handovers/{sheet.pk}/",
        "/books/profiles/of/S02/",
        f"/books/plan/{sent.pk}/proof/",
    ):
        assert far.get(address).status_code == 404, address
    for act in ("give", "take", "back", "letter"):
        assert far.post(f"/books/handovers/{sheet.pk}/{act}/", {"note": "x"}).status_code == 404, act
    assert far.post(f"/books/plan/{sent.pk}/notice/").status_code == 404
    assert (
        far.post(f"/books/plan/{sent.pk}/decide/", {"decision": "return", "reason": "x"}).status_code == 404
    )
