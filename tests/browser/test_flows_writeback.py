"""R007, R233, R235: what was verified goes to the firm's other systems and comes back answered, by keyboard alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, expect

from keepwell.policy.packs import DEFAULTS
from tests.browser.conftest import Enter, copied, serve
from tests.browser.flow_desk import Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, two_looks, was_refused
from tests.browser.hand import Hand
from tests.browser.rest import at_rest
from tests.desk.run_folder import IN_TWO_BRANCHES, facts
from tests.processes import manage

KEY = f"two_phones/{facts(IN_TWO_BRANCHES)['client_id']}/0123456789ab"
CONFLICT = f"/identities/conflicts/one/?key={quote(KEY, safe='')}"
HEAD = "file,row,result,reason\n"
FROZEN = "客户号已冻结"
# A run has taken what was done until now.
NIGHT = """
from django.utils import timezone
from keepwell.desk.generations.models import Generation
Generation.objects.update(returns_cut=timezone.now())
"""


@pytest.fixture(scope="module")
def strict_desk(
    tmp_path_factory: pytest.TempPathFactory, empty_folder: Path, firm_folder: Path
) -> Iterator[Desk]:
    """A desk whose firm has signed that no value in full leaves the house by one person."""
    data = copied(firm_folder, tmp_path_factory.mktemp("write-back"))
    default = (DEFAULTS / "remediation.toml").read_text(encoding="utf-8")
    assert default.count("n_secrets_alone_at_most = 50") == 1
    own = data / "packs"
    own.mkdir()
    strict = default.replace("n_secrets_alone_at_most = 50", "n_secrets_alone_at_most = 0")
    (own / "remediation.toml").write_text(strict, encoding="utf-8")
    (data / "firm.toml").write_text('packs = "packs"\n', encoding="utf-8")
    for address in serve(data):
        yield Desk(address, data)


def seat(enter: Enter, desk: Desk, who: str, look: Look) -> Hand:
    """Somebody sits down at that desk, before their own home."""
    page = enter(desk.address, who, language=look.language, size=look.size)
    page.goto("/")
    at_rest(page)
    return Hand(page, look)


def told(hand: Hand, sentence: str) -> None:
    """The toast says so."""
    expect(hand.page.locator("#toasts")).to_contain_text(hand.look.word(sentence))


def at_conflict(counter: Hand) -> None:
    """The counter opens the client's two phones."""
    counter.page.goto(CONFLICT)
    at_rest(counter.page)


def settle(counter: Hand, desk: Desk) -> None:
    """The counter finds out that the other branch's phone is the right one, and a run takes it."""
    at_conflict(counter)
    records = counter.page.locator("[name=record]")
    counter.reach(records.first)
    counter.press("Space")
    expect(counter.page.locator("[name=record][value='20000057']")).to_be_checked()
    counter.write(counter.page.locator("[name=grounds]"), "11 月 18 日电话，录音 0931")
    counter.follow(counter.page.get_by_role("button", name=counter.look.word("Adopt this value")))
    told(counter, "Recorded; it takes effect with the next run.")
    manage(desk.data, "shell", "--verbosity", "0", "--command", NIGHT)


def take_back(counter: Hand) -> None:
    """What was found out is taken back, so that the next look finds the conflict open."""
    at_conflict(counter)
    counter.follow(counter.page.get_by_role("button", name=counter.look.word("Take back")))
    told(counter, "Taken back; both acts stay on record.")


def make(steward: Hand) -> int:
    """The service desk of headquarters makes the next file; answers its number."""
    steward.go(steward.look.word("Write-back"))
    sound(steward.page)
    steward.write(steward.page.locator("[name=purpose]"), "发至集中柜台，运营部要求")
    steward.follow(steward.page.get_by_role("button", name=steward.look.word("Make the file")))
    sound(steward.page)
    return int(steward.page.url.rstrip("/").rsplit("/", 1)[-1])


def title(look: Look, number: int) -> str:
    """What the pages call a file."""
    return look.either(f"回写文件 {number}", f"Write-back {number}")


def let_go(enter: Enter, desk: Desk, look: Look, number: int) -> None:
    """Headquarters' brokerage department reads what would leave, masked, and agrees."""
    second = seat(enter, desk, "hq_brokerage", look)
    second.go(look.word("My approvals"))
    row = second.page.locator("main li", has_text=title(look, number)).first
    expect(row).to_contain_text("发至集中柜台")
    sound(second.page)
    second.follow(row.get_by_role("link", name=title(look, number)).first)
    expect(second.page.locator("main tr[data-row]", has_text="****").first).to_be_visible()
    expect(second.page.locator("[name=purpose], #id_answer")).to_have_count(0)
    sound(second.page)
    second.follow(second.page.get_by_role("link", name=look.word("My approvals")).last)
    second.follow(row.get_by_role("button", name=look.word("Approve")).first)
    told(second, "Approved: the file may be fetched.")


def fetch(steward: Hand) -> list[dict[str, str]]:
    """The file itself, for a purpose: its rows."""
    steward.write(steward.page.locator("[name=purpose]"), "交集中柜台")
    with steward.page.expect_download() as taken:
        steward.open(steward.page.get_by_role("button", name=steward.look.word("Fetch this file")))
    return list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8"))))


