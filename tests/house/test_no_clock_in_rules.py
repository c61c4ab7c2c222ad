"""The clock and the run are passed in: nothing that decides asks what time it is."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import Source, breaches, dotted, sources

CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime", "current_timestamp"}
# These tell people when something was done; no decision reads what they say.
KEEPERS = ("engine/cli/",)


def asks_the_time(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.Call):
        name = dotted(node.func)
        if name.rsplit(".", 1)[-1] in CLOCKS or name in {"time.time", "time.time_ns"}:
            yield source.at(node, f"{name}()")


def test_nothing_that_decides_asks_what_time_it_is() -> None:
    deciding = [*sources("src/keepwell/contract", "src/keepwell/policy", "src/keepwell/engine")]
    deciding += [s for s in sources("src/keepwell/desk") if s.parts[-1] in {"rules", "queries"}]
    asked = [s for s in deciding if not s.path.removeprefix("src/keepwell/").startswith(KEEPERS)]
    assert asked
    assert breaches(asks_the_time, asked) == []


@pytest.mark.parametrize(
    "planted", ["datetime.now(UTC)", "date.today()", "ibis.now()", "import time\ntime.time()"]
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(asks_the_time(Source("src/keepwell/engine/grading/rules.py", planted)))
