"""R026, R238 on real data: FAR-Trans' investors, declared levels, products and prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

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
