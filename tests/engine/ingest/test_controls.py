"""R238: a file that disagrees with its control totals is refused whole, and both numbers are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.contract.sources.events import Trade
from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import TRADE, deliver, rows_of, taken

TRADES = [TRADE, {**TRADE, "trade_code": "T2", "traded_amount": "0.50"}]
HEAD = "file,rows,column,total\n"


def test_a_file_that_agrees_is_taken_in_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=TRADES)
    (folder / "control.csv").write_text(HEAD + "trade.csv,2,traded_amount,1050.50\ntrade.csv,2,,\n")
    intake = taken(folder, tmp_path / "sources", session)
    assert len(rows_of(intake, session, Trade)) == 2


@pytest.mark.parametrize(
    "line, message",
    [
        ("trade.csv,3,,", "control total: 3 rows announced, 2 found"),
        (
            "trade.csv,2,traded_amount,1050.51",
            "control total of traded_amount: 1050.51 announced, 1050.5 found",
        ),
        ("trade.csv,2,amount,1", "control total names column 'amount', which is absent"),
    ],
)
def test_a_file_that_disagrees_is_refused_whole_r238(
    tmp_path: Path, session: Session, line: str, message: str
) -> None:
    folder = deliver(tmp_path / "in", trade=TRADES)
    (folder / "control.csv").write_text(HEAD + line + "\n")
    intake = taken(folder, tmp_path / "sources", session)
    assert f"trade.csv: {message}" in str(intake.refused[0])
    assert rows_of(intake, session, Trade) == []


@pytest.mark.parametrize("total", ["0", "12"])
def test_a_total_over_a_column_without_numbers_is_refused_r238(
    tmp_path: Path, session: Session, total: str
) -> None:
    folder = deliver(tmp_path / "in", trade=TRADES)
    (folder / "control.csv").write_text(HEAD + f"trade.csv,2,side,{total}\n")
    intake = taken(folder, tmp_path / "sources", session)
    assert "names column 'side', which holds no numbers" in str(intake.refused[0])


def test_a_total_tells_how_many_values_are_no_numbers_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in", trade=[TRADE, {**TRADE, "trade_code": "T2", "traded_amount": "much"}])
    (folder / "control.csv").write_text(HEAD + "trade.csv,2,traded_amount,2100\n")
    intake = taken(folder, tmp_path / "sources", session)
    assert "2100 announced, 1050 found, 1 values that are no numbers left out" in str(intake.refused[0])


def test_a_required_file_that_disagrees_stops_the_run_r238(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "control.csv").write_text(HEAD + "account.csv,7,,\n")
    with pytest.raises(DeliveryRefused, match=r"account\.csv: control total: 7 rows announced, 1 found"):
        taken(folder, tmp_path / "sources", session)


@pytest.mark.parametrize(
    "content, message",
    [
        ("name,rows\n", "control.csv: line 1"),
        (HEAD + "trade.csv,many,,\n", "control.csv: line 2: found rows 'many'"),
        (HEAD + "trades.csv,1,,\n", "file 'trades.csv' was not delivered"),
    ],
)
def test_a_control_file_that_is_wrong_is_refused_r238(
    tmp_path: Path, session: Session, content: str, message: str
) -> None:
    folder = deliver(tmp_path / "in")
    (folder / "control.csv").write_text(content)
    with pytest.raises(DeliveryRefused) as raised:
        taken(folder, tmp_path / "sources", session)
    assert message in str(raised.value)
