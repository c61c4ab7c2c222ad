"""R238, R242: the parts of closed months become one file; nothing is lost, kept runs can still be made again."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from keepwell.contract.sources.clients import CustomerRecord
from keepwell.contract.sources.events import Trade
from keepwell.engine.run import Settings, nightly
from keepwell.engine.run.verify import verify
from keepwell.engine.store.compaction import collect, compact
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.intake import Intake
from keepwell.engine.store.session import ROW_GROUP_BY_CLIENT, Session, file_hash
from tests.engine import small_firm
from tests.engine.crash import clock, die_at, each_step, ended, quiet
from tests.engine.ingest.firm import RECORD, TRADE, deliver, rows_of, taken

NIGHTS = [dt.date(2026, 10, day) for day in (28, 29, 30)]
AS_OF = dt.date(2026, 10, 20)
NOVEMBER = dt.date(2026, 11, 20)


@pytest.fixture
def session(tmp_path: Path) -> Any:
    with Session(threads=2, memory="1GB", spill=tmp_path / "spill") as opened:
        yield opened


def trades(until: int, quantity: str = "100") -> list[dict[str, Any]]:
    return [
        {**TRADE, "trade_code": f"T{number}", "quantity": quantity if number == 0 else "100"}
        for number in range(until)
    ]


def nights(root: Path, session: Session) -> Path:
    """Three nights of October, each with a trade and a client's phone that is new."""
    for number, on in enumerate(NIGHTS, 1):
        record = {**RECORD, "record_code": f"00000000000{number}", "phone": f"1380000000{number}"}
        delivery = deliver(
            root / f"{on}", trade=trades(number), customer_record=[RECORD, record] if number > 1 else [RECORD]
        )
        taken(delivery, root / "sources", session, as_of=AS_OF, known_on=on)
    return root / "sources"


def november(root: Path, session: Session, **options: Any) -> Intake:
    """The first night of November: one more trade."""
    delivery = deliver(root / "november", trade=trades(4, **options))
    return taken(delivery, root / "sources", session, as_of=AS_OF, known_on=NOVEMBER)


