"""R210: the identity rules by themselves, over whatever data frame somebody has."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell import link
from keepwell.linking import UnknownFrame, _dates

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


def test_r210_within_a_bounded_memory_the_answer_is_the_same() -> None:
    people = pa.table(PEOPLE)
    assert link(people, memory="300MB") == link(people)


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


def told(found: pa.Table) -> dict[str, str]:
    return dict(zip(found["record_code"].to_pylist(), found["client_id"].to_pylist(), strict=True))


def said(*rows: tuple[str, str, str]) -> pa.Table:
    return pa.table(dict(zip(("left_code", "right_code", "judgement"), zip(*rows, strict=True), strict=True)))


def test_r210_what_people_said_outranks_every_key() -> None:
    people = pa.table(PEOPLE)
    apart = link(people, judgements=said(("b", "a", "not_same")))
    assert told(apart) == {"b": "Cb", "a": "Ca", "c": "Cc"}
    together = link(people, judgements=said(("a", "c", "not_same"), ("c", "a", "same")))
    assert told(together) == {"b": "Ca", "a": "Ca", "c": "Ca"}
    assert together["link_reason"].to_pylist() == ["id_number", "judged", "judged"]


def test_r210_two_valid_numbers_stay_two_clients_whatever_else_agrees() -> None:
    twins = pa.table({
        "record_code": ["1", "2"], "client_name": ["王伟"] * 2, "phone": ["13912345678"] * 2,
        "birth_on": ["1949-12-31"] * 2, "address": ["北京路1号"] * 2, "email": ["w@example.com"] * 2,
        "id_number": ["11010519491231002X", "110105194912310038"],
    })  # fmt: skip
    assert told(link(twins)) == {"1": "C1", "2": "C2"}
    assert told(link(twins, judgements=said(("1", "2", "same")))) == {"1": "C1", "2": "C1"}


@pytest.mark.parametrize(
    ("records", "judgements", "named"),
    [
        ({"Name": ["王伟"]}, None, "none of the columns record_code, .* is there, but Name"),
        ({"record_code": ["1", None]}, None, "record_code is empty or repeats"),
        ({"client_kind": ["human"]}, None, "client_kind 'human' is none of person, company, product"),
        ({"id_kind": ["card"]}, None, "id_kind 'card' is none of resident"),
        ({"phone": [["139"]]}, None, "phone holds list<.*>, which is no text"),
        ({"phone": ["139"]}, {"left_code": ["1"]}, "right_code is missing"),
        ({"phone": ["139"]}, {"left_code": ["1"], "right_code": ["7"], "judgement": ["same"]}, "right_code '7'"),
        ({"record_code": ["1"]}, {"left_code": ["1"], "right_code": ["1"], "judgement": ["yes"]}, "judgement 'yes'"),
        ({"record_code": ["1"]}, {"left_code": ["1"], "right_code": ["1"], "judgement": [""]}, "judgement is empty"),
    ],
)  # fmt: skip
def test_r210_an_error_names_the_column(
    records: dict[str, list[str]], judgements: dict[str, list[str]] | None, named: str
) -> None:
    with pytest.raises(UnknownFrame, match=named):
        link(pa.table(records), judgements=judgements and pa.table(judgements))


def test_r210_a_column_told_twice_is_named() -> None:
    frame = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["phone", "phone"])
    with pytest.raises(UnknownFrame, match="phone is there 2 times"):
        link(frame)


def test_r210_dates_of_which_none_can_be_read_are_told() -> None:
    with pytest.warns(UserWarning, match="birth_on holds no date: .* not '24/06/1971'"):
        found = link(pa.table({"client_name": ["王伟"], "birth_on": ["24/06/1971"]}))
    assert found["client_id"].to_pylist() == ["C1"]


@pytest.mark.parametrize(
    "told, read",
    [
        ("1851-08-34", dt.date(1851, 8, 1)),
        ("18510834", dt.date(1851, 8, 1)),
        ("1851-13-04", dt.date(1851, 1, 1)),
        ("18511304", None),  # the year may as well be a day and a month
        ("20/10/1990", None),
        ("20101990", None),
        ("0851-08-34", None),
        ("1851-08-30", dt.date(1851, 8, 30)),
    ],
)
def test_r210_of_an_impossible_day_of_birth_the_possible_part_is_kept(
    told: str, read: dt.date | None
) -> None:
    frame = pa.table({"birth_on": [told, "1900-01-01"], "opened_on": ["1851-08-34", "1900-01-01"]})
    assert _dates(frame, "birth_on")[0].as_py() == read
    assert _dates(frame, "opened_on")[0].as_py() is None


@pytest.mark.parametrize("frame", [pa.table, pl.DataFrame, pd.DataFrame], ids=["Arrow", "Polars", "pandas"])
def test_r210_a_frame_without_rows_is_answered(frame: type) -> None:
    found = link(frame({"client_name": [], "phone": []}))
    assert type(found) is type(frame({}))
    assert pa.table(found).num_rows == 0


@pytest.mark.parametrize(
    "column", ["client_kind", "surname", "id_kind", "birth_on", "investor_code", "opened_on"]
)
def test_r210_any_one_column_alone_is_enough_to_be_answered(column: str) -> None:
    value = {
        "client_kind": "person",
        "id_kind": "passport",
        "birth_on": "1971-06-24",
        "opened_on": "2020-01-02",
    }
    found = link(pa.table({column: [value.get(column, "13912345678"), None]}))
    assert found["record_code"].to_pylist() == ["1", "2"]
    assert len(set(found["client_id"].to_pylist())) == 2


def test_r210_columns_of_any_physical_kind_are_read() -> None:
    """Categories, whole numbers, dates and instants say the same as texts."""
    plain = {"client_name": ["王伟", "王伟"], "phone": ["13912345678"] * 2, "birth_on": ["1971-06-24"] * 2}
    days = pd.to_datetime(plain["birth_on"])
    frame = pd.DataFrame({
        "client_name": pd.Categorical(plain["client_name"]), "phone": [13912345678] * 2, "birth_on": days,
    })  # fmt: skip
    polars = pl.DataFrame(plain).with_columns(
        pl.col("client_name").cast(pl.Categorical),
        pl.col("phone").cast(pl.Int64),
        pl.col("birth_on").str.to_date(),
    )
    wanted = link(pa.table(plain)).to_pylist()
    assert pa.Table.from_pandas(link(frame)).to_pylist() == pa.table(link(polars)).to_pylist() == wanted
    assert {row["client_id"] for row in wanted} == {"C1"}


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=3, deadline=None)
def test_r210_the_order_of_rows_and_the_threads_change_nothing(chance: Random, threads: int) -> None:
    rows = [
        {"record_code": f"{n:02d}", "client_name": "王伟李娜"[n % 2 * 2 :][:2], "phone": f"1391234567{n % 4}"}
        for n in range(12)
    ]
    mixed = chance.sample(rows, len(rows))
    assert told(link(pa.Table.from_pylist(mixed), threads=threads)) == told(link(pa.Table.from_pylist(rows)))
