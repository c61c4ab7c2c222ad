"""Moments are the same whatever the order of rows; night after night nothing is found twice or too soon."""

import datetime as dt
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.codes import MomentRule
from keepwell.engine.moments.rules import moment, moment_fired
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF, answer, client, yuan

NAMES = ("wang", "li", "zhang")
NEAR = st.integers(-120, 120).map(lambda n: AS_OF + dt.timedelta(days=n))
BACK = st.integers(0, 200).map(lambda n: AS_OF - dt.timedelta(days=n))
MOMENTS = load_packs(AS_OF).moments

CLIENTS = st.fixed_dictionaries(
    {
        "birth_on": st.dates(dt.date(1940, 1, 1), dt.date(2010, 12, 31)),
        "id_valid_to": NEAR,
        "opened_on": BACK,
        "population": st.sampled_from(["existing", "never_funded", "closed"]),
    }
)
FACTS = st.fixed_dictionaries(
    {
        "assessment_valid_to": NEAR,
        "assets_amount": st.just(yuan(500_000)),
        "net_assets_60d_amount": st.just(yuan(500_000)),
        "outflow_7d_amount": st.sampled_from([yuan(0), yuan(200_000)]),
        "largest_outflow_7d_on": st.integers(0, 6).map(lambda n: AS_OF - dt.timedelta(days=n)),
        "largest_outflow_on": BACK,
        "last_trade_on": BACK,
        "last_seen_on": BACK,
        "last_login_on": BACK,
    }
)
STATES = st.sampled_from(
    [
        ("active", "trades_or_logins"),
        ("asleep", "no_trade_no_login"),
        ("leaving", "outflow"),
        ("leaving", "fewer_logins"),
    ]
)
TOWNS = st.fixed_dictionaries({name: st.tuples(CLIENTS, FACTS, STATES, STATES) for name in NAMES})
HOLDINGS = st.lists(
    st.builds(
        lambda name, product, on: {
            "client_id": name, "product_code": product, "matures_on": on, "market_amount": yuan(50_000),
        },
        st.sampled_from(NAMES), st.sampled_from(["P1", "P2", "P3"]), NEAR,
    ),
    unique_by=lambda row: (row["client_id"], row["product_code"]), max_size=6,
)  # fmt: skip


def tables(town: dict[str, Any], holdings: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {
        "client": [client(name, **who) for name, (who, _, _, _) in town.items()],
        "client_feature": [{"client_id": name, **facts} for name, (_, facts, _, _) in town.items()],
        "client_grade": [
            {
                "client_id": name,
                "activity_state": now[0],
                "activity_reason": now[1],
                "parent_activity_state": before[0],
            }
            for name, (_, _, now, before) in town.items()
        ],
        "client_holding": holdings,
    }


@settings(max_examples=15)
@given(TOWNS, HOLDINGS, st.randoms(use_true_random=False))
def test_r242_the_order_of_rows_decides_nothing(
    town: dict[str, Any], held: Any, chance: random.Random
) -> None:
    given_tables = tables(town, held)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in given_tables.items()}
    assert answer(moment_fired, shuffled) == answer(moment_fired, given_tables)


@settings(max_examples=15)
@given(TOWNS, HOLDINGS)
def test_r104_the_same_facts_found_again_are_the_same_moments(town: dict[str, Any], held: Any) -> None:
    given_tables = tables(town, held)
    first = answer(moment_fired, given_tables)
    again = answer(moment_fired, {**given_tables, "parent_moment_fired": first})
    assert again == first
    listed = answer(moment, {**given_tables, "moment_fired": first})
    tasks = {(row["client_id"], row["task_rule"], row["task_occasion"]) for row in first if row["is_open"]}
    assert [(row["client_id"], row["rule"], row["occasion"]) for row in listed] == sorted(tasks)
    told = [row["rule"] for row in listed] + [row["also_rule"] for row in listed if row["also_rule"]]
    assert len(told) == sum(row["is_open"] for row in first)
    for row in listed:
        assert (row["due_on"] is None) == (row["term"] == "window")


@settings(max_examples=15)
@given(TOWNS, TOWNS, st.integers(1, 40))
def test_r104_no_rule_finds_a_second_occasion_too_soon(
    town: dict[str, Any], changed: dict[str, Any], n_days: int
) -> None:
    first = answer(moment_fired, tables(town, []))
    later = AS_OF + dt.timedelta(days=n_days)
    second = answer(moment_fired, {**tables(changed, []), "parent_moment_fired": first}, later)
    found_before = {(row["client_id"], row["rule"]) for row in first}
    for row in second:
        repeat_after = MOMENTS.rule(MomentRule(row["rule"])).repeat_after_days
        if row["fired_on"] == later and (row["client_id"], row["rule"]) in found_before:
            assert n_days >= repeat_after


@settings(max_examples=15)
@given(TOWNS, HOLDINGS)
def test_r002_who_closed_has_no_moment(town: dict[str, Any], held: Any) -> None:
    closed = {name for name, (who, _, _, _) in town.items() if who["population"] == "closed"}
    assert closed.isdisjoint(row["client_id"] for row in answer(moment_fired, tables(town, held)))
