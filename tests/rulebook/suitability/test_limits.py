"""Chapter 5, suitability. Institutions' limits, ten factors, notices, the self-check (R026, Art. 16, 21, 30)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.contract.codes import ProductKind, ProductLevel
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import MandateReason, NoticeReason
from keepwell.contract.suitable import CheckItem, RiskFactor
from keepwell.engine.suitability.rules import (
    client_mandate,
    product_suitability,
    suitability_check,
    suitability_notice,
)
from keepwell.policy.packs import load_packs
from tests.rulebook.suitability.answered import Row
from tests.small_firm import AS_OF, ago, answer, client, coverage

FACTORS = load_packs(AS_OF).suitability.factors


def limits(*entries: Row, handlers: list[Row] | None = None, **tables: Any) -> dict[tuple[str, str], Row]:
    plain = [{"record_code": "org", "handler_code": "H1", "starts_on": ago(100)}]
    told = {
        "client_record": [{"record_code": name, "client_id": "org"} for name in ("org", "org2")],
        "institution_mandate": [{"record_code": "org", "starts_on": ago(100), **one} for one in entries],
        "mandate_handler": plain if handlers is None else handlers,
        "client_holding": [
            {"client_id": "org", "product_code": code, "product_kind": kind, "market_amount": Decimal(amount)}
            for code, kind, amount in (
                ("F1", "fund", "60.00"),
                ("F2", "fund", "40.00"),
                ("B1", "bond", "1.00"),
            )
        ],
    }
    rows = answer(client_mandate, {**told, **tables})
    return {(row["client_id"], row["product_kind"]): row for row in rows}


def test_r026_an_institution_with_limits_may_buy_what_they_name_alone() -> None:
    found = limits({"product_kind": "fund", "quota_amount": Decimal("150.00")}, {"product_kind": "etf"})
    assert len(found) == len(ProductKind)
    assert {kind for (_, kind), row in found.items() if row["is_permitted"]} == {"fund", "etf"}
    fund, etf = found["org", "fund"], found["org", "etf"]
    assert (fund["held_amount"], fund["left_amount"], fund["mandate_reason"]) == (
        Decimal("100.00"), Decimal("50.00"), "has_room"
    )  # fmt: skip
    assert (etf["held_amount"], etf["left_amount"], etf["mandate_reason"]) == (Decimal(0), None, "has_room")
    assert found["org", "bond"]["mandate_reason"] == "not_permitted"


@pytest.mark.parametrize(
    ("quota", "reason"), [("100.01", "has_room"), ("100.00", "spent"), ("99.99", "spent"), (None, "has_room")]
)
def test_r026_a_quota_is_used_up_at_its_last_fen(quota: str | None, reason: str) -> None:
    entry = {"product_kind": "fund", "quota_amount": quota and Decimal(quota)}
    assert limits(entry)["org", "fund"]["mandate_reason"] == reason


def test_r026_of_several_customer_numbers_the_least_quota_counts() -> None:
    entries = [
        {"product_kind": "fund", "quota_amount": Decimal(quota), "record_code": code}
        for quota, code in ((500, "org"), (200, "org2"))
    ]
    assert limits(*entries)["org", "fund"]["quota_amount"] == Decimal(200)


@pytest.mark.parametrize(
    ("entry", "n"),
    [({}, 1), ({"ends_on": AS_OF}, 1), ({"ends_on": ago(1)}, 0), ({"starts_on": ago(-1)}, 0),
     ({"product_kind": "fund"}, 1), ({"product_kind": "bond"}, 0)],
)  # fmt: skip
def test_r026_a_handler_acts_within_dates_and_kinds(entry: Row, n: int) -> None:
    handler = {"record_code": "org", "handler_code": "H1", "starts_on": ago(100), **entry}
    row = limits({"product_kind": "fund"}, handlers=[handler])["org", "fund"]
    assert (row["n_handlers"], row["mandate_reason"]) == (n, "has_room" if n else "no_handler")


@pytest.mark.parametrize(
    ("others", "amount", "ends_on"),
    [
        ([], "50.00", ago(-9)),
        ([{"order_amount": Decimal("80.00"), "ends_on": ago(-5)}], "80.00", ago(-9)),
        ([{"order_amount": Decimal("900.00"), "ends_on": ago(1)}], "50.00", ago(-9)),
        ([{"order_amount": Decimal("900.00"), "product_kind": "bond"}], "50.00", ago(-9)),
        ([{"ends_on": ago(-5)}], None, ago(-9)),
        ([{"order_amount": Decimal("10.00")}], "50.00", None),
    ],
)
def test_r026_what_one_order_may_be_is_what_the_handler_who_may_order_most_may(
    others: list[Row], amount: str | None, ends_on: dt.date | None
) -> None:
    """Of those who may act today for the kind; one without an amount has no limit, one without an end no last day."""
    plain = {"record_code": "org", "handler_code": "H1", "starts_on": ago(100)}
    first = {**plain, "order_amount": Decimal("50.00"), "ends_on": ago(-9)}
    more = [{**plain, "handler_code": f"H{n + 2}", **one} for n, one in enumerate(others)]
    row = limits({"product_kind": "fund"}, handlers=[first, *more])["org", "fund"]
    assert (row["order_amount"], row["handler_to"]) == (amount and Decimal(amount), ends_on)


def test_r026_an_entry_that_is_over_limits_nothing_and_unknown_handlers_forbid_nothing() -> None:
    assert limits({"product_kind": "fund", "ends_on": ago(1)}) == {}
    row = limits(
        {"product_kind": "fund"}, handlers=[], source_coverage=coverage("mandate_handler", "holding")
    )
    told = row["org", "fund"]
    assert (told["n_handlers"], told["held_amount"], told["mandate_reason"]) == (None, None, "has_room")
    for reason in MandateReason:
        assert "{" not in sentence(reason, told, "zh")


def rated(own: str | None, marks: dict[RiskFactor, int], kind: str = "fund") -> Row:
    (row,) = answer(
        product_suitability,
        {
            "product": [{"product_code": "P", "product_kind": kind, "market": "otc"}],
            "product_rating": [{"product_code": "P", "rated_on": ago(9), "product_level": own}]
            if own
            else [],
            "product_factor": [
                {"product_code": "P", "risk_factor": str(one), "rated_on": ago(5), "factor_mark": mark}
                for one, mark in marks.items()
            ],
        },
    )
    return row


@pytest.mark.parametrize(
    ("own", "mark", "level", "reason"),
    [("R1", 1, "R1", "declared"), ("R1", 2, "R2", "raised_by_factors"), ("R3", 3, "R3", "declared"),
     ("R3", 5, "R5", "raised_by_factors"), ("R5", 1, "R5", "declared"), (None, 5, None, "not_rated")],
)  # fmt: skip
def test_r026_ten_factors_raise_a_level_and_never_lower_it(
    own: str | None, mark: int, level: str | None, reason: str
) -> None:
    """Art. 16: ten equal marks make 20 points a mark; the higher of the firm's level, list and factors counts."""
    row = rated(own, dict.fromkeys(RiskFactor, mark))
    assert (row["factor_score"], row["product_level"], row["level_reason"]) == (mark * 20, level, reason)


