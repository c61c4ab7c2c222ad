"""Chapter 8. Who looks after whom: the best plan of each branch under licence, load and fairness limits."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

from tests.book import Rows
from tests.rulebook.allocation.branch import AS_OF, clients, licences, propose, staff, strong

TWO: dict[str, Rows] = {"staff": staff("S1", "S2"), "staff_licence": licences("S1", "S2")}


def test_r048_heads_stay_within_the_band_around_the_fair_share() -> None:
    rows = propose(allocation_use=clients(100, "S1"), **TWO)
    load = Counter(row["manager_code"] for row in rows)
    assert load == {"S1": 65, "S2": 35}  # 50 x 1.2 + 5 and 50 x 0.8 - 5


def test_r050_r053_a_need_goes_to_the_specialist() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, bond_need_share=Decimal("0.9"), is_need_known=True),
        "staff_specialty": [*strong("S1", stock="1"), *strong("S2", bond="1")],
    }
    (row,) = propose(**tables, **TWO)
    assert (row["manager_code"], row["allocation_reason"]) == ("S2", "best")


def test_r040_continuity_keeps_a_client_with_the_present_manager() -> None:
    rows = propose(allocation_use=clients(4, "S2"), **TWO)
    assert {row["allocation_reason"] for row in rows} == {"stays"}
    assert not any(row["is_change"] for row in rows)


def test_r057_who_was_not_in_touch_for_long_has_no_continuity() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, "S1", is_untouched=True, bond_need_share=Decimal(1), is_need_known=True),
        "staff_specialty": [*strong("S1", stock="1"), *strong("S2", bond="1")],
    }
    (row,) = propose(**tables, **TWO)
    assert row["manager_code"] == "S2"


def test_r199_an_expired_licence_takes_no_clients() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(10, "S1"),
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
        allocation_use=clients(3),
        staff=[*staff("S1", "S2"), *gone],
        staff_licence=licences("S1", "S2", "S3"),
        staff_leave=leave,
    )
    assert {row["staff_code"]: row["n_proposed"] for row in rows} == {"S1": 0, "S2": 3, "S3": 0}


def test_r047_who_works_half_the_week_has_half_the_fair_share() -> None:
    half = [*staff("S1", weekly_hours=Decimal(40)), *staff("S2", weekly_hours=Decimal(20))]
    rows = propose(
        "allocation_limit", allocation_use=clients(90), staff=half, staff_licence=licences("S1", "S2")
    )
    heads = {row["staff_code"]: row["load_fair"] for row in rows if row["resource"] == "heads"}
    assert heads == {"S1": 60, "S2": 30}


def test_r044_r049_top_clients_are_spread_by_capacity_too() -> None:
    rich = clients(20, "S1", grade="important", is_top_tier=True, n_value_units=100)
    rows = propose("allocation_limit", allocation_use=rich, **TWO)
    told = {row["staff_code"]: row for row in rows if row["resource"] == "top_tier"}
    assert told["S1"]["load_now"] == 20
    assert told["S1"]["load_proposed"] <= told["S1"]["load_upper"] == 17  # 10 x 1.4 + 3
    assert told["S1"]["price"] >= 0


def test_r054_the_certificate_proves_the_value() -> None:
    (row,) = propose("allocation_certificate", allocation_use=clients(60, "S1"), **TWO)
    assert 0 < row["value"] <= row["bound"] <= row["value"] * (1 + row["gap_share"]) + Decimal("0.0001")
    assert row["gap_share"] <= Decimal("0.0001")
    assert row["n_changes"] == 60 - 41


def test_r054_a_full_manager_is_named_with_its_price() -> None:
    rows = propose(allocation_use=clients(100, "S1"), **TWO)
    moved = [row for row in rows if row["is_change"]]
    assert {row["best_code"] for row in moved} == {"S1"}
    assert {row["allocation_reason"] for row in moved} <= {
        "best_is_full",
        "within_limits",
        "fills_lower_limit",
    }


def test_r054_a_branch_without_a_licensed_manager_says_so() -> None:
    (row,) = propose(allocation_use=clients(1, "S1"), staff=staff("S1"))
    assert (row["manager_code"], row["allocation_reason"]) == (None, "no_manager")
    (told,) = propose("allocation_contradiction", allocation_use=clients(1, "S1"), staff=staff("S1"))
    assert (told["contradiction_reason"], told["relief"]) == ("no_capacity", "status_quo")


def test_r054_branches_do_not_lend_each_other_managers() -> None:
    away = clients(2, branch_code="B2")
    rows = propose(allocation_use=away, staff=staff("S1"), staff_licence=licences("S1"))
    assert {row["manager_code"] for row in rows} == {None}


def records(*places: int) -> Rows:
    return [{"record_code": f"CR{place:03}", "client_id": f"C{place:03}"} for place in places]


def tied(kind: str, staff_code: str, place: int = 0) -> dict[str, Any]:
    return {"tie_key": kind, "record_code": f"CR{place:03}", "staff_code": staff_code, "tie_kind": kind}


def test_r054_what_people_fixed_and_ruled_out_is_heeded() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(4, "S1"),
        "client_record": records(0, 1),
        "returned_tie": [tied("pin", "S2", 0), tied("ban", "S1", 1)],
    }
    rows = {row["client_id"]: row for row in propose(**tables, **TWO)}
    assert (rows["C000"]["manager_code"], rows["C000"]["allocation_reason"]) == ("S2", "pinned")
    assert rows["C001"]["manager_code"] == "S2"
    assert rows["C002"]["manager_code"] == "S1"


def test_r054_two_managers_fixed_for_one_client_are_told_and_not_heeded() -> None:
    pins = [{**tied("pin", code), "tie_key": code} for code in ("S1", "S2")]
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, "S1"),
        "client_record": records(0),
        "returned_tie": pins,
    }
    (told,) = propose("allocation_contradiction", **tables, **TWO)
    assert (told["contradiction_reason"], told["client_id"]) == ("pins_collide", "C000")
    assert {row["manager_code"] for row in propose(**tables, **TWO)} == {"S1"}


def test_r060_a_client_who_refuses_a_manager_goes_to_another() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, "S1"),
        "client_record": records(0),
        "manager_wish": [{"record_code": "CR000", "staff_code": "S1", "wish_kind": "refused"}],
    }
    (row,) = propose(**tables, **TWO)
    assert (row["manager_code"], row["allocation_reason"]) == ("S2", "best")


def test_r054_a_conflict_of_interest_rules_a_manager_out() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, "S1"),
        "client_record": records(0),
        "staff_conflict": [{"staff_code": "S1", "record_code": "CR000"}],
    }
    (row,) = propose(**tables, **TWO)
    assert row["manager_code"] == "S2"


def test_r040_who_asks_for_a_language_gets_somebody_who_speaks_it() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, "S1"),
        "client_record": records(0),
        "client_language": [{"record_code": "CR000", "language": "cantonese"}],
        "staff_trait": [{"staff_code": "S2", "trait_kind": "language", "trait": "cantonese"}],
    }
    (row,) = propose(**tables, **TWO)
    assert row["manager_code"] == "S2"
    nobody = {**tables, "staff_trait": []}
    assert {row["manager_code"] for row in propose(**nobody, **TWO)} == {"S1"}


def test_r058_of_two_equally_strong_the_one_with_the_interest_gets_the_client() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, stock_need_share=Decimal("0.5"), is_need_known=True),
        "staff_specialty": [*strong("S1", stock="0.5"), *strong("S2", stock="0.5")],
        "staff_trait": [{"staff_code": "S2", "trait_kind": "interest", "trait": "stock"}],
    }
    (row,) = propose(**tables, **TWO)
    assert row["manager_code"] == "S2"


def test_r053_a_strength_confirmed_at_the_desk_stands_for_the_delivered_one() -> None:
    said = {"staff_code": "S1", "need": "bond", "strength_share": Decimal("0.25"), "confirmed_on": AS_OF}
    tables: dict[str, Rows] = {
        "allocation_use": clients(1, bond_need_share=Decimal(1), is_need_known=True),
        "staff_specialty": [*strong("S1", bond="1"), *strong("S2", bond="0.5")],
    }
    assert [row["manager_code"] for row in propose(**tables, **TWO)] == ["S1"]
    assert [row["manager_code"] for row in propose(**tables, **TWO, returned_specialty=[said])] == ["S2"]


def test_r047_hours_confirmed_at_the_desk_make_the_fair_share() -> None:
    hours = [{"staff_code": "S2", "weekly_hours": Decimal(20), "confirmed_on": AS_OF}]
    rows = propose("allocation_limit", allocation_use=clients(90), returned_hours=hours, **TWO)
    assert {row["staff_code"]: row["load_fair"] for row in rows if row["resource"] == "heads"} == {
        "S1": 60,
        "S2": 30,
    }


def test_r076_entitled_clients_get_a_licensed_adviser_the_own_manager_first() -> None:
    tables: dict[str, Rows] = {
        "allocation_use": clients(2, "S1", grade="important", is_entitled_to_advice=True),
        "staff": staff("S1", "S2"),
        "staff_licence": [*licences("S1"), *licences("S2", kind="adviser")],
    }
    rows = propose("allocation_adviser", **tables)
    assert {(row["manager_code"], row["adviser_code"], row["adviser_reason"]) for row in rows} == {
        ("S1", "S2", "best")
    }
    own = {**tables, "staff_licence": [*licences("S1", kind="adviser"), *licences("S2")]}
    assert {row["adviser_reason"] for row in propose("allocation_adviser", **own)} == {"own_manager"}
    none = {**tables, "staff_licence": licences("S1", "S2")}
    assert {row["adviser_code"] for row in propose("allocation_adviser", **none)} == {None}


def test_r054_a_swap_is_two_clients_who_gain_together() -> None:
    wants = [
        clients(1, "S1", bond_need_share=Decimal(1), is_need_known=True)[0],
        clients(2, "S2", stock_need_share=Decimal(1), is_need_known=True)[1],
    ]
    tables: dict[str, Rows] = {
        "allocation_use": wants,
        "staff_specialty": [*strong("S1", stock="1"), *strong("S2", bond="1")],
    }
    (row,) = propose("allocation_swap", **tables, **TWO)
    assert (row["client_id"], row["other_id"]) == ("C000", "C001")
    assert row["gain"] == 2 * (Decimal("0.35") - Decimal("0.20") - Decimal("0.10"))


def test_r055_by_assets_only_is_told_beside_the_proposal() -> None:
    team = [*staff("S1", level=5), *staff("S2", level=1)]
    rich = [{**row, "n_value_units": 100 * place} for place, row in enumerate(clients(20, "S1"))]
    rows = propose("allocation_fairness", allocation_use=rich, staff=team, staff_licence=licences("S1", "S2"))
    of_value = {row["basis"]: row for row in rows if row["resource"] == "value"}
    assert of_value["by_assets"]["gini_share"] > of_value["proposed"]["gini_share"]
    heads = {row["basis"]: row["jain_share"] for row in rows if row["resource"] == "heads"}
    assert heads["now"] == Decimal("0.5") < heads["proposed"]


def test_r054_limits_that_contradict_are_told_and_the_night_goes_on() -> None:
    one = clients(1, "S1", grade="strategic", is_top_tier=True, n_value_units=90_000_000)
    tables: dict[str, Rows] = {"allocation_use": [*one, *clients(9, "S1")[1:]], **TWO}
    told = propose("allocation_contradiction", **tables)
    assert [(row["contradiction_reason"], row["resource"], row["relief"]) for row in told] == [
        ("too_large", "value", "limit_dropped")
    ]
    assert told[0]["client_id"] == "C000"
    assert told[0]["missing"] > 0
    assert all(row["manager_code"] for row in propose(**tables))
