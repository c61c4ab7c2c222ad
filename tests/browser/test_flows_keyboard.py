"""R199, R241, R242: each of the twelve roles does its work by keyboard alone in every look, without an axe finding."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look, Mark
from tests.browser.flow_steps import every_look, sound
from tests.browser.hand import Hand, begin
from tests.browser.rest import at_rest


def of_looks(*clients: str) -> Mapping[Look, str]:
    """For each look a client whom no other flow touches."""
    return dict(zip(EVERY_LOOK, clients, strict=True))


OF_MANAGER = of_looks("c000112", "c000116", "c000120", "c000124")
OF_ADVISER = of_looks("c000014", "c000018", "c000022", "c000034")
OF_LEADER = of_looks("c000136", "c000140", "c000144", "c000148")
OF_HEAD = of_looks("c000156", "c000164", "c000200", "c000204")
OF_COUNTER = of_looks("c000168", "c000172", "c000176", "c000180")
OF_CALLER = of_looks("c000184", "c000188", "c000192", "c000196")


def recorded(page: Page, look: Look, sentence: str = "Recorded.") -> None:
    """The toast says so."""
    expect(page.locator("#toasts")).to_contain_text(look.word(sentence))


@every_look
@pytest.mark.parametrize(("who", "clients"), [("manager", OF_MANAGER), ("adviser", OF_ADVISER)])
def test_manager_and_adviser(
    sit: Sit, flow_desk: Desk, look: Look, who: str, clients: Mapping[Look, str]
) -> None:
    """R101, R104: reached and completed, a promise from the card, a correction of it."""
    hand, mark = begin(sit, who, look), flow_desk.mark()
    page = hand.page
    rows = page.locator(".kw-task")
    before = rows.count()
    hand.press("j", "c")
    expect(page.locator("#task-panel [data-key='1']")).to_be_visible()
    at_rest(page)
    hand.press("1")
    expect(page.locator("#toasts")).to_contain_text(look.either("已记为“已接通”。", "Recorded as “Reached”."))
    expect(rows).to_have_count(before - 1)
    expect(page.locator("#id_need")).to_be_visible()
    hand.press("2")
    hand.choose(page.locator("#id_need"), "fund")
    hand.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text(look.word("Saved in the same entry."))
    sound(page)
    hand.find(clients[look])
    hand.follow(page.get_by_role("link", name=look.word("Record a contact")).first)
    hand.write(page.locator("[name=minutes]"), "6")
    hand.write(page.locator("[name=promise]"), "发送季报解读")
    hand.date(page.locator("[name=promise_due_on]"), "2026-11-27")
    sound(page)
    with hand.leaving():
        hand.press("Control+s")
    recorded(page, look)
    correct(hand, clients[look])
    for verb in ("record_outcome", "record_contact", "complete_contact", "correct_contact"):
        mark.has(f"contacts.{verb}")


def correct(hand: Hand, client: str) -> None:
    """From the log: another length, with its reason; the old one can still be read."""
    page, look = hand.page, hand.look
    hand.go(look.word("Contacts"))
    row = page.locator(".kw-log li", has=page.locator(f"a[href='/clients/{client}/']")).first
    hand.open(row.get_by_role("link", name=look.word("Open")))
    expect(page.locator("#drawer h2").first).to_be_visible()
    hand.follow(page.locator("#drawer").get_by_role("link", name=look.word("Correct…")))
    hand.write(page.locator("[name=minutes]"), "16")
    hand.write(page.locator("[name=reason]"), "时长记错")
    sound(page)
    with hand.leaving():
        hand.press("Control+s")
    hand.open(page.locator("details summary", has_text=re.compile("1")).last)
    expect(page.locator("del")).to_contain_text("6")


def propose(hand: Hand, client: str) -> None:
    """From the card: another class, grounds and an end."""
    page, look = hand.page, hand.look
    hand.find(client)
    hand.open(page.get_by_role("link", name=look.word("Override…")))
    drawer = page.locator("#drawer")
    expect(drawer.locator("#id_to")).to_be_visible()
    hand.reach(drawer.locator("#id_to"))
    hand.press("ArrowDown")
    hand.write(drawer.locator("#id_reason"), "客户转入 300 万，已核实")
    hand.date(drawer.locator("#id_expires_on"), "2099-12-31")
    sound(page)
    hand.follow(drawer.get_by_role("button", name=look.word("Propose"), exact=True))
    expect(page.locator(".kw-card-band")).to_contain_text(look.word("Waiting for approval"))


def save_view(hand: Hand, name: str, reach: str) -> None:
    """From the list: a name, who sees it, and it stands among the views."""
    page, look = hand.page, hand.look
    hand.open(page.get_by_role("link", name=look.word("Save as a view…")))
    drawer = page.locator("#drawer")
    expect(drawer.locator("#id_name")).to_be_visible()
    hand.write(drawer.locator("#id_name"), name)
    chosen = drawer.get_by_label(look.word(reach), exact=True)
    hand.reach(drawer.locator("input[type=radio]:checked, input[type=radio]").first)
    for _ in range(3):
        if chosen.is_checked():
            break
        hand.press("ArrowDown" if drawer.locator("input[type=radio]:checked").count() else "Space")
    expect(chosen).to_be_checked()
    sound(page)
    hand.follow(drawer.get_by_role("button", name=look.word("Save"), exact=True))
    expect(page.locator(".kw-chips a[aria-current]", has_text=name)).to_be_visible()


@every_look
def test_team_leader(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R194: an override proposed; a view shared with the team."""
    hand, mark = begin(sit, "team_leader", look), flow_desk.mark()
    propose(hand, OF_LEADER[look])
    hand.go(look.word("Clients"))
    if look.is_phone:
        hand.open(hand.page.locator(".kw-fold > summary").first)
    hand.follow(hand.page.locator(".kw-filter-grid a[href*='activity_state=hesitating']").first)
    save_view(hand, f"犹豫 {look}", "Team")
    assert "activity_state=hesitating" in hand.page.url
    mark.has("clients.propose_override")
    mark.has("clients.save_view")


