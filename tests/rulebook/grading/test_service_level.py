"""Chapter 6, continued. What each of the twelve classes is owed: three service levels by a signed table (R028)."""

from typing import Any

import pytest

from keepwell.engine.grading.rules import client_grade
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF, answer, client, yuan

ASSETS = {"strategic": "3000000", "important": "500000", "regular": "50000", "basic": "0"}
RISK = {"cautious": "C2", "balanced": "C3", "enterprising": "C4", "unassessed": None}


def level(grade: str, service_type: str, **options: Any) -> str:
    measures = {"net_assets_20d_amount": yuan(ASSETS[grade]), "contribution_365d_amount": yuan(0)}
    feature = {"client_id": "wang", **measures, "risk_level": RISK[service_type]}
    (row,) = answer(client_grade, {"client": [client("wang")], "client_feature": [feature]}, **options)
    assert (row["grade"], row["service_type"]) == (grade, service_type)
    return str(row["service_level"])


@pytest.mark.parametrize(
    ("grade", "cautious", "balanced", "enterprising"),
    [
        ("strategic", "dedicated", "dedicated", "dedicated"),
        ("important", "enhanced", "enhanced", "dedicated"),
        ("regular", "standard", "standard", "enhanced"),
        ("basic", "standard", "standard", "standard"),
    ],
)
def test_r028_each_of_the_twelve_classes_has_its_level(
    grade: str, cautious: str, balanced: str, enterprising: str
) -> None:
    assert level(grade, "cautious") == cautious
    assert level(grade, "balanced") == balanced
    assert level(grade, "enterprising") == enterprising


@pytest.mark.parametrize("grade", list(ASSETS))
def test_r028_the_unassessed_are_owed_what_the_cautious_are(grade: str) -> None:
    assert level(grade, "unassessed") == level(grade, "cautious")


def test_r028_each_level_says_what_it_owes_and_a_higher_one_owes_no_less() -> None:
    duties = {row.service_level: row for row in load_packs(AS_OF).grading.service_duties}
    told = [(str(name), row.n_contacts_365d_at_least, row.answer_within_working_days, row.has_manager)
            for name, row in duties.items()]  # fmt: skip
    assert told == [("dedicated", 12, 1, True), ("enhanced", 4, 2, True), ("standard", 1, 3, False)]


def test_r028_a_firm_may_sign_another_table(firm_packs: Any) -> None:
    old = 'service_type = "cautious"\nservice_level = "enhanced"'
    packs = firm_packs("grading", old, old.replace("enhanced", "dedicated"))
    assert level("important", "cautious", packs=packs) == "dedicated"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('service_level = "dedicated"', 'service_level = "standard"', "no lower a level than"),
        ('service_type = "balanced"\nservice_level', 'service_type = "cautious"\nservice_level', "each class once"),
        ("n_contacts_365d_at_least = 4", "n_contacts_365d_at_least = 13", "owes no less than"),
        ("answer_within_working_days = 2", "answer_within_working_days = 4", "owes no less than"),
        ('[[service_duties]]\nservice_level = "enhanced"', '[[service_duties]]\nservice_level = "standard"',
         "each level once"),
    ],
)  # fmt: skip
def test_r028_a_table_that_leaves_a_class_out_or_turns_it_over_is_refused(
    firm_packs: Any, old: str, new: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        firm_packs("grading", old, new)
