"""Chapter 6. Four grades by assets or contribution (R020, R027): up at once, down only after two month-ends below.

Strategic from 3,000,000 or a contribution of 20,000; important from 500,000 or 5,000; regular from 50,000 or 500; else
basic. A grade is lost when at two month-ends in a row, since it was given, both measures lie below 90 % of its cuts.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract import TABLES
from keepwell.contract.reasons.grading import GradeReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.engine.grading.rules import client_grade
from tests.small_firm import AS_OF, answer, client, yuan

SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)


def facts(name: str = "wang", assets: str = "0", contribution: str = "0", **more: Any) -> dict[str, Any]:
    measures = {"net_assets_20d_amount": yuan(assets), "contribution_365d_amount": yuan(contribution)}
    return {"client_id": name, "assets_amount": yuan(assets), "tenure_days": 500, **measures, **more}


def held(grade: str, since: dt.date = dt.date(2026, 1, 5)) -> dict[str, Any]:
    return {"client_id": "wang", "grade": grade, "graded_on": since, "activity_since_on": since}


def month_ends(september: str, october: str) -> list[dict[str, Any]]:
    amounts = {SEPTEMBER: september, OCTOBER: october, AS_OF: "0"}
    return [{"client_id": "wang", "month_on": on, "net_assets_amount": yuan(a)} for on, a in amounts.items()]


def graded(feature: dict[str, Any], **tables: Any) -> dict[str, Any]:
    (row,) = answer(client_grade, {"client": [client("wang")], "client_feature": [feature], **tables})
    return row


@pytest.mark.parametrize(
    ("assets", "contribution", "grade"),
    [
        ("3000000.00", "0", "strategic"),
        ("2999999.99", "0", "important"),
        ("0", "20000.00", "strategic"),
        ("0", "19999.99", "important"),
        ("500000.00", "0", "important"),
        ("499999.99", "4999.99", "regular"),
        ("50000.00", "0", "regular"),
        ("0", "500.00", "regular"),
        ("49999.99", "499.99", "basic"),
        ("-1", "-1", "basic"),
    ],
)
def test_r027_either_measure_gives_the_grade_at_its_cut(assets: str, contribution: str, grade: str) -> None:
    assert graded(facts(assets=assets, contribution=contribution))["grade"] == grade


def test_r020_the_reason_names_the_measure_and_its_cut() -> None:
    rich = graded(facts(assets="600000", contribution="100"))
    assert (rich["grade_reason"], rich["assets_cut_amount"]) == ("by_assets", 500_000)
    busy = graded(facts(assets="100", contribution="6000"))
    assert (busy["grade_reason"], busy["contribution_cut_amount"]) == ("by_contribution", 5_000)
    small = graded(facts())
    assert (small["grade_reason"], small["assets_cut_amount"]) == ("below_all", None)


def test_r242_the_sentence_can_be_made_from_the_row_alone() -> None:
    row = graded(facts(assets="600000"))
    assert sentence(GradeReason(row["grade_reason"]), row, "en") == (
        "Net assets averaged 600,000.00 over 20 trading days: at least 500,000.00."
    )


def test_r020_a_better_grade_is_given_at_once_from_the_day_of_the_run() -> None:
    row = graded(facts(assets="500000"), parent_client_grade=[held("regular")])
    assert (row["grade"], row["parent_grade"], row["graded_on"]) == ("important", "regular", AS_OF)


def test_r020_an_unchanged_grade_keeps_its_date() -> None:
    row = graded(facts(assets="500000"), parent_client_grade=[held("important")])
    assert row["graded_on"] == dt.date(2026, 1, 5)


def fallen(september: str, october: str, **more: Any) -> dict[str, Any]:
    """A strategic client whose average is far below the cut, by the two last month-ends."""
    given = {"parent_client_grade": [held("strategic")], **more}
    return graded(facts(assets="600000"), client_month=month_ends(september, october), **given)


def test_r027_after_two_month_ends_below_ninety_percent_the_grade_is_lost() -> None:
    row = fallen("2699999.99", "2699999.99")
    assert (row["grade"], row["graded_on"]) == ("important", AS_OF)


@pytest.mark.parametrize(("september", "october"), [("2700000.00", "100"), ("100", "2700000.00")])
def test_r027_one_month_end_at_ninety_percent_keeps_the_grade(september: str, october: str) -> None:
    row = fallen(september, october)
    assert (row["grade"], row["grade_reason"]) == ("strategic", "kept")
    assert row["assets_cut_amount"] == 3_000_000


def test_r027_the_running_month_is_no_month_end() -> None:
    assert fallen("2800000", "2800000")["grade"] == "strategic"


def test_r027_month_ends_before_the_grade_was_given_do_not_count() -> None:
    since_october = [held("strategic", dt.date(2026, 10, 15))]
    assert fallen("100", "100", parent_client_grade=since_october)["grade"] == "strategic"


def test_r027_a_contribution_of_ninety_percent_keeps_the_grade_too() -> None:
    given = {"client_month": month_ends("0", "0"), "parent_client_grade": [held("strategic")]}
    assert graded(facts(contribution="18000.00"), **given)["grade"] == "strategic"
    assert graded(facts(contribution="17999.99"), **given)["grade"] == "important"


def test_r027_without_two_month_ends_the_grade_stays() -> None:
    given = {"client_month": month_ends("0", "0")[1:], "parent_client_grade": [held("strategic")]}
    assert graded(facts(), **given)["grade"] == "strategic"


def test_r002_only_existing_clients_are_graded() -> None:
    clients = [
        client(name, population=name) for name in ("existing", "never_funded", "closed", "not_yet_opened")
    ]
    rows = answer(
        client_grade, {"client": clients, "client_feature": [facts(row["client_id"]) for row in clients]}
    )
    assert [row["client_id"] for row in rows] == ["existing"]


def test_r230_every_decision_names_the_policy_that_made_it() -> None:
    version = graded(facts())["policy_version"]
    assert version.startswith("grading 1.1+")
    assert len(version) <= TABLES["client_grade"].columns["policy_version"].length


def test_r027_a_firm_may_sign_other_cuts(firm_packs: Any) -> None:
    packs = firm_packs("grading", '"3000000.00"', '"1000000.00"')
    tables = {"client": [client("wang")], "client_feature": [facts(assets="1000000")]}
    (row,) = answer(client_grade, tables, packs=packs)
    assert (row["grade"], row["assets_cut_amount"]) == ("strategic", Decimal(1_000_000))


def test_r230_a_pack_that_asks_for_a_window_no_feature_has_is_refused(firm_packs: Any) -> None:
    packs = firm_packs("grading", "n_trading_days = 20", "n_trading_days = 21")
    with pytest.raises(ValueError, match=r"averaging.n_trading_days: found 21"):
        answer(client_grade, {"client": [client("wang")], "client_feature": [facts()]}, packs=packs)


def test_r027_unknown_assets_reach_no_cut_and_the_reason_says_so() -> None:
    unknown = {"net_assets_20d_amount": None}
    row = graded(facts(contribution="499", **unknown))
    assert (row["grade"], row["grade_reason"]) == ("basic", "assets_unknown")
    assert graded(facts(contribution="6000", **unknown))["grade_reason"] == "by_contribution"


def test_r027_an_unknown_contribution_leaves_the_assets_to_decide() -> None:
    unknown = {"contribution_365d_amount": None}
    assert graded(facts(assets="600000", **unknown))["grade"] == "important"
    row = graded(facts(assets="100", **unknown))
    assert (row["grade"], row["grade_reason"]) == ("basic", "contribution_unknown")


def test_r027_where_nothing_is_known_the_grade_is_the_lowest_and_says_why() -> None:
    unknown = {"net_assets_20d_amount": None, "contribution_365d_amount": None}
    row = graded(facts(**unknown))
    assert (row["grade"], row["grade_reason"]) == ("basic", "nothing_known")
    months = [{"client_id": "wang", "month_on": on} for on in (SEPTEMBER, OCTOBER)]
    kept = graded(facts(**unknown), parent_client_grade=[held("strategic")], client_month=months)
    assert kept["grade"] == "strategic", "nothing that is known speaks for a fall"


def test_r027_a_fall_is_judged_by_the_measure_that_is_known() -> None:
    unknown = {"net_assets_20d_amount": None}
    months = [{"client_id": "wang", "month_on": on} for on in (SEPTEMBER, OCTOBER)]
    given = {"parent_client_grade": [held("strategic")], "client_month": months}
    assert graded(facts(contribution="17999.99", **unknown), **given)["grade"] == "important"
    row = graded(facts(contribution="18000.00", **unknown), **given)
    assert (row["grade"], row["grade_reason"]) == ("strategic", "assets_unknown")
