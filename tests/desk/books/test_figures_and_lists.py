"""R004, R199: a figure and the list behind it are the same clients, whatever people have done since the run."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.books import queries, standing
from keepwell.desk.clients import assignments, plans
from keepwell.desk.clients.models import ClientLine, Place
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.contacts import actions as contacts
from keepwell.desk.contacts.models import Contact
from tests.desk.run_folder import IN_TWO_BRANCHES, facts

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
RUN = "000001"
HOMES = {
    "manager": "mine",
    "adviser": "mine",
    "team_leader": "team",
    "branch_head": "branch",
    "hq_brokerage": "firm",
}
LINK = re.compile(r'<a href="(/clients/\?[^"]*|/clients/)"[^>]*>([^<]*)</a>')
BAR = re.compile(
    r'<a href="(/clients/[^"]*)">[^<]*</a></span>.*?class="kw-bars-value">([^<]*)</span>', re.DOTALL
)


def figures(body: str) -> Iterator[tuple[str, str]]:
    """Address of a list and the number that stands for it on the page."""
    main = body.split("<main", 1)[1]
    for address, told in [*LINK.findall(main), *BAR.findall(main)]:
        if (number := re.search(r"([\d,]+)\+?$", told.strip())) and "page" not in address:
            yield unescape(address), number[1].replace(",", "")


def act_by_day(by: Any) -> None:
    """What people do after a run: a plan, reassignments, a wish, the clients of somebody who left."""
    assignments.approve_plan(branch_code="B01", by=by, at=NOW, run=RUN)
    common = {"by": by, "at": NOW, "run": RUN}
    moved = Place.objects.filter(home_branch_code="B01", is_existing=True).order_by("pk")[:21]
    for at, place in enumerate(moved):
        code, grounds = (("S01", "leaver"), ("S02", "act"), ("S03", "act"))[at % 3]
        assignments.assign(client_id=place.pk, staff_code=code, starts_on=TODAY, grounds=grounds, **common)
    reach((0, 8, 9, 12, 20), "reached", by)
    assignments.choose_home(
        client_id=f"c{IN_TWO_BRANCHES:06d}", branch_code="B02", reason="搬家", by=by, at=NOW, run=RUN
    )


@pytest.mark.parametrize("has_acted", [False, True], ids=["as the run left it", "after a day's acts"])
@pytest.mark.parametrize("role", HOMES)
def test_r004_every_figure_that_links_to_a_list_counts_the_lists_rows(
    at_work: Callable[[str], Client], worker: Callable[[str], Any], role: str, has_acted: bool
) -> None:
    browser = at_work(role)
    if has_acted:
        act_by_day(worker("branch_head") if role != "branch_head" else _user_of(browser))
    body = browser.get(f"/books/{HOMES[role]}/").content.decode()
    followed = list(figures(body))
    assert len(followed) > 8
    for address, told in followed:
        listed = browser.get(address).context["listed"]
        assert str(listed.n_found) == told, f"{role}: {address}"


def test_r004_every_overdue_moment_can_be_reached_page_by_page(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R004, R104: the branch's figure, each manager's, and all pages of the list behind them hold the same."""
    monkeypatch.setattr("keepwell.desk.books.views.desk_day", lambda _run: dt.date(2026, 11, 25))
    monkeypatch.setattr("keepwell.desk.ui.paging.keyset.__defaults__", ("", 2))
    browser = at_work("branch_head")
    context = browser.get("/books/branch/").context
    figure = context["board_figures"][0]
    of_managers = {row["code"]: row for row in context["loads"] if row["n_late"]}
    assert sum(row["n_late"] for row in of_managers.values()) == int(figure["value"]) > 2
    for link, n in [(figure["link"], int(figure["value"]))] + [
        (row["late_link"], row["n_late"]) for row in of_managers.values()
    ]:
        seen, cursor, told = [], "", browser.get(link).context["n_late"]
        while True:
            found = browser.get(f"{link}{'&' if '?' in link else '?'}after={cursor}").context
            seen += [(one["row"].client_id, one["row"].key) for one in found["moments"]]
            if not (cursor := found["found"].next_cursor):
                break
        assert len(seen) == len(set(seen)) == told == n, link


def test_r199_the_list_of_what_is_late_keeps_to_the_scope(at_work: Callable[[str], Client]) -> None:
    assert at_work("manager").get("/books/late/").status_code == 403
    body = at_work("branch_head").get("/books/late/?manager=S04").content.decode()
    assert "没有逾期" in body


