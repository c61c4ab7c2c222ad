"""R238 on real data: the Berka set goes through the very same ingest, and its known counts come out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keepwell.contract.sources.accounts import Account, AccountAgent
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.contract.sources.events import CashFlow
from keepwell.contract.sources.firm import Branch
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.intake import Intake
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import bad_rows, rows_of, taken

AS_OF = date(1994, 3, 31)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("berka") / "sources"


@pytest.fixture(scope="module")
def intake(real_data: Path, sources: Path, session: Session) -> Intake:
    return taken(real_data / "berka", sources, session, "berka", as_of=AS_OF)


def delivered(intake: Intake, table: str) -> tuple[int, int]:
    (row,) = [one for one in intake.deliveries if one["table_name"] == table]
    return row["n_read"], row["n_accepted"]


def test_everything_that_was_read_is_accepted_r238(intake: Intake, session: Session) -> None:
    assert {
        table: delivered(intake, table) for table in ("account", "customer_record", "branch", "cash_flow")
    } == {
        "account": (4500, 4500),
        "customer_record": (5369, 5369),
        "branch": (77, 77),
        "cash_flow": (49_102, 49_102),
    }
    assert delivered(intake, "account_agent") == (869, 869)
    assert (bad_rows(intake, session), intake.refused, intake.unmatched) == ([], [], [])


def test_accounts_opened_later_are_not_yet_opened_r002(intake: Intake, session: Session) -> None:
    assert intake.not_yet_opened == {"account": 3271, "customer_record": 3880}
    accounts = rows_of(intake, session, Account)
    assert len(accounts) == 4500 - 3271
    assert max(row["opened_on"] for row in accounts) <= AS_OF
    records = {row["record_code"] for row in rows_of(intake, session, CustomerRecord)}
    assert {row["record_code"] for row in accounts} <= records
    assert len(records) == 1489
    agents = rows_of(intake, session, AccountAgent)
    assert len(agents) == len(records) - len(accounts)
    assert not {row["record_code"] for row in agents} & {row["record_code"] for row in accounts}


def test_birth_numbers_give_birthday_and_sex(sources: Path, intake: Intake, session: Session) -> None:
    everyone = Conformed(sources).current(CustomerRecord)
    women = session.rows(f"SELECT count(*) FROM ({everyone}) WHERE sex = 'female'")
    first = session.rows(f"SELECT birth_on, sex, branch_code FROM ({everyone}) WHERE record_code = '1'")
    assert women == [(2645,)]
    assert first == [(date(1970, 12, 13), "female", "18")]


def test_movements_keep_their_sides_and_sums(intake: Intake, session: Session) -> None:
    flows = intake.view(CashFlow)
    sides = session.rows(f"SELECT side, count(*) FROM ({flows}) GROUP BY side ORDER BY side")
    assert sides == [("in", 3772 + 9759 + 9463), ("out", 651 + 6343 + 19_102 + 12)]
    last = session.rows(f"SELECT max(flowed_on), min(balance_amount) FROM ({flows})")
    assert last == [(AS_OF, Decimal("-5446.60"))]


def test_districts_are_branches(intake: Intake, session: Session) -> None:
    branches = rows_of(intake, session, Branch)
    assert len({row["city"] for row in branches}) == 77
    assert {row["region"] for row in branches} >= {"Prague", "central Bohemia"}
