"""R194, R199, R241, R242: what leaders propose and branch heads decide, and where it is refused."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, two_looks, was_refused
from tests.browser.rest import at_rest

GROUNDS = "客户转入 300 万，已核实"
# Clients of the leader's team and of the branch: for each look one that the leader and one that the head proposes.
OF_LEADER = dict(zip(EVERY_LOOK, ("c000048", "c000052", "c000092", "c000060"), strict=True))
OF_HEAD = dict(zip(EVERY_LOOK, ("c000064", "c000100", "c000076", "c000080"), strict=True))


def propose(page: Page, client: str, look: Look, expires_on: str) -> None:
    """Ask for another class than the rules gave; without an end where none is given."""
    page.goto(f"/clients/{client}/")
    page.get_by_role("link", name=look.word("Override…")).click()
    drawer = page.locator("#drawer")
    drawer.locator("#id_to").select_option(index=1)
    drawer.locator("#id_reason").fill(GROUNDS)
    drawer.locator("#id_expires_on").fill(expires_on)
    button = drawer.get_by_role("button", name=look.word("Propose"), exact=True)
    with (
        page.expect_navigation() if expires_on else nullcontext()
    ):  # to the card again, or refused in its place
        button.click()
    at_rest(page)


def waiting(page: Page, client: str) -> str:
    """The row of the client's override among what waits."""
    page.goto("/approvals/")
    assert page.locator("[data-row]", has=page.locator(f"a[href='/clients/{client}/']")).count() == 1
    return f"[data-row]:has(a[href='/clients/{client}/'])"


@every_look
def test_a_leader_proposes_and_the_head_approves_once_the_grounds_are_read(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """Without an end: refused (M13). Proposed: waits, the class stays. Approved: goes to the next run."""
    client = OF_LEADER[look]
    page, mark = sit("team_leader", look), flow_desk.mark()
    page.goto(f"/clients/{client}/")
    before = page.locator(".kw-card-band h1").inner_text()
    propose(page, client, look, "")
    expect(page.locator("#drawer")).to_contain_text(
        look.either("改判须有到期日。填好即可提交。", "An override needs a day until which it holds.")
    )
    was_refused(complaints, 422)
    mark.has_refusal("M13")
    propose(page, client, look, "2099-12-31")
    page.goto(f"/clients/{client}/")
    expect(page.locator(".kw-card-band")).to_contain_text(look.word("Waiting for approval"))
    assert page.locator(".kw-card-band h1").inner_text() == before
    sound(page)
    mark.has("clients.propose_override")

    head = sit("branch_head", look)
    row = waiting(head, client)
    sound(head)
    head.locator(row).get_by_role("link", name=look.word("See grounds")).click()
    drawer = head.locator("#drawer")
    expect(drawer).to_contain_text(GROUNDS)
    sound(head)
    drawer.locator(".kw-decide .btn-primary").click()
    expect(head.locator("#toasts")).to_be_visible()
    mark.has("clients.approve_override")
    head.goto(f"/clients/{client}/")
    expect(head.locator(".kw-override")).to_contain_text(look.word("Approved"))


@every_look
def test_nobody_approves_what_they_proposed(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """An own proposal waits for the other head of the branch, who is named (M12); forcing it is refused."""
    client = OF_HEAD[look]
    page, mark = sit("branch_head", look), flow_desk.mark()
    propose(page, client, look, "2099-12-31")
    row = page.locator(waiting(page, client))
    sentence = look.either("您是提出人，须由另一人同意。已通知林静。", "林静 has been told.")
    expect(row).to_contain_text(sentence)
    expect(row.locator(".kw-decide")).to_have_count(0)  # no button for whoever may not sign
    sound(page)
    grounds = row.get_by_role("link", name=look.word("See grounds")).get_attribute("href") or ""
    number = grounds.rstrip("/").rpartition("/")[2]
    answer = forced(page, f"/clients/overrides/{number}/decide/", decision="approve", version="1")
    assert answer.status == 403
    assert look.either("须由另一人同意", "Another person must approve") in answer.text()
    mark.has_refusal("M12")


def test_the_head_signs_by_keyboard_alone(sit: Sit, flow_desk: Desk) -> None:
    """J reaches the row, Tab its buttons; the grounds open by Enter, and so does consent."""
    look, client = EVERY_LOOK[0], "c000084"
    propose(sit("team_leader", look), client, look, "2099-12-31")
    page, mark = sit("branch_head3", look), flow_desk.mark()
    row = page.locator(waiting(page, client))
    grounds = row.get_by_role("link", name=look.word("See grounds"))
    press_until(page, "j", f"[data-row]:has(a[href='/clients/{client}/']) a:focus")
    for _ in range(6):
        if grounds.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_contain_text(GROUNDS)
    press_until(page, "Tab", "#drawer .kw-decide .btn-primary:focus")
    page.keyboard.press("Enter")
    at_rest(page)
    expect(page.locator("#toasts")).to_contain_text(look.either("同意", "Approved"))
    mark.has("clients.approve_override")


def test_the_leader_proposes_by_keyboard_alone(sit: Sit, flow_desk: Desk) -> None:
    """Tab and Enter open the form beside the card; value, reason and day are typed; Enter submits."""
    page, mark = sit("team_leader", EVERY_LOOK[0]), flow_desk.mark()
    page.goto("/clients/c000024/")
    press_until(page, "Tab", "a[href='/clients/c000024/override/']:focus")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer #id_to")).to_be_visible()
    press_until(page, "Tab", "#drawer #id_to:focus")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "#drawer #id_reason:focus")
    page.keyboard.type(GROUNDS)
    press_until(page, "Tab", "#drawer #id_expires_on:focus")
    page.keyboard.type("12312027")
    press_until(page, "Tab", "#drawer .btn-primary:focus")
    page.keyboard.press("Enter")
    expect(page.locator(".kw-card-band")).to_contain_text("待审批")
    mark.has("clients.propose_override")


def press_until(page: Page, key: str, focused: str) -> None:
    """Press a key until what the selector names is focused."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.locator(focused).count():
            return
    pytest.fail(f"{key} never reached {focused}")


@two_looks
def test_a_leader_shares_a_view_and_members_see_their_own_clients_in_it(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """A view without a name is refused with the sentence; a member finds the view and sees own clients alone."""
    name = look.either("犹豫的客户", "Hesitating ones")
    page, mark = sit("team_leader", look), flow_desk.mark()
    page.goto("/clients/?activity_state=hesitating")
    n_of_team = page.locator("tbody tr").count()
    page.get_by_role("link", name=look.word("Save as a view…")).click()
    drawer = page.locator("#drawer")
    save = drawer.get_by_role("button", name=look.word("Save"), exact=True)
    for typed in ("  ", name):
        drawer.get_by_label(look.word("Team"), exact=True).check()
        drawer.locator("#id_name").fill(typed)
        save.click()
        if not typed.strip():
            sentence = look.either("请写视图名，组员靠它找到。", "Write a name for the view")
            expect(drawer).to_contain_text(sentence)
            was_refused(complaints, 422)
    expect(page.locator(".kw-chips a[aria-current]", has_text=name)).to_be_visible()
    sound(page)
    mark.has("clients.save_view")
    member = sit("manager", look)
    member.goto("/clients/")
    member.get_by_role("link", name=name).first.click()
    member.wait_for_url("**activity_state=hesitating**")
    assert 0 < member.locator("tbody tr").count() < n_of_team