def test_r026_nine_factors_make_no_level() -> None:
    row = rated("R1", dict.fromkeys(list(RiskFactor)[1:], 5))
    assert (row["n_factors"], row["factor_score"], row["factor_level"], row["product_level"]) == (
        9,
        None,
        None,
        "R1",
    )


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(list(ProductLevel)),
    st.lists(st.integers(1, 5), min_size=10, max_size=10),
    st.sampled_from(["fund", "stock", "warrant"]),
)
def test_r026_the_level_that_counts_is_never_below_own_list_or_factors(
    own: ProductLevel, marks: list[int], kind: str
) -> None:
    told = dict(zip(RiskFactor, marks, strict=True))
    row = rated(str(own), told, kind)
    points = sum(one.times * told[one.risk_factor] for one in FACTORS.weights)
    by_cuts = [str(cut.product_level) for cut in FACTORS.cuts if points >= cut.score_at_least][-1]
    assert (row["factor_score"], row["factor_level"]) == (points, by_cuts)
    assert row["product_level"] == max(str(own), row["listed_level"], by_cuts)


def suitable(name: str, level: str | None, **facts: Any) -> Row:
    at_most = level and f"R{level[1]}"
    return {
        "client_id": name,
        "risk_level": level,
        "is_lowest_class": False,
        "product_level_at_most": at_most,
        **facts,
    }


