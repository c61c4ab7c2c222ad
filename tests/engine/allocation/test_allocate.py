"""R040, R048, R054: `allocate` places clients of any frame within all limits, with grounds, or names who is guilty."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from keepwell import allocate
from keepwell.allocating import NoPlan
from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.linking import UnknownFrame

SOON = 0.02  # of the usual effort: small questions are not searched for seconds


def branch(n_clients: int = 24, n_managers: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One branch in which everybody is known."""
    rng = np.random.default_rng(5)
    clients = pd.DataFrame(
        {
            "client_id": [f"C{number:04d}" for number in range(n_clients)],
            "branch_code": "B1",
            "manager_code": [f"M{number % n_managers}" for number in range(n_clients)],
            "grade": [
                ("strategic", "important", "regular", "basic")[number % 4] for number in range(n_clients)
            ],
            "needs": [
                ("fund:0.8 bond", "stock", None, "wealth:0.3")[number % 4] for number in range(n_clients)
            ],
            "assets_amount": np.round(rng.lognormal(12, 1, n_clients), 2),
            "hours": rng.integers(1, 9, n_clients).astype(float),
            "age_band": ["under 30" if number % 3 else "over 60" for number in range(n_clients)],
        }
    )
    managers = pd.DataFrame(
        {
            "manager_code": [f"M{number}" for number in range(n_managers)],
            "branch_code": "B1",
            "level": [1 + number % 5 for number in range(n_managers)],
            "satisfaction_score": [3.5 + 0.25 * (number % 4) for number in range(n_managers)],
            "specialties": [
                ("fund", "stock bond:0.2", "wealth fund:0.5")[number % 3] for number in range(n_managers)
            ],
        }
    )
    return clients, managers


def asked(clients: Any, managers: Any, **more: Any) -> Any:
    return allocate(clients, managers, effort=SOON, **more)


def refused(clients: Any, managers: Any, **more: Any) -> list[Any]:
    with pytest.raises(NoPlan) as caught:
        asked(clients, managers, **more)
    assert all(one.remedy for one in caught.value.guilty)
    return caught.value.guilty


def test_everybody_gets_one_manager_within_the_band_and_the_proof_says_how_good_the_plan_is() -> None:
    told = asked(*branch())
    assert told.proposal["client_id"].tolist() == [f"C{number:04d}" for number in range(24)]
    assert told.proposal["manager_code"].notna().all()
    heads = told.limits
    assert (heads["load_proposed"].between(heads["load_lower"], heads["load_upper"])).all()
    sure = told.certificate.iloc[0]
    assert (sure["n_broken"], sure["n_clients"], sure["n_managers"]) == (0, 24, 3)
    assert sure["value"] <= sure["bound"] + 1e-9
    assert sure["value"] >= sure["current_value"]


def test_from_the_alternatives_alone_anybody_recomputes_each_net_score_and_the_same_choice() -> None:
    told = asked(*branch(), n_alternatives=3, most_changes=4)
    rows, limits = told.alternatives, told.limits.set_index("manager_code")
    points = [name for name in rows.columns if name.endswith("_points")]
    assert np.abs(rows[points].sum(axis=1) - rows["score"]).max() < 1e-5
    place = limits["price"].reindex(rows["manager_code"]).to_numpy()
    assert np.abs(place - rows["limits_price"]).max() < 1e-12
    assert np.abs(rows["score"] - rows["limits_price"] - rows["change_price"] - rows["net"]).max() < 1e-9
    chosen = rows[rows["is_chosen"]].set_index("client_id")["manager_code"]
    assert chosen.to_dict() == told.proposal.set_index("client_id")["manager_code"].to_dict()


def test_the_answer_comes_in_the_callers_kind_of_frame() -> None:
    clients, managers = branch()
    kept = asked(clients, managers)
    polars = asked(pl.from_pandas(clients), pl.from_pandas(managers))
    arrow = asked(pa.Table.from_pandas(clients), pa.Table.from_pandas(managers))
    assert isinstance(polars.proposal, pl.DataFrame)
    assert isinstance(arrow.alternatives, pa.Table)
    assert polars.proposal["manager_code"].to_list() == kept.proposal["manager_code"].tolist()
    assert arrow.certificate["answer_sha"].to_pylist() == kept.certificate["answer_sha"].tolist()


