"""Chapter 8. Who looks after whom: the best plan of each branch under licence and head-count limits."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

from keepwell.contract import TABLES
from keepwell.engine.allocation.rules import proposal
from keepwell.engine.stage import Rule
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
WRITES = ("allocation_proposal", "allocation_load", "allocation_certificate")


def clients(n: int, manager: str | None = None, **facts: Any) -> Rows:
    row = {"population": "existing", "home_branch_code": "B1", "manager_code": manager, **facts}
    return [{"client_id": f"C{place:03}", **row} for place in range(n)]


def staff(*codes: str, **facts: Any) -> Rows:
    row = {"branch_code": "B1", "role": "manager", "has_book": True, "level": 5, **facts}
    return [{"staff_code": code, **row} for code in codes]


def licences(*codes: str, to: dt.date | None = None) -> Rows:
    return [
        {"staff_code": code, "licence_no": "1", "valid_from": dt.date(2020, 1, 1), "valid_to": to}
        for code in codes
    ]


def propose(first: str = "allocation_proposal", **tables: Rows) -> Rows:
    """Rows of one of the three tables."""
    order = [first, *(name for name in WRITES if name != first)]
    rule = Rule(tuple(TABLES[name] for name in order), proposal.allocation, arrays=True)
    return decide(rule, tables, as_of=AS_OF)


def test_r048_heads_stay_within_the_band_around_the_fair_share() -> None:
    rows = propose(client=clients(100, "S1"), staff=staff("S1", "S2"), staff_licence=licences("S1", "S2"))
    load = Counter(row["manager_code"] for row in rows)
    assert load == {"S1": 65, "S2": 35}  # 50 x 1.2 + 5 and 50 x 0.8 - 5


def test_r053_a_need_goes_to_the_specialist() -> None:
    tables: dict[str, Rows] = {
        "client": clients(1),
        "client_record": [{"record_code": "R", "client_id": "C000"}],
        "client_need": [{"record_code": "R", "need": "bond", "strength_share": Decimal("0.9")}],
        "staff": staff("S1", "S2"),
        "staff_licence": licences("S1", "S2"),
        "staff_specialty": [
            {"staff_code": "S1", "need": "stock", "strength_share": Decimal(1)},
            {"staff_code": "S2", "need": "bond", "strength_share": Decimal(1)},
        ],
    }
    (row,) = propose(**tables)
    assert (row["manager_code"], row["allocation_reason"]) == ("S2", "best")


def test_r040_continuity_keeps_a_client_with_the_present_manager() -> None:
    rows = propose(client=clients(4, "S2"), staff=staff("S1", "S2"), staff_licence=licences("S1", "S2"))
    assert {row["allocation_reason"] for row in rows} == {"stays"}
    assert not any(row["is_change"] for row in rows)


def test_r199_an_expired_licence_takes_no_clients() -> None:
    tables: dict[str, Rows] = {
        "client": clients(10, "S1"),
        "staff": staff("S1", "S2"),
        "staff_licence": [*licences("S1", to=dt.date(2026, 11, 19)), *licences("S2", to=AS_OF)],
    }
    assert {row["manager_code"] for row in propose(**tables)} == {"S2"}
    reasons = {row["staff_code"]: row["allocation_reason"] for row in propose("allocation_load", **tables)}
    assert reasons == {"S1": "licence_expired", "S2": "eligible"}


def test_r047_someone_on_long_leave_and_someone_who_left_take_no_clients() -> None:
    gone = staff("S3", left_on=AS_OF)
    leave = [{"staff_code": "S1", "starts_on": dt.date(2026, 11, 1), "ends_on": dt.date(2026, 12, 31)}]
    rows = propose(
        "allocation_load",
        client=clients(3),
        staff=[*staff("S1", "S2"), *gone],
        staff_licence=licences("S1", "S2", "S3"),
        staff_leave=leave,
    )
    assert {row["staff_code"]: row["n_proposed"] for row in rows} == {"S1": 0, "S2": 3, "S3": 0}


def test_r054_the_certificate_proves_the_value() -> None:
    tables: dict[str, Rows] = {
        "client": clients(60, "S1"),
        "staff": staff("S1", "S2"),
        "staff_licence": licences("S1", "S2"),
    }
    (row,) = propose("allocation_certificate", **tables)
    assert row["value"] == row["bound"] > 0
    assert row["n_changes"] == 60 - 41


def test_r054_a_full_manager_is_named_with_its_price() -> None:
    rows = propose(client=clients(100, "S1"), staff=staff("S1", "S2"), staff_licence=licences("S1", "S2"))
    moved = [row for row in rows if row["is_change"]]
    assert {(row["best_code"], row["allocation_reason"]) for row in moved} == {("S1", "best_is_full")}


def test_r054_a_branch_without_a_licensed_manager_says_so() -> None:
    (row,) = propose(client=clients(1, "S1"), staff=staff("S1"))
    assert (row["manager_code"], row["allocation_reason"]) == (None, "no_manager")


def test_r002_only_existing_clients_are_placed() -> None:
    others = clients(3, population="never_funded")
    assert propose(client=others, staff=staff("S1"), staff_licence=licences("S1")) == []


def test_r043_protected_facts_do_not_change_a_proposal() -> None:
    tables: dict[str, Rows] = {"staff": staff("S1", "S2"), "staff_licence": licences("S1", "S2")}
    plain = propose(client=clients(20), **tables)
    aged = propose(client=clients(20, sex="female", birth_on=dt.date(1940, 1, 1)), **tables)
    assert plain == aged


def test_r054_branches_do_not_lend_each_other_managers() -> None:
    away = [
        {**row, "client_id": f"D{place}", "home_branch_code": "B2"} for place, row in enumerate(clients(2))
    ]
    rows = propose(client=away, staff=staff("S1"), staff_licence=licences("S1"))
    assert {row["manager_code"] for row in rows} == {None}
