"""How much a night decides anew: everybody, or what changed; who starts, leaves, or is served by another branch."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.policy.allocation import BranchRun, Extent
from keepwell.policy.packs import Packs
from tests.book import Rows
from tests.rulebook.allocation.branch import AS_OF, CHANGES, clients, licences, propose, signed, staff, strong

TWO: dict[str, Rows] = {"staff": staff("S1", "S2"), "staff_licence": licences("S1", "S2")}
PLAN, ANEW, ADVISER = "allocation_proposal", "allocation_anew", "allocation_adviser"


def after(
    before: dict[str, Rows], packs: Packs = CHANGES, **now: Rows
) -> dict[str, dict[str, dict[str, Any]]]:
    """Tonight's rows by client, the night before having been asked ``before``; ``now`` is what is different."""
    parents = {f"parent_{name}": propose(name, packs=packs, **before) for name in (PLAN, ANEW, ADVISER)}
    tables = {**before, **now, **parents}
    told = {name: propose(name, packs=packs, **tables) for name in (PLAN, ANEW, ADVISER)}
    return {name: {row["client_id"]: row for row in rows} for name, rows in told.items()}


def plan_of(rows: dict[str, dict[str, Any]]) -> dict[str, str | None]:
    return {client: row["manager_code"] for client, row in rows.items()}


def reasons(told: dict[str, dict[str, dict[str, Any]]]) -> dict[str, str]:
    return {client: row["anew_reason"] for client, row in told[ANEW].items()}


def wanting(n: int = 30, manager: str = "S1") -> Rows:
    """Clients who want bonds, with the one who knows stocks."""
    return clients(n, manager, bond_need_share=Decimal(1), is_need_known=True)


KNOWN: dict[str, Rows] = {
    **TWO,
    "allocation_use": wanting(),
    "staff_specialty": [*strong("S1", stock="1"), *strong("S2", bond="1")],
}


def test_r054_a_night_that_plans_changes_only_and_finds_none_gives_the_same_plan() -> None:
    told, whole = after(KNOWN), {row["client_id"]: row for row in propose(**KNOWN)}
    assert plan_of(told[PLAN]) == plan_of(whole)
    assert set(reasons(told).values()) == {"kept"}
    assert {row["allocation_reason"] for row in told[PLAN].values()} == {"as_before"}
    assert not any(row["is_anew"] for row in told[ANEW].values())


def test_r054_where_everything_changed_it_is_the_whole_plan() -> None:
    other = clients(30, "S1", stock_need_share=Decimal(1), is_need_known=True)
    told = after(KNOWN, allocation_use=other)
    whole = propose(**{**KNOWN, "allocation_use": other})
    assert set(reasons(told).values()) == {"changed"}
    assert plan_of(told[PLAN]) == plan_of({row["client_id"]: row for row in whole})


def test_r054_only_who_changed_and_who_is_new_is_decided_anew() -> None:
    now = [dict(row) for row in wanting(31)]
    now[3] = dict(clients(4, "S1", stock_need_share=Decimal(1), is_need_known=True)[3])
    told = after(KNOWN, allocation_use=now)
    anew = {client: why for client, why in reasons(told).items() if why != "kept"}
    assert anew == {"C003": "changed", "C030": "new"}
    before = plan_of({row["client_id"]: row for row in propose(**KNOWN)})
    assert {client for client in before if told[PLAN][client]["manager_code"] != before[client]} <= {"C003"}


def test_r047_clients_of_who_leaves_are_decided_anew_and_the_others_stay() -> None:
    four = ("S1", "S2", "S3", "S4")
    before: dict[str, Rows] = {
        "allocation_use": [
            dict(row) | {"manager_code": four[place % 4]} for place, row in enumerate(clients(40))
        ],
        "staff": staff(*four),
        "staff_licence": licences(*four),
    }
    leaving = [*staff("S1", "S2", "S3"), *staff("S4", left_on=AS_OF + dt.timedelta(days=10))]
    told = after(before, staff=leaving)
    orphans = {client for client, why in reasons(told).items() if why == "orphaned"}
    assert orphans == {row["client_id"] for row in before["allocation_use"] if row["manager_code"] == "S4"}
    for client, row in told[PLAN].items():
        assert row["manager_code"] != "S4"
        assert (row["manager_code"] == row["current_code"]) is (client not in orphans)
    rows = propose("allocation_load", **{**before, "staff": leaving})
    assert {row["staff_code"]: row["allocation_reason"] for row in rows}["S4"] == "leaves_soon"