def test_at_most_so_many_clients_change_and_pins_and_bans_are_kept() -> None:
    clients, managers = branch()
    ties = pd.DataFrame(
        {"client_id": ["C0000", "C0001"], "manager_code": ["M2", "M1"], "tie_kind": ["pin", "ban"]}
    )
    told = asked(clients, managers, ties=ties, most_changes=5)
    plan = told.proposal.set_index("client_id")
    assert plan.loc["C0000", "manager_code"] == "M2"
    assert plan.loc["C0000", "is_pinned"]
    assert plan.loc["C0001", "manager_code"] != "M1"
    assert plan["is_change"].sum() <= 5
    assert not (
        (told.alternatives["client_id"] == "C0001") & (told.alternatives["manager_code"] == "M1")
    ).any()


def test_bands_hold_for_any_column_and_limits_stand_in_their_place() -> None:
    clients, managers = branch()
    limits = pd.DataFrame({"manager_code": ["M0"], "resource": ["hours"], "lower": [None], "upper": [20.0]})
    told = asked(clients, managers, bands={"heads": ("0.5", "1.5"), "hours": (0.6, 1.4)}, limits=limits)
    rows = told.limits.set_index(["manager_code", "resource"])
    assert rows.loc[("M0", "hours"), "load_upper"] == 20
    assert rows.loc[("M0", "hours"), "load_proposed"] <= 20
    assert np.isnan(rows.loc[("M0", "hours"), "load_lower"])
    assert rows.loc[("M1", "hours"), "load_proposed"] <= 1.4 * clients["hours"].sum() / 3
    assert set(told.fairness["resource"]) == {"heads", "hours"}


def test_scores_of_ones_own_are_kept_to_the_pairs_told() -> None:
    clients, managers = branch(4, 2)
    pairs = pd.DataFrame(
        {
            "client_id": ["C0000", "C0000", "C0001", "C0002", "C0003"],
            "manager_code": ["M0", "M1", "M1", "M0", "M0"],
            "score": [0.1, 0.9, 0.5, 0.5, 0.5],
        }
    )
    told = asked(clients, managers, pairs=pairs, bands={})
    assert told.proposal["manager_code"].tolist() == ["M1", "M1", "M0", "M0"]
    assert told.certificate["value"].iloc[0] == pytest.approx(2.4)
    only = asked(clients, managers, pairs=pairs.drop(columns="score"), bands={})
    assert only.proposal["manager_code"].tolist()[1:] == ["M1", "M0", "M0"]


def test_why_is_a_code_whose_sentence_stands_in_both_languages() -> None:
    told = asked(*branch())
    codes = {AllocationReason.of(one) for one in told.proposal["allocation_reason"]}
    assert codes <= set(AllocationReason)
    assert all(one.text.zh and one.text.en for one in codes)


def test_groups_tell_their_losses_and_enter_no_score() -> None:
    clients, managers = branch()
    with_groups = asked(clients, managers, groups=("age_band", "grade"))
    without = asked(clients.drop(columns="age_band"), managers)
    assert with_groups.proposal["manager_code"].equals(without.proposal["manager_code"])
    rows = with_groups.groups
    assert rows.groupby("group_kind")["n_clients"].sum().to_dict() == {"age_band": 24, "grade": 24}
    assert (rows["mean_loss"] >= 0).all()


def test_nobody_with_a_manager_to_go_to_is_named_and_waits_in_the_pool_only_when_asked() -> None:
    """Bad input: no eligible manager."""
    clients, managers = branch()
    clients.loc[3, "branch_code"] = "B9"
    guilty = refused(clients, managers)
    assert [(one.why, one.clients) for one in guilty] == [("no_candidate", ("C0003",))]
    told = asked(clients, managers, partial=True)
    plan = told.proposal.set_index("client_id")
    assert plan["manager_code"].isna().sum() == 1
    assert plan.loc["C0003", "allocation_reason"] == str(AllocationReason.NO_MANAGER)
    assert told.certificate["n_unplaced"].iloc[0] == 1


def test_a_branch_without_anybody_who_takes_clients_is_named_whole() -> None:
    clients, managers = branch()
    managers["capacity_share"] = 0.0
    guilty = refused(clients, managers)
    assert guilty[0].why == "no_candidate"
    assert len(guilty[0].clients) == 24
    assert asked(clients, managers, partial=True).proposal["manager_code"].isna().all()


