"""R021, R022, R026, R242: flows of matching: a product checked, a client who insists, a level read by compliance."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EN_PHONE, EN_WIDE, ZH_PHONE, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, was_refused
from tests.browser.hand import Hand
from tests.browser.rest import at_rest
from tests.desk.run_suitability import EXPIRED, LOWEST

CLIENT, INSISTS = "c000008", "c000128"  # C2, of the manager; nobody else's flows


def theme(page: Page, look: Look) -> None:
    """The phone looks at it in the dark."""
    page.emulate_media(color_scheme="dark" if look.is_phone else "light")


def check(page: Page, look: Look, client: str, product: str, who: str) -> Locator:
    """Check a product for a client at the gate; answers what the gate says."""
    page.goto(f"/gates/match/{client}/")
    at_rest(page)
    page.get_by_label(look.word("Product, by name or code")).fill(product)
    page.get_by_role(
        "radio", name=look.either({"staff": "员工", "client": "客户"}[who], who.capitalize())
    ).check()
    page.get_by_role("button", name=look.word("Check the match"), exact=True).click()
    result = page.locator("#answer .kw-match")
    expect(result).to_contain_text(product)
    at_rest(page)
    return result


@every_look
def test_4_a_manager_checks_a_product_and_sees_what_matches_instead(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """From the navigation to the client to R4: not to be recommended (M09), and how many there are to choose from."""
    page, mark = sit("manager", look), flow_desk.mark()
    theme(page, look)
    page.goto(f"/clients/{CLIENT}/")  # so that it stands among those opened lately
    at_rest(page)
    page.goto("/gates/match/")
    expect(page.locator(f'#found a[href="/gates/match/{CLIENT}/"]')).to_be_visible()
    sound(page)
    page.locator("#match-q").fill("88000008")
    page.get_by_role("button", name=look.word("Find the client"), exact=True).click()
    found = page.locator(f'#found a[href="/gates/match/{CLIENT}/"]')
    expect(found).to_be_visible()
    with page.expect_navigation(url=re.compile(f"/gates/match/{CLIENT}/$")):
        found.click()
    sound(page)
    result = check(page, look, CLIENT, "688001", "staff")
    said = look.either(
        "R4 高于客户 C2，不能主动推荐。可看 R1–R2 共 4 只。",
        "R4 exceeds the client's C2: not to be recommended. See 4 products in R1–R2.",
    )
    expect(result.get_by_role("alert")).to_have_text(said)
    expect(result.locator(".kw-tests li")).to_have_count(3)
    expect(page.locator(".kw-choices-of-match [data-row]")).to_have_count(4)
    expect(page.get_by_text(look.either("可选 4 只", "4 products to choose from"))).to_be_visible()
    sound(page)
    mark.has("gates.check_match", reason="M09")


@every_look
def test_4_what_matches_may_be_named(sit: Sit, flow_desk: Desk, complaints: list[str], look: Look) -> None:
    """Level, term and kind pass: no refusal, no other list."""
    page, mark = sit("manager", look), flow_desk.mark()
    theme(page, look)
    result = check(page, look, CLIENT, "WX0182", "staff")
    expect(result).to_contain_text(look.either("匹配", "Match"))
    expect(result.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".kw-choices-of-match")).to_have_count(0)
    mark.has("gates.check_match")


@every_look
def test_4_an_ended_test_and_the_lowest_class_refuse(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """M08 for an assessment that ended on Friday; M09 for the lowest class, even where the client asks."""
    page, mark = sit("manager", look), flow_desk.mark()
    theme(page, look)
    result = check(page, look, f"c{EXPIRED:06d}", "000198", "staff")
    ended = look.either(
        "风险测评已于 11月20日到期，不能主动推荐或开新权限。", "The assessment ended on 20 Nov:"
    )
    expect(result.get_by_role("alert")).to_contain_text(ended)
    mark.has("gates.check_match", reason="M08")
    result = check(page, look, f"c{LOWEST:06d}", "600000", "client")
    lowest = look.either(
        "客户属最低类别，R3 不得销售，无论由谁提出。",
        "Of the lowest class: R3 may not be sold, whoever asks.",
    )
    expect(result.get_by_role("alert")).to_contain_text(lowest)
    expect(page.locator(".kw-asked")).to_have_count(0)
    mark.has("gates.check_match", reason="M09")
    sound(page)


@pytest.mark.parametrize(
    ("look", "client", "product"),
    [
        (ZH_WIDE, CLIENT, "688001"),
        (EN_PHONE, CLIENT, "600000"),
        (EN_WIDE, INSISTS, "688001"),
        (ZH_PHONE, INSISTS, "600000"),
    ],
    ids=str,
)
def test_4_what_a_client_insists_on_stays_open_until_warning_and_recording_are_on_record(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look, client: str, product: str
) -> None:
    """Started by the client it is no refusal: what is owed stands there, and goes as it is recorded."""
    page, mark = sit("manager", look), flow_desk.mark()
    theme(page, look)
    check(page, look, client, product, "client")
    wish = page.locator(".kw-asked > li").filter(has_text=product)
    expect(wish).to_contain_text(look.word("Still open"))
    expect(wish).to_contain_text(look.either("第25条", "Art. 25"))
    sound(page)
    wish.get_by_label(look.word("Number of the signed warning")).fill("JS-2026-11")
    wish.get_by_label(look.word("Number of the recording")).fill("LX-2026-11")
    with page.expect_navigation(url=re.compile(f"/gates/match/{client}/$")):
        wish.get_by_role("button", name=re.compile(look.word("Record warning and recording"))).click()
    at_rest(page)
    wish = page.locator(".kw-asked > li").filter(has_text=product)
    expect(wish).to_contain_text("JS-2026-11")
    expect(wish).not_to_contain_text(look.either("第25条", "Art. 25"))
    mark.has("gates.record_warning")


@every_look
def test_4_the_card_leads_to_the_gate(sit: Sit, complaints: list[str], look: Look) -> None:
    """The card shows what the client can bear, and the way to a check."""
    page = sit("manager", look)
    theme(page, look)
    page.goto(f"/clients/{CLIENT}/")
    at_rest(page)
    panel = page.locator(".kw-panel").filter(
        has=page.get_by_role("heading", name=look.word("Suitability"), exact=True)
    )
    panel.scroll_into_view_if_needed()
    expect(panel).to_contain_text("R1–R2")
    with page.expect_navigation(url=re.compile(f"/gates/match/{CLIENT}/$")):
        panel.get_by_role("link", name=look.word("Check a product match"), exact=True).click()
    at_rest(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(look.word("Product match"))


@every_look
def test_3_compliance_reads_how_a_level_was_made_and_changes_nothing(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """One client drawn: the level with its rule, version, inputs and reasons; no override; the gate is not theirs."""
    page, mark = sit("compliance", look), flow_desk.mark()
    theme(page, look)
    page.goto(f"/clients/{CLIENT}/")
    at_rest(page)
    expect(page.get_by_role("link", name=look.word("Override…"))).to_have_count(0)
    page.locator(f'.kw-card-band a[href="/clients/{CLIENT}/explain/risk_level/"]').click()
    drawer = page.locator("#drawer")
    for place in ("risk_level", "computed_score", "questionnaire_version", "valid_to", "is_lowest_class"):
        expect(drawer).to_contain_text(f"client_suitability.{place}")
    expect(drawer).to_contain_text(
        look.either("答卷得 50 分：C2，与告知客户的一致", "the answers make 50: C2, as declared")
    )
    expect(drawer).to_contain_text("suitability 1.0")
    sound(page)
    mark.has("clients.read_explanation")
    assert forced(page, f"/gates/match/{CLIENT}/", product="688001", started_by="staff").status == 403
    page.goto("/gates/match/")
    at_rest(page)
    was_refused(complaints)


@every_look
def test_4_a_product_is_checked_by_keyboard_alone(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """Field, who named it first, the answer: no mouse."""
    page, mark = sit("manager", look), flow_desk.mark()
    theme(page, look)
    page.goto(f"/gates/match/{CLIENT}/")
    at_rest(page)
    hand = Hand(page, look)
    hand.write(page.locator("#id_product"), "688001")
    hand.reach(page.locator("[name=started_by][value=staff]"))
    hand.press("Space", "Enter")
    expect(page.locator("#answer .kw-match").get_by_role("alert")).to_contain_text("R4")
    at_rest(page)
    mark.has("gates.check_match", reason="M09")