def test_r054_assets_that_move_each_day_decide_nobody_anew() -> None:
    richer = [dict(row) | {"n_value_units": 7, "n_days_untouched": 3} for row in wanting()]
    assert set(reasons(after(KNOWN, allocation_use=richer)).values()) == {"kept"}


def test_r059_whom_people_gave_to_somebody_stays_there() -> None:
    now = [dict(row) for row in wanting()]
    before = plan_of({row["client_id"]: row for row in propose(**KNOWN)})
    stayed = next(client for client, code in before.items() if code == "S2")
    given = next(
        place
        for place, row in enumerate(now)
        if row["client_id"] != stayed and before[row["client_id"]] == "S1"
    )
    now[given]["manager_code"] = "S2"
    told = after(KNOWN, allocation_use=now)
    client = now[given]["client_id"]
    assert (reasons(told)[client], told[PLAN][client]["manager_code"]) == ("handed_over", "S2")


def test_r060_a_refusal_and_a_wish_are_changes() -> None:
    who: dict[str, Rows] = {"client_record": [{"record_code": "CR1", "client_id": "C001"}]}
    before = KNOWN | who
    code = plan_of({row["client_id"]: row for row in propose(**before)})["C001"]
    refused = [{"record_code": "CR1", "staff_code": code, "wish_kind": "refused"}]
    told = after(before, manager_wish=refused)
    assert reasons(told)["C001"] == "orphaned"
    assert told[PLAN]["C001"]["manager_code"] != code
    wished = [{"record_code": "CR1", "staff_code": "S2", "wish_kind": "wanted"}]
    assert reasons(after(before, manager_wish=wished))["C001"] == "changed"


def test_r059_a_decision_as_old_as_signed_is_made_anew() -> None:
    parents = {f"parent_{name}": propose(name, packs=CHANGES, **KNOWN) for name in (PLAN, ANEW)}
    old = [{**row, "decided_on": AS_OF - dt.timedelta(days=90)} for row in parents["parent_allocation_anew"]]
    rows = propose(ANEW, packs=CHANGES, **{**KNOWN, **parents, "parent_allocation_anew": old})
    assert {(row["anew_reason"], row["decided_on"]) for row in rows} == {("due", AS_OF)}


def test_r054_a_branch_is_run_by_itself_the_others_plan_changes_only() -> None:
    two = [
        *wanting(20),
        *(dict(row) | {"client_id": f"D{n}", "branch_code": "B2"} for n, row in enumerate(wanting(20))),
    ]
    before: dict[str, Rows] = {
        "allocation_use": two,
        "staff": [*staff("S1", "S2"), *staff("S3", "S4", branch_code="B2")],
        "staff_licence": licences("S1", "S2", "S3", "S4"),
    }
    packs = signed(plans=Extent.CHANGES, branches=(BranchRun("B2", Extent.WHOLE),))
    why = {(row["branch_code"], row["anew_reason"]) for row in after(before, packs)[ANEW].values()}
    assert why == {("B1", "kept"), ("B2", "whole")}


def test_r230_another_policy_decides_everybody_anew() -> None:
    parents = {f"parent_{name}": propose(name, packs=CHANGES, **KNOWN) for name in (PLAN, ANEW)}
    other = [{**row, "policy_version": "0.9"} for row in parents["parent_allocation_proposal"]]
    rows = propose(ANEW, packs=CHANGES, **{**KNOWN, **parents, "parent_allocation_proposal": other})
    assert {row["anew_reason"] for row in rows} == {"whole"}


def test_r048_a_limit_that_clients_who_stay_overstep_is_stretched_and_told() -> None:
    """Most of somebody's week is gone: nobody is moved for it where only changes are planned, and people see it."""
    even = [
        dict(row) | {"manager_code": "S1" if place % 2 else "S2"} for place, row in enumerate(clients(60))
    ]
    before = {**TWO, "allocation_use": even}
    parents = {f"parent_{name}": propose(name, packs=CHANGES, **before) for name in (PLAN, ANEW)}
    half = [*staff("S1"), *staff("S2", weekly_hours=Decimal(8))]
    told = propose("allocation_contradiction", packs=CHANGES, **{**before, **parents, "staff": half})
    assert [row["relief"] for row in told] == ["stretched"]
    assert told[0]["resource"] == "heads"
    rows = propose(packs=CHANGES, **{**before, **parents, "staff": half})
    assert all(row["manager_code"] == row["current_code"] for row in rows)


