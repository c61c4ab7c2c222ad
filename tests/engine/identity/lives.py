"""What is told of a customer record besides its own facts, on days around a night's: levels, and words of the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

DAY = dt.date(2026, 11, 20)
NIGHTS = 4
LONG_AGO = dt.date(2024, 11, 20)  # a questionnaire of then is over about now

Rows = dict[str, list[dict[str, Any]]]

DAYS = st.integers(-1, NIGHTS).map(lambda n: DAY + dt.timedelta(days=n))
BRANCHES = ("B1", "B2")
ANSWERED = st.one_of(DAYS, st.integers(-1, NIGHTS).map(lambda n: LONG_AGO + dt.timedelta(days=n)))
LIVES = st.fixed_dictionaries(
    {},
    optional={
        "questionnaire": st.tuples(ANSWERED, st.one_of(st.none(), DAYS), st.sampled_from(["C1", "C2"])),
        "securities": st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS)), max_size=5),
        "verification": st.tuples(st.sampled_from(["occupation", "phone", "id_valid_to"]), DAYS),
    },
)


def lived(code: str, life: dict[str, Any], as_of: dt.date) -> Rows:
    """The rows of a record's life that a night sees: no answer after its day; words of the desk as they are given."""
    owner, told = {"record_code": code}, Rows()
    if "questionnaire" in life and life["questionnaire"][0] <= as_of:
        on, valid_to, level = life["questionnaire"]
        told["questionnaire"] = [
            {
                "questionnaire_code": code,
                "answered_on": on,
                "valid_to": valid_to,
                "risk_level": level,
                **owner,
            }
        ]
    told["securities_account"] = [
        {
            "market": "sh", "securities_account_code": f"{code}{n}", "account_code": code, "opened_on": opened_on,
            "closed_on": closed_on,
        }
        for n, (opened_on, closed_on) in enumerate(life.get("securities", []))
        if opened_on <= as_of
    ]  # fmt: skip
    if "verification" in life:
        fact, on = life["verification"]
        told["returned_verification"] = [
            {
                "verification_key": code, "client_id": "C", "conflict_key": code, "golden_field": fact,
                "finding": "one_is_right", "verified_on": on, "verified_at": dt.datetime.combine(on, dt.time(3)),
                **owner,
            }
        ]  # fmt: skip
    return told
