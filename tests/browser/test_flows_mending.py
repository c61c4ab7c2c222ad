"""R007, R008, R212, R235: what is mended: boards by keyboard alone, a later date by two, files to other systems."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from keepwell.contract.quality import GapKind
from keepwell.policy.packs import DEFAULTS
from tests.browser.conftest import Enter, copied, serve
from tests.browser.flow_desk import TWO_LOOKS, ZH_WIDE, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, two_looks, was_refused
from tests.browser.hand import Hand
from tests.browser.rest import at_rest
from tests.desk import run_folder
from tests.desk.run_folder import IN_TWO_BRANCHES, facts
from tests.desk.run_remedies import remedies
from tests.processes import manage

CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
LATE, PAST = facts(9)["client_id"], dt.date(2026, 10, 31)  # a client at home in the first branch
KEYS = {
    name: f"{name}/{CLIENT}/0123456789ab"
    for name in ("two_phones", "occupations_opposed", "document_expired")
}
TO_TELL = dict(zip(TWO_LOOKS, ("two_phones", "occupations_opposed"), strict=True))
# A run has taken what was done until now.
NIGHT = """
from django.utils import timezone
from keepwell.desk.generations.models import Generation
Generation.objects.update(returns_cut=timezone.now())
"""


def with_one_late(n: int, told: Any) -> run_folder.Rows:
    """What must be mended in the small firm, of which one client should have been brought up to date by now."""
    rows = remedies(n, told)
    late = next(row for row in rows["remediation"] if row["client_id"] == LATE)
    (of_branch,) = (row for row in rows["remediation_statistic"] if row["branch_code"] == "B01")
    late["due_on"] = PAST
    of_branch["n_clients"] -= 1
    rows["remediation_statistic"].append({**of_branch, "due_on": PAST, "n_clients": 1, "n_done": 0})
    return rows


def no_secret_by_one_alone(data: Path) -> None:
    """The firm has signed that no value in full leaves the house by one person."""
    default = (DEFAULTS / "remediation.toml").read_text(encoding="utf-8")
    assert default.count("n_secrets_alone_at_most = 50") == 1
    own = data / "packs"
    own.mkdir()
    strict = default.replace("n_secrets_alone_at_most = 50", "n_secrets_alone_at_most = 0")
    (own / "remediation.toml").write_text(strict, encoding="utf-8")
    (data / "firm.toml").write_text('packs = "packs"\n', encoding="utf-8")


@pytest.fixture(scope="module")
def mending_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[Desk]:
    """A desk of their own: what these flows do is known to its run, and one client is overdue."""
    data = copied(empty_folder, tmp_path_factory.mktemp("mending"))
    with patch.object(run_folder, "remedies", with_one_late):
        run_folder.build(data, n=240)
    manage(data, "load_run")
    manage(data, "demo_logins")
    no_secret_by_one_alone(data)
    for address in serve(data):
        yield Desk(address, data)


def sit(enter: Enter, desk: Desk, who: str, look: Look) -> Page:
    """Somebody sits down at that desk."""
    return enter(desk.address, who, language=look.language, size=look.size)


def night(desk: Desk) -> None:
    """The next run knows what was done until now."""
    manage(desk.data, "shell", "--verbosity", "0", "--command", NIGHT)


def conflict(name: str) -> str:
    """The address of a conflict."""
    return f"/identities/conflicts/one/?key={quote(KEYS[name], safe='')}"


@every_look
def test_the_board_leads_to_the_next_one_and_to_who_is_overdue(
    enter: Enter, mending_desk: Desk, look: Look
) -> None:
    """「取下一件」 opens the first on the list, which is the overdue one; 「已过期限」 leaves that one alone."""
    page = sit(enter, mending_desk, "counter", look)
    hand = Hand(page, look)
    page.goto("/identities/remediation/")
    rows = page.locator("main tr[data-row]")
    overdue = look.word("overdue")
    expect(rows.first).to_contain_text(overdue)
    sound(page)
    n_all = rows.count()
    hand.follow(page.get_by_role("link", name=look.word("Past the date")))
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("2026-10-31")
    sound(page)
    hand.follow(page.get_by_role("link", name=look.word("Take the next one")))
    page.wait_for_url(f"**/clients/{LATE}/")
    sound(page)
    page.goto("/identities/remediation/")
    assert n_all > 1
    hand.follow(page.get_by_role("link", name=GapKind.DIFFERS.text.in_language(look.language)).first)
    expect(rows).to_have_count(1)
    hand.follow(page.get_by_role("link", name=look.word("Take the next one")))
    page.wait_for_url("**/conflicts/one/?key=*")
    sound(page)


@every_look
def test_the_page_of_data_quality_of_a_branch_and_of_the_firm(
    enter: Enter, mending_desk: Desk, look: Look
) -> None:
    """R008: the branch's head reads what is worth mending first; headquarters goes from the firm to a branch."""
    page = sit(enter, mending_desk, "branch_head", look)
    hand = Hand(page, look)
    page.goto("/identities/quality/")
    fixes = page.get_by_role("table", name=look.word("The ten fixes worth most")).locator("tr[data-row]")
    expect(fixes).to_have_count(10)
    expect(page.locator("#by-fact canvas, #by-fact svg").first).to_be_visible()
    sound(page)
    hand.follow(fixes.first.locator("th a"))
    page.wait_for_url(f"**/clients/{CLIENT}/")
    firm = sit(enter, mending_desk, "hq_brokerage", look)
    hand = Hand(firm, look)
    firm.goto("/identities/quality/")
    branches = firm.get_by_role("table", name=look.word("Branches")).locator("tr[data-row]")
    expect(branches).to_have_count(2)
    sound(firm)
    hand.follow(branches.first.locator("a"))
    firm.wait_for_url("**/quality/?branch=B01")
    expect(firm.get_by_role("link", name=look.word("All branches"))).to_be_visible()
    sound(firm)


