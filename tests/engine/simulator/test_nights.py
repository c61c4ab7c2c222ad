"""The made-up firm delivered night by night, its faulty rows, and the stories of its tour, taken in by real runs."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from keepwell.contract.codes import MomentRule
from keepwell.engine import cli
from tests.engine.simulator.making import UNTIL

BEFORE = UNTIL - dt.timedelta(days=1)
N_CLIENTS = 8_000  # stories are told of firms from 5,000 clients on


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of the demo with shorter lives, each taken in by a run."""
    folder = tmp_path_factory.mktemp("nights")
    where = ["--data", str(folder), "--json"]
    size = ["--clients", str(N_CLIENTS), "--months", "7", "--nights", "2", "--flaws"]
    assert cli.main(["simulate", *size, *where]) == cli.DONE
    for on in (BEFORE, UNTIL):
        asked = ["run", "--extracts", str(folder / "extracts" / on.isoformat()), "--as-of", on.isoformat()]
        assert cli.main([*asked, *where]) == cli.DONE
    return folder


@cache
def rows(path: Path) -> list[dict[str, Any]]:
    return pq.read_table(path).to_pylist()


def decided(data: Path, name: str, run: str = "000002") -> list[dict[str, Any]]:
    return rows(data / "runs" / run / "tables" / f"{name}.parquet")


def stories(data: Path) -> dict[str, dict[str, Any]]:
    told = json.loads((data / "truth/stories.json").read_text(encoding="utf-8"))
    return {story["key"]: story for story in told["stories"]}


def clients_of(data: Path, story: str) -> set[str]:
    owner = {row["record_code"]: row["client_id"] for row in decided(data, "client_record")}
    return {owner[record] for record in stories(data)[story]["records"]}


def one(data: Path, story: str, table: str, run: str = "000002") -> dict[str, Any]:
    """The one row of a table about the one client of a story."""
    (client,) = clients_of(data, story)
    (row,) = [row for row in decided(data, table, run) if row["client_id"] == client]
    return row


def manifest(data: Path, run: str) -> dict[str, Any]:
    return dict(json.loads((data / "runs" / run / "manifest.json").read_text(encoding="utf-8")))


def test_a_second_night_brings_what_is_new_and_repeats_the_rest(data: Path) -> None:
    """Nothing of a night before is delivered otherwise, but what the day changed: closings, leavers, updates."""
    inputs = {row["file_name"]: row for row in manifest(data, "000002")["inputs"]}
    for name in ("trade", "login", "daily_asset", "cash_flow", "other_income", "holding", "contact"):
        row = inputs[f"{name}.parquet"]
        told_twice = 1 if name == "trade" else 0  # the supplement's copy of the last trade
        assert 0 < row["n_accepted"] == row["n_read"] - told_twice, name
        assert row["n_superseding"] == 0, name
    changed = {name for name, row in inputs.items() if row["n_superseding"]}
    assert changed <= {f"{name}.parquet" for name in ("account", "assignment", "complaint", "customer_record",
                       "securities_account", "staff", "consent", "permission", "fee_agreement", "client_need",
                       "manager_wish", "staff_specialty", "staff_trait")}  # fmt: skip
    assert inputs["customer_record.parquet"]["n_superseding"] < 100
    assert manifest(data, "000001")["counts"]["quarantined"] == 0


def test_quarantine_holds_exactly_the_rows_the_truth_knows(data: Path) -> None:
    found = rows(data / "runs/000002/quarantine/quarantine.parquet")
    places = [
        (row["file_name"], row["line_no"], row["column_name"], row["quarantine_reason"]) for row in found
    ]
    known = [
        (row["file"], row["line"], row["column"], row["reason"]) for row in rows(data / "truth/flaw.parquet")
    ]
    assert sorted(places) == sorted(known)
    assert len(known) == 8


def test_the_night_changes_clients_and_every_rule_finds_an_occasion(data: Path) -> None:
    changed = {row["changed"] for row in decided(data, "client_change")}
    assert {"grade", "manager_code", "activity_state", "new_client"} <= changed
    assert {row["rule"] for row in decided(data, "moment")} == {str(rule) for rule in MomentRule}


def test_no_position_outlives_its_term_or_its_sale(data: Path) -> None:
    """What was sold out overnight is told once with nothing in it, so that the run before does not linger."""
    held = decided(data, "client_holding")
    assert all(row["matures_on"] is None or row["matures_on"] >= UNTIL for row in held)
    fresh = pq.read_table(data / "extracts" / UNTIL.isoformat() / "holding.parquet")
    gone = fresh.filter(pc.equal(fresh["quantity"], pa.scalar(0, fresh["quantity"].type)))
    assert 0 < gone.num_rows < fresh.num_rows
    owner = {row["account_code"]: row["client_id"] for row in decided(data, "client_account")}
    still = {(row["client_id"], row["product_code"]) for row in held}
    sold = {
        (owner[row["account_code"]], row["product_code"], row["account_code"]) for row in gone.to_pylist()
    }
    others = {
        (owner[row["account_code"]], row["product_code"]) for row in fresh.to_pylist() if row["quantity"] > 0
    }
    assert all((client, product) not in still or (client, product) in others for client, product, _ in sold)


