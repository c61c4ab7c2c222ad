"""R199, R235: roles are given by two administrators, ended by one; covers are set by leaders and end by themselves."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import AmlEntry, FirmEntry
from keepwell.desk.clients.models import Place
from keepwell.desk.people import approvals, rules
from keepwell.desk.people.models import Cover, Grant, User
from keepwell.desk.people.permissions import TEXTS
from keepwell.desk.people.roles import ROLES
from keepwell.policy.packs import DEFAULTS
from tests.desk.clients.test_scope import expected
from tests.desk.conftest import PASSWORD, WORKERS

Enter = Callable[..., Client]
NEW = {
    "username": "liqian2",
    "display_name": "李倩",
    "staff_code": "S02",
    "role": "manager",
    "reason": "新入职",
}


@pytest.fixture
def two(log_in: Enter, firm_run: Any) -> tuple[Client, Client]:
    """The browsers of two administrators."""
    return log_in("admin"), log_in("admin", username="admin2", display_name="王琳")


def the_grant() -> Grant:
    return Grant.objects.latest("pk")


def decide(browser: Client, how: str = "approve", **facts: Any) -> Any:
    grant = the_grant()
    posted = {"decision": how, "reason": "核对过", "version": grant.version, **facts}
    return browser.post(f"/people/grants/{grant.pk}/decide/", posted)


def test_r235_a_new_login_is_proposed_by_one_and_given_by_another(two: tuple[Client, Client]) -> None:
    first, second = two
    assert first.post("/people/new/", NEW).status_code == 302
    assert not User.objects.filter(username="liqian2").exists()
    (waits,) = approvals.waiting(User.objects.get(username="admin2"))
    assert "李倩 (liqian2)" in str(waits.title)
    assert waits.grounds == "新入职"
    given = decide(second)
    user = User.objects.get(username="liqian2")
    assert (user.role, user.staff_code, user.branch_code, user.team_code) == ("manager", "S02", "B01", "T01")
    secret = given.context["given"][0][1]
    assert secret in given.content.decode()
    assert user.check_password(secret)
    assert user.must_change_password
    entry = FirmEntry.objects.get(verb="people.grant_role")
    assert entry.payload["proposed_by"] == "admin"
    assert secret not in str(list(FirmEntry.objects.values_list("payload", flat=True)))


def test_r235_the_proposer_does_not_approve(two: tuple[Client, Client]) -> None:
    first, _second = two
    first.post("/people/new/", NEW)
    refused = decide(first)
    assert refused.status_code == 403
    assert "您是提出人，须由另一人同意。已通知王琳" in refused.content.decode()
    assert FirmEntry.objects.filter(verb="people.decide_grant", outcome="refused", reason="M12").exists()
    assert not User.objects.filter(username="liqian2").exists()


def test_r235_nobody_gives_oneself_a_role(two: tuple[Client, Client]) -> None:
    first, _second = two
    me = User.objects.get(username="admin")
    asked = first.post(f"/people/{me.pk}/role/", {**NEW, "role": "hq_brokerage"})
    assert asked.status_code == 403
    assert "不能给自己加角色" in asked.content.decode()
    assert not Grant.objects.exists()


def test_r235_a_decision_binds_to_what_was_read_and_is_taken_once(two: tuple[Client, Client]) -> None:
    first, second = two
    first.post("/people/new/", NEW)
    assert decide(second, version=7).status_code == 403
    assert decide(second, "return").status_code == 302
    assert the_grant().state == "returned"
    again = second.post(f"/people/grants/{the_grant().pk}/decide/", {"decision": "approve", "version": 2})
    assert again.status_code == 403
    assert "这件申请已有结果" in again.content.decode()


def test_r235_the_proposer_withdraws_while_it_waits_and_may_propose_anew(two: tuple[Client, Client]) -> None:
    first, second = two
    first.post("/people/new/", NEW)
    grant = the_grant()
    address = f"/people/grants/{grant.pk}/withdraw/"
    assert address in first.get("/people/").content.decode()
    assert address not in second.get("/people/").content.decode()
    assert second.post(address).status_code == 403  # somebody else's: returned, not withdrawn
    assert first.post(address).status_code == 302
    assert the_grant().state == "withdrawn"
    done = FirmEntry.objects.filter(verb="people.withdraw_grant", outcome="done")
    assert [entry.subject_id for entry in done] == ["liqian2"]
    assert [decide(second, version=version).status_code for version in (1, 2)] == [403, 403]
    assert first.post(address).status_code == 403
    assert not User.objects.filter(username="liqian2").exists()
    assert first.post("/people/new/", NEW).status_code == 302


def test_r199_a_login_without_its_scope_or_taken_is_not_proposed(two: tuple[Client, Client]) -> None:
    first, _second = two
    unplaced = first.post("/people/new/", {**NEW, "staff_code": "", "role": "branch_head"})
    assert unplaced.status_code == 422
    taken = first.post("/people/new/", {**NEW, "username": "admin2"})
    assert taken.status_code == 422
    assert "admin2 已存在" in str(taken.context["form"].errors["username"])
    assert first.post("/people/new/", {**NEW, "username": "x\0y"}).status_code in {302, 422}
    first.post("/people/new/", NEW)
    assert "已有一件申请待审批" in first.post("/people/new/", NEW).content.decode()


def test_r199_another_role_holds_from_the_next_page_on(two: tuple[Client, Client], log_in: Enter) -> None:
    first, second = two
    theirs = log_in("manager", **WORKERS["manager"])
    person = User.objects.get(username="manager")
    first.post(f"/people/{person.pk}/role/", {**NEW, "role": "adviser"})
    assert decide(second).status_code == 302
    person.refresh_from_db()
    assert person.role == "adviser"
    assert theirs.get("/clients/").status_code == 200
    assert person.check_password(PASSWORD)


def test_r199_disabling_cuts_the_session_and_hands_the_clients_to_the_leader(
    two: tuple[Client, Client], log_in: Enter
) -> None:
    first, _second = two
    theirs = log_in("manager", **WORKERS["manager"])
    leader = log_in("team_leader", **WORKERS["team_leader"])
    person, held = User.objects.get(username="manager"), expected("manager")
    preview = first.get(f"/people/{person.pk}/disable/").content.decode()
    assert f"{len(held)} 位客户转给周敏" in preview
    assert "件任务转给周敏" in preview
    assert first.post(f"/people/{person.pk}/disable/", {"reason": "离职"}).status_code == 302
    assert theirs.get("/clients/").status_code == 302
    assert theirs.post("/login/", {"username": "manager", "password": PASSWORD}).status_code == 422
    assert (
        set(Place.objects.filter(manager_code="S01", grounds="leaver").values_list("pk", flat=True)) == held
    )
    assert leader.get("/clients/c000000/").status_code == 200
    entry = FirmEntry.objects.get(verb="people.disable")
    assert (entry.subject_id, entry.payload["reason"]) == ("manager", "离职")


def test_r199_the_last_administrator_stays(log_in: Enter, firm_run: Any) -> None:
    browser = log_in("admin")
    me = User.objects.get()
    refused = browser.post(f"/people/{me.pk}/disable/")
    assert refused.status_code == 403
    assert "这是最后一位管理员。先新建一位，再停用。" in refused.content.decode()
    assert User.objects.get().is_active
    row = {"username": "admin", "role": "manager"}
    assert rules.keeps_administrator(row).reason == "last_administrator"


def test_r199_whoever_the_staff_file_says_has_left_logs_in_no_more(
    firm_run: Any, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    from keepwell.desk.clients.models import Staff
    from keepwell.desk.exchange import folders, intake

    leaver, stays = make_user("manager", **WORKERS["manager"]), make_user("adviser", **WORKERS["adviser"])
    gone = Staff.objects.filter(pk="S02")
    monkeypatch.setattr(intake, "leavers", lambda _on: ["S02"])
    monkeypatch.setattr(intake, "left_by", lambda _on: list(gone.values_list("pk", flat=True)))
    run = folders.RunFolder(folders.runs_folder() / firm_run.run_id)
    intake._let_leavers_go(run, timezone.now())
    leaver.refresh_from_db()
    stays.refresh_from_db()
    assert (leaver.is_active, stays.is_active) == (False, True)
    assert FirmEntry.objects.get(verb="people.disable").actor_name == ""
    assert not Place.objects.filter(manager_code="S02").exists()


def test_r235_a_staff_file_is_compared_row_by_row_and_proposed_as_one(two: tuple[Client, Client]) -> None:
    first, second = two
    rows = [
        "staff_code,staff_name,role,branch_code,team_code",
        "S02,李倩,manager,,",
        "S03,周航,manager,B01,T02",
        "S98,新人,counter,,",
        "S97,新人,boss,B01,",
        "S02,李倩,manager,,",
    ]
    shown = first.post("/people/file/", {"file": named("staff.csv", "\n".join(rows).encode("gb18030"))})
    assert [line.result for line in shown.context["lines"]] == ["new", "new", "wrong", "wrong", "wrong"]
    assert "投资顾问" in shown.context["lines"][1].differs
    first.post("/people/file/propose/")
    assert the_grant().kind == "file"
    assert [row["username"] for row in the_grant().rows] == ["S02", "S03"]
    given = decide(second)
    assert [user.team_code for user, _secret in given.context["given"]] == ["T01", "T02"]
    again = first.post("/people/file/", {"file": named("staff.csv", "\n".join(rows[:3]).encode())})
    assert [line.result for line in again.context["lines"]] == ["same", "same"]


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.csv", b"code,name\n1,2\n"),
        ("a.xlsx", b"no excel"),
        ("a.csv", b"\xff\xfe\x81"),
        ("a.csv", b"x" * 1_000_001),
    ],
)
def test_r230_a_staff_file_that_cannot_be_read_is_told(
    two: tuple[Client, Client], name: str, content: bytes
) -> None:
    answer = two[0].post("/people/file/", {"file": named(name, content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def cover(browser: Client, **facts: Any) -> Any:
    ids = {user.username: user.pk for user in User.objects.all()}
    day = timezone.localdate()
    given = {
        "covered": ids["adviser"], "covering": ids["manager"], "from_on": day.isoformat(),
        "until_on": (day + dt.timedelta(days=4)).isoformat(), "reason": "休假", **facts,
    }  # fmt: skip
    return browser.post("/people/covers/", given)


def test_r199_a_branch_head_sets_a_cover_and_the_scope_follows(at_work: Callable[[str], Client]) -> None:
    manager, head = at_work("manager"), at_work("branch_head")
    at_work("adviser")
    assert manager.get("/clients/c000002/").status_code == 404
    assert cover(head).status_code == 302
    assert manager.get("/clients/c000002/").status_code == 200
    entry = FirmEntry.objects.get(verb="people.cover")
    assert (entry.subject_id, entry.payload["covered"]) == ("manager", "S03")
    head.post(f"/people/covers/{Cover.objects.get().pk}/end/")
    assert manager.get("/clients/c000002/").status_code == 404


def test_r199_a_cover_has_a_signed_end(
    at_work: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    """R199: to the last signed day and no longer; the refusal names number and day; the firm's own pack counts."""
    head = at_work("branch_head")
    for role in ("manager", "adviser"):
        at_work(role)
    today = timezone.localdate()
    too_long = cover(head, until_on=(today + dt.timedelta(days=91)).isoformat())
    assert too_long.status_code == 422
    said = str(too_long.context["form"].errors["until_on"])
    assert f"代管最长 90 天，至 {today + dt.timedelta(days=90)}" in said
    assert FirmEntry.objects.get(outcome="refused").reason == "cover_too_long"
    assert cover(head, until_on="9999-12-31").status_code == 422
    assert not Cover.objects.exists()
    assert cover(head, until_on=(today + dt.timedelta(days=90)).isoformat()).status_code == 302

    signed = (DEFAULTS / "people.toml").read_text(encoding="utf-8")
    (tmp_path / "people.toml").write_text(signed.replace("_most = 90", "_most = 7"), encoding="utf-8")
    settings.FIRM_PACKS = tmp_path
    assert f'max="{today + dt.timedelta(days=7)}"' in head.get("/people/covers/").content.decode()
    eight = (today + dt.timedelta(days=8)).isoformat()
    assert "代管最长 7 天" in cover(head, until_on=eight).content.decode()


