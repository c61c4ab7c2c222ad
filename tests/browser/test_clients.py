"""R194, R241, R242: the flows of clients, in a browser, in both languages, wide and on a phone, with no axe finding."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import PHONE, WIDE, Enter
from tests.browser.flow_steps import sound
from tests.browser.test_floor import findings

LOOKS = [("zh-hans", "light", WIDE), ("en", "dark", PHONE)]
Look = tuple[str, str, ViewportSize]
# A client of the team for each look, so that no flow meets what another has left.
OVERRIDDEN = {"zh-hans": "c000009", "en": "c000021"}


def in_words(look: Look, zh: str, en: str) -> str:
    return zh if look[0] == "zh-hans" else en


def enter_as(enter: Enter, desk: str, who: str, look: Look) -> Page:
    language, theme, size = look
    return enter(desk, who, language=language, theme=theme, size=size)


@pytest.mark.parametrize("look", LOOKS)
def test_a_leader_proposes_and_the_head_approves_an_override(
    enter: Enter,
    firm_desk: str,
    complaints: list[str],
    look: Look,
) -> None:
    client = OVERRIDDEN[look[0]]
    page = enter_as(enter, firm_desk, "team_leader", look)
    page.goto(f"/clients/{client}/")
    page.get_by_role("link", name=in_words(look, "改判…", "Override…")).click()
    drawer = page.locator("#drawer")
    expect(drawer).to_be_visible()
    drawer.locator("#id_reason").fill("客户转入 300 万，已核实")
    propose = in_words(look, "提交", "Propose")
    drawer.get_by_role("button", name=propose, exact=True).click()
    told = in_words(look, "改判须有到期日。填好即可提交。", "An override needs a day until which it holds.")
    expect(drawer).to_contain_text(told)
    complaints.clear()  # the refusal just provoked
    sound(page)
    drawer.locator("input[type=date]").fill("2099-12-31")
    drawer.get_by_role("button", name=propose, exact=True).click()
    band = page.locator(".kw-card-band")
    expect(band).to_contain_text(in_words(look, "待审批", "Waiting for approval"))
    sound(page)

    head = enter_as(enter, firm_desk, "branch_head", look)
    head.goto("/approvals/")
    waiting = head.locator("main")
    expect(waiting).to_contain_text("客户转入 300 万，已核实")
    with head.expect_navigation():
        head.get_by_role("button", name=re.compile(in_words(look, "同意", "Approve"))).first.click()
    head.goto(f"/clients/{client}/")
    expect(head.locator(".kw-override")).to_contain_text(in_words(look, "已同意", "Approved"))
    sound(head)


@pytest.mark.parametrize("look", LOOKS)
def test_a_leader_saves_a_view_and_the_team_finds_it(
    enter: Enter,
    firm_desk: str,
    complaints: list[str],
    look: Look,
) -> None:
    name = in_words(look, "犹豫的客户", "Hesitating ones")
    page = enter_as(enter, firm_desk, "team_leader", look)
    page.goto("/clients/?activity_state=hesitating")
    page.get_by_role("link", name=in_words(look, "存为视图…", "Save as a view…")).click()
    drawer = page.locator("#drawer")
    save = drawer.get_by_role("button", name=in_words(look, "保存", "Save"), exact=True)
    drawer.get_by_label(in_words(look, "团队", "Team"), exact=True).check()
    drawer.locator("#id_name").fill("  ")
    save.click()
    expect(drawer).to_contain_text(in_words(look, "请写视图名，组员靠它找到。", "Write a name for the view"))
    complaints.clear()
    drawer.get_by_label(in_words(look, "团队", "Team"), exact=True).check()
    drawer.locator("#id_name").fill(name)
    save.click()
    expect(page.locator(".kw-chips a[aria-current]", has_text=name)).to_be_visible()
    sound(page)
    member = enter_as(enter, firm_desk, "manager", look)
    member.goto("/clients/")
    member.get_by_role("link", name=name).first.click()
    member.wait_for_url("**activity_state=hesitating**")
    expect(member.locator(".kw-chips a[aria-current]", has_text=name)).to_be_visible()
    sound(member)


@pytest.mark.parametrize("look", LOOKS)
def test_filters_fold_on_a_phone_and_stand_open_where_there_is_room(
    enter: Enter,
    firm_desk: str,
    look: Look,
) -> None:
    page = enter_as(enter, firm_desk, "branch_head", look)
    page.goto("/clients/?grade=important")
    is_open = page.locator("details[data-fold]").evaluate("fold => fold.open")
    assert is_open == (look[2] == WIDE)
    page.locator(".kw-chosen a").first.click()
    page.wait_for_url(re.compile(r"/clients/\?$|/clients/$"))
    sound(page)


def test_the_palette_finds_clients_by_keyboard_alone(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/clients/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("wushan")
    expect(page.locator("#palette-clients [role=option]").first).to_contain_text("吴珊")
    assert findings(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/c\d{6}/$"))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-commands")).to_contain_text("改判…")
    page.keyboard.press("Escape")


def test_a_fast_enter_waits_for_the_clients_of_what_is_typed(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/clients/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("wushan")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/c\d{6}/$"))


def test_brackets_go_from_client_to_client_of_the_list(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/clients/")
    first, second = (page.locator("tbody th a").nth(at).get_attribute("href") for at in (0, 1))
    page.locator("tbody th a").first.click()
    page.wait_for_url(f"**{first}")
    page.keyboard.press("]")
    page.wait_for_url(f"**{second}")
    page.keyboard.press("[")
    page.wait_for_url(f"**{first}")
    expect(page.locator("#neighbours [rel=prev]")).to_be_hidden()


def test_what_lies_below_comes_when_it_is_scrolled_to(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/clients/c000009/")
    page.locator("[hx-get$='/panel/holdings/'], h2:has-text('主要持仓')").first.scroll_into_view_if_needed()
    expect(page.locator("main")).to_contain_text("浦江银行")


def test_compliance_reads_how_it_was_made_and_overrides_nothing(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "compliance")
    page.goto("/clients/c000009/")
    expect(page.locator("main")).not_to_contain_text("改判…")
    page.locator(".kw-reasons a").first.click()
    expect(page.locator("#drawer")).to_contain_text("client_grade.net_assets_20d_amount")


def test_an_aml_officer_keeps_a_view_of_expired_documents(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "aml_branch")
    page.goto("/clients/?document=expired")
    page.get_by_role("link", name="存为视图…").click()
    drawer = page.locator("#drawer")
    expect(drawer.locator("input[type=radio]")).to_have_count(1)
    drawer.locator("#id_name").fill("证件过期")
    drawer.locator("input[type=radio]").check()
    drawer.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".kw-chips a[aria-current]", has_text="证件过期")).to_be_visible()
    sound(page)


@pytest.mark.parametrize("theme, offered", [("light", "dark"), ("dark", "light")])
def test_the_switch_offers_the_opposite_of_what_is_seen(
    enter: Enter,
    firm_desk: str,
    theme: str,
    offered: str,
) -> None:
    page = enter(firm_desk, "counter")
    page.goto("/me/")
    page.select_option("#id_theme", "auto")
    with page.expect_navigation():
        page.click("main form button")
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # light or dark
    page.goto("/clients/")
    page.click("#switch-theme")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", offered)
