"""R233: a secret fact is shown by keyboard alone, counts down in sight, and is gone on Esc, on closing and in time."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter
from tests.browser.test_floor import findings, overflow
from tests.desk.run_folder import facts

AT = "/clients/c000009/accounts/"
MINE = facts(9)


def ask(page: Page, label: str) -> None:
    """Open the dialog, choose a purpose and send it, all by keys."""
    page.goto(AT)
    page.locator(".kw-facts").get_by_role("link", name=label).focus()
    page.keyboard.press("Enter")
    purpose = page.locator("#drawer #reveal-purpose")
    expect(purpose).to_be_visible()
    purpose.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_the_phone_is_shown_and_esc_masks_it(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    ask(page, "显示手机")
    expect(page.locator("#drawer [data-value]")).to_have_text(MINE["phone"])
    expect(page.locator("[data-mask-after]")).to_be_focused()
    assert findings(page) == []
    seconds = page.locator("#drawer [data-seconds]")
    expect(seconds).not_to_have_text("60")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    assert MINE["phone"] not in page.content()


def test_it_is_masked_when_its_time_is_over(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader", size=PHONE)
    page.clock.install()
    ask(page, "显示证件号")
    shown = page.locator("#drawer [data-value]")
    expect(shown).to_have_text(MINE["id_number"])
    assert overflow(page) == 0
    page.clock.run_for(61_000)
    expect(shown).to_have_text("330102********002X")
    expect(page.locator("#drawer")).to_contain_text("已隐藏")
    assert MINE["id_number"] not in page.content()


def test_a_refusal_stands_in_the_dialog(enter: Enter, firm_desk: str, complaints: list[str]) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto(AT)
    page.locator(".kw-facts").get_by_role("link", name="显示住址").click()
    page.locator("#reveal-purpose").select_option("other")
    with page.expect_response("**/reveal/address/") as answer:
        page.locator("#drawer").get_by_role("button", name="显示住址").click()
    assert answer.value.status == 403
    expect(page.locator("#drawer [data-refusal]")).to_have_text("请填用途或理由，才能继续；此举会留痕。")
    assert MINE["address"] not in page.content()
    assert all("403" in said for said in complaints)
    complaints.clear()
