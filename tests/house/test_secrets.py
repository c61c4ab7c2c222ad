"""Secret columns are read by ingest and identity alone; no other room of the engine knows their names."""

import ast
from collections.abc import Iterator

import pytest

from keepwell.contract import DECISIONS, TABLES
from keepwell.engine.stage import MAY_READ_SECRETS
from tests.house.reading import Source, breaches, sources

OPEN = {name for table in TABLES.values() for name in table.open_names()}
SECRET = {name for table in TABLES.values() for name in table.secret_names()} - OPEN
# These move whole tables and the made-up firm's people without looking at them.
CARRIERS = {"store", "simulator", *MAY_READ_SECRETS}


def secrets_read(source: Source) -> Iterator[str]:
    for node in source.walked:
        name = (
            node.attr
            if isinstance(node, ast.Attribute)
            else node.value
            if isinstance(node, ast.Constant)
            else ""
        )
        if isinstance(name, str) and name in SECRET:
            yield source.at(node, name)


def test_only_ingest_and_identity_read_secret_columns() -> None:
    assert SECRET
    others = [s for s in sources("src/keepwell/engine") if s.parts[3] not in CARRIERS]
    assert breaches(secrets_read, others) == []


def test_no_decision_outside_identity_holds_a_secret() -> None:
    holders = {table.writer for table in DECISIONS if table.secret_names()}
    assert holders <= set(MAY_READ_SECRETS)


@pytest.mark.parametrize("name", sorted(SECRET)[:2])
def test_the_scan_can_fail(name: str) -> None:
    assert list(secrets_read(Source("src/keepwell/engine/grading/rules.py", f"t.{name}")))