def test_r076_whoever_stays_keeps_the_adviser_too() -> None:
    entitled = clients(12, "S1", grade="important", is_entitled_to_advice=True)
    before: dict[str, Rows] = {
        "allocation_use": entitled,
        "staff": staff("S1", "S2", "S3"),
        "staff_licence": [*licences("S1"), *licences("S2", "S3", kind="adviser")],
        "staff_specialty": strong("S2", bond="1"),
    }
    first = {row["client_id"]: row["adviser_code"] for row in propose(ADVISER, **before)}
    told = after(before, staff_specialty=strong("S3", bond="1"))
    assert {client: row["adviser_code"] for client, row in told[ADVISER].items()} == first


@pytest.mark.parametrize(("months", "fair"), [(0, 30), (3, 38), (6, 45)])
def test_r047_a_new_manager_grows_into_the_book(months: int, fair: int) -> None:
    """Half of the capacity at first, three quarters from three months in service, all of it from six."""
    joined = dt.date(2026, 11 - months, 20)
    rows = propose(
        "allocation_limit",
        allocation_use=clients(90),
        staff=[*staff("S1", joined_on=dt.date(2010, 1, 4)), *staff("S2", joined_on=joined)],
        staff_licence=licences("S1", "S2"),
    )
    (told,) = (row["load_fair"] for row in rows if (row["staff_code"], row["resource"]) == ("S2", "heads"))
    assert int(told) == fair


ACROSS: dict[str, Rows] = {
    "allocation_use": [
        *clients(10, "S9"),
        *(dict(row) | {"client_id": f"D{n}", "branch_code": "B2"} for n, row in enumerate(clients(10, "S1"))),
    ],
    "staff": staff("S1", "S2", branch_code="B2"),
    "staff_licence": licences("S1", "S2"),
    "branch": [{"branch_code": code, "region": region} for code, region in (("B1", "east"), ("B2", "east"))],
}


def test_r045_whom_nobody_at_home_may_serve_is_served_by_another_branch_of_the_region() -> None:
    rows = {row["client_id"]: row for row in propose(**ACROSS)}
    away = [row for row in rows.values() if row["branch_code"] == "B1"]
    assert {row["allocation_reason"] for row in away} == {"served_across"}
    assert {row["manager_code"] for row in away} <= {"S1", "S2"}
    heads = [row for row in propose("allocation_limit", **ACROSS) if row["resource"] == "heads"]
    assert sum(row["load_proposed"] for row in heads) == 20


def test_r045_not_by_another_region_nor_where_the_firm_signed_otherwise() -> None:
    apart = [{"branch_code": "B1", "region": "west"}, {"branch_code": "B2", "region": "east"}]
    for more in ({"branch": apart}, {"packs": signed(served_across=False)}):
        rows = propose(**{**ACROSS, **more})
        assert {row["manager_code"] for row in rows if row["branch_code"] == "B1"} == {None}


def test_r060_who_refuses_everybody_at_home_is_served_across_and_the_others_stay() -> None:
    at_home = {**ACROSS, "staff": [*staff("S1", "S2", branch_code="B2"), *staff("S9")]}
    tables: dict[str, Rows] = {
        **at_home,
        "staff_licence": licences("S1", "S2", "S9"),
        "client_record": [{"record_code": "CR1", "client_id": "C001"}],
        "manager_wish": [{"record_code": "CR1", "staff_code": "S9", "wish_kind": "refused"}],
    }
    rows = {row["client_id"]: row for row in propose(**tables)}
    assert rows["C001"]["allocation_reason"] == "served_across"
    assert {row["manager_code"] for row in rows.values() if row["branch_code"] == "B1"} >= {"S9"}
    others = [row for row in rows.values() if row["branch_code"] == "B1" and row["client_id"] != "C001"]
    assert {row["manager_code"] for row in others} == {"S9"}