def test_r199_covers_stay_within_the_leaders_scope(at_work: Callable[[str], Client]) -> None:
    at_work("manager")
    at_work("adviser")
    leader, head = at_work("team_leader"), at_work("branch_head")
    assert cover(leader).status_code == 422  # the adviser is of another team, so not among the choices
    manager = User.objects.get(username="manager").pk
    themselves = cover(head, covered=manager)
    assert themselves.status_code == 422
    assert "不能由本人代管本人" in str(themselves.context["form"].errors["covering"])
    assert FirmEntry.objects.get(outcome="refused").reason == "cover_of_oneself"
    assert cover(head, until_on="2020-01-01").status_code == 422
    assert cover(head).status_code == 302
    assert "已代管此人" in cover(head).content.decode()
    assert leader.post(f"/people/covers/{Cover.objects.get().pk}/end/").status_code in {302, 404}


def test_r239_an_aml_officers_acts_stay_in_their_own_log(two: tuple[Client, Client], log_in: Enter) -> None:
    officer = log_in("aml_branch", **WORKERS["aml_branch"])
    before = FirmEntry.objects.count()
    officer.get("/clients/")
    officer.get("/people/")
    assert FirmEntry.objects.count() == before
    assert AmlEntry.objects.filter(verb="people.staff", outcome="refused").exists()


