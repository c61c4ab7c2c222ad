"""A statement reads each of its queries once, however often Ibis wrote it, and answers the same."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from keepwell.engine.store.session import Session, compiled
from keepwell.engine.store.written_once import written_once

LONG = (
    "SELECT number, number + 1 AS next, 'a '' bracket ( of a text' AS \"of a (name\" FROM known WHERE number > 1 "
    + ("AND number <> -1 " * 5)
)
TWICE = f"SELECT * FROM ({LONG}) AS a JOIN ({LONG}) AS b USING (number)"
STATEMENTS = {
    "read twice": f"SELECT * FROM ({LONG}) AS one JOIN ({LONG}) AS other ON one.next = other.number",
    "in another, both twice": f"SELECT one.number FROM ({TWICE}) AS one JOIN ({TWICE}) AS other USING (number)",
    "behind named queries": f'WITH "few" AS (SELECT 2 AS number), "more" AS (SELECT * FROM "few") '
    f"SELECT one.number FROM ({LONG}) AS one JOIN ({LONG}) AS other USING (number) JOIN more USING (number)",
    "first in a named query": f'WITH "few" AS (SELECT 2 AS number), "more" AS (SELECT few.number FROM "few" '
    f'JOIN ({LONG}) AS a USING (number)) SELECT one.number FROM "more" AS one JOIN ({LONG}) AS other USING (number)',
    "once": f"SELECT number FROM ({LONG}) AS one",
    "as a value too": f"SELECT (SELECT max(number) FROM ({LONG}) AS one) FROM known",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_is_read_several_times_is_written_once_and_answers_the_same(name: str) -> None:
    sql = STATEMENTS[name]
    short = written_once(sql)
    assert short.count(LONG) == 1
    assert (short == sql) == (sql.count(LONG) == 1)
    with Session(1) as session:
        session.run("CREATE TABLE known AS SELECT range AS number FROM range(5)")
        assert sorted(session.rows(short)) == sorted(session.rows(sql)) != []


def test_what_ibis_joins_first_in_two_places_is_written_once() -> None:
    known: Any = ibis.table({"number": "int64", "kind": "string"}, name="known")
    sized = known.group_by("number").agg(**{f"n_of_kind_{n}": known.kind.max() for n in range(9)})
    both = (
        sized.join(known, "number").select("number").union(sized.anti_join(known, "number").select("number"))
    )
    assert compiled(both).count("GROUP BY") == 1
