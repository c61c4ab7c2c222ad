"""Forms whose answer hangs on the order of rows or threads are not used where decisions are made (ADR 0006)."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, sources

ROOMS = ("ingest", "identity", "features", "grading", "allocation", "moments", "changes")
NEVER = {"approx_median", "approx_nunique", "approx_quantile", "arbitrary", "sample", "hash"}
# A mean of decimals is a float in DuckDB; it is sum over count, rounded to its column (frames.ratio).
NEVER |= {"mean", "std", "var", "corr", "cov", "median", "quantile", "random", "uuid", "mode"}
BY_KEY = {"argmin", "argmax"}  # of a column by another; an array's own breaks ties by position
IN_ORDER = {"first", "last", "collect", "group_concat"}
ARRAYS = ("np.", "numpy.", "pc.")


def unsettled(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.Call):
        name = dotted(node.func)
        verb = name.rsplit(".", 1)[-1]
        if "." not in name or name.startswith(ARRAYS):
            continue
        by_key = verb in BY_KEY and any(not isinstance(argument, ast.Constant) for argument in node.args)
        if verb in NEVER or by_key:
            yield source.at(node, f"{verb} has no settled answer")
        if verb in IN_ORDER and not {"order_by"} & {keyword.arg for keyword in node.keywords}:
            yield source.at(node, f"{verb} without order_by")


def test_decisions_use_no_form_that_hangs_on_order() -> None:
    deciding = [s for room in ROOMS for s in sources(f"src/keepwell/engine/{room}")]
    assert deciding
    assert breaches(unsettled, deciding) == []


@pytest.mark.parametrize(
    "planted",
    ["t.a.first()", "t.a.mean()", "t.a.approx_median()", "t.a.collect()", "t.a.hash()", "t.a.argmax(t.b)"],
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(unsettled(Source("src/keepwell/engine/grading/rules.py", planted)))


def test_an_order_settles_it() -> None:
    assert not list(unsettled(Source("src/keepwell/engine/grading/rules.py", "t.a.first(order_by=t.id)")))
