"""The ground floor in a real browser: both languages, both themes, wide and phone; keyboard; no axe finding."""

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from tests.browser.conftest import PHONE, WIDE, Enter, listen
from tests.browser.rest import at_rest
from tests.processes import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


# What rules of less weight find is left out below: they need not look for it.
FIND = """async () => {
  const light = axe._audit.rules.filter((rule) => ["minor", "moderate"].includes(rule.impact));
  const rules = Object.fromEntries(light.map((rule) => [rule.id, { enabled: false }]));
  return (await axe.run(document, { resultTypes: ["violations"], rules })).violations;
}"""


def findings(page: Page) -> list[str]:
    """Serious and critical findings of axe: rule and place."""
    page.evaluate(AXE)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate(FIND)
        if one["impact"] in {"serious", "critical"}
    ]


def overflow(page: Page) -> int:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert isinstance(width, int)
    return width


@pytest.mark.parametrize(
    "language, theme, size",
    [
        ("zh-hans", "light", WIDE),
        ("zh-hans", "dark", PHONE),
        ("en", "light", PHONE),
        ("en", "dark", WIDE),
    ],
    ids=["zh-light-wide", "zh-dark-phone", "en-light-phone", "en-dark-wide"],
)
@pytest.mark.parametrize("who, address", [("admin", "/ui/gallery/"), ("compliance", "/audit/log/")])
def test_pages_are_accessible_and_fit(
    enter: Enter, bare_desk: str, who: str, address: str, size: ViewportSize, theme: str, language: str
) -> None:
    page = enter(bare_desk, who, language=language, theme=theme, size=size)
    page.goto(address)
    at_rest(page)
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert page.locator("h1").count() == 1
    assert findings(page) == []
    assert overflow(page) == 0
    expect(page.locator(".kw-asof")).to_be_visible()


def test_a_serious_finding_is_told(enter: Enter, bare_desk: str) -> None:
    """A planted one, or nobody would know that the looking can find."""
    page = enter(bare_desk, "admin")
    assert findings(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert [one.partition(":")[0] for one in findings(page)] == ["image-alt"]


def test_charts_are_drawn_and_their_data_can_be_read(enter: Enter, bare_desk: str) -> None:
    page = enter(bare_desk, "admin")
    page.goto("/ui/gallery/")
    expect(page.locator(".kw-chart:has(canvas)")).to_have_count(5)
    page.locator("#sample-line summary").click()
    expect(page.locator("#sample-line tbody tr")).to_have_count(12)
    expect(page.locator("#sample-line tbody tr").nth(2)).to_contain_text("缺数")


def test_the_keyboard_opens_palette_keys_and_drawer(enter: Enter, bare_desk: str) -> None:
    page = enter(bare_desk, "admin")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("组件")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/gallery/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("tr[data-row] a").first).to_be_focused()
    page.get_by_role("link", name="打开抽屉").click()
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_single_letters_can_be_switched_off(enter: Enter, bare_desk: str) -> None:
    page = enter(bare_desk, "admin2")
    page.uncheck("#id_single_keys")
    with page.expect_navigation():
        page.click("main form button")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_refusal_shows_its_sentence(enter: Enter, bare_desk: str, complaints: list[str]) -> None:
    page = enter(bare_desk, "manager", language="en")
    page.goto("/ui/gallery/")
    expect(page.locator("[data-sentence]")).to_contain_text(
        "Your role, Relationship manager, does not open this page."
    )
    assert [complaint for complaint in complaints if "/ui/gallery/" in complaint]
    complaints[:] = [complaint for complaint in complaints if "403" not in complaint]


def test_the_phone_loses_nothing(enter: Enter, bare_desk: str) -> None:
    page = enter(bare_desk, "compliance", size=PHONE)
    page.goto("/audit/log/")
    expect(page.locator("#navigation")).to_be_hidden()
    page.click(".kw-menu")
    expect(page.locator("#navigation")).to_be_visible()
    expect(page.locator("#navigation").get_by_role("link", name="操作日志")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation")).to_be_hidden()
    assert page.locator("#switch-language").is_visible()


def test_logging_in_works_without_scripts(browser: Browser, bare_desk: str, complaints: list[str]) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=bare_desk)
    page = context.new_page()
    listen(page, complaints)
    page.goto("/")
    page.fill("#id_username", "audit")
    page.fill("#id_password", "keepwell-demo")
    page.click("main button")
    page.wait_for_url("**/audit/log/")
    expect(page.locator("h1")).to_have_text("操作日志")
    context.close()


def test_the_first_paint_is_light(enter: Enter, bare_desk: str) -> None:
    page = enter(bare_desk, "compliance")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.insert(0, answer))
    page.goto("/audit/log/")
    at_rest(page)
    assert 0 < sum(answer.request.sizes()["responseBodySize"] for answer in answers) < 200_000