def test_r199_the_pages_of_people_and_roles_show_what_holds(
    two: tuple[Client, Client], log_in: Enter
) -> None:
    log_in("manager", **WORKERS["manager"])
    first, _second = two
    people = first.get("/people/?q=man").content.decode()
    assert "解放路营业部" in people
    assert "admin2" not in people
    assert "没有符合的人员" in first.get("/people/?q=zzz").content.decode()
    roles = first.get("/people/roles/")
    assert len(roles.context["columns"]) == 13  # twelve, and the service desk of headquarters beside its role
    assert "待我审批" in roles.content.decode()


def test_r199_every_permission_is_told_in_words() -> None:
    held = {name for profile in ROLES.values() for name in profile.permissions}
    assert sorted(held - set(TEXTS)) == []


def test_r235_nobody_gets_a_role_by_another_login_or_another_spelling(two: tuple[Client, Client]) -> None:
    """R235: one's own login in capitals, and a second login of one's own staff number, are oneself."""
    first, second = two
    rows = "staff_code,staff_name,role,branch_code,team_code\nADMIN2,王琳,manager,B01,T01"
    first.post("/people/file/", {"file": named("staff.csv", rows.encode())})
    assert "ADMIN2 已存在" in first.post("/people/file/propose/").content.decode()
    User.objects.filter(username="admin2").update(staff_code="S02")
    assert first.post("/people/new/", NEW).status_code == 302
    assert "不能给自己加角色" in decide(second).content.decode()
    User.objects.filter(username="admin").update(staff_code="S02")
    assert decide(second, version=1).status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M12").exists()
    assert not User.objects.filter(username="liqian2").exists()


def test_r235_a_proposal_is_read_again_when_the_login_was_ended_meanwhile(
    two: tuple[Client, Client], log_in: Enter
) -> None:
    """R235: a role proposed for a login that was disabled since does not open it unread."""
    first, second = two
    log_in("manager", **WORKERS["manager"])
    person = User.objects.get(username="manager")
    first.post(f"/people/{person.pk}/password/", {"reason": "忘记"})
    first.post(f"/people/{person.pk}/disable/", {"reason": "离职"})
    assert decide(second, version=1).status_code == 403
    person.refresh_from_db()
    assert not person.is_active


def test_r199_a_cover_ends_with_the_place_it_was_given_for(
    at_work: Callable[[str], Client], two: tuple[Client, Client]
) -> None:
    """R199: who moves to another branch covers nobody there any more."""
    manager, head = at_work("manager"), at_work("branch_head")
    at_work("adviser")
    assert cover(head).status_code == 302
    person = User.objects.get(username="manager")
    moved = {**NEW, "display_name": person.display_name, "branch_code": "B02", "team_code": "T03"}
    two[0].post(f"/people/{person.pk}/role/", moved)
    assert decide(two[1]).status_code == 302
    assert manager.get("/clients/c000002/").status_code == 404
