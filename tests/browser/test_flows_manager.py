"""R101, R104, R241, R242: what a manager and an adviser do all day, and where it is refused."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EN_PHONE, EN_WIDE, ZH_PHONE, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import sound, was_refused
from tests.browser.rest import at_rest

# Who works, how it looks, and a client of the own book that no other flow has touched.
SITTINGS = [
    ("manager", ZH_WIDE, "c000028"),
    ("manager", ZH_PHONE, "c000032"),
    ("manager", EN_WIDE, "c000036"),
    ("manager", EN_PHONE, "c000040"),
    ("adviser", ZH_WIDE, "c000006"),
]
NAMED = [f"{who}-{look}" for who, look, _client in SITTINGS]
sittings = pytest.mark.parametrize(("who", "look", "client"), SITTINGS, ids=NAMED)


def first_task(page: Page, look: Look) -> None:
    """Open the first task: by J and C, or by the thumb."""
    if look.is_phone:
        row = page.locator(".kw-task").first
        row.locator(".kw-task-why").click()
        row.locator("[data-act=contact]").click()
    else:
        page.keyboard.press("j")
        page.keyboard.press("c")
    expect(page.locator("#task-panel h2")).to_be_visible()
    at_rest(page)


@sittings
def test_1_reached_is_recorded_at_one_stroke_and_completed_in_the_same_entry(
    sit: Sit, flow_desk: Desk, complaints: list[str], who: str, look: Look, client: str
) -> None:
    """Skipping without a reason is refused (M03); reached leaves the list, the count and a contact; need is added."""
    page, mark = sit(who, look), flow_desk.mark()
    page.goto("/contacts/today/")
    rows = page.locator(".kw-task")
    first, before = rows.first.get_attribute("id"), rows.count()
    page.locator(".kw-task [data-act=skip]").first.click() if not look.is_phone else page.goto(
        page.locator(".kw-task [data-act=skip]").first.get_attribute("href") or ""
    )
    frame = page.locator("#drawer" if not look.is_phone else "main")
    frame.locator(".btn-primary").click()
    sentence = look.either("请选跳过原因，才能移出今日。", "Choose why you skip it; then it leaves Today.")
    expect(page.locator("[data-refusal]:visible, [data-sentence]:visible").first).to_have_text(sentence)
    was_refused(complaints)
    mark.has_refusal("M03")
    page.goto("/contacts/today/")
    first_task(page, look)
    name = page.locator("#task-panel h2 a").get_attribute("href")
    sound(page)
    if look.is_phone:
        page.locator('#task-panel [data-key="1"]').click()
    else:
        page.keyboard.press("1")
    expect(page.locator("#toasts")).to_contain_text(look.either("已记为“已接通”。", "Recorded as “Reached”."))
    expect(rows).to_have_count(before - 1)
    assert rows.first.get_attribute("id") != first
    mark.has("contacts.record_outcome")
    mark.has("contacts.record_contact")
    page.select_option("#id_need", "fund")
    page.locator("#task-panel .btn-primary").click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Saved in the same entry."))
    sound(page)
    mark.has("contacts.complete_contact")
    page.goto(f"{name}service/")
    expect(page.locator(".kw-timeline").first).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(page.locator(".kw-timeline").first).to_contain_text("李倩" if who == "manager" else "周航")
    mark.has("clients.read_card")


@sittings
def test_2_a_promise_stands_on_its_day_and_no_duty_waits_past_its_deadline(
    sit: Sit, flow_desk: Desk, complaints: list[str], who: str, look: Look, client: str
) -> None:
    """From the card; the promise is a task of its day; later than the deadline is refused (M04)."""
    page, mark = sit(who, look), flow_desk.mark()
    page.goto(f"/clients/{client}/")
    page.get_by_role("link", name=look.word("Record a contact")).first.click()
    page.fill("[name=promise]", "发送季报解读")
    page.fill("[name=promise_due_on]", "2026-11-27")
    sound(page)
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text(look.word("Recorded."))
    mark.has("contacts.record_contact")
    mark.has("clients.read_card")
    page.goto("/contacts/today/?span=week&kind=promise")
    task = page.locator(".kw-task", has=page.locator(f"a[href='/clients/{client}/']"))
    expect(task).to_contain_text("发送季报解读")
    sound(page)
    page.goto(task.locator("[data-act=later]").get_attribute("href") or "")
    page.fill("#later-day", "2026-12-15")
    page.get_by_role("button", name=look.word("Put off")).click()
    told = look.either("最晚推到 11月27日", "Put it off to 27 Nov at the latest")
    expect(page.locator("[data-refusal]:visible")).to_contain_text(told)
    was_refused(complaints)
    mark.has_refusal("M04")


@sittings
def test_3_a_correction_keeps_the_old_value_and_others_entries_stay_others(
    sit: Sit, flow_desk: Desk, complaints: list[str], who: str, look: Look, client: str
) -> None:
    """Old value and author stay; another's entry is refused (M19); two at once choose field by field (M25)."""
    page, mark = sit(who, look), flow_desk.mark()
    entry = an_entry(page, client, "6")
    author = page.locator("main .kw-panel .kw-subheading").inner_text()
    twin = page.context.new_page()
    twin.goto(f"{entry}correct/")
    page.get_by_role("link", name=look.word("Correct…")).click()
    correct(page, look, "16")
    page.goto(entry)
    page.locator("details summary").first.click()
    expect(page.locator("del")).to_contain_text("6")
    assert page.locator("main .kw-panel .kw-subheading").inner_text() == author
    mark.has("contacts.correct_contact")
    sound(page)
    correct(twin, look, "26")
    expect(twin.locator(".kw-conflict")).to_contain_text(look.either("1 处与您不同", "1 field differs"))
    mark.has_refusal("M25")
    sound(twin)
    twin.get_by_label(look.word("Use theirs")).check()
    twin.get_by_role("button", name=look.word("Save the correction")).click()
    expect(twin.locator("main")).to_contain_text("16")
    other = sit("counter", look)
    theirs = an_entry(other, client, "3")
    page.goto(theirs)
    expect(page.get_by_role("button", name=look.word("Correct…"))).to_have_attribute("aria-disabled", "true")
    sentence = look.either(
        "这条由陈静记录，只有本人能更正。", "陈静 recorded this, so only they can correct it."
    )
    expect(page.locator("#correct-why")).to_contain_text(sentence)
    sound(page)
    complaints.clear()  # the page of conflict is a refusal by itself
    page.goto(f"{theirs}correct/")
    expect(page.locator("[data-sentence]")).to_contain_text(sentence)
    was_refused(complaints)
    mark.has_refusal("M19")


def an_entry(page: Page, client: str, minutes: str) -> str:
    """Record a contact of so many minutes; answers where it can be read."""
    page.goto(f"/contacts/of/{client}/record/")
    page.fill("[name=minutes]", minutes)
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/clients/"))
    page.goto("/contacts/?author=me")
    row = page.locator(".kw-log li", has=page.locator(f"a[href='/clients/{client}/']")).first
    address = row.locator(".kw-log-acts a").first.get_attribute("href")
    assert address
    page.goto(address)
    return address


def correct(page: Page, look: Look, minutes: str) -> None:
    page.fill("[name=minutes]", minutes)
    page.fill("[name=reason]", "时长记错")
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Save the correction")).click()
