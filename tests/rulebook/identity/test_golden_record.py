"""Chapter 4, section 2. The golden record: which value counts, which branch is home, who is an existing client."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.engine.identity.rules import chosen, golden
from keepwell.policy.packs import Packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
OLD, NEW = dt.date(2015, 1, 5), dt.date(2020, 1, 6)


def client(packs: Packs | None = None, **tables: Rows) -> dict[str, Any]:
    """The one client of two records R1 (branch B1, older) and R2 (branch B2, newer data)."""
    given: dict[str, Rows] = {
        "client_record": [
            {"record_code": "R1", "client_id": "C", "branch_code": "B1", "opened_on": OLD},
            {"record_code": "R2", "client_id": "C", "branch_code": "B2", "opened_on": NEW},
        ],
        "customer_record": [
            {"record_code": "R1", "client_name": "王伟", "occupation": "teacher", "opened_on": OLD},
            {"record_code": "R2", "client_name": "王伟", "opened_on": NEW},
        ],
        "record_identity": [{"record_code": "R1", "phone": "13912345678"}, {"record_code": "R2"}],
        "branch": [{"branch_code": "B1", "city": "杭州"}, {"branch_code": "B2", "city": "上海"}],
        "client_account": [
            {"account_code": "A1", "client_id": "C", "record_code": "R1", "branch_code": "B1"},
            {"account_code": "A2", "client_id": "C", "record_code": "R2", "branch_code": "B2"},
        ],
        **tables,
    }
    said = {name: given[name] for name in ("client_record", "customer_record", "record_identity")}
    given["golden_field"] = decide(chosen.golden_field, said, as_of=AS_OF)
    (row,) = decide(golden.client, given, as_of=AS_OF, packs=packs)
    return row


def asset(account: str, amount: int, on: dt.date = AS_OF) -> dict[str, Any]:
    return {"account_code": account, "held_on": on, "cash_amount": Decimal(amount)}


def test_r001_a_missing_value_is_taken_from_the_record_that_has_one() -> None:
    assert client()["occupation"] == "teacher"


def test_r001_the_first_opening_and_all_branches_count() -> None:
    found = client()
    assert (found["opened_on"], found["n_records"], found["n_branches"], found["n_accounts"]) == (
        OLD,
        2,
        2,
        2,
    )


def test_r001_home_is_the_branch_with_most_assets_today_not_before() -> None:
    assets = [asset("A1", 900, OLD), asset("A1", 100), asset("A2", 200)]
    assert client(daily_asset=assets)["home_branch_code"] == "B2"


def test_r001_without_assets_home_is_the_newest_open_record() -> None:
    assert client()["city"] == "上海"


def test_r040_the_manager_is_the_service_relation_in_force() -> None:
    relations = [
        {"record_code": "R2", "staff_code": "S1", "relation": "service", "starts_on": OLD, "ends_on": AS_OF},
        {"record_code": "R2", "staff_code": "S2", "relation": "development", "starts_on": OLD},
        {"record_code": "R1", "staff_code": "S3", "relation": "service", "starts_on": NEW},
    ]
    assert client(assignment=relations)["manager_code"] == "S3"


@pytest.mark.parametrize("table", ["trade", "holding", "cash_flow"])
def test_r002_a_trade_a_product_or_a_cash_flow_makes_an_existing_client(table: str) -> None:
    event = {"account_code": "A1", **({"product_code": "P"} if table == "holding" else {})}
    assert client(**{table: [event]})["population"] == "existing"


def test_r002_opened_but_never_funded_is_a_population_of_its_own() -> None:
    assert client()["population"] == "never_funded"


def test_r002_a_client_is_closed_when_every_record_is() -> None:
    closed = [
        {"record_code": "R1", "client_id": "C", "branch_code": "B1", "opened_on": OLD, "closed_on": NEW},
        {"record_code": "R2", "client_id": "C", "branch_code": "B2", "opened_on": NEW, "closed_on": AS_OF},
    ]
    assert client(client_record=closed, trade=[{"account_code": "A1"}])["population"] == "closed"


def test_r233_numbers_are_shown_masked_only() -> None:
    identities = [
        {"record_code": "R1", "id_number": "11010519491231002X", "phone": "13912345678"},
        {"record_code": "R2"},
    ]
    found = client(record_identity=identities)
    assert (found["id_masked"], found["phone_masked"]) == ("110105********002X", "139****5678")
    assert "id_number" not in found