def answer(steward: Hand, text: str) -> None:
    """The firm's systems answered: their file is chosen and taken in."""
    file = steward.page.locator("#id_answer")
    steward.reach(file)  # the dialogue it opens is the system's, not a page's
    file.set_input_files([FilePayload(name="answer.csv", mimeType="text/csv", buffer=text.encode())])
    steward.follow(steward.page.get_by_role("button", name=steward.look.word("Take the answer in")))


def refused_then_again(counter: Hand, steward: Hand) -> None:
    """The refused row waits with the branch, which stands by what it found out."""
    look = counter.look
    steward.follow(steward.page.get_by_role("link", name=look.word("All files")))
    expect(steward.page.locator("main .kw-judgements")).to_contain_text(FROZEN)
    sound(steward.page)
    at_conflict(counter)
    expect(counter.page.locator("main [role=note]").first).to_contain_text(FROZEN)
    sound(counter.page)
    counter.follow(counter.page.get_by_role("button", name=look.word("Send again")))
    expect(counter.page.locator("#toasts")).to_contain_text(
        look.either("1 行进入下一个文件", "1 row goes into the next file")
    )


def accepted_at_last(steward: Hand, complaints: list[str], number: int) -> None:
    """The row that was sent again: an answer without its columns is not taken in, the right one is."""
    steward.page.reload()
    at_rest(steward.page)
    expect(steward.page.locator("main tr[data-row]")).to_have_count(1)
    answer(steward, f"file,row\n{number},1\n")
    expect(steward.page.locator("[role=alert]")).to_contain_text("result, reason")
    was_refused(complaints, 422)
    sound(steward.page)
    answer(steward, f"{HEAD}{number},1,accepted,\n")
    kept = steward.look.word("Every row is answered, so the text of the file is no longer kept.")
    expect(steward.page.locator("main")).to_contain_text(kept)
    sound(steward.page)


@every_look
def test_what_was_verified_leaves_by_two_and_is_answered_row_by_row(
    enter: Enter, strict_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R007: refused once and accepted when sent again; M20 without a purpose, nothing before the second person."""
    counter, mark = seat(enter, strict_desk, "counter", look), strict_desk.mark()
    settle(counter, strict_desk)
    steward = seat(enter, strict_desk, "service_desk2", look)
    number = make(steward)
    address = f"/identities/write-back/{number}/fetch/"
    expect(steward.page.locator("main [role=note]")).to_contain_text(
        look.word("It waits for a second person: nobody fetches it before.")
    )
    assert forced(steward.page, address, purpose="交集中柜台").status == 403
    let_go(enter, strict_desk, look, number)
    steward.page.reload()
    at_rest(steward.page)
    rows = fetch(steward)
    changed = next(row for row in rows if row["change"] == "set")
    assert changed["new_value"] == facts(IN_TWO_BRANCHES)["phone"]
    assert forced(steward.page, address, purpose=" ").status == 403
    said = [f"{row['row']},refused,{FROZEN}" if row is changed else f"{row['row']},accepted," for row in rows]
    answer(steward, HEAD + "".join(f"{number},{one}\n" for one in [*said, "99,accepted,"]))
    expect(steward.page.locator("main tr[data-row]", has_text=FROZEN)).to_have_count(1)
    expect(steward.page.locator("main")).to_contain_text(
        look.either("此文件没有这一行", "no such row in this file")
    )
    sound(steward.page)
    refused_then_again(counter, steward)
    again = make(steward)
    let_go(enter, strict_desk, look, again)
    assert complaints == []
    accepted_at_last(steward, complaints, again)
    mark.has("identities.fetch_write_back", reason="M20")
    for verb in ("make", "agree", "fetch"):
        mark.has(f"identities.{verb}_write_back")
    for verb in ("take_answer", "send_again"):
        mark.has(f"identities.{verb}")
    take_back(counter)


@two_looks
def test_a_file_is_returned_or_withdrawn_and_its_rows_wait_again(
    enter: Enter, strict_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R235: the second person returns it with a reason; made once more, whoever made it takes it back."""
    counter, mark = seat(enter, strict_desk, "counter", look), strict_desk.mark()
    settle(counter, strict_desk)
    steward = seat(enter, strict_desk, "service_desk2", look)
    returned = make(steward)
    second = seat(enter, strict_desk, "hq_brokerage", look)
    second.go(look.word("My approvals"))
    row = second.page.locator("main li", has_text=title(look, returned)).first
    second.open(row.locator("details.kw-decide summary"))
    second.write(row.locator("[name=reason]"), "先与集中柜台约定时间")
    second.follow(row.get_by_role("button", name=look.word("Return")).first)
    told(second, "Returned to the proposer.")
    steward.page.reload()
    at_rest(steward.page)
    void = look.word("The file never left. What stood in it waits for the next one.")
    expect(steward.page.locator("main")).to_contain_text(void)
    expect(steward.page.locator("main")).to_contain_text("先与集中柜台约定时间")
    sound(steward.page)
    make(steward)
    steward.follow(steward.page.get_by_role("button", name=look.word("Withdraw")))
    told(steward, "Withdrawn: what stood in it waits for the next file.")
    expect(steward.page.get_by_role("button", name=look.word("Make the file"))).to_be_visible()
    sound(steward.page)
    for verb in ("return", "withdraw"):
        mark.has(f"identities.{verb}_write_back")
    take_back(counter)
    assert complaints == []
