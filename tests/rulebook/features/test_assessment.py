"""Chapter 5, continued. The declared risk level and how long it holds (R026, rules.md §1.2)."""

import datetime as dt
from functools import cache

from tests.small_firm import AS_OF, Facts, ago, client, features, firm, questionnaire


@cache
def assessed() -> Facts:
    tables = firm(
        client=[client(name) for name in ("twice", "leap", "delivered", "tomorrow", "none")],
        client_record=[
            {"record_code": code, "client_id": name}
            for code, name in (
                ("twice", "twice"), ("other branch", "twice"), ("leap", "leap"),
                ("delivered", "delivered"), ("tomorrow", "tomorrow"),
            )
        ],
        questionnaire=[
            questionnaire("twice", dt.date(2025, 3, 1), "C4"),
            questionnaire("other branch", dt.date(2026, 3, 1), "C2"),
            questionnaire("leap", dt.date(2024, 2, 29), "C3"),
            questionnaire("delivered", dt.date(2026, 1, 5), "C1", valid_to=dt.date(2026, 12, 31), is_lowest_class=True),
            questionnaire("tomorrow", AS_OF + dt.timedelta(days=1), "C5"),
        ],
    )  # fmt: skip
    return features(tables)


def test_r026_the_latest_assessment_over_all_records_counts() -> None:
    row = assessed()["twice"]
    assert (row["risk_level"], row["assessed_on"], row["n_assessments_365d"]) == (
        "C2",
        dt.date(2026, 3, 1),
        1,
    )


def test_r026_an_assessment_holds_two_years_to_the_same_day() -> None:
    assert assessed()["twice"]["assessment_valid_to"] == dt.date(2028, 3, 1)


def test_r026_an_assessment_of_a_leap_day_ends_on_the_last_day_of_february() -> None:
    assert assessed()["leap"]["assessment_valid_to"] == dt.date(2026, 2, 28)


def test_r026_a_delivered_end_stands() -> None:
    row = assessed()["delivered"]
    assert row["assessment_valid_to"] == dt.date(2026, 12, 31)
    assert row["is_lowest_class"] is True


def test_r026_nobody_is_assessed_in_the_future() -> None:
    for name in ("tomorrow", "none"):
        assert assessed()[name]["risk_level"] is None
        assert assessed()[name]["n_assessments_365d"] == 0


def test_r026_of_two_assessments_at_the_same_instant_the_greater_number_counts() -> None:
    first = questionnaire("wang", ago(5), "C2", questionnaire_code="Q1")
    second = questionnaire("wang", ago(5), "C3", questionnaire_code="Q2")
    for rows in ([first, second], [second, first]):
        assert features(firm("wang", questionnaire=rows))["wang"]["risk_level"] == "C3"
