"""Chapter 9. When to be in touch: occasions in dates (R083, R103): maturity, expiry, birthday, opening.

An occasion is named by its facts alone, so that it is the same in every run and is not found twice.
"""

import datetime as dt
from typing import Any

import pytest

from keepwell.engine.moments.rules import moment_fired
from tests.small_firm import AS_OF, ago, answer, client, yuan

BEFORE, TOMORROW = AS_OF - dt.timedelta(days=1), AS_OF + dt.timedelta(days=1)


def ahead(n_days: int, as_of: dt.date = AS_OF) -> dt.date:
    return as_of + dt.timedelta(days=n_days)


def fired(
    rule: str, clients: list[dict[str, Any]], as_of: dt.date = AS_OF, **tables: Any
) -> list[dict[str, Any]]:
    """The open occasions of one rule; clients without features given know nothing."""
    known = {row["client_id"] for row in tables.get("client_feature", ())}
    plain = [{"client_id": row["client_id"]} for row in clients if row["client_id"] not in known]
    given = {**tables, "client": clients, "client_feature": [*tables.get("client_feature", ()), *plain]}
    return [row for row in answer(moment_fired, given, as_of) if row["rule"] == rule and row["is_open"]]


def maturing(on: dt.date, amount: str = "50000") -> list[dict[str, Any]]:
    held = {"client_id": "wang", "product_code": "NOTE", "matures_on": on, "market_amount": yuan(amount)}
    return fired("product_maturity", [client("wang")], client_holding=[held])


@pytest.mark.parametrize(("days", "n"), [(0, 1), (14, 1), (15, 0), (-1, 0)])
def test_r083_a_product_matures_within_fourteen_days(days: int, n: int) -> None:
    assert len(maturing(ahead(days))) == n


def test_r083_the_occasion_is_the_product_and_its_maturity() -> None:
    (row,) = maturing(ahead(3))
    assert (row["occasion"], row["moment_reason"]) == ("NOTE/2026-11-23", "matures")
    assert (row["fact_on"], row["fact_amount"], row["fact_days"], row["fact_code"]) == (
        ahead(3),
        50_000,
        3,
        "NOTE",
    )


def test_r083_a_small_position_is_no_occasion() -> None:
    assert maturing(ahead(3), "10000.00")
    assert not maturing(ahead(3), "9999.99")


def expiring(days_left: int) -> list[dict[str, Any]]:
    feature = {"client_id": "wang", "assessment_valid_to": ahead(days_left)}
    return fired("assessment_expiry", [client("wang")], client_feature=[feature])


@pytest.mark.parametrize(
    ("days_left", "step"),
    [(60, "60"), (31, "60"), (30, "30"), (8, "30"), (7, "7"), (0, "7"), (-1, "0"), (-30, "0")],
)
def test_r103_an_assessment_is_announced_at_sixty_thirty_and_seven_days_and_when_over(
    days_left: int, step: str
) -> None:
    (row,) = expiring(days_left)
    assert row["occasion"] == f"{ahead(days_left)}/{step}"
    assert row["moment_reason"] == ("assessment_expired" if days_left < 0 else "assessment_expires")
    assert row["fact_days"] == abs(days_left)


@pytest.mark.parametrize("days_left", [61, -31])
def test_r103_earlier_and_later_an_assessment_is_no_occasion(days_left: int) -> None:
    assert not expiring(days_left)


@pytest.mark.parametrize(("days_left", "n"), [(61, 0), (60, 1), (0, 1), (-90, 1), (-91, 0)])
def test_r103_an_identity_document_expires(days_left: int, n: int) -> None:
    rows = fired("id_expiry", [client("wang", id_valid_to=ahead(days_left))])
    assert len(rows) == n
    for row in rows:
        assert row["occasion"] == str(ahead(days_left))
        assert row["moment_reason"] == ("id_expired" if days_left < 0 else "id_expires")


THURSDAY = dt.date(2026, 11, 19)
EVE_OF_HOLIDAY = dt.date(2026, 9, 29)  # 30 September is the last working day, 8 October the next one


