"""R230: a night that takes over what did not change writes the bytes of one that decides everything anew."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from keepwell.contract import TABLES
from keepwell.engine import cli
from keepwell.engine.run import Settings, nightly, verify
from keepwell.engine.store.folder import DataFolder
from tests.book import arrow_rows
from tests.engine.crash import clock, quiet
from tests.engine.returned import ACTS, KEY, give
from tests.engine.small_firm import AS_OF, BEFORE, deliver

FIRST, SECOND = "000001", "000002"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The data folder after the first night, and a second delivery in which records came and changed."""
    root = tmp_path_factory.mktemp("nights")
    data = root / "data"
    data.mkdir()
    (data / "token_key").write_text(KEY, encoding="ascii")
    give(data / "returns", ACTS)
    nightly(Settings(data, deliver(root / "first", BEFORE), BEFORE), quiet, clock)
    second = deliver(root / "second", AS_OF)
    path = second / "customer_record.parquet"
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    for row in rows[::9]:
        row["phone"] = "13912345678"
    rows[4]["client_name"] = rows[5]["client_name"]
    rows.append({**rows[0], "record_code": "990001", "opened_on": dt.date(2026, 11, 20)})
    pq.write_table(arrow_rows(TABLES["customer_record"], rows), path)
    return data, second


def second_night(nights: tuple[Path, Path], data: Path, *more: str) -> tuple[bytes, dict[str, Any]]:
    """Manifest and telemetry of the second night in a copy of the first one's data folder."""
    shutil.copytree(nights[0], data)
    asked = ["run", "--extracts", str(nights[1]), "--as-of", str(AS_OF), "--data", str(data), "--json"]
    assert cli.main([*asked, *more]) == cli.DONE
    run = DataFolder(data).run(SECOND)
    return (run.path / "manifest.json").read_bytes(), run.telemetry


def test_r230_the_second_night_taken_over_has_the_bytes_of_one_decided_anew(
    nights: tuple[Path, Path], tmp_path: Path
) -> None:
    taken, told = second_night(nights, tmp_path / "taken")
    anew, told_anew = second_night(nights, tmp_path / "anew", "--rebuild")
    assert (told["renewed_from"], told_anew["renewed_from"]) == (FIRST, None)
    assert taken == anew
    manifest = json.loads(taken)
    before = DataFolder(nights[0]).run(FIRST).manifest
    assert manifest["rows"]["record_identity"] == before["rows"]["record_identity"] + 1
    for table in ("vault/record_identity", "tables/search_token"):
        assert manifest["outputs"][f"{table}.parquet"] != before["outputs"][f"{table}.parquet"]
    assert verify(tmp_path / "taken", SECOND, quiet).holds


@pytest.mark.parametrize("table", ["vault/record_identity", "tables/pair_compared"])
def test_r230_nothing_is_taken_over_from_a_run_whose_files_are_not_whole(
    nights: tuple[Path, Path], tmp_path: Path, table: str
) -> None:
    shutil.copytree(nights[0], tmp_path / "hurt")
    path = tmp_path / "hurt" / "runs" / FIRST / f"{table}.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    _manifest, told = second_night((tmp_path / "hurt", nights[1]), tmp_path / "data")
    assert told["renewed_from"] is None
