"""Forms whose answer hangs on the order of rows or threads are not used where decisions are made (ADR 0006)."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, sources

ROOMS = ("ingest", "identity", "features", "suitability", "grading", "allocation", "moments", "changes")
NEVER = {"approx_median", "approx_nunique", "approx_quantile", "arbitrary", "sample", "hash"}
# A mean of decimals is a float in DuckDB; it is sum over count, rounded to its column (frames.ratio).
NEVER |= {"mean", "std", "var", "corr", "cov", "median", "quantile", "random", "uuid", "mode"}
IN_ORDER = {"first", "last", "collect", "group_concat"}
SETTLED = ("np.", "numpy.", "pc.", "frames.")  # arrays in their order; frames.mean is sum over count


def unsettled(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.Call):
        name = dotted(node.func)
        verb = name.rsplit(".", 1)[-1]
        if "." not in name or name.startswith(SETTLED):
            continue
        if verb in NEVER:
            yield source.at(node, f"{verb} has no settled answer")
        if verb in IN_ORDER and not {"order_by"} & {keyword.arg for keyword in node.keywords}:
            yield source.at(node, f"{verb} without order_by")


def test_decisions_use_no_form_that_hangs_on_order() -> None:
    deciding = [s for room in ROOMS for s in sources(f"src/keepwell/engine/{room}")]
    assert deciding
    assert breaches(unsettled, deciding) == []


@pytest.mark.parametrize(
    "planted",
    ["t.a.first()", "t.a.mean()", "t.a.approx_median()", "t.a.collect()", "t.a.hash()"],
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(unsettled(Source("src/keepwell/engine/grading/rules.py", planted)))


def test_an_order_settles_it() -> None:
    assert not list(unsettled(Source("src/keepwell/engine/grading/rules.py", "t.a.first(order_by=t.id)")))