@pytest.mark.parametrize(
    ("as_of", "birthday", "n"),
    [
        (THURSDAY, dt.date(2026, 11, 18), 0),
        (THURSDAY, dt.date(2026, 11, 20), 1),  # Friday, the next working day
        (THURSDAY, dt.date(2026, 11, 21), 1),  # the weekend is greeted on Friday
        (THURSDAY, dt.date(2026, 11, 22), 1),
        (THURSDAY, dt.date(2026, 11, 23), 1),  # Monday, the second working day
        (THURSDAY, dt.date(2026, 11, 24), 0),
        (EVE_OF_HOLIDAY, dt.date(2026, 10, 1), 1),  # seven days off: all of them before they begin
        (EVE_OF_HOLIDAY, dt.date(2026, 10, 7), 1),
        (EVE_OF_HOLIDAY, dt.date(2026, 10, 8), 1),
        (EVE_OF_HOLIDAY, dt.date(2026, 10, 9), 0),
    ],
)
def test_r071_a_birthday_is_found_in_time_for_the_last_working_day_before_it(
    as_of: dt.date, birthday: dt.date, n: int
) -> None:
    """R071, R234: whoever has a birthday on a day off is on the list of the last working day, not on the next one."""
    rows = fired("birthday", [client("wang", birth_on=birthday.replace(year=1980))], as_of)
    assert [row["fact_on"] for row in rows] == [birthday] * n


def test_r071_a_greeting_is_good_until_the_birthday_and_then_gone() -> None:
    """R071: a window closes with the day it speaks of; nothing is greeted late."""
    sunday = dt.date(2026, 11, 22)
    friends = [client("wang", birth_on=sunday.replace(year=1980))]
    first = fired("birthday", friends, THURSDAY)
    assert [row["expires_on"] for row in first] == [sunday]
    monday = sunday + dt.timedelta(days=1)
    assert fired("birthday", friends, monday, parent_moment_fired=first) == []


def test_r234_beyond_the_loaded_years_days_before_a_birthday_count_as_they_come() -> None:
    end_of_calendar = dt.date(2026, 12, 30)
    for birthday, n in ((dt.date(2027, 1, 1), 1), (dt.date(2027, 1, 2), 0)):
        friends = [client("wang", birth_on=birthday.replace(year=1980))]
        assert len(fired("birthday", friends, end_of_calendar)) == n


@pytest.mark.parametrize(
    ("as_of", "birthday"),
    [
        (dt.date(2025, 2, 26), dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 27), dt.date(2024, 2, 29)),
        (dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    ],
)
def test_r071_a_birthday_of_a_leap_day_is_kept_in_every_year(as_of: dt.date, birthday: dt.date) -> None:
    born_on_a_leap_day = client("wang", birth_on=dt.date(1980, 2, 29))
    (row,) = fired("birthday", [born_on_a_leap_day], as_of)
    assert (row["fact_on"], row["occasion"]) == (birthday, str(birthday))


def test_r071_the_next_birthday_may_lie_in_the_next_year() -> None:
    (row,) = fired("birthday", [client("wang", birth_on=dt.date(1980, 1, 2))], dt.date(2025, 12, 30))
    assert row["fact_on"] == dt.date(2026, 1, 2)


def test_r071_only_grown_up_persons_are_greeted() -> None:
    clients = [
        client("turns eighteen", birth_on=ahead(2).replace(year=AS_OF.year - 18)),
        client("turns seventeen", birth_on=ahead(2).replace(year=AS_OF.year - 17)),
        client("company", client_kind="company", birth_on=ahead(2).replace(year=1980)),
    ]
    assert [row["client_id"] for row in fired("birthday", clients)] == ["turns eighteen"]


@pytest.mark.parametrize(("days", "n"), [(0, 0), (1, 1), (29, 1), (30, 0)])
def test_r103_a_new_client_is_followed_up_from_the_next_day_for_a_month(days: int, n: int) -> None:
    assert len(fired("new_client", [client("wang", opened_on=ago(days))])) == n


def test_r103_a_new_client_who_was_reached_needs_no_follow_up() -> None:
    feature = {"client_id": "wang", "last_contact_on": ago(2)}
    assert not fired("new_client", [client("wang", opened_on=ago(5))], client_feature=[feature])


def test_r103_who_opened_and_never_funded_is_followed_up_too_but_not_congratulated() -> None:
    newcomer = client(
        "wang", population="never_funded", opened_on=ago(5), birth_on=ahead(1).replace(year=1980)
    )
    assert [row["fact_days"] for row in fired("new_client", [newcomer])] == [5]
    assert not fired("birthday", [newcomer])


def test_r002_who_closed_is_left_alone() -> None:
    gone = client(
        "wang",
        population="closed",
        birth_on=ahead(1).replace(year=1980),
        id_valid_to=ahead(5),
        opened_on=ago(5),
    )
    feature = {"client_id": "wang", "assessment_valid_to": ahead(5)}
    assert answer(moment_fired, {"client": [gone], "client_feature": [feature]}) == []


def test_r102_whoever_may_have_been_reached_is_no_first_follow_up() -> None:
    clients = [client("wang", opened_on=ago(10))]
    assert fired("new_client", clients)
    unknown = [{"client_id": "wang", "n_contacts_365d": None}]
    assert not fired("new_client", clients, client_feature=unknown)
