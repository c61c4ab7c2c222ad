"""R054, R059, R060: a plan is taken up, changed at a price, objected to, answered, signed and posted, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look
from tests.browser.flow_steps import forced, sound
from tests.processes import manage

REASON = "客户要股票分析"
# Earlier plans are over; a dozen clients of 李倩 wait for what the run proposes.
FREE = """
from keepwell.desk.books.acted import Plan
from keepwell.desk.clients.models import AllocationProposal, Place
from keepwell.desk.generations.queries import read_current
read_current()
Plan.objects.exclude(state="returned").update(state="done")
own = AllocationProposal.objects.filter(current_code="S02", is_change=True).order_by("pk").values_list("pk", flat=True)
Place.objects.filter(pk__in=list(own)[-12:], is_existing=True).update(grounds="source", manager_code="S02")
"""
# 周航 has no place left, and a place of his has its price.
FILL = """
from decimal import Decimal
from keepwell.desk.books import pricing
from keepwell.desk.books.acted import Plan, PlanManager
plan = Plan.objects.get(state="review")
rows = PlanManager.objects.filter(plan=plan)
rows.update(n_lower=0, n_upper=500)
rows.filter(staff_code="S03").update(n_upper=pricing.loads(plan)["S03"].n_planned + 1, price=Decimal("0.30"))
"""


def shell(desk: Desk, command: str) -> None:
    manage(desk.data, "shell", "--verbosity", "0", "--command", command)


def taken_up(page: Page, look: Look) -> str:
    """The leader takes the run's proposal up; answers the plan's address."""
    page.goto("/books/plan/")
    sound(page)
    page.get_by_role("button", name=look.word("Take up as a plan")).click()
    page.wait_for_url(re.compile(r"/books/plan/\d+/$"))
    return page.url


def reassigned(page: Page, look: Look, plan: str, at: int) -> None:
    """Open one client's why, and ask for 周航 instead."""
    page.goto(plan)
    page.get_by_role("link", name=re.compile(look.word("Why and who else"))).nth(at).click()
    expect(page.locator("main")).to_contain_text("0.71")
    sound(page)
    price = look.word("Reassign (price %(cost)s)", cost="0.09")
    expect(page.get_by_text(price)).to_be_visible()
    page.get_by_text(price).click()
    page.wait_for_url("**/change/**")


def confirm(page: Page, look: Look) -> None:
    page.get_by_label(look.word("Reason"), exact=True).fill(REASON)
    page.get_by_role("button", name=look.word("Confirm the change")).click()
    page.wait_for_url(re.compile(r"/books/plan/client/\d+/$"))


def reviewed(leader: Page, look: Look, flow_desk: Desk) -> str:
    """The leader takes up, changes one client, swaps for another (M14), and sends; answers the plan's address."""
    mark = flow_desk.mark()
    plan = taken_up(leader, look)
    shell(flow_desk, FILL)
    leader.goto(plan)
    sound(leader)
    reassigned(leader, look, plan, 0)
    confirm(leader, look)
    mark.has("books.reassign")
    reassigned(leader, look, plan, 1)
    expect(leader.get_by_role("alert")).to_contain_text(look.either("周航名额已满", "周航 is full"))
    sound(leader)
    confirm(leader, look)  # the cheapest is chosen to be swapped out
    sound(leader)
    leader.goto(plan)
    expect(leader.locator("main")).to_contain_text("0.09")
    leader.get_by_role("button", name=look.word("Agree and send for approval")).click()
    expect(leader.locator("#toasts")).to_contain_text(look.word("Agreed, and sent for approval."))
    mark.has("books.send_plan")
    return plan


def objected(manager: Page, look: Look, flow_desk: Desk) -> None:
    """A manager objects to the first of the moves that concern them."""
    mark = flow_desk.mark()
    manager.goto("/books/objections/")
    sound(manager)
    manager.get_by_text(look.word("Object…"), exact=True).first.click()
    manager.get_by_label(look.word("Reason"), exact=True).first.fill("刚谈好方案")
    manager.get_by_role("button", name=look.word("Object"), exact=True).first.click()
    expect(manager.locator("#toasts")).to_be_visible()
    mark.has("books.object")


def answered(leader: Page, look: Look, flow_desk: Desk) -> None:
    """The leader does not accept it, with the reason."""
    mark = flow_desk.mark()
    leader.goto("/books/objections/")
    leader.get_by_text(look.word("Answer…"), exact=True).first.click()
    form = leader.locator("form[action*='/answer/']")
    form.get_by_text(look.word("Do not accept"), exact=True).click()
    form.get_by_label(look.word("Reason"), exact=True).fill("能力匹配优先")
    sound(leader)
    form.get_by_role("button", name=look.word("Send the answer")).click()
    expect(leader.locator("#toasts")).to_contain_text(look.word("Answered; whoever objected has been told."))
    mark.has("books.answer_objection")


