"""R053, R054, R011: fixed pairs, confirmed strengths and the latest word on needs go back to the next run."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from keepwell.contract.codes import Need, ServiceType, TradingStyle
from keepwell.contract.returns import ReturnedTie
from keepwell.contract.serving import Language, TieKind, TraitKind
from keepwell.desk.books.acted import Tie
from keepwell.desk.books.profile_forms import VALUES
from keepwell.desk.books.profiled import NeedFact, ProfileFact
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.exchange import served
from keepwell.desk.exchange.acts import Cut
from keepwell.desk.people.models import User

MONDAY = dt.date(2026, 11, 23)


def cut() -> Cut:
    return Cut(timezone.now() + dt.timedelta(minutes=1), MONDAY)


def declared(browser: Client, leader: Client, kind: str, **facts: str) -> None:
    """A fact declared by the manager and confirmed by the leader."""
    assert browser.post(f"/books/profiles/declare/{kind}/", facts).status_code == 302
    row = ProfileFact.objects.get(state="declared")
    assert leader.post(f"/books/profiles/{row.pk}/confirm/", {"decision": "confirm"}).status_code == 302


def test_r053_only_what_the_leader_confirmed_is_told(at_work: Callable[[str], Client]) -> None:
    manager, leader = at_work("manager"), at_work("team_leader")
    declared(manager, leader, "specialty", value="bond", strength="75")
    declared(manager, leader, "language", value="cantonese")
    declared(manager, leader, "hours", weekly_hours="32")
    declared(manager, leader, "leave", starts_on="2026-12-20", ends_on="2027-01-10")
    declared(manager, leader, "weakness", words="衍生品不熟")
    assert manager.post("/books/profiles/declare/interest/", {"value": "fund"}).status_code == 302
    assert list(served.specialties(cut())) == [
        {
            "staff_code": "S02",
            "need": "bond",
            "strength_share": Decimal("0.75"),
            "declared_on": MONDAY,
            "confirmed_on": MONDAY,
        }
    ]
    assert [(row["trait_kind"], row["trait"]) for row in served.traits(cut())] == [("language", "cantonese")]
    assert [row["weekly_hours"] for row in served.hours(cut())] == [Decimal(32)]
    assert [row["ends_on"] for row in served.leaves(cut())] == [dt.date(2027, 1, 10)]


def test_r011_the_latest_word_on_a_need_is_told_with_its_customer_number(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("manager")
    client_id = browser.get("/books/profiles/").context["unknown"][0]["line"].client_id
    for strength in ("100", "0"):
        facts = {"need": "bond", "strength": strength, "source": "stated"}
        assert browser.post(f"/books/profiles/needs/{client_id}/", facts).status_code == 302
    told = list(served.needs(cut()))
    assert [(row["need"], row["strength_share"], row["need_source"]) for row in told] == [
        ("bond", Decimal(0), "stated")
    ]
    own = ClientRecord.objects.filter(client_id=client_id).values_list("record_code", flat=True)
    assert told[0]["record_code"] in set(own)
    assert NeedFact.objects.count() == 2


def test_r054_ties_are_told_until_they_are_lifted(at_work: Callable[[str], Client]) -> None:
    assert at_work("team_leader").get("/books/plans/").status_code == 200
    by = User.objects.get(username="team_leader")
    facts = {"branch_code": "B01", "reason": "x", "by_id": by.pk, "by_name": "x", "at": timezone.now()}
    Tie.objects.create(client_id="c000000", staff_code="S02", kind="pin", **facts)
    lifted = Tie.objects.create(client_id="c000001", staff_code="S02", kind="ban", **facts)
    Tie.objects.filter(pk=lifted.pk).update(lifted_at=timezone.now())
    told = list(served.ties(cut()))
    assert [(row["client_id"], row["staff_code"], row["tie_kind"]) for row in told] == [
        ("c000000", "S02", "pin")
    ]
    assert set(told[0]) == set(ReturnedTie.names())


def test_what_the_desk_offers_to_say_is_what_the_engine_knows() -> None:
    assert {str(one) for one in TieKind} == set(Tie.Kind.values)
    assert {str(kind) for kind in TraitKind} <= set(ProfileFact.Kind.values)
    lists = {"specialty": Need, "interest": Need, "style": TradingStyle, "language": Language}
    for kind, codes in lists.items():
        assert {value for value, _label in VALUES[kind]} == {str(one) for one in codes}, kind
    types = {str(one) for one in ServiceType if one is not ServiceType.UNASSESSED}
    assert {value for value, _label in VALUES["service_type"]} == types
