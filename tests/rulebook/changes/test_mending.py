"""Chapter 10, section 2. Bringing existing clients up to date: who, by when, in what order (R006, R008; Art. 51)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from keepwell.engine.changes.rules import mending
from keepwell.policy.packs import Packs
from tests.book import Rows, decide
from tests.small_firm import client

LAST = dt.date(2027, 12, 31)
MEASURE = dt.date(2026, 1, 1)
BATCHES = (dt.date(2027, 3, 31), dt.date(2027, 6, 30), dt.date(2027, 9, 30))


def at_branch(name: str, branch: str = "B01", **facts: Any) -> dict[str, Any]:
    return client(name, home_branch_code=branch, **facts)


def gap(name: str, kind: str = "missing", fact: str = "phone", *, is_required: bool = True) -> dict[str, Any]:
    return {"client_id": name, "golden_field": fact, "gap_kind": kind, "is_required": is_required}


def listed(tables: dict[str, Rows], packs: Packs | None = None) -> dict[str, dict[str, Any]]:
    return {row["client_id"]: row for row in decide(mending.remediation, tables, packs=packs)}


def signed_batches(firm_packs: Callable[..., Packs]) -> Packs:
    days = ", ".join(day.isoformat() for day in BATCHES)
    return firm_packs("remediation", "batches = []", f"batches = [{days}]")


def test_art51_without_signed_batches_everybody_has_the_last_day_of_the_measure() -> None:
    rows = listed({"client": [at_branch("wang"), at_branch("li")], "data_gap": [gap("wang"), gap("li")]})
    assert {row["due_on"] for row in rows.values()} == {LAST}


@pytest.mark.parametrize(
    ("opened_on", "is_required", "due_on"),
    [
        (MEASURE - dt.timedelta(days=1), True, LAST),
        (MEASURE, True, None),
        (MEASURE - dt.timedelta(days=1), False, None),
    ],
)
def test_art51_only_clients_of_before_the_measure_who_lack_what_it_asks_for_have_a_date(
    opened_on: dt.date, is_required: bool, due_on: dt.date | None
) -> None:
    tables = {"client": [at_branch("wang", opened_on=opened_on)],
              "data_gap": [gap("wang", is_required=is_required)]}  # fmt: skip
    assert listed(tables)["wang"]["due_on"] == due_on


def test_r233_the_date_follows_from_the_client_number_alone(firm_packs: Callable[..., Packs]) -> None:
    """Neither what is wrong nor assets nor branch nor who else is there moves it: nothing can be read from it."""
    packs = signed_batches(firm_packs)
    names = [f"c{number:06d}" for number in range(300)]
    plain = {"client": [at_branch(name) for name in names], "data_gap": [gap(name) for name in names]}
    other = {
        "client": [at_branch(name, "B02", opened_on=dt.date(2001, 1, 1)) for name in names[::2]],
        "data_gap": [gap(name, kind) for name in names[::2] for kind in ("expired", "differs")],
        "client_feature": [{"client_id": name, "assets_amount": Decimal(20_000_000)} for name in names[::2]],
    }
    one, two = listed(plain, packs), listed(other, packs)
    assert {name: row["due_on"] for name, row in two.items()} == {
        name: one[name]["due_on"] for name in names[::2]
    }
    sizes = Counter(row["due_on"] for row in one.values())
    assert set(sizes) == set(BATCHES)
    assert min(sizes.values()) > 75  # each batch about a third


def test_art51_no_batch_lies_beyond_the_last_day(firm_packs: Callable[..., Packs]) -> None:
    with pytest.raises(ValueError, match="none after 2027-12-31"):
        firm_packs("remediation", "batches = []", "batches = [2028-01-31]")


def test_r008_minutes_and_points_add_up_as_signed() -> None:
    tables = {
        "client": [at_branch("wang"), at_branch("li")],
        "data_gap": [gap("wang"), gap("wang", "differs", "address"), gap("li", "expired", "id_valid_to")],
        "client_feature": [
            {"client_id": "wang", "assets_amount": Decimal(3_000_000)},
            {"client_id": "li", "assets_amount": Decimal("2999999.99")},
        ],
    }
    rows = listed(tables)
    assert [(rows[name]["fix_minutes"], rows[name]["worth_points"]) for name in ("wang", "li")] == [
        (8 + 20, 5 + 15 + 40), (15, 10 + 20),
    ]  # fmt: skip
    counted = ("n_missing", "n_expired", "n_misread", "n_differing")
    assert [rows["wang"][name] for name in counted] == [1, 0, 0, 1]


def test_r008_unknown_assets_bring_no_points() -> None:
    row = listed({"client": [at_branch("wang")], "data_gap": [gap("wang")],
                  "client_feature": [{"client_id": "wang"}]})["wang"]  # fmt: skip
    assert row["worth_points"] == 5


def test_r004_progress_counts_a_branch_by_date() -> None:
    clients = [at_branch("wang"), at_branch("li"), at_branch("he", "B02"), at_branch("new", opened_on=MEASURE),
               at_branch("gone", population="closed")]  # fmt: skip
    due = [{"client_id": "wang", "due_on": LAST}, {"client_id": "he", "due_on": None}]
    rows = decide(mending.remediation_statistic, {"client": clients, "remediation": due})
    assert [(row["branch_code"], row["due_on"], row["n_clients"], row["n_done"]) for row in rows] == [
        ("B01", LAST, 2, 1), ("B02", LAST, 1, 1),
    ]  # fmt: skip


def test_r004_quality_is_summed_by_branch_fact_and_kind() -> None:
    clients = [at_branch("wang"), at_branch("li"), at_branch("he", "B02")]
    told = [{"client_id": "wang", "n_missing": 2, "n_differing": 1, "fix_minutes": 36}]
    rows = decide(mending.branch_quality, {"client": clients, "remediation": told})
    assert [(row["branch_code"], row["n_clients"], row["n_to_mend"], row["n_missing"], row["n_differing"],
             row["fix_minutes"]) for row in rows] == [("B01", 2, 1, 2, 1, 36), ("B02", 1, 0, 0, 0, 0)]  # fmt: skip
    gaps = [gap("wang"), gap("li"), gap("he"), gap("he", "differs")]
    found = decide(mending.gap_statistic, {"client": clients, "data_gap": gaps})
    assert [(row["branch_code"], row["gap_kind"], row["n_clients"]) for row in found] == [
        ("B01", "missing", 2), ("B02", "differs", 1), ("B02", "missing", 1),
    ]  # fmt: skip


def test_r230_the_firm_signs_the_minutes(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("remediation", "n_minutes = 8", "n_minutes = 30")
    rows = listed({"client": [at_branch("wang")], "data_gap": [gap("wang")]}, packs)
    assert rows["wang"]["fix_minutes"] == 30
