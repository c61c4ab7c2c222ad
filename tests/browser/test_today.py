"""R101, R104, R231, R241, R242: the ①-flows of contacts in a browser, by keyboard and by thumb, in every look."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Enter, copied, serve
from tests.browser.rest import at_rest, hold
from tests.browser.test_floor import findings, overflow
from tests.processes import manage

LOOKS = [
    ("zh-hans", "light", WIDE),
    ("zh-hans", "dark", PHONE),
    ("en", "light", PHONE),
    ("en", "dark", WIDE),
]
TASK = "?client=c000020&key=product_maturity/WX0182/2026-11-27"
PAGES = [
    "/contacts/today/",
    f"/contacts/today/{TASK}",
    "/contacts/today/?span=later",
    "/contacts/today/order/",
    "/contacts/today/done/",
    "/contacts/today/put-off/",
    f"/contacts/today/task/{TASK}",
    f"/contacts/today/skip/{TASK}",
    f"/contacts/today/later/{TASK}",
    "/contacts/",
    "/contacts/of/c000000/record/",
    "/contacts/of/c000000/appoint/",
    "/clients/c000000/service/",
]
# The first plan gives every client of the branch to one manager: S02 gets the own book back.
BOOK = """
from keepwell.desk.clients.models import AllocationProposal, Place
from keepwell.desk.generations.queries import read_current
read_current()
own = list(AllocationProposal.objects.filter(current_code="S02").values_list("client_id", flat=True))
Place.objects.filter(client_id__in=own).update(manager_code="S02")
"""


@pytest.fixture(scope="module")
def today_desk(tmp_path_factory: pytest.TempPathFactory, firm_folder: Path) -> Iterator[str]:
    """A desk with a run and its demo logins; each test settles tasks and asks only what its own act changed."""
    data = copied(firm_folder, tmp_path_factory.mktemp("today"))
    manage(data, "shell", "--verbosity", "0", "--command", BOOK)
    yield from serve(data)


def names(page: Page) -> list[str]:
    return page.locator(".kw-task-who a").all_inner_texts()


def test_every_page_is_accessible_and_fits(enter: Enter, today_desk: str) -> None:
    for language, theme, size in LOOKS:
        page = enter(today_desk, "manager", language=language, theme=theme, size=size)
        for address in PAGES:
            page.goto(address)
            at_rest(page)
            assert page.locator("h1").count() == 1, address
            assert findings(page) == [], address
            assert overflow(page) == 0, address
        page.context.close()


def heading(page: Page) -> str:
    return page.locator("#task-panel h2").inner_text()


def marked(page: Page) -> str:
    """The client of the marked row: one row is marked, of a task or of the entry being completed."""
    row = page.locator(".kw-tasks > [aria-current=true]")
    expect(row).to_have_count(1)
    return row.locator(".kw-task-who a, > strong").inner_text()


def test_manager_1_reached_by_keyboard_alone(enter: Enter, today_desk: str) -> None:
    """R101: recorded at one stroke; the form says whose it is until it is saved, then the next row is marked."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    badge = page.locator(".kw-side a[aria-current] .kw-side-count")
    waiting = int(badge.inner_text())
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#task-panel h2")).to_have_text(before[0])
    at_rest(page)
    page.keyboard.press("1")
    expect(page.locator("#toasts")).to_contain_text("已记为“已接通”。")
    expect(badge).to_have_text(str(waiting - 1))
    assert names(page) == before[1:]
    expect(page.locator("#task-panel h2")).to_have_text(re.compile(f"^{before[0]}\\s+补充这次联系$"))
    assert marked(page) == before[0]
    expect(page.locator("#task-panel section")).to_be_focused()
    page.keyboard.press("j")  # the list goes on, the entry stays
    assert marked(page) == before[1]
    assert before[0] in heading(page)
    expect(page.locator(".kw-task-settled")).to_contain_text(before[0])
    page.keyboard.press("2")  # need, in the same entry
    expect(page.locator("#id_need")).to_be_focused()
    page.select_option("#id_need", "fund")
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("已补入同一条。")
    at_rest(page)
    expect(page.locator(".kw-task-settled")).to_have_count(0)
    assert marked(page) == heading(page) == before[1]