def test_eight_stories_are_told_of_clients_one_team_sees(data: Path) -> None:
    """Issue 3: eight named stories, each with its records, its staff and what to look at, in both languages."""
    told = stories(data)
    assert list(told) == ["two_numbers", "large_outflow", "elder", "maturity", "twins", "leaving_manager",
                          "complaint", "lowest_class"]  # fmt: skip
    team = {row["staff_code"]: row["team_code"] for row in decided(data, "staff")}
    leaders = sorted(row["staff_code"] for row in decided(data, "staff") if row["role"] == "team_leader")
    for story in told.values():
        assert team[story["staff"]] == team[leaders[0]]
        assert story["on"] == UNTIL.isoformat()
        assert all(story[text][language] for text in ("title", "look") for language in ("zh", "en"))
    manager = told["elder"]["staff"]
    managers = {row["client_id"]: row["manager_code"] for row in decided(data, "client")}
    for key in told:
        if key != "leaving_manager":
            assert {managers[client] for client in clients_of(data, key)} == {manager}, key


def test_four_stories_are_told_again_of_the_adviser_s_clients(data: Path) -> None:
    """Issue 3: an adviser sees own clients alone, so what an adviser is shown happens to clients of theirs too."""
    told, staff = stories(data), {row["staff_code"]: row for row in decided(data, "staff")}
    owner = {row["record_code"]: row["client_id"] for row in decided(data, "client_record")}
    again = {key: cast for key, story in told.items() for cast in story["also"]}
    assert set(again) == {"large_outflow", "elder", "maturity", "lowest_class"}
    (adviser,) = {cast["staff"] for cast in again.values()}
    assert staff[adviser]["role"] == "adviser"
    assert staff[adviser]["team_code"] == staff[told["elder"]["staff"]]["team_code"]
    clients = {key: owner[cast["records"][0]] for key, cast in again.items()}
    managers = {row["client_id"]: row["manager_code"] for row in decided(data, "client")}
    assert {managers[client] for client in clients.values()} == {adviser}
    fired = {(row["client_id"], row["rule"]) for row in decided(data, "moment") if row["fired_on"] == UNTIL}
    wanted = {
        (clients["large_outflow"], "large_outflow"),
        (clients["maturity"], "product_maturity"),
    }
    assert wanted <= fired


def test_the_branch_of_the_stories_has_somebody_of_each_role(data: Path) -> None:
    """Issue 3: counter, service desk and AML officer sit where the stories happen; a registration there ends soon."""
    (branch,) = {row["branch_code"] for row in decided(data, "staff") if row["staff_code"] == "S00001"}
    here = [row for row in decided(data, "staff") if row["branch_code"] == branch and not row["left_on"]]
    roles = {"counter", "service_desk", "aml_branch", "branch_head", "team_leader", "manager", "adviser"}
    assert roles <= {row["role"] for row in here}
    (head,) = [row["staff_code"] for row in here if row["role"] == "branch_head"]
    licences = pq.read_table(data / "extracts" / UNTIL.isoformat() / "staff_licence.parquet").to_pylist()
    (ends,) = [row["valid_to"] for row in licences if row["staff_code"] == head]
    assert 0 < (ends - UNTIL).days < 30


def test_two_numbers_are_one_client_and_twins_are_two(data: Path) -> None:
    (both,) = clients_of(data, "two_numbers")
    records = [row for row in decided(data, "client_record") if row["client_id"] == both]
    assert len(records) == len({row["branch_code"] for row in records}) == 2
    twins = [row for row in decided(data, "client") if row["client_id"] in clients_of(data, "twins")]
    assert len(twins) == 2
    assert len({(row["birth_on"], row["client_name"][0]) for row in twins}) == 1


@pytest.mark.parametrize("story", ["large_outflow", "maturity"])
def test_a_moment_fires_tonight_and_not_the_night_before(data: Path, story: str) -> None:
    rule = "large_outflow" if story == "large_outflow" else "product_maturity"
    (client,) = clients_of(data, story)
    fired = [row for row in decided(data, "moment") if row["client_id"] == client and row["rule"] == rule]
    assert [row["fired_on"] for row in fired] == [UNTIL]
    assert not [row for row in decided(data, "moment", "000001")
                if row["client_id"] == client and row["rule"] == rule]  # fmt: skip


def test_an_elder_holds_what_is_beyond_their_level(data: Path) -> None:
    client = one(data, "elder", "client")
    assert (UNTIL - client["birth_on"]).days >= 70 * 365
    held = [row for row in decided(data, "client_holding") if row["client_id"] == client["client_id"]]
    assert "structured" in {row["product_kind"] for row in held}
    assert one(data, "elder", "client_feature")["risk_level"] == "C3"


def test_a_manager_leaves_and_clients_are_without_one(data: Path) -> None:
    leaver = stories(data)["leaving_manager"]["staff"]
    (staff,) = [row for row in decided(data, "staff") if row["staff_code"] == leaver]
    assert staff["left_on"] == UNTIL
    assert one(data, "leaving_manager", "client", "000001")["manager_code"] == leaver
    assert one(data, "leaving_manager", "client")["manager_code"] is None


def test_a_complaint_waits_and_the_lowest_class_is_assessed(data: Path) -> None:
    complaints = pq.read_table(data / "extracts" / BEFORE.isoformat() / "complaint.parquet").to_pylist()
    (record,) = stories(data)["complaint"]["records"]
    waiting = [row for row in complaints if row["record_code"] == record and row["received_on"] == BEFORE]
    assert [(row["complaint_kind"], row["closed_on"]) for row in waiting] == [("complaint", None)]
    answered = pq.read_table(data / "extracts" / BEFORE.isoformat() / "questionnaire.parquet").to_pylist()
    (record,) = stories(data)["lowest_class"]["records"]
    assert [row["is_lowest_class"] for row in answered if row["record_code"] == record][-1]
