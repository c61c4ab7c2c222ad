"""Chapter 5, suitability. Levels of products: the firm's own, never below the name list (R026, Art. 15, 16, 36)."""

import datetime as dt
from functools import cache

import pytest

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import ProductLevelReason
from keepwell.engine.suitability.rules import product_suitability
from tests.rulebook.suitability.answered import Row
from tests.small_firm import AS_OF, answer

GOODS: dict[str, tuple[str, str, str, str | None]] = {  # kind, market, name, level of the firm
    "600000": ("stock", "sh", "浦发银行", "R3"),
    "600001": ("stock", "sh", "浦东某某", "R2"),
    "600002": ("stock", "sh", "*ST某某", "R3"),
    "STEEL": ("stock", "other", "STEEL WORKS", "R3"),
    "688001": ("stock", "sh", "某某科技", "R3"),
    "300001": ("stock", "sz", "某某电子", "R4"),
    "688002": ("stock", "sz", "号码相近", "R3"),
    "830001": ("stock", "bj", "某某股份", None),
    "00700": ("stock", "hk", "某某控股", "R3"),
    "900001": ("b_stock", "sh", "某某B股", "R1"),
    "W1": ("warrant", "sh", "某某权证", "R5"),
    "F1": ("fund", "otc", "货币基金", "R1"),
    "S1": ("structured", "otc", "结构化产品", "R5"),
}


@cache
def decided() -> dict[str, Row]:
    products = [
        {"product_code": code, "product_kind": kind, "market": market, "product_name": name}
        for code, (kind, market, name, _) in GOODS.items()
    ]
    ratings = [
        {"product_code": code, "rated_on": dt.date(2026, 1, 5), "product_level": level}
        for code, (*_, level) in GOODS.items()
        if level
    ]
    later = {"product_code": "F1", "rated_on": AS_OF, "product_level": "R2"}
    tomorrow = {"product_code": "F1", "rated_on": AS_OF + dt.timedelta(days=1), "product_level": "R5"}
    rows = answer(product_suitability, {"product": products, "product_rating": [*ratings, tomorrow, later]})
    return {row["product_code"]: row for row in rows}


@pytest.mark.parametrize(
    ("code", "listed", "counts", "reason"),
    [
        ("600000", "R3", "R3", "declared"),
        ("600001", "R3", "R3", "raised"),
        ("600002", "R4", "R4", "raised"),
        ("STEEL", "R3", "R3", "declared"),
        ("688001", "R4", "R4", "raised"),
        ("300001", "R4", "R4", "declared"),
        ("688002", "R3", "R3", "declared"),
        ("830001", "R4", None, "not_rated"),
        ("00700", "R4", "R4", "raised"),
        ("900001", "R3", "R3", "raised"),
        ("W1", "R4", "R5", "declared"),
        ("F1", "R1", "R2", "declared"),
        ("S1", "R1", "R5", "declared"),
    ],
)
def test_r026_the_firms_level_counts_unless_it_lies_below_the_list(
    code: str, listed: str, counts: str | None, reason: str
) -> None:
    row = decided()[code]
    assert (row["listed_level"], row["product_level"], row["level_reason"]) == (listed, counts, reason)


def test_r026_a_product_without_level_has_none_and_the_article_is_told() -> None:
    row = decided()["830001"]
    assert row["declared_level"] is None
    said = [sentence(ProductLevelReason.NOT_RATED, row, language) for language in ("en", "zh")]
    assert "Art. 15, 16" in said[0]
    assert "第15、16条" in said[1]


def test_r024_how_long_the_money_is_bound_is_told_where_it_is() -> None:
    goods = [
        {"product_code": "note", "product_kind": "note", "matures_on": dt.date(2026, 12, 20)},
        {"product_code": "over", "product_kind": "note", "matures_on": dt.date(2026, 10, 1)},
        {"product_code": "new", "product_kind": "wealth", "term_days": 91},
        {"product_code": "bond", "product_kind": "bond"},
        {"product_code": "stock", "product_kind": "stock"},
    ]
    rows = answer(product_suitability, {"product": goods})
    found = {row["product_code"]: (row["is_term_bound"], row["term_days_left"]) for row in rows}
    assert found == {
        "note": (True, 30), "over": (True, 0), "new": (True, 91), "bond": (True, None), "stock": (False, None)
    }  # fmt: skip