def not_yet(head: Page, look: Look, flow_desk: Desk, plan: str) -> None:
    """While the objection waits the head neither signs (M15) nor posts (M16)."""
    mark = flow_desk.mark()
    head.goto(plan)
    sentence = look.either("还有 1 件异议未答复", "Unanswered objections: 1")
    expect(head.locator("main")).to_contain_text(sentence)
    sound(head)
    version = head.locator("input[name=version]").first.input_value()
    address = plan[plan.index("/books/") :]
    assert forced(head, f"{address}decide/", decision="approve", version=version).status == 403
    mark.has_refusal("M15")
    assert forced(head, f"{address}notice/").status == 403
    mark.has_refusal("M16")


def signed(head: Page, look: Look, flow_desk: Desk, plan: str) -> None:
    """The head approves, posts the masked sheet, and finds the plan in the list."""
    mark = flow_desk.mark()
    head.goto(plan)
    approve = re.compile(look.either("批准并于 12月1日", "Approve, in effect from 1 Dec"))
    head.get_by_role("button", name=approve).click()
    head.wait_for_url(plan)
    mark.has("books.approve_plan")
    head.get_by_role("button", name=look.word("Make the public sheet")).click()
    expect(head.locator("main tbody tr").first).to_contain_text("*")
    sound(head)
    mark.has("books.print_notice")
    head.goto("/books/plans/")
    expect(head.locator("main")).to_contain_text(f"#{plan.rstrip('/').rpartition('/')[2]}")
    sound(head)


# The manager's own sheets alone wait for their signature; the leader takes these clients.
TO_THE_LEADER = """
from keepwell.desk.books.handed import HandOver
HandOver.objects.exclude(plan__state="approved").update(state="void")
HandOver.objects.filter(plan__state="approved", from_code="S02", to_code="S03").update(state="void")
"""
DAY = """
from keepwell.desk.books import assignments
from keepwell.desk.books.acted import Plan
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.models import User
from django.utils import timezone
read_current()
plan = Plan.objects.get(state="approved")
while assignments.carry_out(plan=plan, by=User.objects.get(username="branch_head"), at=timezone.now()):
    pass
"""


def handed_over(manager: Page, look: Look, flow_desk: Desk) -> str:
    """The manager before hands the first client over by keyboard, and signs; answers the sheet's address."""
    mark = flow_desk.mark()
    manager.goto("/books/handovers/")
    expect(manager.get_by_role("link", name=look.word("For me to sign"))).to_have_attribute(
        "aria-current", "true"
    )
    sound(manager)
    manager.locator("main tbody a").first.focus()
    manager.keyboard.press("Enter")
    manager.wait_for_url(re.compile(r"/books/handovers/\d+/$"))
    expect(manager.locator("main")).to_contain_text(look.word("What to say first"))
    manager.locator("#give-note").focus()
    manager.keyboard.type("11月27日前发送季报")
    sound(manager)
    manager.get_by_role("button", name=look.word("Hand over and sign")).focus()
    manager.keyboard.press("Enter")
    expect(manager.locator("#toasts")).to_contain_text(
        look.word("Handed over; the new manager has been told.")
    )
    mark.has("books.give_client")
    return manager.url


def taken_over(leader: Page, look: Look, flow_desk: Desk, sheet: str) -> None:
    """Nobody signs for a client before the day; on it the new manager does, and makes the letter."""
    mark = flow_desk.mark()
    leader.goto(sheet)
    address = sheet[sheet.index("/books/") :]
    assert forced(leader, f"{address}take/").status == 403
    mark.has_refusal("not_the_day")
    shell(flow_desk, DAY)
    leader.goto(sheet)
    leader.get_by_role("button", name=look.word("Sign for it"), exact=True).focus()
    leader.keyboard.press("Enter")
    expect(leader.locator("#toasts")).to_contain_text(look.word("Taken over: both have signed."))
    mark.has("books.take_client")
    sound(leader)
    leader.get_by_role("button", name=look.word("Letter to the client")).click()
    expect(leader.locator("main")).to_contain_text(look.word("If you do not agree"))
    sound(leader)
    mark.has("books.print_letter")


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_a_plan_from_the_proposal_to_the_signature(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """Leader: take up, change, M14, swap, send; answer. Manager: object, hand over. Head: M15, sign, post."""
    shell(flow_desk, FREE)
    leader, head = sit("team_leader", look), sit("branch_head", look)
    plan = reviewed(leader, look, flow_desk)
    objected(sit("manager", look), look, flow_desk)
    not_yet(head, look, flow_desk, plan)
    answered(leader, look, flow_desk)
    signed(head, look, flow_desk, plan)
    assert flow_desk.ask("SELECT state FROM books_plan ORDER BY id DESC LIMIT 1") == [("approved",)]
    shell(flow_desk, TO_THE_LEADER)
    sheet = handed_over(sit("manager", look), look, flow_desk)
    taken_over(leader, look, flow_desk, sheet)
    head.goto("/books/fairness/")
    expect(head.locator("main")).to_contain_text(look.word("Lorenz curve"))
    sound(head)