def test_an_entry_begun_is_not_lost_by_going_on(enter: Enter, today_desk: str) -> None:
    """R101: Esc, or another client's 「联系」, first says that something is not saved; once more leaves it out."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("#id_need")).to_be_visible()
    page.select_option("#id_need", "fund")
    page.locator(".kw-task [data-act=contact]").nth(1).click()
    expect(page.locator("[data-unsaved]")).to_be_visible()
    assert before[0] in heading(page)
    page.keyboard.press("Escape")
    at_rest(page)
    expect(page.locator(".kw-task-settled")).to_have_count(0)
    assert marked(page) == heading(page)


def test_the_panel_is_always_that_of_the_marked_row(enter: Enter, today_desk: str) -> None:
    """R101: no outcome is recorded for one client while another one's row is marked."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    for _step in range(3):
        page.keyboard.press("j")
    page.keyboard.press(
        "2"
    )  # at once, before the panel has followed: it shows the row's client and records nothing
    expect(page.locator("#task-panel h2")).to_have_text(before[2])
    at_rest(page)
    assert (names(page), marked(page)) == (before, before[2])
    page.keyboard.press("2")
    expect(page.locator("#toasts")).to_contain_text("再列出")
    at_rest(page)
    assert names(page) == [*before[:2], *before[3:]]
    assert marked(page) == heading(page) == before[3]


