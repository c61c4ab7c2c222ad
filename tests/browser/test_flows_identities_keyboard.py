"""R210-R212, R241, R242: who is the client, by keyboard alone in every look; where it is refused, what is traced.

The flows of the front desk (is this person on file, which value is true) and of the service desk (same person, split).
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from keepwell.contract.reasons.identity import ConflictReason
from keepwell.desk.identities.duplicates.documents import check_digit
from tests.browser.conftest import Sit
from tests.browser.flow_desk import EVERY_LOOK, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, was_refused
from tests.browser.hand import Hand, begin
from tests.browser.rest import at_rest
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

SPLIT_CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
ELSEWHERE = next(
    facts(number)["id_number"]
    for number in range(3, 240, 4)
    if check_digit(facts(number)["id_number"]) == facts(number)["id_number"][-1]
)
# For each look pairs of its own, those to be judged by one alone; the two conflicts are taken back and serve two looks.
UNSETTLED = dict(zip(EVERY_LOOK, (3, 6, 15, 51), strict=True))
TWO_DOCUMENTS = dict(zip(EVERY_LOOK, (18, 36, 54, 72), strict=True))
DISAGREEING = dict(
    zip(EVERY_LOOK, (ConflictReason.OCCUPATIONS_OPPOSED, ConflictReason.TWO_PHONES) * 2, strict=True)
)
MISTYPED = dict(zip(EVERY_LOOK, (f"3301021974050{nth}002" for nth in (1, 2, 3, 4)), strict=True))


def wrong_last(body: str) -> tuple[str, str]:
    """A number whose last character is wrong, and the right one."""
    right = check_digit(f"{body}0")
    return body + ("0" if right == "X" else "X"), right


def at_pair(hand: Hand, number: int) -> Locator:
    """Go to a pair; answers the number of its first record as the page shows it."""
    left, right = (facts(one)["record"] for one in (number, number + 4))
    hand.page.goto(f"/identities/pairs/?left={left}&right={right}")
    at_rest(hand.page)
    shown = hand.page.locator("#pair thead th").nth(1)
    expect(shown).to_have_text(left)
    return shown


def told(page: Page, sentence: str) -> None:
    """The toast says so."""
    expect(page.locator("#toasts")).to_contain_text(sentence)


@every_look
def test_the_service_desk_judges_pair_after_pair(sit: Sit, flow_desk: Desk, look: Look) -> None:
    """R211: two keys and the next pair is there, whichever was said; `U` takes it back, and the pair waits again."""
    hand, mark = begin(sit, "service_desk2", look), flow_desk.mark()
    page, pair = hand.page, hand.page.locator("#pair")
    expect(page.locator("h1")).to_have_text(look.word("Same person"))
    number = facts(UNSETTLED[look])["record"]
    shown = at_pair(hand, UNSETTLED[look])
    expect(page.locator(".kw-compare")).to_contain_text(f"{facts(UNSETTLED[look])['name'][0]}*")
    sound(page)
    n_waiting = int(pair.get_attribute("data-n") or 0)
    for way in ("1", "2", "3"):
        hand.press(way, "1")
        expect(shown).not_to_have_text(number)
        expect(pair).to_have_attribute("data-n", str(n_waiting - 1))
        told(page, look.either("下次运行生效", "it takes effect"))
        with hand.leaving():
            hand.press("u")
        expect(shown).to_have_text(number)
        expect(pair).to_have_attribute("data-n", str(n_waiting))
    hand.press("2", "2")
    expect(shown).not_to_have_text(number)
    at_rest(page)
    sound(page)
    hand.follow(page.locator("main").get_by_role("link", name=look.word("Judged")))
    expect(page.locator("li[data-row]", has_text=number).first).to_be_visible()
    sound(page)
    for verb in ("judge_pair", "read_pair", "undo_judgement"):
        mark.has(f"identities.{verb}")


@every_look
def test_two_valid_documents_go_to_a_second_person(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R210: M17 without a proof; with one, headquarters' brokerage department agrees."""
    hand, mark = begin(sit, "service_desk2", look), flow_desk.mark()
    page, record = hand.page, facts(TWO_DOCUMENTS[look])["record"]
    shown = at_pair(hand, TWO_DOCUMENTS[look])
    proof, reason = page.locator("[name=proof]"), page.locator("[data-way='1'] [data-reason='1']")
    hand.press("1")
    expect(proof).to_be_focused()
    sound(page)
    hand.open(reason)
    sentence = look.either("判「同一人」须附变更证明，由第二人复核。", "needs a proof of the change")
    expect(page.locator("[data-way='1'] [data-refusal]")).to_contain_text(sentence)
    was_refused(complaints)
    mark.has("identities.judge_pair", reason="M17")
    hand.reach(proof, "Shift+Tab")
    page.keyboard.type("派出所变更证明 2024-03")
    hand.open(reason)
    expect(shown).not_to_have_text(record)
    mark.has("identities.propose_same")
    second = begin(sit, "hq_brokerage", look)
    second.go(look.word("My approvals"))
    row = second.page.locator("main li", has_text=record).first
    expect(row).to_contain_text("派出所变更证明")
    sound(second.page)
    second.follow(row.get_by_role("button", name=look.word("Approve")).first)
    told(second.page, look.word("Approved: it goes to the next run."))
    mark.has("identities.agree_same")


