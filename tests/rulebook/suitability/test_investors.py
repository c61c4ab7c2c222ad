"""Chapter 5, suitability. Professional investors, refusals, questionnaires of entities (R026, Art. 8, 11, 33)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import InvestorReason
from tests.rulebook.suitability.answered import (
    INSTITUTION,
    PRODUCT,
    Row,
    assessed,
    classes,
    flags,
    named,
    tables,
)
from tests.small_firm import AS_OF, ago, coverage

M = Decimal(1_000_000)
STEPS = {"tested_on": ago(40), "warned_on": ago(40), "told_on": ago(39)}
ORG = {"net_assets_amount": 20 * M, "financial_assets_amount": 10 * M, "n_years_experience": 2}
MAN = {"financial_assets_amount": 5 * M, "n_years_experience": 2}

ROWS: list[tuple[str, str, str, dict[str, Any], str]] = [
    # what stands out, kind of client, ground, facts, reason
    ("bank", "company", "institution", {}, "by_law"),
    ("pension fund", "company", "fund", {}, "by_law"),
    ("person, said to be an institution", "person", "institution", {}, "below_bar"),
    ("legal person at the bar", "company", "entity", ORG, "meets_bar"),
    ("a fen short of net assets", "company", "entity", {**ORG, "net_assets_amount": 20 * M - Decimal("0.01")},
     "below_bar"),
    ("short of financial assets", "company", "entity", {**ORG, "financial_assets_amount": 9 * M}, "below_bar"),
    ("one year only", "company", "entity", {**ORG, "n_years_experience": 1}, "below_bar"),
    ("years not told", "company", "entity", {**ORG, "n_years_experience": None}, "below_bar"),
    ("person by assets", "person", "person", MAN, "meets_bar"),
    ("person by income", "person", "person",
     {"yearly_income_amount": Decimal(500_000), "n_years_experience": 2}, "meets_bar"),
    ("income a yuan short", "person", "person",
     {"yearly_income_amount": Decimal(499_999), "n_years_experience": 2}, "below_bar"),
    ("a profession for the years", "person", "person",
     {**MAN, "n_years_experience": 0, "is_qualified": True}, "meets_bar"),
    ("converted person", "person", "converted",
     {"financial_assets_amount": 3 * M, "n_years_experience": 1, **STEPS}, "converted"),
    ("converted without a test", "person", "converted",
     {"financial_assets_amount": 3 * M, "n_years_experience": 1, **STEPS, "tested_on": None}, "steps_missing"),
    ("converted, profession is not enough", "person", "converted",
     {"financial_assets_amount": 3 * M, "n_years_experience": 0, "is_qualified": True, **STEPS}, "below_bar"),
    ("converted company", "company", "converted",
     {"net_assets_amount": 10 * M, "financial_assets_amount": 5 * M, "n_years_experience": 1, **STEPS}, "converted"),
    ("not accepted", "person", "person", {**MAN, "is_accepted": False}, "not_accepted"),
    ("wishes to be ordinary", "person", "person", {**MAN, "ended_on": ago(1)}, "opted_out"),
    ("wishes so from tomorrow", "person", "person", {**MAN, "ended_on": ago(-1)}, "meets_bar"),
    ("evidence of a year ago", "person", "person", {**MAN, "evidenced_on": dt.date(2025, 11, 20)}, "meets_bar"),
    ("a day older", "person", "person", {**MAN, "evidenced_on": dt.date(2025, 11, 19)}, "evidence_old"),
    ("delivered end is over", "person", "person", {**MAN, "valid_to": ago(1)}, "evidence_old"),
    ("applied for tomorrow", "person", "person", {**MAN, "applied_on": ago(-1)}, "no_evidence"),
    ("product", "product", "product", {}, "product_by_kind"),
]  # fmt: skip
PROFESSIONAL = {"by_law", "meets_bar", "converted", "product_by_kind"}


def applied(name: str, ground: str, facts: Row) -> Row:
    plain = {"applied_on": ago(30), "evidenced_on": ago(60), "is_accepted": True}
    return {"record_code": name, "professional_basis": ground, **plain, **facts}


@pytest.fixture(scope="module")
def investors() -> dict[str, Row]:
    people = {name: {"client_kind": kind} for name, kind, *_ in ROWS} | {"nobody": {}, "twice": {}}
    evidence = [applied(name, ground, facts) for name, _, ground, facts, _ in ROWS]
    evidence += [
        applied("twice", "person", {**MAN, "applied_on": ago(n), "is_accepted": n > 10}) for n in (9, 90)
    ]
    return classes({**tables({}, **people), "professional_evidence": evidence})


@pytest.mark.parametrize(("name", "reason"), [(row[0], row[-1]) for row in ROWS])
def test_r026_who_is_professional_and_why(name: str, reason: str, investors: dict[str, Row]) -> None:
    """Art. 7, 8, 11, 12: by kind, by evidence that reaches the bar, by application with all its steps."""
    row = investors[name]
    assert row["investor_reason"] == reason
    assert (row["investor_kind"] == "professional") == (reason in PROFESSIONAL)


def test_r026_without_evidence_everybody_is_protected(investors: dict[str, Row]) -> None:
    assert investors["nobody"]["investor_kind"] == "ordinary"
    assert investors["nobody"]["investor_reason"] == "no_evidence"


def test_r026_the_latest_application_counts(investors: dict[str, Row]) -> None:
    assert investors["twice"]["investor_reason"] == "not_accepted"


def test_r026_every_reason_is_a_row_of_the_table_and_names_its_article(investors: dict[str, Row]) -> None:
    assert {row["investor_reason"] for row in investors.values()} == set(InvestorReason)
    for row in investors.values():
        reason = InvestorReason.of(row["investor_reason"])
        assert "Art. " in sentence(reason, row, "en")
        assert "条）" in sentence(reason, row, "zh")


def test_r026_who_refuses_facts_is_known_until_they_are_given() -> None:
    """Art. 33; where refusals are not delivered nobody knows."""
    refused = [
        {"record_code": "refuses", "refused_on": ago(3)},
        {"record_code": "gave", "refused_on": ago(9), "given_on": ago(2)},
        {"record_code": "gives tomorrow", "refused_on": ago(9), "given_on": ago(-1)},
        {"record_code": "tomorrow", "refused_on": ago(-1)},
    ]
    names = ("refuses", "gave", "gives tomorrow", "tomorrow", "willing")
    given = {**tables({}, **{name: {} for name in names}), "facts_refused": refused}
    found = {name: row["has_refused_facts"] for name, row in classes(given).items()}
    assert found == dict.fromkeys(names, False) | {"refuses": True, "gives tomorrow": True}
    silent = classes({**given, "facts_refused": [], "source_coverage": coverage("facts_refused")})
    assert {row["has_refused_facts"] for row in silent.values()} == {None}


def best(version: Any) -> dict[int, str]:
    return {
        question.no: max(question.options, key=lambda one: one.mark).option for question in version.questions
    }


def test_r026_institutions_and_products_have_questionnaires_of_their_own() -> None:
    """Each kind is read by its own version: by another's it is no signed one for that client."""
    tests = {
        "company": [assessed("company", best(INSTITUTION), version=INSTITUTION.code, risk_level="C5")],
        "product": [assessed("product", best(PRODUCT), version=PRODUCT.code, risk_level="C5")],
        "wrong": [assessed("wrong", best(INSTITUTION), version=INSTITUTION.code, risk_level="C5")],
    }
    kinds = {name: {"client_kind": name} for name in ("company", "product")} | {
        "wrong": {"client_kind": "product"}
    }
    found = classes(tables(tests, **kinds))
    assert [(row["computed_score"], row["computed_level"]) for row in (found["company"], found["product"])] == [
        (100, "C5"), (100, "C5")
    ]  # fmt: skip
    assert found["wrong"]["level_reason"] == "unknown_version"
    assert found["company"]["lowest_reason"] == "not_a_person"
    assert found["company"]["has_term_limit"] is False


def test_r026_institutions_that_test_too_often_or_jump_are_flagged_too() -> None:
    taken = [
        assessed(
            "company", None, AS_OF, version=INSTITUTION.code, risk_level=level, questionnaire_code=f"Q{n}"
        )
        for n, level in enumerate(("C1", "C2", "C4"))
    ]
    given = tables({"company": taken}, company={"client_kind": "company"})
    assert named(flags(given))["company"] == ["jump", "tests_a_day"]
