"""R101, R102: each gate answers with its numbers, and says what makes the contact possible."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.gates import actions, queries, rules, signed
from keepwell.desk.gates.models import NoContact, Touch
from keepwell.policy.packs import load_packs
from tests.desk.run_folder import facts

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
PACKS = load_packs(TODAY)
CAP = PACKS.moments.cap
ONE = "c000000"


def days(*numbers: int) -> list[dt.date]:
    return [dt.date(2026, 11, number) for number in numbers]


def test_r102_the_cap_names_the_contact_and_the_first_possible_day() -> None:
    verdict = rules.contact_cap(CAP, days(20), TODAY)
    assert verdict.refusal is Refusal.CONTACT_CAP
    assert verdict.in_language("zh-hans") == (
        "7 天内已有 1 次营销联系（11月20日）。11月27日起可联系，可先「预约」。"
    )
    assert "27 Nov" in verdict.in_language("en")


@pytest.mark.parametrize(("day", "allowed"), [(16, True), (17, False), (23, False), (24, True)])
def test_r102_the_window_ends_with_today(day: int, allowed: bool) -> None:
    assert bool(rules.contact_cap(CAP, days(day), TODAY)) is allowed


@pytest.mark.parametrize(
    ("hour", "minute", "allowed"), [(8, 29, False), (8, 30, True), (20, 59, True), (21, 0, False)]
)
def test_quiet_hours_have_the_signed_ends(hour: int, minute: int, allowed: bool) -> None:
    at = dt.datetime(2026, 11, 23, hour, minute)  # noqa: DTZ001  Beijing time of day alone is asked
    assert bool(rules.quiet_hours(PACKS.contact.quiet, at)) is allowed


def test_quiet_hours_say_when_it_is_possible() -> None:
    late = rules.quiet_hours(PACKS.contact.quiet, dt.datetime(2026, 11, 23, 21, 5))  # noqa: DTZ001  the same
    early = rules.quiet_hours(PACKS.contact.quiet, dt.datetime(2026, 11, 23, 5, 5))  # noqa: DTZ001  the same
    assert late.in_language("zh-hans") == "现在 21:05，免打扰时段 21:00–08:30。明早可联系，可先「预约」。"
    assert "今早可联系" in early.in_language("zh-hans")


def test_a_legal_duty_passes_wish_and_cap() -> None:
    standing = queries.Standing(tuple(days(20)), dt.date(2026, 11, 1))
    assert rules.may_plan(CAP, standing, is_capped=False, on=TODAY)
    assert rules.may_plan(CAP, standing, is_capped=True, on=TODAY).refusal is Refusal.DO_NOT_CONTACT


def test_licence_is_asked_only_where_the_firm_delivers_it() -> None:
    practice = PACKS.contact.practice
    assert rules.licence(practice, queries.Registration(), TODAY)
    assert rules.licence(practice, queries.Registration(frozenset({"adviser"})), TODAY)
    assert rules.licence(practice, queries.Registration(frozenset()), TODAY).refusal is Refusal.NO_LICENCE


def test_every_number_carries_its_evidence() -> None:
    for pack in (PACKS.contact, PACKS.scripts):
        assert pack.header.regulation
        assert all(str(evidence.mark) for _path, _value, evidence in pack.entries())
    assert str(PACKS.contact.mark_of("quiet").mark) == "P"


def test_standings_come_in_three_queries_however_many_clients(
    firm_run: Any, worker: Callable[[str], Any]
) -> None:
    by = worker("manager")
    for number in (0, 4):
        actions.count_touch(
            client_id=facts(number)["client_id"],
            record_code=facts(number)["record"],
            on=dt.date(2026, 11, 20),
            source=f"contacts/{number}",
            by=by,
            at=NOW,
        )
    lines = list(ClientLine.objects.all())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.standings(lines, TODAY, CAP.window_days)
    assert len(asked) == 3
    assert found[ONE].touched_on == (dt.date(2026, 11, 20),)
    assert found["c000008"].touched_on == ()


def test_a_wish_holds_until_the_client_says_otherwise(firm_run: Any, worker: Callable[[str], Any]) -> None:
    by, record = worker("manager"), facts(0)["record"]
    given = {"client_id": ONE, "on": TODAY, "by": by, "at": NOW}
    actions.refuse_contact(record_code=record, **given)
    actions.refuse_contact(record_code=record, **given)
    line = ClientLine.objects.get(pk=ONE)
    assert NoContact.objects.count() == 1
    assert queries.standings([line], TODAY, 7)[ONE].refused_since_on == TODAY
    actions.allow_contact(record_codes=[record], **given)
    assert queries.standings([line], TODAY, 7)[ONE].refused_since_on is None
    verbs = set(FirmEntry.objects.values_list("verb", flat=True))
    assert {"gates.refuse_contact", "gates.allow_contact"} <= verbs


def test_an_entry_counts_once_and_not_when_taken_back(firm_run: Any, worker: Callable[[str], Any]) -> None:
    by = worker("manager")
    given = {"client_id": ONE, "source": "contacts/1", "by": by, "at": NOW}
    for _twice in range(2):
        actions.count_touch(record_code=facts(0)["record"], on=TODAY, **given)
    assert Touch.objects.count() == 1
    actions.uncount_touch(**given)
    assert not Touch.objects.exists()


def test_the_made_up_firm_has_its_own_day(firm_run: Any) -> None:
    assert signed.desk_day(firm_run) == TODAY
    at = signed.desk_instant(firm_run, dt.datetime(2025, 1, 1, 2, 30, tzinfo=dt.UTC))
    assert at.isoformat() == "2026-11-23T10:30:00+08:00"
