"""R210: the identity rules by themselves, over whatever data frame somebody has."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from keepwell import link
from keepwell.linking import UnknownFrame

PEOPLE = {
    "record_code": ["b", "a", "c"],
    "client_name": ["王伟", "王 伟", "李娜"],
    "id_number": ["11010519491231002x", "110105491231002", None],
    "phone": ["13912345678", None, "13912345678"],
}


@pytest.mark.parametrize("frame", [pa.table, pl.DataFrame, pd.DataFrame], ids=["Arrow", "Polars", "pandas"])
def test_r210_any_frame_is_answered_in_its_own_kind_and_order(frame: type) -> None:
    found = link(frame(PEOPLE))
    assert type(found) is type(frame(PEOPLE))
    rows = pa.table(found).select(["record_code", "client_id", "link_reason", "score"]).to_pylist()
    assert [tuple(row.values()) for row in rows][:2] == [
        ("b", "Ca", "id_number", 1.0),
        ("a", "Ca", "id_number", 1.0),
    ]
    assert rows[2]["client_id"] == "Cc"
    assert rows[2]["score"] is None or pd.isna(rows[2]["score"])


def test_r210_a_frame_without_numbers_or_names_is_answered_too() -> None:
    found = link(pa.table({"email": ["a@example.com", None, "a@example.com"]}))
    assert found["record_code"].to_pylist() == ["1", "2", "3"]
    assert len(set(found["client_id"].to_pylist())) == 3


def test_r210_whoever_wants_more_found_says_from_which_score_on() -> None:
    people = pa.table({
        "given_name": ["Robert", "Roberta"], "surname": ["Alan", "Alan"], "birth_on": ["1971-06-24", "1971-05-24"],
    })  # fmt: skip
    alone = link(people)["client_id"].to_pylist()
    joined = link(people, merges_at=Decimal("0.05"))
    assert len(set(alone)) == 2
    assert (len(set(joined["client_id"].to_pylist())), joined["link_reason"][0].as_py()) == (1, "scored")


def test_r210_what_is_no_frame_or_names_a_record_twice_is_refused() -> None:
    with pytest.raises(UnknownFrame, match="dict is no pandas, Polars or Arrow table"):
        link(PEOPLE)
    with pytest.raises(UnknownFrame, match="repeats"):
        link(pa.table({"record_code": ["1", "1"]}))


def test_r210_numbers_that_pandas_made_of_texts_are_whole_again_or_refused() -> None:
    """Beside a missing one pandas keeps a phone as 1.38e10; an identity number kept so has lost its last digits."""
    people = pd.DataFrame(
        {"client_name": ["王伟", "王伟", "李娜"], "phone": [13912345678, 13912345678, None]}
    )
    assert people["phone"].dtype == float
    found = link(people)["client_id"].tolist()
    assert found[0] == found[1] != found[2]
    with pytest.raises(UnknownFrame, match="id_number holds floating-point numbers that lost digits"):
        link(pd.DataFrame({"id_number": [110105194912310021, None]}))