def promise(hand: Hand) -> None:
    """Somebody who calls is promised something: an open task more of the client who is about to be split."""
    page, look = hand.page, hand.look
    page.goto(f"/clients/{SPLIT_CLIENT}/")
    hand.follow(page.get_by_role("link", name=look.word("Record a contact")).first)
    hand.choose(page.locator("[name=way]"), "call_in")
    hand.write(page.locator("[name=promise]"), f"查两个客户号（{look}）")
    hand.date(page.locator("[name=promise_due_on]"), "2026-11-27")
    with hand.leaving():
        hand.press("Control+s")
    told(page, look.word("Recorded."))


def take_out(hand: Hand) -> None:
    """From the client's numbers to the preview of parting the second from the first."""
    taken = hand.page.locator("input[name=taken]").last
    hand.reach(taken)
    hand.press("Space")
    expect(taken).to_be_checked()
    hand.follow(hand.page.get_by_role("button", name=hand.look.word("Split…")))
    expect(hand.page.locator("main")).to_contain_text(
        hand.look.word("From the next run on these are two clients.")
    )


@every_look
def test_the_service_desk_splits_a_client(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R210: what changed since the preview is said (M25); split and taken back, the client is whole."""
    hand, mark = begin(sit, "service_desk2", look), flow_desk.mark()
    page = hand.page
    hand.go(look.word("Merges and splits"))
    expect(page.locator("main")).to_contain_text(look.either("从未合并或拆分。", "Never merged or split."))
    sound(page)
    hand.write(page.locator("[name=number]"), "20000057")
    with hand.leaving():
        hand.press("Enter")
    sound(page)
    take_out(hand)
    sound(page)
    promise(begin(sit, "service_desk", look))
    split = page.get_by_role("button", name=look.word("Split into two clients"))
    hand.follow(split)
    expect(page.locator("main")).to_contain_text("赵岚")
    was_refused(complaints)
    mark.has("identities.split_client", reason="M25")
    hand.follow(page.get_by_role("link", name=look.word("Back to where you were")))
    hand.follow(split)
    expect(page.locator("main")).to_contain_text(look.word("A split waits for the next run."))
    expect(
        page.get_by_role("table", name=look.word("Customer numbers of this client")).locator("tr[data-row]")
    ).to_have_count(2)  # both numbers can still be read
    sound(page)
    mark.has("identities.split_client")
    hand.follow(page.get_by_role("button", name=look.word("Undo the split")))
    told(page, look.either("已撤销", "Taken back"))
    mark.has("identities.undo_split")


@every_look
def test_the_counter_learns_where_to_ask_and_nothing_else(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R211: M02 alone; a wrong check digit is refused and kept to be verified (M18)."""
    hand, mark = begin(sit, "counter", look), flow_desk.mark()
    page, answer, field = hand.page, hand.page.locator("#answer"), hand.page.locator("[name=number]")
    hand.go(look.word("Duplicate check"))
    hand.write(field, ELSEWHERE)
    hand.press("Enter")
    sentence = look.either(
        "文三路营业部已有此人档案。请联系该营业部；此处不显示其他资料。",
        "文三路营业部 has a file of this person. Contact that branch; nothing else is shown here.",
    )
    expect(answer).to_contain_text(sentence)
    sound(page)
    mark.has("identities.check_duplicate")
    mistyped, right = wrong_last(MISTYPED[look])
    hand.write(field, mistyped)
    hand.press("Enter")
    expect(answer).to_contain_text(look.either(f"末位应为 {right}", f"the last one should be {right}"))
    was_refused(complaints, 422)
    sound(page)
    mark.has("identities.check_duplicate", reason="M18")
    page.reload()
    at_rest(page)
    # In one look the original shows the number, in the next it was mistyped.
    is_seen = EVERY_LOOK.index(look) % 2 == 0
    button = page.get_by_role("button", name=look.word("Original seen" if is_seen else "Typed by mistake"))
    hand.follow(button.first)
    noted = look.word(
        "Noted as verified. Type the number again: it is looked up as it stands."
        if is_seen
        else "Removed. Type the number as the original shows it."
    )
    told(page, noted)


@every_look
def test_the_counter_finds_out_which_value_is_true(
    sit: Sit, flow_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R212: by phone, with grounds, without them refused (M20); the value that gives way stays; it is taken back."""
    hand, mark, reason = begin(sit, "counter", look), flow_desk.mark(), DISAGREEING[look]
    page, values = hand.page, hand.page.locator("main tbody tr[data-row] th")
    hand.go(look.word("Verify facts"))
    sound(page)
    hand.follow(page.get_by_role("link", name=reason.text.in_language(look.language)).first)
    sound(page)
    key, both = page.locator("[name=key]").input_value(), values.count()
    records = page.locator("[name=record]")
    hand.reach(records.first)
    hand.press("ArrowDown")
    expect(records.last).to_be_checked()
    given = {"key": key, "record": records.last.input_value(), "how": "phone", "finding": "one_is_right"}
    assert forced(page, "/identities/conflicts/settle/", **given).status == 403
    mark.has("identities.settle_conflict", reason="M20")
    hand.choose(page.locator("[name=how]"), "phone")
    hand.write(page.locator("[name=grounds]"), "11 月 18 日电话，录音 0931")
    hand.follow(page.get_by_role("button", name=look.word("Adopt this value")))
    told(page, look.word("Recorded; it takes effect with the next run."))
    mark.has("identities.settle_conflict")
    page.goto(f"/identities/conflicts/one/?key={key}")
    at_rest(page)
    expect(page.locator("main")).to_contain_text("录音 0931")
    expect(values).to_have_count(both)
    assert both == 2
    sound(page)
    hand.follow(page.get_by_role("button", name=look.word("Take back")))
    told(page, look.word("Taken back; both acts stay on record."))
    mark.has("identities.undo_settlement")
    expect(page.locator("[name=grounds]")).to_have_count(1)
    assert complaints == []
