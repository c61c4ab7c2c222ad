"""Importing the contract or the desk loads none of the engine's heavy libraries; imports stand at the top."""

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.reading import ROOT, Source, breaches, dotted, sources

HEAVY = ("ibis", "numba", "duckdb", "pandas", "polars", "sqlglot")
# A subcommand loads its room; Django's registries are ready only in AppConfig.ready.
LATE_IS_LAWFUL = ("engine/cli/",)


def loaded_by(statement: str) -> list[str]:
    code = f"import sys\n{statement}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT / "src"
    ).stdout.split()


@pytest.mark.parametrize("package", ["keepwell", "keepwell.contract", "keepwell.policy", "keepwell.desk"])
def test_contract_policy_and_desk_load_nothing_heavy(package: str) -> None:
    assert loaded_by(f"import {package}") == []


def test_the_probe_can_fail() -> None:
    assert loaded_by("import duckdb") == ["duckdb"]


def late(source: Source) -> Iterator[str]:
    hidden = [node for node in source.nodes(ast.If) if dotted(node.test).endswith("TYPE_CHECKING")]
    functions = [function for function in source.functions if function.name != "ready"]
    for place in (*functions, *hidden):
        for node in ast.walk(place):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.at(node, "imports late, or for the type checker only")


def test_imports_stand_at_the_top() -> None:
    files = [s for s in sources("src") if not s.path.removeprefix("src/keepwell/").startswith(LATE_IS_LAWFUL)]
    assert breaches(late, files) == []


@pytest.mark.parametrize("planted", ["def f():\n    import os", "if TYPE_CHECKING:\n    import os"])
def test_the_scan_can_fail(planted: str) -> None:
    assert list(late(Source("src/keepwell/engine/grading/rules.py", planted)))
