"""Only the store opens a database or a file of columns; import contracts cannot see method calls."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, imported, sources

OPENING = {
    "memtable",
    "execute",
    "to_pandas",
    "to_pyarrow",
    "to_pyarrow_batches",
    "to_parquet",
    "to_csv",
    "to_polars",
}
OPENING |= {"raw_sql", "read_table", "write_table", "ParquetFile", "ParquetWriter"}
MODULES = (
    "duckdb",
    "ibis.duckdb",
    "ibis.backends",
    "ibis.pyspark",
    "pyarrow.parquet",
    "pyarrow.csv",
    "pyarrow.dataset",
)


# The command line's own word for doing a subcommand.
OTHER_MEANING = {"command.execute"}


def opens(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.Attribute):
        if dotted(node) in OTHER_MEANING:
            continue
        if node.attr in OPENING or dotted(node).startswith(("ibis.duckdb", "ibis.read_", "ibis.connect")):
            yield source.at(node, dotted(node))
    for statement, name in imported(source):
        if name.startswith(MODULES):
            yield source.at(statement, f"import {name}")


def test_only_the_store_opens_a_database_or_a_file_of_columns() -> None:
    engine = [
        s for s in sources("src/keepwell/engine") if not s.path.startswith("src/keepwell/engine/store/")
    ]
    assert engine
    assert breaches(opens, engine) == []


@pytest.mark.parametrize(
    "planted",
    [
        "t.execute()",
        "ibis.duckdb.connect()",
        "ibis.memtable({})",
        "ibis.read_parquet('a')",
        "from duckdb import sql",
    ],
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(opens(Source("src/keepwell/engine/grading/rules.py", planted)))
