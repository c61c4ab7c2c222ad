"""R008, R212, R235: what is mended: boards by keyboard alone, a later date by two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from keepwell.contract.quality import GapKind
from tests.browser.conftest import Enter, copied, serve
from tests.browser.flow_desk import ZH_WIDE, Desk, Look
from tests.browser.flow_steps import every_look, forced, sound, two_looks
from tests.browser.hand import Hand
from tests.browser.rest import at_rest
from tests.desk import run_folder
from tests.desk.run_folder import IN_TWO_BRANCHES, facts
from tests.desk.run_remedies import remedies
from tests.processes import manage

CLIENT = facts(IN_TWO_BRANCHES)["client_id"]
LATE, PAST = facts(9)["client_id"], dt.date(2026, 10, 31)  # a client at home in the first branch
EXPIRED = f"/identities/conflicts/one/?key={quote(f'document_expired/{CLIENT}/0123456789ab', safe='')}"


def with_one_late(n: int, told: Any) -> run_folder.Rows:
    """What must be mended in the small firm, of which one client should have been brought up to date by now."""
    rows = remedies(n, told)
    late = next(row for row in rows["remediation"] if row["client_id"] == LATE)
    (of_branch,) = (row for row in rows["remediation_statistic"] if row["branch_code"] == "B01")
    late["due_on"] = PAST
    of_branch["n_clients"] -= 1
    rows["remediation_statistic"].append({**of_branch, "due_on": PAST, "n_clients": 1, "n_done": 0})
    return rows


@pytest.fixture(scope="module")
def mending_desk(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Iterator[Desk]:
    """A desk of their own: what these flows do is known to its run, and one client is overdue."""
    data = copied(empty_folder, tmp_path_factory.mktemp("mending"))
    with patch.object(run_folder, "remedies", with_one_late):
        run_folder.build(data, n=240)
    manage(data, "load_run")
    manage(data, "demo_logins")
    for address in serve(data):
        yield Desk(address, data)


def sit(enter: Enter, desk: Desk, who: str, look: Look) -> Page:
    """Somebody sits down at that desk."""
    return enter(desk.address, who, language=look.language, size=look.size)


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
    page.goto(EXPIRED)
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
    page.goto(EXPIRED)
    told = page.locator(".kw-later li", has_text=f"（{look}）")
    expect(told).to_contain_text(look.word("Returned" if is_first else "Approved"))
    sound(page)
    if not is_first:
        page.goto("/identities/conflicts/")
        expect(page.locator("main")).to_contain_text("2026-12-15")
    assert complaints == []