@every_look
def test_branch_head(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R090: what waits is read with its grounds and signed."""
    client = OF_HEAD[look]
    propose(begin(sit, "team_leader", look), client)
    hand, mark = begin(sit, "branch_head", look), flow_desk.mark()
    page = hand.page
    hand.go(look.word("My approvals"))
    row = page.locator(f"[data-row]:has(a[href='/clients/{client}/'])")
    hand.open(row.get_by_role("link", name=look.word("See grounds")))
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("客户转入 300 万，已核实")
    sound(page)
    hand.open(drawer.locator(".kw-decide .btn-primary"))
    expect(row.locator(".kw-decide")).to_have_count(0)  # signed; it stands among what was decided
    mark.has("clients.approve_override")


@every_look
def test_counter(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R104: whoever stands at the counter is found by the phone's tail and noted."""
    hand, mark = begin(sit, "counter", look), flow_desk.mark()
    hand.find(OF_COUNTER[look])
    sound(hand.page)
    hand.follow(hand.page.get_by_role("link", name=look.word("Record a contact")).first)
    expect(hand.page.locator("[name=way]")).to_have_value("at_branch")
    hand.write(hand.page.locator("[name=note]"), "咨询银证转账")
    with hand.leaving():
        hand.press("Control+s")
    recorded(hand.page, look)
    mark.has("contacts.record_contact")


@every_look
def test_service_desk(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R104: a call with a promise, which is a task of the client's manager."""
    client = OF_CALLER[look]
    hand, mark = begin(sit, "service_desk", look), flow_desk.mark()
    hand.find(client)
    hand.follow(hand.page.get_by_role("link", name=look.word("Record a contact")).first)
    hand.choose(hand.page.locator("[name=way]"), "call_in")
    hand.write(hand.page.locator("[name=promise]"), "寄对账单")
    hand.date(hand.page.locator("[name=promise_due_on]"), "2026-11-25")
    sound(hand.page)
    with hand.leaving():
        hand.press("Control+s")
    recorded(hand.page, look)
    mark.has("contacts.record_contact")
    manager = sit("manager", look)
    manager.goto("/contacts/today/?span=week&kind=promise")
    task = manager.locator(".kw-task", has=manager.locator(f"a[href='/clients/{client}/']"))
    expect(task).to_contain_text("寄对账单")


@every_look
@pytest.mark.parametrize("who", ["compliance", "audit"])
def test_compliance_and_audit(sit: Sit, flow_desk: Desk, look: Look, who: str) -> None:
    """R199, R233: the log filtered and its chain checked; who can see a client, and why."""
    hand, mark = begin(sit, who, look), flow_desk.mark()
    page = hand.page
    if look.is_phone:
        hand.open(page.locator(".kw-fold > summary"))
    hand.choose(page.locator("#id_outcome"), "refused")
    hand.follow(page.get_by_role("button", name=look.word("Filter")))
    expect(page).to_have_url(re.compile("outcome=refused"))
    hand.follow(page.get_by_role("button", name=look.word("Check the chain")))
    until_checked(page, mark)
    hand.find("c000010")
    hand.follow(page.get_by_role("link", name=look.word("Who can see this")))
    expect(page.locator("main")).to_contain_text(look.either("营业部负责人", "Branch manager"))
    sound(page)
    mark.has("clients.read_access")


def until_checked(page: Page, mark: Mark) -> None:
    """The check is a job: the page is asked for again until its result is an entry."""
    for _ in range(120):
        if "audit.verify_chain" in [row[0] for row in mark.rows("firm")]:
            return
        page.wait_for_timeout(500)
        page.reload()
        at_rest(page)
    pytest.fail("the chain was never checked")


@every_look
@pytest.mark.parametrize(("who", "client"), [("aml_branch", "c000003"), ("aml_hq", "c000011")])
def test_aml(sit: Sit, flow_desk: Desk, look: Look, who: str, client: str) -> None:
    """R232, R233: a view kept, a number shown for its purpose and hidden by Esc; the firm's log knows nothing."""
    hand, mark = begin(sit, who, look), flow_desk.mark()
    page = hand.page
    save_view(hand, f"证件 {look}", "Private")
    hand.find(client)
    hand.follow(page.get_by_role("link", name=look.word("Accounts and identity")))
    hand.open(page.locator(".kw-facts").get_by_role("link", name=look.word("Show document number")).first)
    drawer = page.locator("#drawer")
    expect(drawer.locator("#reveal-purpose")).to_be_visible()
    hand.choose(drawer.locator("#reveal-purpose"), "check")
    hand.open(drawer.get_by_role("button", name=look.word("Show document number")))
    expect(drawer.locator("[data-value]")).to_be_visible()
    number = drawer.locator("[data-value]").inner_text()
    assert re.fullmatch(r"\d{17}[\dX]", number)
    sound(page)
    hand.press("Escape")
    expect(drawer).to_be_hidden()
    assert number not in page.content()
    mark.has("clients.save_view", "aml")
    mark.has("clients.reveal", "aml")
    assert mark.rows("firm") == []


@every_look
def test_hq_brokerage(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R230: rejected rows are asked for with a purpose, let go by another person, and fetched."""
    hand, mark = begin(sit, "hq_brokerage", look), flow_desk.mark()
    page, purpose = hand.page, f"请源系统改，键盘（{look}）"
    hand.go(look.word("Runs"))
    hand.follow(page.locator("main a[href='/runs/000001/']").first)
    hand.follow(page.get_by_role("link", name=look.word("See quarantined rows")))
    if look.is_phone:
        hand.open(page.locator("main .kw-fold > summary").first)
    hand.follow(page.locator("main a[href*='file=login.csv']").first)
    hand.open(page.get_by_role("link", name=look.word("Export…")))
    expect(page.locator("#export-purpose")).to_be_visible()
    hand.write(page.locator("#export-purpose"), purpose)
    sound(page)
    hand.follow(page.get_by_role("button", name=look.word("Submit"), exact=True))
    consent(begin(sit, "hq_brokerage2", look), purpose)
    file = page.locator("tbody tr", has_text=purpose).get_by_role("link", name=look.word("Fetch the file"))
    page.goto("/me/exports/")
    for _ in range(60):
        if file.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    hand.reach(file)
    with page.expect_download():
        hand.press("Enter")
    mark.has("exchange.export_quarantine")


def consent(hand: Hand, grounds: str) -> None:
    """A second person finds what waits by these grounds and agrees."""
    hand.go(hand.look.word("My approvals"))
    row = hand.page.locator("[data-row]", has_text=grounds).first
    sound(hand.page)
    hand.follow(row.locator(".kw-decide .btn-primary").first)


@every_look
def test_admin(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R199, R235: a login proposed, given by the second administrator, ended; a stopped run and where it stopped."""
    hand, mark, name = begin(sit, "admin", look), flow_desk.mark(), f"key-{look}"
    page = hand.page
    hand.go(look.word("People"))
    hand.follow(page.get_by_role("link", name=look.word("New…")))
    hand.write(page.locator("#id_username"), name)
    hand.write(page.locator("#id_display_name"), "沈洁")
    hand.write(page.locator("#id_staff_code"), f"K-{look}")
    hand.choose(page.locator("#id_role"), "counter")
    hand.choose(page.locator("#id_branch_code"), "B01")
    hand.write(page.locator("#id_reason"), f"新入职 {name}")
    sound(page)
    hand.follow(page.get_by_role("button", name=look.word("Submit"), exact=True))
    second = begin(sit, "admin2", look)
    consent(second, name)
    expect(second.page.locator("main td.kw-mono")).to_be_visible()
    pk = flow_desk.ask("SELECT id FROM people_user WHERE username = ?", name)[0][0]
    hand.go(look.word("People"))
    hand.follow(page.locator(f"main a[href='/people/{pk}/']").first)
    hand.open(page.get_by_role("link", name=look.word("Disable…")))
    drawer = page.locator("#drawer")
    hand.write(drawer.locator("#id_why"), "离职")
    hand.follow(drawer.get_by_role("button", name=look.word("Disable now")))
    hand.go(look.word("Runs"))
    expect(page.locator(".kw-warning", has_text=look.either("运行 #2", "Run #2"))).to_be_visible()
    sound(page)
    mark.has("people.grant_role", of_run=False)
    mark.has("people.disable", of_run=False)
