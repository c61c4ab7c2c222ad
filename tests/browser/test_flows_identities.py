"""R008, R210-R213, R242: the service desk joins and parts, the front desk asks and finds out; where it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from keepwell.contract.codes import Judgement as Said
from keepwell.contract.codes import JudgementReason
from keepwell.contract.reasons.identity import ConflictReason
from keepwell.desk.identities.documents import check_digit
from tests.browser.conftest import Sit
from tests.browser.flow_desk import TWO_LOOKS, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import forced, sound, was_refused
from tests.browser.rest import at_rest
from tests.desk.run_folder import IN_TWO_BRANCHES, facts
from tests.processes import manage

two_looks = pytest.mark.parametrize("look", TWO_LOOKS, ids=str)
FIRST = dict(zip(TWO_LOOKS, (15, 51), strict=True))  # a pair of the first branch for each look
TWO_DOCUMENTS = dict(zip(TWO_LOOKS, (18, 54), strict=True))
DISAGREEING = dict(
    zip(TWO_LOOKS, (ConflictReason.OCCUPATIONS_OPPOSED, ConflictReason.TWO_PHONES), strict=True)
)
SPLIT_CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
ELSEWHERE = next(
    facts(number)["id_number"]
    for number in range(3, 240, 4)
    if check_digit(facts(number)["id_number"]) == facts(number)["id_number"][-1]
)


def pair_of(number: int) -> str:
    """The address of a pair."""
    return f"/identities/pairs/?left={facts(number)['record']}&right={facts(number + 4)['record']}"


def choose(page: Page, look: Look, way: int, reason: int) -> None:
    """By key where there is a keyboard, by touch where there is none."""
    if look.is_phone:
        page.locator(f"[data-way='{way}'] summary").click()
        page.locator(f"[data-way='{way}'] [data-reason='{reason}']").click()
    else:
        page.keyboard.press(str(way))
        page.keyboard.press(str(reason))


@two_looks
def test_the_steward_judges_and_takes_back(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """Two keys, the next pair is there; undone, the pair waits again."""
    page, mark, number = sit("service_desk2", look), flow_desk.mark(), FIRST[look]
    page.goto(pair_of(number))
    expect(page.locator("thead")).to_contain_text(facts(number)["record"])
    expect(page.locator(".kw-compare")).to_contain_text(f"{facts(number)['name'][0]}*")
    sound(page)
    before = int(page.locator("#pair").get_attribute("data-n") or 0)
    choose(page, look, 1, 2)
    expect(page.locator("thead")).not_to_contain_text(facts(number)["record"])
    expect(page.locator("#pair")).to_have_attribute("data-n", str(before - 1))
    if look.is_phone:
        page.locator("#toasts [data-undo]").click()
    else:
        page.keyboard.press("u")
    expect(page.locator("thead")).to_contain_text(facts(number)["record"])
    sound(page)
    for verb in ("judge_pair", "read_pair", "undo_judgement"):
        mark.has(f"identities.{verb}")
    choose(page, look, 2, 2)
    expect(page.locator("#toasts")).to_contain_text(look.either("下次运行生效", "it takes effect"))
    sound(page)
    page.goto("/identities/pairs/judged/")
    expect(page.locator("main")).to_contain_text(facts(number)["record"])
    sound(page)


@two_looks
def test_two_valid_documents_are_refused_and_go_to_a_second_person(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """M17 without a proof; with one, headquarters' brokerage department agrees."""
    page, mark, number = sit("service_desk2", look), flow_desk.mark(), TWO_DOCUMENTS[look]
    page.goto(pair_of(number))
    page.locator("[data-way='1'] summary").click()
    sound(page)
    page.locator("[data-way='1'] [data-reason='1']").click()
    sentence = look.either("判「同一人」须附变更证明，由第二人复核。", "needs a proof of the change")
    expect(page.locator("[data-way='1'] [data-refusal]")).to_contain_text(sentence)
    was_refused(complaints)
    mark.has("identities.judge_pair", reason="M17")
    page.locator("[name=proof]").fill("派出所变更证明 2024-03")
    page.locator("[data-way='1'] [data-reason='1']").click()
    expect(page.locator("thead")).not_to_contain_text(facts(number)["record"])
    mark.has("identities.propose_same")
    second = sit("hq_brokerage", look)
    second.goto("/approvals/")
    row = second.locator("li", has_text=facts(number)["record"]).first
    expect(row).to_contain_text("派出所变更证明")
    sound(second)
    row.get_by_role("button", name=look.word("Approve")).first.click()
    expect(second.locator("#toasts")).to_contain_text(look.word("Approved: it goes to the next run."))
    mark.has("identities.agree_same")


