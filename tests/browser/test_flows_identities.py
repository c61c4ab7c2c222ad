"""R210, R211, R242: the service desk joins and parts by two, by key, by touch and by what stands on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.codes import JudgementReason
from tests.browser.conftest import Sit
from tests.browser.flow_desk import ZH_WIDE, Desk, Look
from tests.browser.flow_steps import sound, two_looks
from tests.browser.rest import at_rest
from tests.desk.run_folder import IN_TWO_BRANCHES, facts
from tests.processes import manage

SPLIT_CLIENT = facts(IN_TWO_BRANCHES)["client_id"]


def test_pairs_by_keyboard_alone(sit: Sit, flow_desk: Desk) -> None:
    """Esc closes a judgement not meant, `]` goes on without one, three keys at most decide."""
    page, mark = sit("service_desk2", ZH_WIDE), flow_desk.mark()
    number = page.locator("thead th").nth(1)
    page.goto("/identities/pairs/")
    first = number.inner_text()
    page.keyboard.press("2")
    expect(page.locator("[data-way='2'] [data-reason='1']")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".kw-way[open]")).to_have_count(0)
    page.keyboard.press("]")
    expect(number).not_to_have_text(first)
    at_rest(page)
    second = number.inner_text()
    page.keyboard.press("3")
    page.keyboard.press("1")
    expect(number).not_to_have_text(second)
    expect(page.locator("#pair-title")).to_be_focused()
    mark.has("identities.judge_pair")
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(number).to_have_text(second)  # taken back: the pair waits for the other flows
    page.goto("/identities/pairs/")
    expect(number).to_have_text(first)


AGREED = """
from django.utils import timezone
from keepwell.desk.identities.models import Judgement
from keepwell.desk.people.models import User
first, second = (User.objects.get(username=name) for name in ("service_desk2", "hq_brokerage"))
given = dict(left_code="10000057", right_code="20000057", left_client_id="c000057", right_client_id="c000057")
given |= dict(judgement="same", reason="same_document", proof="派出所变更证明", run="000000")
now = timezone.now()
Judgement.objects.create(**given, by=first, at=now, in_force_at=now, second_by=second, second_at=now)
"""
NO_MORE = """
from keepwell.desk.identities.models import Judgement, Split
Judgement.objects.filter(run="000000").update(state="undone")
Judgement.objects.exclude(split=None).update(state="undone")
Split.objects.update(state="undone")
"""


@pytest.fixture
def agreed_by_two(flow_desk: Desk) -> Iterator[None]:
    """Two people have agreed that both numbers of a client are one person."""
    manage(flow_desk.data, "shell", "--verbosity", "0", "--command", AGREED)
    yield
    manage(flow_desk.data, "shell", "--verbosity", "0", "--command", NO_MORE)


def agree(second: Page, look: Look, what: str) -> None:
    """The second person reads the grounds and agrees."""
    second.goto("/approvals/")
    row = second.locator("li", has_text=what).first
    expect(row).to_contain_text("20000057")
    sound(second)
    row.get_by_role("button", name=look.word("Approve")).first.click()
    expect(second.locator("#toasts")).to_contain_text(look.word("Approved: it goes to the next run."))


@two_looks
def test_what_two_agreed_to_two_part_and_two_join_again(
    sit: Sit, flow_desk: Desk, agreed_by_two: None, look: Look
) -> None:
    """R210: one alone proposes, nothing changes; another agrees; taking it back goes the same way."""
    page, mark, second = sit("service_desk2", look), flow_desk.mark(), sit("hq_brokerage", look)
    page.goto(f"/identities/merges/{SPLIT_CLIENT}/")
    page.locator("input[name=taken]").last.check()
    page.get_by_role("button", name=look.word("Split…")).click()
    sentence = look.word("Two people agreed that these are one client: two part them.")
    expect(page.locator("main")).to_contain_text(sentence)
    sound(page)
    page.get_by_role("button", name=look.word("Propose the split")).click()
    expect(page.locator("main")).to_contain_text(look.word("A split waits for a second person."))
    sound(page)
    mark.has("identities.propose_split")
    agree(second, look, look.either("拆分：", "Split:"))
    mark.has("identities.agree_split")
    page.goto(f"/identities/merges/{SPLIT_CLIENT}/")
    expect(page.locator("main")).to_contain_text(look.word("A split waits for the next run."))
    page.get_by_role("button", name=look.word("Undo the split")).click()
    waits = look.either("等复核人处理", "It waits for the second person's word.")
    expect(page.locator(".kw-split-note")).to_contain_text(
        look.either("提出撤回，等复核人", "wants it taken back")
    )
    expect(page.locator(".kw-split-note")).to_contain_text(waits)
    sound(page)
    agree(second, look, look.either("撤回：", "Taken back:"))
    mark.has("identities.agree_undo_split")
    page.goto(f"/identities/merges/{SPLIT_CLIENT}/")
    expect(page.locator("main")).to_contain_text(look.word("Splits that no longer hold"))
    expect(page.locator(".kw-split-note")).to_have_count(0)
    sound(page)


def test_a_decision_takes_three_keys_at_most(sit: Sit, flow_desk: Desk) -> None:
    """R211: whatever is said and why, two keys and the next pair is there; a third key takes it back."""
    page, mark = sit("service_desk2", ZH_WIDE), flow_desk.mark()
    page.goto("/identities/pairs/")
    number = page.locator("thead th").nth(1)
    for way, reasons in ((1, 3), (2, 4), (3, 1)):
        for reason in range(1, reasons + 1):
            at_rest(page)
            while page.locator("#pair [name=proof]").count():  # two valid documents: a proof is written out
                with page.expect_navigation():
                    page.keyboard.press("]")
                at_rest(page)
            first, keys = number.inner_text(), [str(way), str(reason)]
            for key in keys:
                page.keyboard.press(key)
            expect(number).not_to_have_text(first)
            expect(page.locator("#toasts [data-undo]").last).to_be_visible()
            with page.expect_navigation():
                page.keyboard.press("u")
            expect(number).to_have_text(first)
            assert len([*keys, "u"]) <= 3
    assert len([row for row in mark.rows("firm") if row[0] == "identities.undo_judgement"]) == 8


def prints_the_grounds(page: Page, look: Look) -> None:
    """「打印依据」 on a sound page asks the browser for paper."""
    sound(page)
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name=look.word("Print the grounds")).click()
    expect(page).to_have_title("printed")


def at_a_pair_for_one(page: Page) -> None:
    """On to the first pair of the queue that one person alone may judge."""
    at_rest(page)
    while page.locator("#pair [name=proof]").count():
        with page.expect_navigation():
            page.locator("main a[rel=next]").click()
        at_rest(page)


def say_not_same(page: Page, look: Look, reason: str) -> None:
    """By the words on the page: not the same client, and why; the next pair follows."""
    number = page.locator("thead th").nth(1)
    said = number.inner_text()
    page.locator("#pair summary", has_text=Said.NOT_SAME.text.in_language(look.language)).click()
    page.get_by_role("button", name=reason).click()
    expect(number).not_to_have_text(said)


def looks_up(page: Page, look: Look, number: str) -> None:
    """What joined the numbers of a client, by the way of the menu."""
    if look.is_phone:
        page.get_by_role("link", name=look.word("Menu")).click()
    with page.expect_navigation():
        page.get_by_role("link", name=look.word("Merges and splits")).click()
    page.get_by_label(look.word("Customer number, or an old client number")).fill(number)
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Look up")).click()
    expect(page.locator("main")).to_contain_text(look.word("by what they belong together"))


@two_looks
def test_a_stranger_settles_undoes_and_explains_a_link_by_what_stands_on_the_screen(
    sit: Sit, flow_desk: Desk, look: Look
) -> None:
    """R210: no address is typed and no manual read; each step is a word that the page before shows."""
    page, mark = sit("service_desk2", look), flow_desk.mark()
    page.goto("/")
    expect(page.locator("h1")).to_have_text(look.word("Same person"))  # the queue is their home
    number = page.locator("thead th").nth(1)
    at_a_pair_for_one(page)
    first = number.inner_text()
    expect(page.locator(".kw-evidence")).to_contain_text(look.either("同一人", "for one client"))
    reason = JudgementReason.NAMESAKE.text.in_language(look.language)
    say_not_same(page, look, reason)
    if look.is_phone:  # taken back at once where there is no key for it, and said once more
        with page.expect_navigation():
            page.locator("#toasts [data-undo]").click()
        expect(number).to_have_text(first)
        say_not_same(page, look, reason)
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=look.word("Judged")).click()
    row = page.locator("li[data-row]", has_text=first).first
    expect(row).to_contain_text(reason)
    sound(page)
    with page.expect_navigation():
        row.get_by_role("button", name=look.word("Undo")).click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Taken back; both acts stay on record."))
    expect(number).to_have_text(first)
    looks_up(page, look, "20000057")
    expect(
        page.get_by_role("table", name=look.word("Customer numbers of this client")).locator("tr[data-row]")
    ).to_have_count(2)
    prints_the_grounds(page, look)
    for verb in ("judge_pair", "undo_judgement", "read_merges"):
        mark.has(f"identities.{verb}")
