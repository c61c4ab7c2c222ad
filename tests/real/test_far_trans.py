"""R024, R026, R238 on real data: FAR-Trans' investors, declared levels, products and prices, and what matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell import match
from keepwell.contract.sources.accounts import Account
from keepwell.contract.sources.clients import CustomerRecord, Questionnaire
from keepwell.contract.sources.events import CashFlow, Trade
from keepwell.contract.sources.products import Price, Product
from keepwell.engine.store.intake import Intake
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import bad_rows, rows_of, taken

AS_OF = date(2022, 11, 29)
PREDICTED, UNKNOWN = 7141, 320


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def intake(real_data: Path, tmp_path_factory: pytest.TempPathFactory, session: Session) -> Intake:
    sources = tmp_path_factory.mktemp("far") / "sources"
    return taken(real_data / "far-trans", sources, session, "far_trans", as_of=AS_OF)


def test_every_investor_is_a_record_and_opened_r002(intake: Intake, session: Session) -> None:
    records = rows_of(intake, session, CustomerRecord)
    assert len(records) == 29_090
    assert intake.not_yet_opened == {"account": 0, "customer_record": 0}
    assert max(row["opened_on"] for row in records) == AS_OF


def test_only_declared_levels_are_levels_r026(intake: Intake, session: Session) -> None:
    levels = Counter(row["risk_level"] for row in rows_of(intake, session, Questionnaire))
    assert levels == {"C2": 2857, "C3": 9179, "C4": 7194, "C5": 2399}
    assert levels.total() == 29_090 - PREDICTED - UNKNOWN


def test_products_and_prices_at_both_ends(intake: Intake, session: Session) -> None:
    products = rows_of(intake, session, Product)
    prices = rows_of(intake, session, Price)
    assert Counter(row["product_kind"] for row in products).total() == 806
    assert {row["product_kind"] for row in products} == {"stock", "bond", "fund"}
    assert len(prices) == 1608
    assert max(row["priced_on"] for row in prices) == AS_OF


def test_nothing_invents_accounts_or_trades_r002(intake: Intake, session: Session) -> None:
    assert [rows_of(intake, session, table) for table in (Account, Trade, CashFlow)] == [[], [], []]


def test_the_price_of_an_unknown_product_is_quarantined_r238(intake: Intake, session: Session) -> None:
    (row,) = bad_rows(intake, session)
    assert (row["file_name"], row["line_no"], row["column_name"], row["found"]) == (
        "limit_prices.csv", 332, "product_code", "GRX497003012"
    )  # fmt: skip
    assert "GRX497003012" in row["raw"]


# The set grades no product; these levels [P] stand for a bank's own, a stock one below the name list.
OWN_LEVEL = {"stock": "R2", "bond": "R2", "fund": "R3"}


def known(intake: Intake, session: Session) -> pa.Table:
    """All investors; whoever has only a predicted level or none was never assessed."""
    declared = {row["record_code"]: row["risk_level"] for row in rows_of(intake, session, Questionnaire)}
    codes = sorted(row["record_code"] for row in rows_of(intake, session, CustomerRecord))
    levels = pa.array([declared.get(code) for code in codes], pa.string())
    return pa.table({"client_id": codes, "risk_level": levels})


def test_level_by_level_investors_match_as_the_signed_table_says_r026(
    intake: Intake, session: Session
) -> None:
    goods = pa.table(
        {
            "product_code": [f"P{n}" for n in range(1, 6)],
            "product_level": [f"R{n}" for n in range(1, 6)],
            "product_kind": ["fund"] * 5,
        }
    )
    people, matches = known(intake, session), 2857 * 2 + 9179 * 3 + 7194 * 4 + 2399 * 5
    unassessed, pairs = (PREDICTED + UNKNOWN) * 5, 29_090 * 5
    by_staff, by_client = (
        match(people, goods, started_by=who, tests=["level"], as_of=AS_OF) for who in ("staff", "client")
    )
    assert Counter(by_staff["outcome"].to_pylist()) == {"match": matches, "forbidden": pairs - matches}
    assert Counter(by_client["outcome"].to_pylist()) == {
        "match": matches,
        "mismatch_allowed_with_warning": pairs - matches - unassessed,
        "forbidden": unassessed,
    }
    assert Counter(by_client["match_reason"].to_pylist())["not_assessed"] == unassessed


def test_no_real_stock_counts_below_the_name_list_r026(intake: Intake, session: Session) -> None:
    rows = sorted(rows_of(intake, session, Product), key=lambda row: str(row["product_code"]))
    told = {name: [row[name] for row in rows] for name in ("product_code", "product_kind", "product_name")}
    goods = pa.table({**told, "product_level": [OWN_LEVEL[kind] for kind in told["product_kind"]]})
    people = pa.table({"client_id": ["cautious", "steady"], "risk_level": ["C2", "C3"]})
    found = match(people, goods, started_by="staff", tests=["level"], as_of=AS_OF).to_pylist()
    kinds = dict(zip(told["product_code"], told["product_kind"], strict=True))
    counts = Counter((row["client_id"], kinds[row["product_code"]], row["outcome"]) for row in found)
    of_kind = Counter(kinds.values())
    assert counts == {
        ("cautious", "stock", "forbidden"): of_kind["stock"],
        ("cautious", "fund", "forbidden"): of_kind["fund"],
        ("cautious", "bond", "match"): of_kind["bond"],
        **{("steady", kind, "match"): n for kind, n in of_kind.items()},
    }
    assert {row["product_level"] for row in found if kinds[row["product_code"]] == "stock"} == {"R3"}


def test_what_the_set_does_not_know_of_term_and_kinds_is_no_match_r024(
    intake: Intake, session: Session
) -> None:
    goods = pa.table({"product_code": ["P1"], "product_level": ["R1"], "product_kind": ["note"]})
    found = match(known(intake, session), goods, started_by="staff", as_of=AS_OF)
    assert Counter(found["outcome"].to_pylist()) == {"forbidden": 29_090}
    assert set(found["term_test"].to_pylist()) == set(found["kind_test"].to_pylist()) == {"unknown"}
