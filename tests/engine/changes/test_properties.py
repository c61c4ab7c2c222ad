"""Every client is counted exactly once, and what is told as changed is exactly what differs."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.engine.changes.rules import branch_statistic, client_change
from tests.small_firm import answer, client, yuan

NAMES = ("wang", "li", "zhang", "zhao")
PLACES = st.fixed_dictionaries(
    {
        "home_branch_code": st.sampled_from(["B1", "B2"]),
        "manager_code": st.sampled_from([None, "M1", "M2"]),
        "population": st.sampled_from(["existing", "never_funded"]),
    }
)
TOWNS = st.dictionaries(st.sampled_from(NAMES), st.tuples(PLACES, st.sampled_from(["basic", "regular"])))


def clients(town: dict[str, Any]) -> list[dict[str, Any]]:
    return [client(name, **place) for name, (place, _) in town.items()]


def grades(town: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"client_id": name, "grade": grade}
        for name, (place, grade) in town.items()
        if place["population"] == "existing"
    ]


@settings(max_examples=20)
@given(TOWNS)
def test_r004_every_client_is_counted_once_with_all_that_is_theirs(town: dict[str, Any]) -> None:
    features = [{"client_id": name, "assets_amount": yuan(place)} for place, name in enumerate(town, 1)]
    rows = answer(
        branch_statistic, {"client": clients(town), "client_feature": features, "client_grade": grades(town)}
    )
    assert sum(row["n_clients"] for row in rows) == len(town)
    assert sum(row["assets_amount"] for row in rows) == sum(range(1, len(town) + 1))


@settings(max_examples=20)
@given(TOWNS, TOWNS)
def test_r104_what_changed_is_what_differs(now: dict[str, Any], before: dict[str, Any]) -> None:
    tables = {
        "client": clients(now),
        "client_grade": grades(now),
        "parent_client": clients(before),
        "parent_client_grade": grades(before),
    }
    told = {(row["client_id"], row["changed"]) for row in answer(client_change, tables)}
    expected = {(name, "new_client") for name in now if before and name not in before}
    for name in now.keys() & before.keys():
        (place, grade), (place_before, grade_before) = now[name], before[name]
        expected |= {(name, key) for key in place if place[key] != place_before[key]}
        classes = [
            (value if where["population"] == "existing" else None, where)
            for value, where in ((grade, place), (grade_before, place_before))
        ]
        if classes[0][0] != classes[1][0]:
            expected.add((name, "grade"))
    classed = {
        "service_type",
        "activity_state",
    }  # the plain value of every classed client: they come and go with it
    assert {one for one in told if one[1] not in classed} == expected
