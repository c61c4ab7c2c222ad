"""Suitability of the small firm: who may bear what, and products of every level.

Clients have the level of their service type. One is of the lowest class, one was assessed two years ago to the day,
one never said in which kinds to invest, one is of the age from which a second person looks, and a company is
professional.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]

LOWEST, EXPIRED, SILENT, AGED, SHORT, PROFESSIONAL = 44, 48, 52, 54, 45, 30
ENDED_ON = dt.date(2026, 11, 20)
AT_MOST = {"C1": "R1", "C2": "R2", "C3": "R3", "C4": "R4", "C5": "R5"}
WISHED = "bond etf fund note stock structured warrant wealth"
PRODUCTS = (
    ("600000", "浦江银行", "stock", "sh", "R3", "R3", None),
    ("WX0182", "稳享 182 天", "wealth", "otc", "R2", "R1", 182),
    ("000198", "天天货币", "fund", "otc", "R1", "R1", None),
    ("019547", "国债 2436", "bond", "sh", "R1", "R1", 3000),
    ("511010", "国债 ETF", "etf", "sh", "R2", "R1", None),
    ("688001", "科创一号", "stock", "sh", "R4", "R4", None),
    ("JG0007", "结构化七号", "structured", "otc", "R5", "R1", 730),
    ("WX0990", "未评级理财", "wealth", "otc", None, "R1", 90),
)
POLICY = "suitability 1.0"


def products() -> list[Row]:
    """The firm's products: its clients hold the first, the others can be named to them."""
    return [
        {"product_code": code, "product_name": name, "product_kind": kind, "market": market}
        for code, name, kind, market, *_levels in PRODUCTS
    ]


def suitabilities(rows: Rows) -> None:
    """What the run decides of every client and product, in tune with what it says elsewhere of their levels."""
    rows["product_suitability"] = [
        {
            "product_code": code, "product_kind": kind, "declared_level": level, "listed_level": least,
            "rated_on": dt.date(2026, 1, 5) if level else None, "product_level": level,
            "level_reason": "declared" if level else "not_rated", "is_term_bound": days is not None,
            "term_days_left": days, "policy_version": POLICY,
        }
        for code, _name, kind, _market, level, least, days in PRODUCTS
    ]  # fmt: skip
    known = {row["client_id"]: row for row in rows["client_feature"]}
    if lowest := known.get(f"c{LOWEST:06d}"):  # a smaller firm does not have this client
        lowest |= {"risk_level": "C1", "is_lowest_class": True}
    rows["client_suitability"] = [_of(row, known[row["client_id"]]["risk_level"]) for row in rows["client"]]
    rows["suitability_flag"] = [
        {
            "client_id": f"c{AGED:06d}", "flag_kind": "vulnerable", "flag_reason": "second_person", "question_no": 0,
            "n_found": 74, "n_allowed": 70, "policy_version": POLICY,
        }
    ]  # fmt: skip


def _of(client: Row, level: str | None) -> Row:
    number = int(client["client_id"][1:])
    told: Row = {
        "client_id": client["client_id"], "investor_kind": "ordinary", "investor_reason": "no_evidence", "age": 52,
        "policy_version": POLICY,
    }  # fmt: skip
    if number == PROFESSIONAL:
        told |= {"investor_kind": "professional", "investor_reason": "product_by_kind"}
    if level is None:
        return told | {"level_reason": "not_assessed", "lowest_reason": "unknown", "assessment_state": "none"}
    told |= {
        "questionnaire_code": f"Q{number}", "questionnaire_version": "P-2024", "is_version_in_use": True,
        "assessed_on": dt.date(2025, 6, 2), "risk_level": level, "declared_score": 50, "computed_level": level,
        "computed_score": 50, "level_reason": "agrees", "n_unanswered": 0, "n_double_answered": 0,
        "n_unknown_options": 0, "is_lowest_class": False, "lowest_reason": "not_lowest",
        "product_level_at_most": AT_MOST[level], "has_term_limit": False, "kinds_wished": WISHED,
        "is_for_pension": False, "assessment_state": "valid", "valid_to": dt.date(2027, 6, 2),
        "n_tests_same_day": 1, "n_tests_30d": 1,
    }  # fmt: skip
    return told | DIFFERENT.get(number, {})


DIFFERENT: dict[int, Row] = {
    LOWEST: {"is_lowest_class": True, "lowest_reason": "declared"},
    EXPIRED: {"assessed_on": dt.date(2024, 11, 20), "valid_to": ENDED_ON, "assessment_state": "ends_soon"},
    SILENT: {
        "kinds_wished": None,
        "has_term_limit": None,
        "level_reason": "no_answers",
        "computed_level": None,
    },
    AGED: {"age": 74},
    SHORT: {"has_term_limit": True, "term_days_at_most": 365},
}
