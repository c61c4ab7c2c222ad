"""Suitability of the small firm: who may bear what, and products of every level.

Clients have the level of their service type. One is of the lowest class, one was assessed two years ago to the day,
one never said in which kinds to invest, one is of the age from which a second person looks, and a company is
professional.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from keepwell.contract.suitable import CheckItem

Row = dict[str, Any]
Rows = dict[str, list[Row]]

LOWEST, EXPIRED, SILENT, AGED, SHORT, PROFESSIONAL = 44, 48, 52, 54, 45, 30
LIMITED = 30  # the company whose own authorisation limits what it may buy
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
    rows["suitability_notice"] = [row for row in NOTICES if row["client_id"] in known]
    rows["suitability_check"] = checks()
    rows["client_mandate"] = limits() if f"c{LIMITED:06d}" in known else []


NOTICES = (
    {
        "client_id": "c000000", "notice_kind": "client_level", "product_code": "", "level_before": "C2",
        "level_now": "C3", "product_level_at_most": "R3", "notice_reason": "client_level",
        "owed_since_on": dt.date(2026, 11, 18),
    },
    {
        "client_id": "c000000", "notice_kind": "product_level", "product_code": "688001", "level_before": "R3",
        "level_now": "R4", "product_level_at_most": "R3", "notice_reason": "product_level",
        "owed_since_on": dt.date(2026, 11, 20),
    },
    {
        "client_id": "c000003", "notice_kind": "lowest_class", "product_code": "", "level_before": "false",
        "level_now": "true", "product_level_at_most": "R1", "notice_reason": "lowest_class",
        "owed_since_on": dt.date(2026, 11, 19),
    },
)  # fmt: skip


def limits() -> list[Row]:
    """What a company's own authorisation leaves room for: funds with a quota, bonds of which the quota is used up."""
    named = {
        "fund": ("500000.00", "120000.00", "has_room"),
        "bond": ("100000.00", "100000.00", "spent"),
        "structured": (None, "0.00", "has_room"),
    }
    rows = []
    for kind in ("stock", "fund", "bond", "etf", "structured"):
        quota, held, reason = named.get(kind, (None, "0.00", "not_permitted"))
        rows.append(
            {
                "client_id": f"c{LIMITED:06d}", "product_kind": kind, "is_permitted": kind in named,
                "quota_amount": quota and Decimal(quota), "held_amount": Decimal(held),
                "left_amount": quota and Decimal(quota) - Decimal(held), "n_handlers": 1 if kind in named else 0,
                "handler_to": dt.date(2027, 3, 31) if kind in named else None, "mandate_reason": reason,
                "order_amount": Decimal("80000.00") if kind in named else None,
            }
        )  # fmt: skip
    return rows


def handlers(record_code: str) -> list[Row]:
    """Who may act for the company: one up to an amount, one whose authority has ended, one not yet, of any amount."""
    people = (
        ("H1", "邵文", None, dt.date(2026, 1, 1), dt.date(2027, 3, 31), Decimal("80000.00")),
        ("H2", "方宁", "fund", dt.date(2025, 1, 1), dt.date(2026, 6, 30), Decimal("300000.00")),
        ("H3", "罗一", None, dt.date(2026, 12, 1), None, None),
    )
    names = ("handler_code", "handler_name", "product_kind", "starts_on", "ends_on", "order_amount")
    return [{"record_code": record_code, **dict(zip(names, one, strict=True))} for one in people]


def checks() -> list[Row]:
    """The self-check of the second half-year: expired tests, a product nobody rated, the rest in order."""
    found = {"expired": (60, 3, "0.050000"), "not_rated": (8, 1, "0.125000")}
    reasons = {"not_rated": "products", "raised": "products", "no_handler": "mandate"}
    rows = []
    for item in CheckItem:
        n_checked, n_found, share = found.get(str(item), (0, 0, None))
        rows.append(
            {
                "check_item": str(item), "half_year_from_on": dt.date(2026, 7, 1),
                "half_year_to_on": dt.date(2026, 12, 31), "n_checked": n_checked, "n_found": n_found,
                "found_share": share and Decimal(share), "check_reason": reasons.get(str(item), "facts"),
                "policy_version": POLICY,
            }
        )  # fmt: skip
    return rows


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
