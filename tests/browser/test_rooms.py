"""R241, R242: list, card, homes and runs in a browser: both languages and themes, wide and phone, no axe finding."""

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect

from tests.browser.conftest import PHONE, WIDE, Enter
from tests.browser.rest import at_rest
from tests.browser.test_floor import findings, overflow

LOOKS = [
    ("zh-hans", "light", WIDE),
    ("zh-hans", "dark", PHONE),
    ("en", "light", PHONE),
    ("en", "dark", WIDE),
]
PAGES = [
    ("manager", "/books/mine/"),
    ("team_leader", "/books/team/"),
    ("branch_head", "/books/branch/"),
    ("branch_head", "/books/explain/"),
    ("branch_head", "/books/plan/"),
    ("branch_head", "/approvals/"),
    ("branch_head", "/identities/conflicts/"),
    ("branch_head", "/identities/remediation/"),
    ("branch_head", "/identities/quality/"),
    ("hq_brokerage", "/books/firm/"),
    ("team_leader", "/clients/"),
    ("team_leader", "/clients/c000009/"),
    ("team_leader", "/clients/c000009/holdings/"),
    ("team_leader", "/clients/c000009/accounts/"),
    ("team_leader", "/clients/c000009/service/"),
    ("team_leader", "/clients/c000009/explain/grade/"),
    ("team_leader", "/clients/changes/"),
    ("aml_branch", "/clients/c000003/"),
    ("hq_brokerage", "/runs/"),
    ("hq_brokerage", "/runs/000001/"),
    ("hq_brokerage", "/runs/quarantine/"),
    ("team_leader", "/clients/c000009/access/"),
    ("team_leader", "/people/covers/"),
    ("admin", "/people/"),
    ("admin", "/people/1/"),
    ("admin", "/people/1/disable/"),
    ("admin", "/people/new/"),
    ("admin", "/people/file/"),
    ("admin", "/people/roles/"),
]


def by_person() -> dict[str, list[str]]:
    """The addresses each person looks at."""
    found: dict[str, list[str]] = {}
    for who, address in PAGES:
        found.setdefault(who, []).append(address)
    return found


# List, card and runs in every look; the other homes in two.
SEEN = [(who, look) for who in ("team_leader", "hq_brokerage") for look in LOOKS]
SEEN += [
    (who, look) for who in ("manager", "branch_head", "aml_branch", "admin") for look in (LOOKS[0], LOOKS[2])
]


@pytest.mark.parametrize("who, look", SEEN)
def test_pages_are_accessible_and_fit(
    enter: Enter, firm_desk: str, who: str, look: tuple[str, str, ViewportSize]
) -> None:
    language, theme, size = look
    page = enter(firm_desk, who, language=language, theme=theme, size=size)
    for address in by_person()[who]:
        page.goto(address)
        at_rest(page)
        assert page.locator("h1").count() == 1, address
        assert findings(page) == [], address
        assert overflow(page) == 0, address
        expect(page.locator(".kw-asof")).to_contain_text("#1")


@pytest.mark.parametrize(
    "who, address",
    [
        ("manager", "/contacts/today/"),
        ("team_leader", "/clients/"),
        ("team_leader", "/clients/c000009/"),
        ("branch_head", "/books/branch/"),
        ("branch_head", "/approvals/"),
    ],
)
def test_r242_the_first_paint_is_light(enter: Enter, firm_desk: str, who: str, address: str) -> None:
    page = enter(firm_desk, who)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.insert(0, answer))
    page.goto(address)
    at_rest(page)
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    assert address in {url.removeprefix(firm_desk) for url in sizes}
    assert any(url.endswith(".css") for url in sizes)  # nothing came from the browser's cache
    assert 0 < sum(size for url, size in sizes.items() if "echarts" not in url) < 200_000


def test_from_search_to_card_to_how_it_was_made(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/")
    page.fill("#search", "wushan")
    page.press("#search", "Enter")
    page.wait_for_url("**/clients/search/")
    page.get_by_role("link", name="吴珊", exact=True).click()
    page.wait_for_url("**/clients/c000009/")
    expect(page.locator("h1")).to_contain_text("有去意")
    expect(page.locator("#assets canvas")).to_have_count(1)
    page.locator(".kw-reasons a").first.click()
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer")).to_contain_text("client_grade.net_assets_20d_amount")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_chips_narrow_the_list_by_keyboard_alone(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "team_leader")
    page.goto("/clients/")
    page.get_by_role("link", name="有去意").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**activity_state=leaving**")
    states = page.locator("tbody .kw-pill").all_inner_texts()
    assert states
    assert set(states) == {"有去意"}
    chosen = page.locator(".kw-chips a[aria-current]", has_text="有去意")
    expect(chosen).to_have_count(2)  # among the states, and among what was chosen, where it can be taken away
    page.locator(".kw-chosen a", has_text="有去意").focus()
    page.keyboard.press("Enter")
    expect(chosen).to_have_count(0)


def test_the_next_page_follows(enter: Enter, firm_desk: str) -> None:
    page = enter(firm_desk, "hq_brokerage")
    page.goto("/clients/")
    first = names(page)
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**after=**")
    assert len(first) == 50
    assert not set(first) & set(names(page))


def names(page: Page) -> list[str | None]:
    return [link.get_attribute("href") for link in page.locator("tbody th a").all()]


def test_the_boards_can_be_pressed_and_are_short_on_a_phone(enter: Enter, firm_desk: str) -> None:
    """Cells of the class grid are as high as a finger needs; of the moments due five stand open, the rest folds."""
    page = enter(firm_desk, "branch_head", size=PHONE)
    for address in ("/books/branch/", "/classes/"):
        page.goto(address)
        at_rest(page)
        cells = page.locator(".kw-grid td a")
        expect(cells.first).to_be_visible()
        heights = cells.evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().height)")
        assert min(heights) >= 44, address
    page = enter(firm_desk, "team_leader", size=PHONE)
    page.goto("/books/team/")
    at_rest(page)
    expect(page.locator(".kw-due:visible")).to_have_count(5)
    expect(page.get_by_role("heading", name="到期的联系时机")).to_be_visible()
    page.locator(".kw-due-rest summary").click()
    expect(page.locator(".kw-due:visible")).to_have_count(20)
    page.set_viewport_size(WIDE)
    page.reload()
    expect(page.locator(".kw-due-rest summary")).to_be_hidden()
    expect(page.locator(".kw-due:visible")).to_have_count(20)
