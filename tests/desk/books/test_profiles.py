"""R011, R053, R058: what the match stands on is declared, confirmed by another, dated, and asked again."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.books.profiled import NeedFact, ProfileFact
from keepwell.desk.ui.models import Notice


def declared(browser: Client, kind: str, **facts: Any) -> Any:
    return browser.post(f"/books/profiles/declare/{kind}/", facts)


def test_r053_a_fact_counts_once_the_leader_confirms_it(at_work: Callable[[str], Client]) -> None:
    manager, leader = at_work("manager"), at_work("team_leader")
    assert declared(manager, "specialty", value="bond", strength="75").status_code == 302
    row = ProfileFact.objects.get()
    assert (row.staff_code, row.value, row.strength, row.state) == ("S02", "bond", 75, "declared")
    assert Notice.objects.filter(kind="books.profile_declared").count() == 1
    assert [one["row"] for one in leader.get("/books/profiles/").context["waiting"]] == [row]
    address = f"/books/profiles/{row.pk}/confirm/"
    assert manager.post(address, {"decision": "confirm"}).status_code == 403
    assert leader.post(address, {"decision": "return"}).status_code == 403  # without a reason
    assert leader.post(address, {"decision": "confirm"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert leader.post(address, {"decision": "confirm"}).status_code == 403  # once
    assert declared(manager, "specialty", value="bond", strength="100").status_code == 302
    newer = ProfileFact.objects.get(state="declared")
    assert leader.post(f"/books/profiles/{newer.pk}/confirm/", {"decision": "confirm"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "ended"  # nothing is overwritten, one counts
    verbs = FirmEntry.objects.filter(outcome="done", verb__startswith="books.").values_list("verb", flat=True)
    assert set(verbs) == {"books.declare_profile", "books.confirm_profile"}


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("style", {"value": "long_term"}),
        ("service_type", {"value": "cautious"}),
        ("language", {"value": "cantonese"}),
        ("interest", {"value": "education"}),
        ("certificate", {"name": "CFP", "words": "FPSB 200341", "starts_on": "2024-03-01"}),
        ("strength", {"words": "讲得清楚"}),
        ("weakness", {"words": "衍生品不熟"}),
        ("hours", {"weekly_hours": "32"}),
        ("leave", {"starts_on": "2026-12-20", "ends_on": "2027-01-10"}),
    ],
)
def test_r058_ability_interest_and_hours_are_told_by_the_manager(
    at_work: Callable[[str], Client], kind: str, facts: dict[str, str]
) -> None:
    browser = at_work("manager")
    assert declared(browser, kind, **facts).status_code == 302
    row = ProfileFact.objects.get()
    assert row.kind == kind
    page = browser.get("/books/profiles/of/S02/")
    assert page.context["facts"][0]["told"] in page.content.decode()
    assert browser.post(f"/books/profiles/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.state == "ended"


def test_r053_what_does_not_hold_together_is_refused_in_place(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    wrong = declared(browser, "leave", starts_on="2026-12-20", ends_on="2026-12-01")
    assert wrong.status_code == 422
    assert "结束日不能早于开始日" in wrong.content.decode()
    assert declared(browser, "specialty", value="gold", strength="75").status_code == 422
    assert declared(browser, "nonsense").status_code == 404
    assert not ProfileFact.objects.exists()


def test_r194_nobody_confirms_their_own(at_work: Callable[[str], Client]) -> None:
    leader = at_work("team_leader")
    assert declared(leader, "interest", value="fund").status_code == 302
    row = ProfileFact.objects.get()
    refused = leader.post(f"/books/profiles/{row.pk}/confirm/", {"decision": "confirm"})
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(outcome="refused", reason="M12").exists()
    confirmed = at_work("branch_head").post(f"/books/profiles/{row.pk}/confirm/", {"decision": "confirm"})
    assert confirmed.status_code == 302


def test_r199_profiles_open_within_scope(at_work: Callable[[str], Client]) -> None:
    manager = at_work("manager")
    assert manager.get("/books/profiles/of/S02/").status_code == 200
    assert manager.get("/books/profiles/of/S03/").status_code == 404
    assert at_work("branch_head").get("/books/profiles/of/S03/").status_code == 200
    assert at_work("counter").get("/books/profiles/").status_code == 403


def test_r011_needs_are_recorded_with_source_and_asked_again_after_a_year(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("manager")
    unknown = browser.get("/books/profiles/").context["unknown"]
    client_id = unknown[0]["line"].client_id
    address = f"/books/profiles/needs/{client_id}/"
    facts = {"need": "bond", "strength": "75", "source": "stated", "words": "想稳一点"}
    assert browser.post(address, facts).status_code == 302
    row = NeedFact.objects.get()
    assert (row.need, row.source, row.is_latest, bool(row.record_code)) == ("bond", "stated", True, True)
    assert client_id not in {
        one["line"].client_id for one in browser.get("/books/profiles/").context["unknown"]
    }
    assert browser.post(address, {**facts, "strength": "0"}).status_code == 302
    assert NeedFact.objects.filter(is_latest=True).get().strength == 0
    assert len(browser.get(address).context["so_far"]) == 2
    NeedFact.objects.update(recorded_on=dt.date(2025, 11, 1))
    again = browser.get("/books/profiles/").context["unknown"]
    assert client_id in {one["line"].client_id for one in again}
    assert browser.get(address).context["latest"][0]["is_old"]
    assert "该再问" in browser.get(f"/clients/{client_id}/panel/books-needs/").content.decode()
    assert browser.post(address, {"need": "gold"}).status_code == 422
