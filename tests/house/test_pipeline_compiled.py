"""R242: the pipeline holds together before it meets a row: order of stages, types of every table, runs on nothing."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keepwell.contract import SOURCES, TABLES, Table
from keepwell.engine import pipeline
from keepwell.engine.columns import arrow_schema, sql_type
from keepwell.engine.stage import Rule, Stage
from keepwell.engine.store.decide import execute
from keepwell.engine.store.session import Session, stored_form
from tests.house.compiled import DECIDED, compiled_rules, context, lay_out

LISTS = {
    "calendar_day",
    "reading",
    "source_coverage",
    "suitability_check",
}  # the calendar, the readings of 汉字 and the lists of tables and of checks come with Keepwell, not with a delivery


def named(table: type[Table]) -> dict[str, str]:
    return {name: sql_type(column) for name, column in table.columns.items()}


def described(session: Session, sql: str) -> dict[str, str]:
    return {row[0]: row[1] for row in session.rows(f"DESCRIBE {sql}")}


def floats_as_decimals(table: type[Table], own: dict[str, str]) -> Iterator[str]:
    """A double that only the store's cast turns into a decimal has been computed as a double."""
    for name, column in table.columns.items():
        if sql_type(column).startswith("DECIMAL") and own.get(name) in ("DOUBLE", "FLOAT"):
            yield f"{table.name}.{name} is {own[name]} before the cast"


def test_stages_read_only_what_was_written_before() -> None:
    pipeline.check_order()
    assert {table.name for table in pipeline.sources_read()} <= {table.name for table in SOURCES}
    assert set(pipeline.parents_read()) <= set(TABLES)


def test_a_stage_that_reads_too_early_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    turned: tuple[Stage, ...] = tuple(reversed(pipeline.STAGES))
    monkeypatch.setattr(pipeline, "STAGES", turned)
    with pytest.raises(ValueError, match=turned[0].name):
        pipeline.check_order()


@pytest.mark.parametrize("table", DECIDED)
def test_every_rule_compiles_to_the_types_of_the_contract(table: str) -> None:
    rule = compiled_rules()[table]
    with Session(1) as session:
        lay_out(session, rule.reads)
        assert set(described(session, rule.sql)) == set(rule.table.columns)
        assert described(session, stored_form(rule.table, rule.sql)) == named(rule.table)
        assert list(floats_as_decimals(rule.table, described(session, rule.sql))) == []


def test_a_double_in_the_place_of_a_decimal_is_found() -> None:
    table = TABLES["client_holding"]
    assert list(floats_as_decimals(table, {**named(table), "quantity": "DOUBLE"}))


def test_the_whole_pipeline_decides_on_nothing(tmp_path: Path) -> None:
    """Array rules too; the written footers are the contract's."""
    asked = context()
    rules: list[Rule] = [rule for stage in pipeline.STAGES for rule in stage.rules]
    written = []
    with Session(1) as session:
        for name in {name for rule in rules for name in rule.reads}:
            session.view_files(TABLES[name.removeprefix("parent_")], [], name)
        for rule in rules:
            written += execute(session, rule, asked, lambda table: tmp_path / f"{table.name}.parquet")
    assert [one.table for one in written] == [table.name for rule in rules for table in rule.writes]
    for one in written:
        footer, wanted = pq.read_schema(one.path), arrow_schema(TABLES[one.table])
        assert dict(zip(footer.names, footer.types, strict=True)) == dict(
            zip(wanted.names, wanted.types, strict=True)
        )
        assert one.n_rows == 0 or one.table in LISTS