def test_limits_that_cannot_hold_together_are_named_with_what_is_missing() -> None:
    clients, managers = branch()
    limits = pd.DataFrame(
        {"manager_code": ["M0", "M1", "M2"], "resource": "heads", "lower": None, "upper": [5, 6, 7]}
    )
    (guilty,) = refused(clients, managers, limits=limits, bands={})
    assert (guilty.why, guilty.managers, guilty.resource, guilty.missing) == (
        "not_enough_room", ("M0", "M1", "M2"), "heads", 6.0,
    )  # fmt: skip
    told = asked(clients, managers, limits=limits, bands={}, partial=True)
    assert told.proposal["manager_code"].isna().sum() == 6


def test_a_negative_capacity_is_named_with_the_manager() -> None:
    clients, managers = branch()
    managers["capacity_share"] = [1.0, -0.5, 1.0]
    with pytest.raises(UnknownFrame, match=r"capacity_share of manager M1 is -0\.5"):
        asked(clients, managers)
    limits = pd.DataFrame({"manager_code": ["M1"], "resource": "heads", "lower": None, "upper": [-3]})
    (guilty,) = refused(*branch(), limits=limits, bands={})
    assert (guilty.why, guilty.managers, guilty.missing) == ("negative_limit", ("M1",), 3.0)


def test_a_score_that_is_no_number_is_named_with_its_pair() -> None:
    clients, managers = branch(2, 2)
    pairs = pd.DataFrame(
        {"client_id": ["C0000", "C0001"], "manager_code": ["M0", "M1"], "score": [0.5, float("nan")]}
    )
    with pytest.raises(UnknownFrame, match="client C0001 with manager M1"):
        asked(clients, managers, pairs=pairs)


def test_one_client_with_two_fifths_of_all_assets_is_named_where_no_manager_may_have_so_much() -> None:
    clients, managers = branch()
    rest = clients["assets_amount"].sum() - clients.loc[7, "assets_amount"]
    clients.loc[7, "assets_amount"] = round(rest * 2 / 3, 2)
    guilty = refused(clients, managers, bands={"assets_amount": (0.8, 1.1)})
    assert guilty[0].why == "too_large"
    assert guilty[0].clients == ("C0007",)
    assert guilty[0].missing == pytest.approx(clients["assets_amount"].sum() * (0.4 - 1.1 / 3), rel=1e-3)


def test_a_hundred_thousand_clients_and_one_manager_is_answered_at_once() -> None:
    clients = pd.DataFrame({"client_id": np.arange(100_000).astype(str)})
    managers = pd.DataFrame({"manager_code": ["M0"]})
    told = asked(clients, managers)
    assert (told.proposal["manager_code"] == "M0").all()
    limits = pd.DataFrame({"manager_code": ["M0"], "resource": "heads", "lower": None, "upper": [300]})
    (guilty,) = refused(clients, managers, limits=limits, bands={})
    assert (guilty.why, guilty.managers, guilty.missing) == ("not_enough_room", ("M0",), 99_700.0)


def test_two_pins_that_collide_are_named_with_both_managers() -> None:
    ties = pd.DataFrame({"client_id": ["C0005"] * 2, "manager_code": ["M0", "M1"], "tie_kind": "pin"})
    (guilty,) = refused(*branch(), ties=ties)
    assert (guilty.why, guilty.clients, guilty.managers) == ("pins_collide", ("C0005",), ("M0", "M1"))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda c, m: (c.drop(columns="client_id"), m), "client_id is missing"),
        (lambda c, m: (pd.concat([c, c]), m), "client_id repeats"),
        (lambda c, m: (c.iloc[:0], m), "no rows"),
        (lambda c, m: (c.assign(needs="gold"), m), "needs cannot be read at 'gold'"),
        (lambda c, m: (c.assign(needs="fund:7"), m), "fund:7"),
        (lambda c, m: (c.assign(grade="vip"), m), "vip"),
        (lambda c, m: (c, m.assign(capacity_share=1.5)), "capacity_share of manager M0"),
    ],
)
def test_what_cannot_be_read_is_named(change: Any, names: str) -> None:
    with pytest.raises(UnknownFrame, match=names):
        asked(*change(*branch()))


def test_a_what_if_from_warm_prices_is_as_good_and_knows_managers_who_left() -> None:
    clients, managers = branch(60, 4)
    before = asked(clients, managers)
    fewer = asked(clients, managers.iloc[:3], warm=before)
    assert set(fewer.proposal["manager_code"]) == {"M0", "M1", "M2"}
    cold = asked(clients, managers.iloc[:3])
    assert fewer.certificate["value"].iloc[0] == pytest.approx(cold.certificate["value"].iloc[0], rel=1e-3)