def test_r026_a_new_grading_is_owed_to_the_client() -> None:
    """Art. 21: client and products held, before and now; nothing where nothing was known before."""
    then = [suitable("up", "C2"), suitable("same", "C3"), suitable("first", None), suitable("fell", "C1")]
    now = [
        suitable("up", "C4"), suitable("same", "C3"), suitable("first", "C3"), suitable("new", "C5"),
        suitable("fell", "C1", is_lowest_class=True, investor_kind="professional"),
    ]  # fmt: skip
    levels = {"A": ("R3", "R4"), "B": ("R4", "R3"), "C": (None, "R5"), "D": ("R5", "R5")}
    holdings = [{"client_id": who, "product_code": code} for who in ("same", "up") for code in levels]
    rows = answer(
        suitability_notice,
        {
            "client_suitability": now,
            "parent_client_suitability": then,
            "product_suitability": [
                {"product_code": code, "product_level": two} for code, (_, two) in levels.items()
            ],
            "parent_product_suitability": [
                {"product_code": code, "product_level": one} for code, (one, _) in levels.items()
            ],
            "client_holding": holdings,
        },
    )
    told = [
        (r["client_id"], r["notice_kind"], r["product_code"], r["level_before"], r["level_now"]) for r in rows
    ]
    assert told == [
        ("fell", "investor_kind", "", "ordinary", "professional"),
        ("fell", "lowest_class", "", "false", "true"),
        ("same", "product_level", "A", "R3", "R4"),
        ("up", "client_level", "", "C2", "C4"),
    ]
    said = sentence(NoticeReason.PRODUCT_LEVEL, rows[2], "zh")
    assert said == "您持有的产品 A 等级由 R3 调整为 R4，高于您可匹配的 R3（第21条）。"


def checked(as_of: dt.date = AS_OF) -> dict[str, Row]:
    people = [
        suitable("fine", "C3", assessment_state="valid", level_reason="agrees"),
        suitable("holds", "C1", assessment_state="valid", level_reason="disagrees"),
        suitable("lowest", "C1", assessment_state="expired", is_lowest_class=True),
        suitable("never", None, assessment_state="none", is_lowest_class=None),
        suitable("halfway", "C5", assessment_state="valid", investor_reason="steps_missing"),
        suitable("gone", "C1", assessment_state="expired"),
    ]
    names = [row["client_id"] for row in people]
    goods = {"P3": ("R3", "raised"), "P0": (None, "not_rated")}
    tables: dict[str, Any] = {
        "client": [client(name, population="closed" if name == "gone" else "existing") for name in names],
        "client_record": [{"record_code": name, "client_id": name} for name in names],
        "client_suitability": people,
        "suitability_flag": [
            {"client_id": "fine", "flag_kind": "repeated"}, {"client_id": "fine", "flag_kind": "answers"},
            {"client_id": "holds", "flag_kind": "contradiction"},
        ],
        "client_mandate": [
            {"client_id": "org", "product_kind": kind, "is_permitted": True, "n_handlers": 0}
            for kind in ("fund", "etf")
        ],
        "client_holding": [
            {"client_id": who, "product_code": code} for who in ("fine", "holds", "lowest", "gone") for code in goods
        ],
        "product_suitability": [
            {"product_code": code, "product_level": level, "level_reason": why} for code, (level, why) in goods.items()
        ],
        "facts_refused": [
            {"record_code": "never", "refused_on": ago(5, as_of)},
            {"record_code": "fine", "refused_on": ago(5, as_of), "told_on": ago(4, as_of)},
        ],
    }  # fmt: skip
    return {row["check_item"]: row for row in answer(suitability_check, tables, as_of=as_of)}


def test_r026_the_self_check_counts_of_how_many_how_many_are_not_in_order() -> None:
    """Art. 30; closed clients are not looked at, what a firm has none of is told as none of none."""
    assert {item: (row["n_checked"], row["n_found"]) for item, row in checked().items()} == {
        "not_assessed": (5, 1), "expired": (5, 1), "level_disagrees": (5, 1), "retested": (5, 1),
        "contradiction": (5, 1), "lowest_holds_above": (1, 1), "holds_above": (4, 1), "refused_untold": (2, 1),
        "steps_missing": (1, 1), "no_handler": (1, 1), "not_rated": (2, 1), "raised": (2, 1),
    }  # fmt: skip
    assert set(checked()) == set(CheckItem)
    assert checked()["not_assessed"]["found_share"] == Decimal("0.200000")


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [((2026, 6, 30), (2026, 1, 1), (2026, 6, 30)), ((2026, 7, 1), (2026, 7, 1), (2026, 12, 31))],
)
def test_r026_the_self_check_names_its_half_year(
    on: tuple[int, int, int], first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    row = checked(dt.date(*on))["expired"]
    assert (row["half_year_from_on"], row["half_year_to_on"]) == (dt.date(*first), dt.date(*last))
