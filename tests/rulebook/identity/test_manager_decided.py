"""Chapter 4, section 4. Who looks after a client: what people decided at the desk comes before the delivery (R040)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.returns import ReturnedUnrouted
from keepwell.engine.identity.rules import returned
from keepwell.engine.identity.rules.golden import client as client_rule
from tests.book import Rows, decide
from tests.rulebook.identity.test_golden_record import AS_OF, NEW, OLD, client

DAY = dt.timedelta(days=1)
STAFF: Rows = [{"staff_code": code} for code in ("S1", "S2", "S3")]
DELIVERED: Rows = [{"record_code": "R2", "staff_code": "S1", "relation": "service", "starts_on": OLD}]


def act(staff: str, on: dt.date, until: dt.date | None = None, **facts: Any) -> dict[str, Any]:
    """A person gave the client to somebody."""
    told = {
        "assignment_key": f"{staff}-{on}",
        "record_code": "R1",
        "relation": "service",
        "staff_code": staff,
    }
    return {**told, "starts_on": on, "ends_on": until, **facts}


def manager(*acts: dict[str, Any], delivered: Rows = DELIVERED, **options: Any) -> tuple[Any, Any, Any]:
    found = client(assignment=delivered, staff=STAFF, returned_assignment=list(acts), **options)
    return found["manager_code"], found["manager_since_on"], found["manager_reason"]


def test_r040_without_an_act_the_delivered_relation_counts_and_is_named() -> None:
    assert manager() == ("S1", OLD, "delivered")
    assert manager(delivered=[]) == (None, None, None)


def test_r040_an_assignment_in_force_comes_before_the_delivered_one() -> None:
    assert manager(act("S2", NEW)) == ("S2", NEW, "decided")


def test_r040_an_assignment_that_has_not_begun_has_no_effect() -> None:
    assert manager(act("S2", AS_OF + DAY)) == ("S1", OLD, "delivered")


def test_r040_of_two_assignments_in_force_the_later_counts() -> None:
    assert manager(act("S2", NEW), act("S3", NEW + DAY))[0] == "S3"
    at = dt.datetime(2026, 11, 20, 2)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    same_day = act("S3", NEW, decided_at=at), act("S2", NEW, decided_at=at + DAY)
    assert manager(*same_day)[0] == "S2"


def test_r040_what_people_ended_does_not_come_back_from_the_delivery() -> None:
    assert manager(act("S2", NEW, AS_OF)) == (None, None, None)


def test_r040_a_relation_delivered_after_the_act_that_is_over_counts() -> None:
    newer = [{**DELIVERED[0], "starts_on": NEW + DAY}]
    assert manager(act("S2", NEW, AS_OF), delivered=newer) == ("S1", NEW + DAY, "delivered")


def test_r040_somebody_who_is_not_on_the_staff_is_nobodys_manager() -> None:
    assert manager(act("S9", NEW)) == ("S1", OLD, "delivered")


def test_r040_an_act_of_the_night_after_the_cut_counts() -> None:
    """The run as of Friday that is made on Saturday morning knows what was decided by then."""
    tables = {
        "client_record": [{"record_code": "R1", "client_id": "C", "branch_code": "B1"}],
        "customer_record": [{"record_code": "R1"}],
        "record_identity": [{"record_code": "R1"}],
        "branch": [{"branch_code": "B1"}],
        "staff": STAFF,
        "returned_assignment": [act("S2", AS_OF + DAY)],
    }
    (row,) = decide(client_rule, tables, as_of=AS_OF, returned_on=AS_OF + DAY)
    assert row["manager_code"] == "S2"


@settings(max_examples=10)
@given(st.permutations([act("S2", NEW), act("S3", OLD, NEW), act("S1", OLD - DAY, OLD), act("S9", AS_OF)]))
def test_r242_the_order_of_acts_decides_nothing(acts: Sequence[dict[str, Any]]) -> None:
    assert manager(*acts) == ("S2", NEW, "decided")


# --- acts without a place


def unrouted(**tables: Rows) -> list[tuple[str, str, str]]:
    given_tables = {"client_record": [{"record_code": "R1", "client_id": "C"}], "staff": STAFF, **tables}
    rows = decide(returned.returned_unrouted, given_tables, writes=ReturnedUnrouted)
    return [(row["returned_act"], row["act_key"], row["unrouted_reason"]) for row in rows]


def test_r235_acts_of_a_record_nobody_knows_any_more_are_told_with_the_reason() -> None:
    found = unrouted(
        returned_contact=[
            {"contact_key": "1", "record_code": "R9"},
            {"contact_key": "2", "record_code": "R1"},
        ],
        returned_outcome=[{"item_key": "asleep/x", "record_code": None}],
        returned_override=[{"override_key": "3", "record_code": "R9"}],
        returned_assignment=[act("S9", NEW), act("S2", NEW, record_code="R9"), act("S1", NEW)],
        returned_tie=[
            {"tie_key": "4", "record_code": "R1", "staff_code": "S9"},
            {"tie_key": "5", "record_code": "R1", "staff_code": "S1"},
        ],
        returned_need=[{"need_key": "6", "record_code": "R9"}],
    )
    assert found == [
        ("assignment", "S2-2020-01-06", "record_unknown"),
        ("assignment", "S9-2020-01-06", "staff_unknown"),
        ("contact", "1", "record_unknown"),
        ("need", "6", "record_unknown"),
        ("outcome", "asleep/x", "no_record"),
        ("override", "3", "record_unknown"),
        ("tie", "4", "staff_unknown"),
    ]


def test_r235_without_acts_nothing_is_unrouted() -> None:
    assert unrouted() == []
