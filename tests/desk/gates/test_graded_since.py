"""R021, R236: a product is graded anew before the sale; staff had named what a client is said to want."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.gates import queries
from keepwell.desk.gates.models import OpenMatch
from tests.desk.gates.test_match import STEADY, check, client, warned
from tests.desk.run_suitability import AGED

AtWork = Callable[[str], Client]
IsNow = Callable[..., None]
SINCE, WISH = "提出后已重新评级", f"/gates/match/{STEADY}/"


@pytest.fixture
def of_level(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A later run that gives every product another level."""
    known = queries.all_named

    def change(level: str) -> None:
        def changed(codes: Any) -> Any:
            to = ProductLevel.of(level)
            return {
                code: replace(one, facts=replace(one.facts, product_level=to))
                for code, one in known(codes).items()
            }

        monkeypatch.setattr(queries, "all_named", changed)

    return change


@pytest.fixture
def is_now(monkeypatch: pytest.MonkeyPatch) -> IsNow:
    """A later run that knows something else of the client."""
    known = queries.suited

    def change(**facts: Any) -> None:
        def changed(*asked: Any) -> Any:
            found = known(*asked)
            return found and replace(found, facts=replace(found.facts, **facts))

        monkeypatch.setattr(queries, "suited", changed)

    return change


def test_r021_a_warning_of_levels_that_hold_no_more_is_not_taken(
    at_work: AtWork, of_level: Callable[[str], None]
) -> None:
    """The list raised the product from R4 to R5 after the wish: it is asked anew, and then goes on."""
    browser = at_work("team_leader")
    check(browser, STEADY, "688001", "client")
    row = OpenMatch.objects.get()
    of_level("R5")
    page = browser.get(WISH).content.decode()
    assert SINCE in page
    assert "C3 · R4" in page
    assert "C3 · R5" in page
    assert f"/gates/match/asked/{row.pk}/warning/" not in page
    assert warned(browser, row.pk).status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="graded_since").exists()
    check(browser, STEADY, "688001", "client")
    again = OpenMatch.objects.get()
    assert (again.pk, again.figures["product_level"]) == (row.pk, "R5")
    assert warned(browser, row.pk).status_code == 302


def test_r022_whoever_came_into_the_lowest_class_since_is_sold_nothing(
    at_work: AtWork, is_now: IsNow
) -> None:
    """The wish was noted while it was possible: that it is on record opens nothing."""
    browser = at_work("team_leader")
    check(browser, STEADY, "688001", "client")
    row = OpenMatch.objects.get()
    is_now(risk_level=RiskLevel.of("C1"), is_lowest_class=True)
    assert "第19、22条" in browser.get(WISH).content.decode()
    assert warned(browser, row.pk).status_code == 403
    check(browser, STEADY, "688001", "client")
    assert warned(browser, row.pk).status_code == 403
    row.refresh_from_db()
    assert row.recorded_at is None


def test_r021_what_was_on_record_before_says_that_a_new_sale_needs_a_new_check(
    at_work: AtWork, of_level: Callable[[str], None]
) -> None:
    browser = at_work("team_leader")
    check(browser, STEADY, "688001", "client")
    assert warned(browser, OpenMatch.objects.get().pk).status_code == 302
    assert SINCE not in browser.get(WISH).content.decode()
    of_level("R5")
    assert SINCE in browser.get(WISH).content.decode()
    check(browser, STEADY, "688001", "client")
    assert OpenMatch.objects.filter(recorded_at=None, figures__product_level="R5").count() == 1
    assert OpenMatch.objects.count() == 2


def test_r021_what_matches_by_now_owes_nothing(at_work: AtWork, of_level: Callable[[str], None]) -> None:
    browser = at_work("team_leader")
    check(browser, STEADY, "688001", "client")
    of_level("R3")
    check(browser, STEADY, "688001", "client")
    assert OpenMatch.objects.get().duties == []
    page = browser.get(WISH).content.decode()
    assert "不再需要补办" in page
    assert SINCE not in page


def test_r022_a_product_that_staff_named_first_is_not_the_client_s_own_wish_by_one_person_s_word(
    at_work: AtWork, log_in: Callable[..., Client]
) -> None:
    """Refused as named by staff, asked again as named by the client: the record says so, and another person looks."""
    browser = at_work("team_leader")
    check(browser, STEADY, "688001")
    check(browser, STEADY, "688001", "client")
    row = OpenMatch.objects.get()
    assert row.staff_named_at is not None
    entry = FirmEntry.objects.filter(verb="gates.check_match").latest("id")
    assert "named_by_staff_at" in entry.payload
    assert warned(browser, row.pk).status_code == 302
    page = browser.get(WISH).content.decode()
    assert "须另一人复核是否确为客户自己的意愿" in page
    assert "待补正" in page
    assert browser.post(f"/gates/match/asked/{row.pk}/second/").status_code == 403
    adviser = log_in("team_leader", username="second", staff_code="S09", branch_code="B01", team_code="T01")
    assert adviser.post(f"/gates/match/asked/{row.pk}/second/").status_code == 302
    assert "须另一人复核是否确为客户自己的意愿" not in browser.get(WISH).content.decode()


def test_r022_whoever_named_it_does_not_second_it_under_another_login(
    at_work: AtWork, log_in: Callable[..., Client]
) -> None:
    """One named it, another noted the wish; the first has a second login of another role: the staff number tells."""
    check(at_work("team_leader"), STEADY, "688001")
    place = {"branch_code": "B01", "team_code": "T01"}
    other = log_in("team_leader", username="other", staff_code="S09", **place)
    check(other, STEADY, "688001", "client")
    row = OpenMatch.objects.get()
    assert row.staff_named_by_id != row.asked_by_id
    twin = log_in("counter", username="twin", staff_code="S01", branch_code="B01")
    assert twin.post(f"/gates/match/asked/{row.pk}/second/").status_code == 403
    row.refresh_from_db()
    assert row.seen_at is None


def test_r022_a_wish_of_a_client_whom_nobody_of_the_staff_had_named_it_to_needs_no_second_look(
    at_work: AtWork,
) -> None:
    browser = at_work("team_leader")
    check(browser, STEADY, "JG0007")
    check(browser, STEADY, "688001", "client")
    assert OpenMatch.objects.get().staff_named_at is None


def test_r024_what_matches_but_owes_a_second_look_is_kept_open_too(at_work: AtWork, is_now: IsNow) -> None:
    """A bold client of the signed age asks for a high-risk product: it matches, and two people look."""
    is_now(risk_level=RiskLevel.of("C5"), is_lowest_class=False)
    browser = at_work("adviser")
    check(browser, client(AGED), "688001", "client")
    row = OpenMatch.objects.get()
    assert set(row.duties) == {"time_to_consider", "second_person"}
    page = browser.get(f"/gates/match/{client(AGED)}/").content.decode()
    assert f"/gates/match/asked/{row.pk}/second/" in page
    assert f"/gates/match/asked/{row.pk}/warning/" not in page


@pytest.mark.parametrize("act", ["warning", "second"])
def test_r199_another_branch_s_wish_is_unknown(
    at_work: AtWork, log_in: Callable[..., Client], act: str
) -> None:
    check(at_work("team_leader"), STEADY, "688001", "client")
    row = OpenMatch.objects.get()
    stranger = log_in("team_leader", username="far", staff_code="S12", branch_code="B02", team_code="T03")
    assert stranger.post(f"/gates/match/asked/{row.pk}/{act}/").status_code == 404
    row.refresh_from_db()
    assert (row.recorded_at, row.seen_at) == (None, None)
