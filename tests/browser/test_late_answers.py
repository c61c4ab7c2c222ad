"""R101, R194, R233: an answer that comes late neither undoes what was done since nor shows what is not wanted now."""

import datetime as dt

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.rest import at_rest, hold
from tests.desk.run_folder import facts

CLIENT = "c000009"


def test_r194_the_palette_keeps_what_is_chosen(enter: Enter, firm_desk: str) -> None:
    """Clients opened lately come after something was typed: Enter still goes where it would have gone."""
    page = enter(firm_desk, "team_leader")
    page.goto(f"/clients/{CLIENT}/")
    page.clock.install()
    page.goto("/clients/")
    page.clock.pause_at(
        dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    )  # what is typed is not searched for yet
    held = hold(page, "**/clients/palette/")
    with page.expect_request("**/clients/palette/"):
        page.keyboard.press("Control+k")
    page.keyboard.type("我的设置")
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_contain_text("我的设置")
    held[0].continue_()
    expect(page.locator("#palette-clients [role=option]").first).to_contain_text("吴珊")
    expect(chosen).to_contain_text("我的设置")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")


def test_r194_the_palette_does_not_take_who_was_found_for_other_words(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto(f"/clients/{CLIENT}/")
    page.goto("/clients/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("吴珊")
    held = hold(page, "**/clients/palette/")
    with page.expect_request("**/clients/palette/"):
        page.keyboard.type("wangwei")
    expect(page.locator("#palette [aria-selected=true]")).not_to_contain_text("吴珊")
    held[0].continue_()
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("王伟")


def test_r194_the_drawer_shows_what_was_asked_for_last(enter: Enter, firm_desk: str) -> None:
    """And what was asked for before does not open it again once it is closed."""
    page = enter(firm_desk, "team_leader")
    page.goto(f"/clients/{CLIENT}/")
    links = page.locator(".kw-reasons a")
    first, last = (f"**{links.nth(at).get_attribute('href')}" for at in (0, 1))
    held = hold(page, first)
    with page.expect_request(first):
        links.nth(0).click()
    with page.expect_response(last):
        links.nth(1).click()
    drawer = page.locator("#drawer")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    with page.expect_response(first):
        held[0].continue_()
    at_rest(page)
    expect(drawer).to_be_hidden()


def test_r233_a_number_comes_too_late_for_whoever_closed_the_drawer(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto(f"/clients/{CLIENT}/accounts/")
    page.locator(".kw-facts").get_by_role("link", name="显示手机").click()
    page.locator("#reveal-purpose").select_option("call")
    held = hold(page, "**/reveal/phone/")
    with page.expect_request("**/reveal/phone/"):
        page.locator("#drawer .btn-primary").click()
    page.keyboard.press("Escape")
    with page.expect_response("**/reveal/phone/"):
        held[0].continue_()
    at_rest(page)
    expect(page.locator("#drawer")).to_be_hidden()
    assert facts(9)["phone"] not in page.content()


def test_r101_a_recorded_contact_leaves_no_draft_behind(enter: Enter, firm_desk: str) -> None:
    """A draft on its way arrives first: the form waits for it."""
    page = enter(firm_desk, "service_desk")
    address = "/contacts/of/c000000/record/"
    page.goto(address)
    posted: list[str] = []
    page.on("request", lambda sent: posted.append(sent.url) if sent.method == "POST" else None)
    held = hold(page, "**/draft/record/")
    with page.expect_request("**/draft/record/"):
        page.fill("[name=note]", "客户问融资利率")
    page.locator("main .btn-primary").first.click()
    page.keyboard.press("Control+s")  # once more: it is recorded once
    assert [url.rsplit("/", 3)[1] for url in posted] == ["draft"]
    with page.expect_navigation():
        held[0].continue_()
    expect(page.locator("#toasts")).to_contain_text("已记录。")
    assert [url.rsplit("/", 2)[1] for url in posted] == ["record", "record"]
    page.goto(address)
    expect(page.locator("[name=note]")).to_have_value("")


def test_r104_pressed_twice_it_is_recorded_once(enter: Enter, firm_desk: str) -> None:
    """On a slow line a second press does not record a second contact, nor log a second reading."""
    page = enter(firm_desk, "service_desk")
    page.goto("/contacts/of/c000004/record/")
    posted: list[str] = []
    page.on("request", lambda sent: posted.append(sent.url) if sent.method == "POST" else None)
    page.fill("[name=minutes]", "7")
    with page.expect_navigation():
        page.locator("main .btn-primary").first.dblclick()
    expect(page.locator("#toasts")).to_contain_text("已记录。")
    assert [url for url in posted if "/draft/" not in url] == [f"{firm_desk}/contacts/of/c000004/record/"]
    leader = enter(firm_desk, "team_leader")
    leader.goto(f"/clients/{CLIENT}/accounts/")
    leader.locator(".kw-facts").get_by_role("link", name="显示手机").click()
    leader.locator("#reveal-purpose").select_option("call")
    shown: list[str] = []
    leader.on("request", lambda sent: shown.append(sent.url) if sent.method == "POST" else None)
    leader.locator("#drawer .btn-primary").dblclick()
    expect(leader.locator("#drawer [data-value]")).to_have_text(facts(9)["phone"])
    at_rest(leader)
    assert len(shown) == 1