@two_looks
def test_a_client_is_split_after_its_consequences_were_shown(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """By customer number; what changed since the preview is said (M25); undone, the client is whole."""
    page, mark = sit("service_desk2", look), flow_desk.mark()
    page.goto("/identities/merges/")
    expect(page.locator("main")).to_contain_text(look.either("从未合并或拆分。", "Never merged or split."))
    sound(page)
    page.fill("[name=number]", "20000057")
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/identities/merges/{SPLIT_CLIENT}/")
    sound(page)
    page.locator("input[name=taken]").last.check()
    page.get_by_role("button", name=look.word("Split…")).click()
    expect(page.locator("main")).to_contain_text(look.word("From the next run on these are two clients."))
    sound(page)
    desk = sit("service_desk", look)
    desk.goto(f"/clients/{SPLIT_CLIENT}/")
    desk.get_by_role("link", name=look.word("Record a contact")).first.click()
    desk.select_option("[name=way]", "call_in")
    desk.fill("[name=promise]", f"查两个客户号（{look}）")
    desk.fill("[name=promise_due_on]", "2026-11-27")
    desk.locator("main .btn-primary").first.click()
    expect(desk.locator("#toasts")).to_contain_text(look.word("Recorded."))
    page.locator("main .btn-primary").click()
    expect(page.locator("main")).to_contain_text("赵岚")
    was_refused(complaints)
    mark.has("identities.split_client", reason="M25")
    page.goto(f"/identities/merges/{SPLIT_CLIENT}/split/?taken=20000057")
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/identities/merges/{SPLIT_CLIENT}/")
    expect(page.locator("main")).to_contain_text(look.word("A split waits for the next run."))
    sound(page)
    mark.has("identities.split_client")
    page.get_by_role("button", name=look.word("Undo the split")).click()
    expect(page.locator("#toasts")).to_contain_text(look.either("已撤销", "Taken back"))
    mark.has("identities.undo_split")


@two_looks
def test_the_counter_learns_where_to_ask_and_nothing_else(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """M02; a wrong check digit is refused and kept to be verified (M18)."""
    page, mark = sit("counter", look), flow_desk.mark()
    page.goto("/identities/duplicates/")
    page.fill("[name=number]", ELSEWHERE)
    page.locator("main .btn-primary").click()
    sentence = look.either(
        "文三路营业部已有此人档案。请联系该营业部；此处不显示其他资料。",
        "文三路营业部 has a file of this person. Contact that branch; nothing else is shown here.",
    )
    expect(page.locator("#answer")).to_contain_text(sentence)
    sound(page)
    mark.has("identities.check_duplicate")
    page.fill("[name=number]", look.either("33010219740501002X", "33010219740502002X"))
    page.locator("main .btn-primary").click()
    expect(page.locator("#answer")).to_contain_text(look.either("末位应为 8", "the last one should be 3"))
    was_refused(complaints, 422)
    sound(page)
    mark.has("identities.check_duplicate", reason="M18")
    page.reload()
    seen, slip = (
        "Original seen",
        "Typed by mistake",
    )  # one look finds it on the original, the other mistyped it
    page.get_by_role("button", name=look.word(look.either(seen, slip))).first.click()
    noted = look.either("已记为核实。请再填一次此号", "Removed. Type the number as the original shows it.")
    expect(page.locator("#toasts")).to_contain_text(noted)


@two_looks
def test_the_counter_finds_out_which_value_is_true_and_takes_it_back(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """By phone, with grounds; without them it is refused (M20); the value that gives way stays where it is."""
    page, mark, reason = sit("counter", look), flow_desk.mark(), DISAGREEING[look]
    page.goto("/identities/conflicts/")
    sound(page)
    page.get_by_role("link", name=reason.text.in_language(look.language)).first.click()
    page.wait_for_url("**/conflicts/one/?key=*")
    sound(page)
    key = page.locator("[name=key]").input_value()
    page.locator("[name=record]").last.check()
    right = page.locator("[name=record]:checked").input_value()
    given = {"key": key, "record": right, "how": "phone", "finding": "one_is_right"}
    assert forced(page, "/identities/conflicts/settle/", **given).status == 403
    mark.has("identities.settle_conflict", reason="M20")
    page.fill("[name=grounds]", "11 月 18 日电话，录音 0931")
    page.get_by_role("button", name=look.word("Adopt this value")).click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Recorded; it takes effect with the next run."))
    mark.has("identities.settle_conflict")
    page.goto(f"/identities/conflicts/one/?key={key}")
    expect(page.locator("main")).to_contain_text("录音 0931")
    sound(page)
    page.get_by_role("button", name=look.word("Take back")).click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Taken back; both acts stay on record."))
    mark.has("identities.undo_settlement")
    expect(page.locator("[name=grounds]")).to_have_count(1)
    assert complaints == []


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


@two_looks
def test_a_stranger_settles_undoes_and_explains_a_link_by_what_stands_on_the_screen(
    sit: Sit, flow_desk: Desk, look: Look
) -> None:
    """R210: no address is typed and no manual read; each step is a word that the page before shows."""
    page, mark = sit("service_desk2", look), flow_desk.mark()
    page.goto("/")
    expect(page.locator("h1")).to_have_text(look.word("Same person"))  # the queue is their home
    number = page.locator("thead th").nth(1)
    at_rest(page)
    while page.locator("#pair [name=proof]").count():
        with page.expect_navigation():
            page.locator("main a[rel=next]").click()
        at_rest(page)
    first = number.inner_text()
    expect(page.locator(".kw-evidence")).to_contain_text(look.either("同一人", "for one client"))
    page.locator("#pair summary", has_text=Said.NOT_SAME.text.in_language(look.language)).click()
    reason = JudgementReason.NAMESAKE.text.in_language(look.language)
    page.get_by_role("button", name=reason).click()
    expect(number).not_to_have_text(first)
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=look.word("Judged")).click()
    row = page.locator("li[data-row]", has_text=first).first
    expect(row).to_contain_text(reason)
    sound(page)
    with page.expect_navigation():
        row.get_by_role("button", name=look.word("Undo")).click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Taken back; both acts stay on record."))
    expect(number).to_have_text(first)
    if look.is_phone:
        page.get_by_role("link", name=look.word("Menu")).click()
    with page.expect_navigation():
        page.get_by_role("link", name=look.word("Merges and splits")).click()
    page.get_by_label(look.word("Customer number, or an old client number")).fill("20000057")
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Look up")).click()
    expect(page.locator("main")).to_contain_text(look.word("by what they belong together"))
    expect(page.locator("tr[data-row]")).to_have_count(2)
    prints_the_grounds(page, look)
    for verb in ("judge_pair", "undo_judgement", "read_merges"):
        mark.has(f"identities.{verb}")