@pytest.fixture(autouse=True)
def later_deliveries_are_of_earlier_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trades of these tests happened before the first night."""
    monkeypatch.setitem(TRADE, "traded_at", "2026-10-20 02:00:00")
    monkeypatch.setitem(TRADE, "traded_on", "2026-10-20")
    monkeypatch.setitem(TRADE, "known_on", "2026-10-20")


def parts_of(sources: Path, table: Any) -> list[str]:
    return [part.known_on for part in Conformed(sources).index(table).parts]


def test_r238_the_parts_of_a_month_that_is_over_become_one(tmp_path: Path, session: Session) -> None:
    sources = nights(tmp_path, session)
    assert parts_of(sources, Trade) == ["2026-10-28", "2026-10-29", "2026-10-30"]
    intake = november(tmp_path, session)
    assert parts_of(sources, Trade) == ["2026-10-30", "2026-11-20"]
    assert [row["trade_code"] for row in rows_of(intake, session, Trade)] == ["T0", "T1", "T2", "T3"]
    phones = {row["phone"] for row in rows_of(intake, session, CustomerRecord, secrets=True)}
    assert phones == {"13800000000", "13800000002", "13800000003"}


def test_r242_merged_bytes_are_the_same_in_every_folder(tmp_path: Path, session: Session) -> None:
    found = []
    for name in ("one", "two"):
        sources = nights(tmp_path / name, session)
        november(tmp_path / name, session)
        index = Conformed(sources).index(Trade)
        found.append([(part.file, part.sha256) for part in index.parts])
        assert file_hash(sources / "trade" / index.parts[0].file) == index.parts[0].sha256
    assert found[0] == found[1]


def test_r238_a_corrected_part_stays_apart_and_its_correction_counts(
    tmp_path: Path, session: Session
) -> None:
    sources = nights(tmp_path, session)
    corrected = deliver(tmp_path / "corrected", trade=trades(3, quantity="7"))
    taken(corrected, sources, session, as_of=AS_OF, known_on=dt.date(2026, 10, 31))
    intake = november(tmp_path, session, quantity="7")
    assert parts_of(sources, Trade) == ["2026-10-28", "2026-10-31", "2026-11-20"]
    assert [float(row["quantity"]) for row in rows_of(intake, session, Trade)] == [7, 100, 100, 100]
    again = november(tmp_path, session, quantity="8")
    assert float(rows_of(again, session, Trade)[0]["quantity"]) == 8


def test_r230_killed_before_the_index_changed_nothing_has_happened(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = nights(tmp_path, session)
    before = parts_of(sources, Trade)

    def dies(*_anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Conformed, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            november(tmp_path, session)
    assert parts_of(sources, Trade) == before
    november(tmp_path, session)
    named = {path.name for path in Conformed(sources).files(Trade)} | set(
        Conformed(sources).index(Trade).retired
    )
    assert {path.name for path in (sources / "trade").glob("*.parquet")} == named


def corrected_october(root: Path, session: Session) -> Path:
    """The three nights, and two corrections of one trade on the last of October."""
    sources = nights(root, session)
    for quantity in ("7", "8"):
        delivery = deliver(root / f"corrected-{quantity}", trade=trades(3, quantity=quantity))
        taken(delivery, sources, session, as_of=AS_OF, known_on=dt.date(2026, 10, 31))
    return sources


def compact_it(sources: Path) -> None:
    """Merge what became known in October, as the first night of November does."""
    with Session(threads=2, memory="1GB", spill=sources / ".spill-test") as session:
        compact(session, Conformed(sources), NOVEMBER)


def collect_it(sources: Path) -> None:
    """Remove the retired files: there is no run that names them."""
    collect(DataFolder(sources.parent))


def known(sources: Path, session: Session) -> dict[str, list[dict[str, Any]]]:
    """The rows that count, of every table that has more than one night here."""
    found = {}
    for table in (Trade, CustomerRecord):
        order = ", ".join(table.grain)
        current = Conformed(sources).current(table)
        found[table.name] = session.arrow(f"SELECT * FROM ({current}) ORDER BY {order}").to_pylist()
    return found


def stored(sources: Path) -> dict[str, bytes]:
    """Every file of the sources, secret ones too."""
    return {
        str(path.relative_to(sources)): path.read_bytes() for path in sources.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("act", [compact_it, collect_it])
def test_r230_killed_at_each_step_nothing_is_lost_or_read_twice(
    tmp_path: Path, session: Session, act: Any
) -> None:
    """R230, R238: SIGKILL ahead of each change on the disk and after the last; the next call ends what was begun."""
    made = corrected_october(tmp_path / "made", session)
    if act is collect_it:
        compact_it(made)
    before, steps = known(made, session), list[int]()
    assert [row["trade_code"] for row in before["trade"]] == ["T0", "T1", "T2"]
    assert float(before["trade"][0]["quantity"]) == 8
    undisturbed = Path(shutil.copytree(made, tmp_path / "undisturbed" / "sources"))
    with each_step(steps.append):
        act(undisturbed)
    assert len(steps) > 6
    assert len(stored(undisturbed)) != len(stored(made))
    for step in steps:
        killed = Path(shutil.copytree(made, tmp_path / f"{step}" / "sources"))
        assert ended(die_at, step, act, killed) == -signal.SIGKILL, step
        assert known(killed, session) == before, step
        Conformed(killed).sweep()
        act(killed)
        assert known(killed, session) == before, step
        Conformed(killed).sweep()
        assert stored(killed) == stored(undisturbed), step


def test_r230_runs_of_a_closed_month_can_be_made_again_until_they_are_gone(tmp_path: Path) -> None:
    """Old parts stay for the runs that were made of them; without those runs they go, vault and all."""
    data = tmp_path / "data"
    for on in (dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 20)):
        extracts = small_firm.deliver(tmp_path / f"{on}", on)
        nightly(Settings(data, extracts, on), quiet, clock)
    folder = DataFolder(data)
    retired = Conformed(folder.sources).index(Trade).retired
    assert len(retired) == 2
    assert verify(data, "000002", quiet).holds
    assert verify(data, "000003", quiet).holds
    assert collect(folder) == []
    for run in ("000001", "000002"):
        shutil.rmtree(folder.runs / run)
    assert {path.name for path in collect(folder)} >= set(retired)
    assert Conformed(folder.sources).index(Trade).retired == []
    assert {path.name for path in (folder.sources / "trade").glob("*.parquet")} == {
        part.file for part in Conformed(folder.sources).index(Trade).parts
    }


def test_r241_tables_read_by_client_lie_in_small_row_groups(tmp_path: Path, session: Session) -> None:
    deliver(tmp_path / "in", trade=trades(ROW_GROUP_BY_CLIENT + 1))
    taken(tmp_path / "in", tmp_path / "sources", session, as_of=AS_OF)
    (path,) = (tmp_path / "sources" / "trade").glob("*.parquet")
    described = pq.ParquetFile(path).metadata
    assert [described.row_group(number).num_rows for number in range(described.num_row_groups)] == [
        ROW_GROUP_BY_CLIENT,
        1,
    ]
