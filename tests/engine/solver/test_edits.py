"""R211: edits between texts are counted as the database counts them, byte by byte."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from keepwell.engine.store.functions import in_our_words, teach

LETTERS = st.text(st.sampled_from("ab王é"), max_size=90)
LONG = "ab" * 40


@given(st.lists(st.tuples(LETTERS, LETTERS), max_size=5))
@example([("", ""), ("a", ""), ("kitten", "sitting"), ("王伟", "王玮")])
@example([(LONG, "ba" * 40), (LONG, LONG + "b"), ("a" * 64, "b" * 64), ("a" * 65, "b" * 200)])
def test_r211_as_many_edits_as_the_database_finds(pairs: list[tuple[str, str]]) -> None:
    columns = (
        zip(("one", "other"), zip(*pairs, strict=True), strict=True)
        if pairs
        else [("one", []), ("other", [])]
    )
    texts = pa.table({name: pa.array(told, pa.string()) for name, told in columns})
    its_own = "SELECT LEVENSHTEIN(one, other) FROM texts"
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        wanted = connection.sql(its_own).fetchall()
        teach(connection)
        assert connection.sql(in_our_words(its_own)).fetchall() == wanted


def test_r211_what_is_not_told_has_no_edits() -> None:
    with duckdb.connect() as connection:
        teach(connection)
        asked = (
            "SELECT edits(one, other) FROM (VALUES ('a', NULL), (NULL, 'a'), ('a', 'b')) AS told(one, other)"
        )
        assert connection.sql(asked).fetchall() == [(None,), (None,), (1,)]