@pytest.mark.parametrize("role", HOMES)
def test_r004_whoever_is_reached_at_the_desk_leaves_the_list_of_those_without_a_contact(
    at_work: Callable[[str], Client], worker: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """R004, R101: figure and list count contacts since the run; one taken back or without an answer is none."""
    monkeypatch.setattr(standing, "UNTOUCHED_DAYS", 30)  # the made clients' last contact is 46 days ago
    monkeypatch.setattr(queries, "UNTOUCHED_DAYS", 30)
    browser = at_work(role)
    n, by = _untouched(browser), _user_of(browser)
    seen = visible_to(by).filter(population="existing").order_by("client_id")
    one, two, silent, back, old = (int(line.client_id[1:]) for line in seen[:5])
    other = worker("counter")  # whoever reached them
    reach((one, two, back), "reached", other)
    reach((silent,), "no_answer", other)
    Contact.objects.filter(client_id=f"c{back:06d}").update(is_withdrawn=True)
    assert _untouched(browser) == n - 2
    reach((old,), "reached", by, NOW - dt.timedelta(days=60))  # longer ago than what the run knows
    assert _untouched(browser) == n - 2


def _untouched(browser: Client) -> int:
    """How many the list has; the figure says the same, for the firm by what it takes off the run's sum."""
    listed, user = (
        browser.get("/clients/?contact=30&contact=never").context["listed"].n_found,
        _user_of(browser),
    )
    if user.role == "hq_brokerage":
        existing = ClientLine.objects.filter(population="existing").count()
        told = existing - sum(n for codes, n in queries.reached_since().items() if codes[0] == "existing")
    else:
        cells = [cell for cell in queries.cells(user) if cell.population == "existing"]
        told = sum(cell.n_untouched or 0 for cell in cells)
    assert told == listed
    return int(listed)


def reach(numbers: tuple[int, ...], outcome: str, by: Any, at: dt.datetime = NOW) -> None:
    """Contacts recorded at the desk after the run."""
    for number in numbers:
        contacts.record_contact(
            client_id=f"c{number:06d}",
            record_code=facts(number)["record"],
            facts={"channel": "phone", "direction": "out", "outcome": outcome},
            contacted_at=at,
            by=by,
            at=NOW,
            on=TODAY,
            run=RUN,
        )


def _user_of(browser: Client) -> Any:
    from keepwell.desk.people.models import User

    return User.objects.get(pk=browser.session["_auth_user_id"])


def test_r048_each_managers_row_counts_places_and_the_proposal_stands_beside_them(
    at_work: Callable[[str], Client], worker: Callable[[str], Any]
) -> None:
    browser = at_work("branch_head")
    rows = {row["code"]: row for row in browser.get("/books/branch/").context["loads"]}
    for code in ("S01", "S02", "S03", "-"):
        manager = None if code == "-" else code
        places = Place.objects.filter(home_branch_code="B01", is_existing=True, manager_code=manager)
        assert rows[code]["n"] == places.count(), code
    taken = {code: row["moves"] for code, row in rows.items()}
    n_open = plans.of_branch("B01").count()
    assert taken["S01"].n_in == n_open == sum(one.n_out for one in taken.values()) > 0
    assignments.approve_plan(branch_code="B01", by=_user_of(browser), at=NOW, run=RUN)
    after = {row["code"]: row for row in browser.get("/books/branch/").context["loads"]}
    assert after["S01"]["n"] == rows["S01"]["n"] + n_open
    assert all(not row["moves"].n_in and not row["moves"].n_out for row in after.values())


def test_r004_a_curve_of_other_clients_than_todays_says_so(
    at_work: Callable[[str], Client], worker: Callable[[str], Any]
) -> None:
    browser = at_work("manager")
    assert browser.get("/books/mine/").context["curve_note"] == ""
    n = standing.by_manager(standing.of(_user_of(browser)))["S02"].n
    assignments.assign(
        client_id="c000000", staff_code="S03", starts_on=TODAY, grounds="act", by=worker("branch_head"), at=NOW,
        run=RUN,
    )  # fmt: skip
    note = browser.get("/books/mine/").context["curve_note"]
    assert f"{n}" in note
    assert f"{n - 1}" in note


def test_r004_who_has_no_manager_is_counted_from_those_alone(
    firm_run: Any, worker: Callable[[str], Any]
) -> None:
    head, before = worker("branch_head"), queries.n_unmanaged_of_firm(100)
    nobody = Place.objects.filter(manager_code=None, client__line__population="existing")
    assert before == nobody.count() > 0
    first = nobody.order_by("pk")[0].pk
    common = {"starts_on": TODAY, "by": head, "at": NOW, "run": RUN}
    assignments.assign(client_id=first, staff_code="S02", grounds="act", **common)
    assert queries.n_unmanaged_of_firm(100) == before - 1
    assignments.assign(client_id=first, staff_code="", grounds="act", **common)
    assert queries.n_unmanaged_of_firm(100) == before
    assert queries.n_unmanaged_of_firm(1) == 1
    rows = Place.objects.filter(is_existing=True, manager_code=None).order_by()
    assert "place_of_existing" in rows.explain() or "Seq Scan" in rows.explain()  # sixty rows need no index


def test_r004_places_follow_who_is_an_existing_client(firm_run: Any) -> None:
    from keepwell.desk.clients import places

    existing = Place.objects.filter(client__line__population="existing").order_by("pk")
    assert set(existing.values_list("is_existing", flat=True)) == {True}
    assert not Place.objects.exclude(client__line__population="existing").filter(is_existing=True).exists()
    first, other = existing[0].pk, Place.objects.exclude(client__line__population="existing")[0].pk
    Place.objects.filter(pk=first).update(is_existing=False)
    Place.objects.filter(pk=other).update(is_existing=True)
    places.settle(run=RUN, as_of=TODAY, at=NOW)
    assert Place.objects.get(pk=first).is_existing
    assert not Place.objects.get(pk=other).is_existing