def ask_for_later(page: Page, look: Look) -> None:
    """Somebody at the counter proposes a later date, for a reason."""
    page.goto(conflict("document_expired"))
    page.locator("details summary", has_text=look.word("Extend…")).click()
    page.fill("[name=to_on]", "2026-12-15")
    page.fill("[name=reason]", f"客户 12 月 10 日回国（{look}）")
    sound(page)
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Propose the later date")).click()
    expect(page.locator(".kw-later")).to_contain_text(look.word("Waiting for approval"))
    sound(page)


@two_looks
def test_a_due_date_is_put_off_by_two(
    enter: Enter, mending_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R212, R235: proposed at the counter; returned with a reason the first time, agreed to the second time."""
    page, mark = sit(enter, mending_desk, "counter", look), mending_desk.mark()
    ask_for_later(page, look)
    mark.has("identities.extend_conflict")
    (pk,) = mending_desk.ask("SELECT MAX(id) FROM identities_extension")[0]
    assert forced(page, f"/identities/extensions/{pk}/decide/", decision="approve", version="1").status == 403
    head = sit(enter, mending_desk, "branch_head", look)
    head.goto("/approvals/")
    row = head.locator("main li", has_text=f"（{look}）")
    expect(row).to_contain_text("2026-12-15")
    sound(head)
    is_first = look == ZH_WIDE
    if is_first:
        assert (
            forced(head, f"/identities/extensions/{pk}/decide/", decision="return", version="1").status == 403
        )
        mark.has("identities.decide_extension", reason="M20")
        row.locator("details.kw-decide summary").click()
        row.locator("[name=reason]").fill("请先电话联系")
    with head.expect_navigation():
        row.get_by_role("button", name=look.word("Return" if is_first else "Approve")).first.click()
    at_rest(head)
    mark.has("identities.return_extension" if is_first else "identities.agree_extension")
    page.goto(conflict("document_expired"))
    told = page.locator(".kw-later li", has_text=f"（{look}）")
    expect(told).to_contain_text(look.word("Returned" if is_first else "Approved"))
    sound(page)
    if not is_first:
        page.goto("/identities/conflicts/")
        expect(page.locator("main")).to_contain_text("2026-12-15")
    assert complaints == []


def settle(page: Page, look: Look, name: str) -> None:
    """The counter finds out that the other branch's value is true."""
    page.goto(conflict(name))
    page.locator("[name=record][value='20000057']").check()
    page.fill("[name=grounds]", "11 月 18 日电话，录音 0931")
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Adopt this value")).click()
    expect(page.locator("#toasts")).to_contain_text(look.word("Recorded; it takes effect with the next run."))


def make(page: Page, look: Look, number: int) -> None:
    """The service desk of headquarters makes the next file."""
    page.goto("/identities/write-back/")
    sound(page)
    page.fill("[name=purpose]", "发至集中柜台，运营部要求")
    page.get_by_role("button", name=look.word("Make the file")).click()
    page.wait_for_url(f"**/write-back/{number}/")


def answer(page: Page, look: Look, text: str) -> None:
    """Its firm's systems answered."""
    file = FilePayload(name="answer.csv", mimeType="text/csv", buffer=text.encode())
    page.set_input_files("#id_answer", files=[file])
    with page.expect_navigation():
        page.get_by_role("button", name=look.word("Take the answer in")).click()
    at_rest(page)


def let_go(enter: Enter, desk: Desk, complaints: list[str], page: Page, number: int) -> None:
    """R235: the file waits until headquarters' brokerage department has read what would leave, and agrees."""
    expect(page.locator("main [role=note]")).to_contain_text("等第二人同意")
    assert forced(page, f"/identities/write-back/{number}/fetch/", purpose="交集中柜台").status == 403
    second = sit(enter, desk, "hq_brokerage", ZH_WIDE)
    second.goto("/approvals/")
    row = second.locator("main li", has_text="发至集中柜台")
    expect(row).to_contain_text(f"回写文件 {number}")
    sound(second)
    with second.expect_navigation():
        row.get_by_role("link", name=f"回写文件 {number}").first.click()
    expect(second.locator("main tr[data-row]").first).to_contain_text("****")
    expect(second.locator("[name=purpose], #id_answer")).to_have_count(0)
    sound(second)
    second.goto("/approvals/")
    with second.expect_navigation():
        row.get_by_role("button", name="同意").first.click()
    expect(second.locator("#toasts")).to_contain_text("已同意，文件可以取走。")
    assert complaints == []
    page.reload()
    expect(page.locator("main")).to_contain_text("第二人")


def send_again(counter: Page, page: Page, look: Look) -> None:
    """The refused row waits where it belongs: the branch stands by what it found out."""
    page.goto("/identities/write-back/")
    expect(page.locator("main .kw-judgements")).to_contain_text("客户号已冻结")
    counter.goto(conflict(TO_TELL[look]))
    expect(counter.locator("main [role=note]").first).to_contain_text("客户号已冻结")
    sound(counter)
    with counter.expect_navigation():
        counter.get_by_role("button", name=look.word("Send again")).click()
    at_rest(counter)


def is_no_answer(page: Page, complaints: list[str]) -> None:
    """A file without its columns is not taken in; it is said which are missing."""
    expect(page.locator("[role=alert]")).to_contain_text("result, reason")
    was_refused(complaints, 422)
    sound(page)


@two_looks
def test_what_was_verified_is_told_answered_row_by_row_and_sent_again(
    enter: Enter, mending_desk: Desk, complaints: list[str], look: Look
) -> None:
    """R007, R233: the file leaves for a purpose; a refused row comes back to its branch, goes again, is accepted."""
    counter, mark = sit(enter, mending_desk, "counter", look), mending_desk.mark()
    settle(counter, look, TO_TELL[look])
    night(mending_desk)
    (before,) = mending_desk.ask("SELECT COALESCE(MAX(number), 0) FROM identities_writeback")[0]
    first, second = before + 1, before + 2
    page = sit(enter, mending_desk, "service_desk2", look)
    make(page, look, first)
    sound(page)
    if look == ZH_WIDE:  # the file of phones: an occupation is no secret
        let_go(enter, mending_desk, complaints, page, first)
        mark.has("identities.agree_write_back")
    page.fill("[name=purpose]", "交集中柜台")
    with page.expect_download() as taken:
        page.get_by_role("button", name=look.word("Fetch this file")).click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8"))))
    assert [row["change"] for row in rows] == ["set", "confirmed"]
    assert forced(page, f"/identities/write-back/{first}/fetch/", purpose=" ").status == 403
    mark.has("identities.fetch_write_back", reason="M20")
    head = "file,row,result,reason\n"
    answer(page, look, f"{head}{first},1,refused,客户号已冻结\n{first},2,accepted,\n{first},9,accepted,\n")
    expect(page.locator("main tr[data-row]").first).to_contain_text("客户号已冻结")
    expect(page.locator("main")).to_contain_text(look.either("此文件没有这一行", "no such row in this file"))
    sound(page)
    send_again(counter, page, look)
    make(page, look, second)
    if look == ZH_WIDE:  # so does the phone that is sent again
        let_go(enter, mending_desk, complaints, page, second)
    expect(page.locator("main tr[data-row]")).to_have_count(1)
    answer(page, look, f"file,row\n{second},1\n")
    is_no_answer(page, complaints)
    answer(page, look, f"{head}{second},1,accepted,\n")
    kept = look.word("Every row is answered, so the text of the file is no longer kept.")
    expect(page.locator("main")).to_contain_text(kept)
    sound(page)
    for verb in ("make_write_back", "fetch_write_back", "take_answer", "send_again"):
        mark.has(f"identities.{verb}")
