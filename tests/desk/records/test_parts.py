"""Few row groups are read, and never one too few: against a plain filter of the whole table."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.desk.records.parts import Footers, opened

words = st.text("AB09", min_size=0, max_size=3)


def written(path: Path, codes: list[str | None], size: int = 3) -> pa.Table:
    rows = pa.table(
        {"account_code": pa.array(codes, pa.string()), "n": pa.array(range(len(codes)), pa.int64())}
    )
    pq.write_table(rows, path, row_group_size=size)
    return rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    codes=st.lists(words, max_size=30), wanted=st.lists(words, min_size=1, max_size=4), in_order=st.booleans()
)
def test_rows_are_those_of_a_plain_filter(
    tmp_path: Path, codes: list[str], wanted: list[str], in_order: bool
) -> None:
    rows = written(tmp_path / "rows.parquet", sorted(codes) if in_order else codes)
    part = opened(str(tmp_path / "rows.parquet"), "account_code")
    plain = rows.filter(pc.is_in(rows["account_code"], value_set=pa.array(wanted, pa.string())))
    assert (
        part.read(["n", "account_code"], wanted).to_pylist()
        == plain.select(["n", "account_code"]).to_pylist()
    )


def test_one_account_of_a_sorted_file_is_in_one_group_or_two(tmp_path: Path) -> None:
    codes = [f"A{at // 2:04d}" for at in range(300)]
    written(tmp_path / "rows.parquet", codes)
    part = opened(str(tmp_path / "rows.parquet"), "account_code")
    assert part.footer.num_row_groups == 100
    assert max(len(part.groups([code])) for code in codes) == 2
    assert part.groups(["A9999"]) == []
    assert part.read(["n"], ["A9999"]).num_rows == 0


def test_a_key_without_statistics_is_looked_for_in_every_group(tmp_path: Path) -> None:
    written(tmp_path / "rows.parquet", [None, None, None, "A1", "A2", "A3"])
    part = opened(str(tmp_path / "rows.parquet"), "account_code")
    assert part.groups(["A2"]) == [0, 1]
    assert part.read(["n"], ["A2"]).to_pylist() == [{"n": 4}]


def test_a_file_under_the_same_name_is_read_anew(tmp_path: Path) -> None:
    footers, path = Footers(), tmp_path / "rows.parquet"
    written(path, ["A1"])
    first = footers.part(str(path), "account_code")
    assert footers.part(str(path), "account_code") is first
    written(path, ["A1", "A2"])
    assert footers.part(str(path), "account_code").read(["n"], ["A2"]).to_pylist() == [{"n": 1}]


def test_footers_used_longest_ago_go_first(tmp_path: Path) -> None:
    for name in "abc":
        written(tmp_path / name, ["A1"])
    size = opened(str(tmp_path / "a"), "account_code").footer.serialized_size
    footers = Footers(at_most=2 * size)
    a, b = (footers.part(str(tmp_path / name), "account_code") for name in "ab")
    assert footers.part(str(tmp_path / "a"), "account_code") is a
    footers.part(str(tmp_path / "c"), "account_code")
    assert footers.part(str(tmp_path / "a"), "account_code") is a
    assert footers.part(str(tmp_path / "b"), "account_code") is not b


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Footers().part(str(tmp_path / "gone.parquet"), "account_code")
