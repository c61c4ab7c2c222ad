"""How DuckDB is asked to read Parquet files: what a column holds comes from the file, never from a folder's name."""

from __future__ import annotations

from pathlib import Path

from keepwell.engine.ingest.sqltext import texts


def reading(*paths: Path | str, also: str = "") -> str:
    """The call that reads the files; ``also`` are further options, such as ``file_row_number = true``.

    Left to itself DuckDB takes a folder named ``branch_code=001`` for a partition and puts ``001`` in the place
    of the column's own values, wherever above the file that folder lies.
    """
    options = f", {also}" if also else ""
    return f"read_parquet([{texts(paths)}], hive_partitioning = false{options})"
