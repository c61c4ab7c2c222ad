"""R024, R026: ``keepwell.match`` and ``keepwell.classify`` over data frames; three tests, three outcomes."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell import classify, match
from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.contract.reasons.matching import MatchReason
from keepwell.linking import UnknownFrame
from tests.rulebook.suitability.answered import VERSION, level, score, sheet
from tests.small_firm import AS_OF

CLIENTS = pa.Table.from_pylist(
    [
        {"client_id": "lowest", "risk_level": "C1", "is_lowest_class": True},
        {"client_id": "C1", "risk_level": "C1", "is_lowest_class": False},
        {"client_id": "C1, unclear", "risk_level": "C1", "is_lowest_class": None},
        {"client_id": "C3", "risk_level": "C3", "is_lowest_class": False},
        {"client_id": "C3, short", "risk_level": "C3", "term_days_at_most": 90},
        {"client_id": "C3, bonds", "risk_level": "C3", "kinds_wished": "bond note"},
        {"client_id": "C3, silent", "risk_level": "C3", "kinds_wished": None, "has_term_limit": None},
        {"client_id": "C3, expired", "risk_level": "C3", "valid_to": AS_OF - dt.timedelta(days=1)},
        {"client_id": "C3, last day", "risk_level": "C3", "valid_to": AS_OF},
        {"client_id": "nobody", "risk_level": None},
    ],
    schema=pa.schema(
        [("client_id", pa.string()), ("risk_level", pa.string()), ("is_lowest_class", pa.bool_()),
         ("valid_to", pa.date32()), ("has_term_limit", pa.bool_()), ("term_days_at_most", pa.int64()),
         ("kinds_wished", pa.string())]
    ),
).to_pandas()  # fmt: skip
ALL = "stock b_stock etf fund bond warrant note wealth structured"
GOODS = pd.DataFrame(
    [("N1", "R1", "note", 364), ("S3", "R3", "stock", 0), ("S2", "R2", "stock", 0), ("X", None, "fund", 0)],
    columns=["product_code", "product_level", "product_kind", "term_days"],
)


def judged(started_by: str, **options: Any) -> dict[tuple[str, str], Any]:
    """Outcome and reason of every pair; whoever tells nothing of term and kinds has no limit and wants all."""
    told = CLIENTS.copy()
    speaks = told["client_id"] != "C3, silent"
    told.loc[speaks, "kinds_wished"] = told.loc[speaks, "kinds_wished"].fillna(ALL)
    told.loc[speaks, "has_term_limit"] = told.loc[speaks, "term_days_at_most"].notna()
    found = match(told, GOODS, started_by=started_by, as_of=AS_OF, **options)
    return {(row["client_id"], row["product_code"]): row for row in found.to_dict("records")}


@pytest.fixture(scope="module")
def by_staff() -> dict[tuple[str, str], Any]:
    return judged("staff")


@pytest.fixture(scope="module")
def by_client() -> dict[tuple[str, str], Any]:
    return judged("client")


@pytest.mark.parametrize(
    ("who", "what", "staff", "client"),
    [
        ("lowest", "N1", "all_pass", "all_pass"),
        ("lowest", "S3", "lowest_class", "lowest_class"),
        ("C1", "S3", "staff_started", "client_insists"),
        ("C1, unclear", "S3", "lowest_class", "lowest_class"),
        ("C3", "N1", "all_pass", "all_pass"),
        ("C3", "S3", "all_pass", "all_pass"),
        ("C3", "S2", "all_pass", "all_pass"),
        ("C3", "X", "product_not_rated", "product_not_rated"),
        ("C3, short", "N1", "staff_started", "client_insists"),
        ("C3, short", "S3", "all_pass", "all_pass"),
        ("C3, bonds", "S3", "staff_started", "client_insists"),
        ("C3, bonds", "N1", "all_pass", "all_pass"),
        ("C3, silent", "S3", "staff_started", "client_insists"),
        ("C3, expired", "S3", "expired_staff", "expired_client"),
        ("C3, last day", "S3", "all_pass", "all_pass"),
        ("nobody", "N1", "not_assessed", "not_assessed"),
    ],
)
def test_r026_what_follows_hangs_on_who_named_the_product(
    who: str, what: str, staff: str, client: str, by_staff: Any, by_client: Any
) -> None:
    assert (by_staff[who, what]["match_reason"], by_client[who, what]["match_reason"]) == (staff, client)


def test_r026_staff_never_get_leave_for_what_does_not_match(by_staff: Any, by_client: Any) -> None:
    """Art. 22 forbids it outright; Art. 19 leaves a way to a client who insists and is not of the lowest class."""
    assert {row["outcome"] for row in by_staff.values()} == {"match", "forbidden"}
    allowed = {key[0] for key, row in by_client.items() if row["outcome"] == "mismatch_allowed_with_warning"}
    assert allowed == {"C1", "C3, short", "C3, bonds", "C3, silent", "C3, expired"}
    for row in [*by_staff.values(), *by_client.values()]:
        assert (row["outcome"] == "match") == (row["match_reason"] == "all_pass")


def test_r026_a_level_below_the_list_is_raised_before_it_is_compared(by_staff: Any) -> None:
    assert by_staff["C3", "S2"]["product_level"] == "R3"


def test_r026_each_test_is_told_and_what_is_unknown_does_not_pass(by_staff: Any) -> None:
    tests = ("level_test", "term_test", "kind_test")
    assert [by_staff["C3, silent", "N1"][one] for one in tests] == ["passes", "unknown", "unknown"]
    assert [by_staff["C3, short", "N1"][one] for one in tests] == ["passes", "fails", "passes"]
    assert [by_staff["nobody", "X"][one] for one in tests] == ["unknown", "passes", "passes"]


def test_r026_tests_that_the_frames_know_nothing_of_can_be_left_out() -> None:
    row = judged("staff", tests=["level"])["C3, silent", "N1"]
    assert (row["outcome"], row["term_test"], row["kind_test"]) == ("match", "not_asked", "not_asked")


def test_r026_only_the_pairs_asked_for_are_judged_each_once() -> None:
    pairs = pd.DataFrame({"client_id": ["C3", "C1", "C3"], "product_code": ["S3", "N1", "S3"]})
    assert list(judged("staff", pairs=pairs)) == [("C1", "N1"), ("C3", "S3")]


def test_r026_the_answer_is_a_frame_of_the_kind_given() -> None:
    clients, goods = pa.Table.from_pandas(CLIENTS[["client_id", "risk_level"]]), pa.Table.from_pandas(GOODS)
    found = match(clients, goods, started_by="staff", as_of=AS_OF)
    assert isinstance(found, pa.Table)
    assert found.num_rows == len(CLIENTS) * len(GOODS)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([None, *RiskLevel]), st.booleans()), min_size=1, max_size=6),
    st.lists(st.sampled_from([None, *ProductLevel]), min_size=1, max_size=6),
    st.sampled_from(["staff", "client"]),
)
def test_r026_level_by_level_it_is_the_signed_table(
    people: list[tuple[Any, bool]], levels: list[Any], started_by: str
) -> None:
    """Written out by hand: C1 to R1 ... C5 to R5, the lowest class to R1 and never above."""
    clients = pd.DataFrame(
        [(f"c{n}", one and str(one), lowest) for n, (one, lowest) in enumerate(people)],
        columns=["client_id", "risk_level", "is_lowest_class"],
    )
    goods = pd.DataFrame(
        [(f"p{n}", one and str(one), "fund") for n, one in enumerate(levels)],
        columns=["product_code", "product_level", "product_kind"],
    )
    found = match(clients, goods, started_by=started_by, tests=["level"], as_of=AS_OF)
    for row in found.to_dict("records"):
        (risk, lowest), product = people[int(row["client_id"][1:])], levels[int(row["product_code"][1:])]
        if product is None or risk is None:
            expected = "forbidden"
        elif int(product[1]) <= (1 if lowest else int(risk[1])):
            expected = "match"
        else:
            expected = "forbidden" if lowest or started_by == "staff" else "mismatch_allowed_with_warning"
        assert row["outcome"] == expected, row


@pytest.mark.parametrize(
    ("clients", "goods", "options", "message"),
    [
        ({"risk_level": ["C1"]}, {}, {}, "client_id is missing"),
        ({"client_id": ["a", "a"], "risk_level": ["C1", "C2"]}, {}, {}, "client_id repeats"),
        ({"client_id": ["a"], "risk_level": ["C9"]}, {}, {}, "risk_level 'C9' is none of C1, C2"),
        ({}, {"product_code": ["p"], "product_level": ["R1"]}, {}, "product_kind is missing"),
        (
            {},
            {"product_code": ["p"], "product_level": ["R1"], "product_kind": ["coin"]},
            {},
            "'coin' is none of",
        ),
        (
            {},
            {
                "product_code": ["p"],
                "product_level": ["R1"],
                "product_kind": ["fund"],
                "product_name": [None],
            },
            {},
            "product_name is empty in a row of products",
        ),
        ({}, {}, {"mandates": pd.DataFrame({"client_id": ["a"]})}, "product_kind is missing in mandates"),
        (
            {},
            {},
            {"mandates": pd.DataFrame({"client_id": ["a", "a"], "product_kind": ["fund", "fund"]})},
            "product_kind repeats for a client in mandates",
        ),
        ({}, {}, {"started_by": "nobody"}, "started_by 'nobody' is none of staff, client"),
        ({}, {}, {"tests": []}, "tests is empty"),
        ({}, {}, {"tests": ["luck"]}, "tests 'luck' is none of level, term, kind"),
        (
            {},
            {},
            {"pairs": pd.DataFrame({"client_id": ["z"], "product_code": ["p"]})},
            "client_id 'z' of pairs",
        ),
    ],
)
def test_r238_what_cannot_be_read_is_named(
    clients: Any, goods: Any, options: dict[str, Any], message: str
) -> None:
    people = pd.DataFrame(clients or {"client_id": ["a"], "risk_level": ["C1"]})
    things = pd.DataFrame(goods or {"product_code": ["p"], "product_level": ["R1"], "product_kind": ["fund"]})
    with pytest.raises(UnknownFrame, match=message):
        match(people, things, **{"started_by": "staff", "as_of": AS_OF, **options})


def answers(**sheets: dict[int, str | None]) -> pd.DataFrame:
    rows = [(name, no, letters) for name, told in sheets.items() for no, letters in told.items()]
    return pd.DataFrame(rows, columns=["client_id", "question_no", "answer"])


def test_r026_classify_makes_the_level_of_answers_alone() -> None:
    whole, bold = sheet(50), sheet(95)
    frame = answers(child=bold, fearful={**bold, 15: "A"}, bold=bold, whole=whole, half={**whole, 4: None})
    people = pd.DataFrame({"client_id": ["child"], "birth_on": [dt.date(2012, 1, 1)]})
    found = classify(frame, version=VERSION.code, clients=people, as_of=AS_OF).set_index("client_id")
    assert found.loc["whole", "score"] == score(whole)
    assert found["risk_level"].dropna().to_dict() == {
        "bold": level(score(bold)), "child": level(score(bold)), "fearful": level(score({**bold, 15: "A"})),
        "whole": level(score(whole)),
    }  # fmt: skip
    assert found["lowest_reason"].to_dict() == {
        "bold": "not_lowest", "child": "minor", "fearful": "no_loss", "half": "not_lowest", "whole": "not_lowest"
    }  # fmt: skip
    assert found.loc["half", "n_unanswered"] == 1


def test_r026_classify_names_an_unsigned_version_and_a_question_told_twice() -> None:
    with pytest.raises(UnknownFrame, match="version '1999' is none of 2023"):
        classify(answers(a=sheet(50)), version="1999")
    twice = pd.concat([answers(a=sheet(50)), answers(a={3: "B"})])
    with pytest.raises(UnknownFrame, match="question_no repeats"):
        classify(twice, version=VERSION.code)


def test_r026_every_reason_of_a_match_names_its_article() -> None:
    assert all("Art. " in reason.text.en and "条" in reason.text.zh for reason in MatchReason)