def test_undo_from_the_toast_by_its_key(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    page.locator('#task-panel [data-key="2"]').click()
    expect(page.locator("#toasts")).to_contain_text("再列出")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    assert names(page) == before


def test_the_numbers_of_the_kinds_follow_every_act(enter: Enter, today_desk: str) -> None:
    """R101: the chips say what the list below them holds, after an outcome as on a fresh page."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    at_rest(page)
    row = page.locator('.kw-task[aria-current="true"]')
    kind = row.get_attribute("data-kind")
    chip = page.locator(f'.kw-kinds [data-kind="{kind}"]')
    before = page.locator(f'.kw-task[data-kind="{kind}"]').count()
    expect(chip.locator("[data-n]")).to_have_text(str(before))
    page.locator('#task-panel [data-key="2"]').click()
    expect(page.locator("#toasts")).to_contain_text("再列出")
    expect(page.locator(f'.kw-task[data-kind="{kind}"]')).to_have_count(before - 1)
    if before > 1:
        expect(chip.locator("[data-n]")).to_have_text(str(before - 1))
    else:
        expect(chip).to_be_hidden()


def test_skip_wants_a_reason_and_says_so_in_the_drawer(
    enter: Enter, today_desk: str, complaints: list[str]
) -> None:
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    page.keyboard.press("j")
    page.keyboard.press("s")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_text("为什么跳过？")).to_be_visible()
    drawer.locator(".btn-primary").click()
    expect(drawer.locator("[data-refusal]")).to_have_text("请选跳过原因，才能移出今日。")
    complaints[:] = [one for one in complaints if "403" not in one]
    drawer.get_by_text("客户不需要").click()
    drawer.locator(".btn-primary").click()
    expect(drawer).to_be_hidden()
    assert names(page) == before[1:]


def test_manager_2_a_promise_stands_on_its_day(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager")
    page.goto("/clients/c000000/")
    page.get_by_role("link", name="记录联系").click()
    page.wait_for_url("**/record/")
    page.fill("[name=promise]", "发送季报解读")
    page.fill("[name=promise_due_on]", "2026-11-27")
    page.keyboard.press("Control+s")
    expect(page.locator(".kw-timeline").first).to_contain_text("发送季报解读")
    page.goto("/contacts/today/?span=week&kind=promise")
    expect(page.locator(".kw-task")).to_contain_text("发送季报解读")


def test_manager_3_a_correction_keeps_the_old_value(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager")
    page.goto("/contacts/of/c000000/record/")
    page.fill("[name=minutes]", "6")
    with page.expect_navigation():
        page.locator("main .btn-primary").first.click()
    page.goto("/contacts/")
    page.locator(".kw-log li", has_text="6 分钟").get_by_role("link", name="更正…").first.click()
    page.fill("[name=minutes]", "16")
    page.fill("[name=reason]", "时长记错")
    page.get_by_role("button", name="保存更正").click()
    page.locator("details summary", has_text="第 1 版").click()
    expect(page.locator("del")).to_have_text("6 分钟")


@pytest.mark.parametrize(("who", "way"), [("counter", "at_branch"), ("service_desk", "call_in")])
def test_counter_and_service_desk_record_from_a_search(
    enter: Enter, today_desk: str, who: str, way: str
) -> None:
    page = enter(today_desk, who, size=PHONE)
    page.goto("/clients/")
    page.fill("#search", "wangwei")
    page.press("#search", "Enter")
    page.wait_for_url("**/clients/search/")
    page.get_by_role("link", name="王伟").first.click()
    page.get_by_role("link", name="记录联系").click()
    expect(page.locator("[name=way]")).to_have_value(way)
    page.fill("[name=note]", "咨询银证转账")
    page.locator("main .btn-primary").first.click()
    expect(page.locator("#toasts")).to_contain_text("已记录。")
    expect(page.locator(".kw-timeline").first).to_contain_text("咨询银证转账")


def test_a_draft_is_there_again_after_the_session_ended(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager")
    page.goto("/contacts/of/c000000/record/")
    page.fill("[name=note]", "客户问融资利率")
    expect(page.locator("[data-draft-kept]")).to_have_text("草稿已存")
    page.context.clear_cookies()
    page = enter(today_desk, "manager")
    page.goto("/contacts/of/c000000/record/")
    expect(page.locator("[name=note]")).to_have_value("客户问融资利率")
    expect(page.locator("main")).to_contain_text("已恢复您")


def test_bulk_shows_who_is_left_out_before_anything_happens(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    page.locator(".kw-task input").last.check()
    page.get_by_role("button", name="批量安排…").click()
    drawer = page.locator("#drawer")
    expect(drawer.locator("#plan-day")).to_have_value("2026-11-24")  # the next working day, to be changed
    expect(drawer).to_contain_text("将安排")
    drawer.locator("[name=confirmed]").click()
    expect(drawer).to_contain_text("已安排")


def test_a_panel_asked_for_before_its_task_was_settled_is_no_error(enter: Enter, today_desk: str) -> None:
    """R101: the panel follows the row; when it comes after the row's task was arranged, it says so calmly."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    held = hold(page, "**/contacts/today/task/**")
    with page.expect_request("**/contacts/today/task/**"):
        page.locator(".kw-task input").last.check()
    page.get_by_role("button", name="批量安排…").click()
    drawer = page.locator("#drawer")
    drawer.locator("[name=confirmed]").click()
    expect(drawer).to_contain_text("已安排")
    for late in held:
        late.continue_()
    expect(page.locator("#task-panel")).to_contain_text("这件事已经办过")


def test_a_late_panel_takes_no_entrys_place(enter: Enter, today_desk: str) -> None:
    """R101: a panel that was asked for before an outcome and comes after it leaves the entry begun where it is."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    held = hold(page, "**/contacts/today/task/**")
    with page.expect_request("**/contacts/today/task/**"):
        page.locator(".kw-task [data-act=contact]").first.click()
    page.locator('#task-panel [data-key="1"]').click()
    page.select_option("#id_need", "fund")
    with page.expect_response("**/contacts/today/task/**"):
        held[0].continue_()
    at_rest(page)
    expect(page.locator("#id_need")).to_have_value("fund")
    assert len(held) == 1


def test_by_mouse_too_nothing_is_recorded_for_another_row(enter: Enter, today_desk: str) -> None:
    """R101: a row is marked, its panel not there yet: a click in the panel of the one before records nothing."""
    page = enter(today_desk, "manager")
    page.goto("/contacts/today/")
    before = names(page)
    held = hold(page, "**/contacts/today/task/**")
    with page.expect_request("**/contacts/today/task/**"):
        page.locator(".kw-task-why").nth(1).click()
    page.locator('#task-panel [data-key="1"]').click()
    held[0].continue_()
    expect(page.locator("#task-panel h2")).to_have_text(before[1])
    at_rest(page)
    assert (names(page), marked(page), len(held)) == (before, before[1], 1)


def test_on_a_phone_the_act_is_under_the_thumb(enter: Enter, today_desk: str) -> None:
    page = enter(today_desk, "manager", size=PHONE)
    page.goto("/contacts/today/")
    second = page.locator(".kw-task").nth(1)
    second.locator(".kw-task-why").click()
    bar = second.locator(".kw-task-acts")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)
    assert all(button.bounding_box()["height"] >= 44 for button in bar.locator(".btn").all())  # type: ignore[index]  # it is visible by now
    name = second.locator(".kw-task-who a").inner_text()
    bar.locator(".btn-primary").click()
    expect(page.locator("#sheet")).to_be_visible()
    expect(page.locator("#task-panel h2")).to_have_text(name)
    page.locator('#task-panel button[value="reached"]').click()
    expect(page.locator("#task-panel #id_topic")).to_be_visible()


def test_it_works_without_script(today_desk: str, enter: Enter) -> None:
    page = enter(today_desk, "manager")
    state = page.context.storage_state()
    plain = page.context.browser.new_context(
        java_script_enabled=False, storage_state=state, base_url=today_desk
    )  # type: ignore[union-attr]  # the browser runs
    bare = plain.new_page()
    bare.goto("/contacts/today/")
    before = bare.locator(".kw-task").count()
    bare.locator('#task-panel button[value="reached"]').click()
    expect(bare.locator(".kw-task")).to_have_count(before - 1)
    expect(bare.locator("#toasts")).to_contain_text("撤销")
    plain.close()
