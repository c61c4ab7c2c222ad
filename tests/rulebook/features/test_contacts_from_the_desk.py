"""Chapter 5, continued. Contacts of the desk are contacts of the client (R101), whoever the client was then."""

import datetime as dt
from typing import Any

from tests.small_firm import AS_OF, ago, coverage, features, firm


def returned(record: str, on: dt.date, outcome: str = "reached", key: str = "1") -> dict[str, Any]:
    act = {"contact_key": key, "client_id": "whoever it was", "record_code": record}
    return {**act, "contacted_on": on, "outcome": outcome}


def delivered(record: str, on: dt.date) -> dict[str, Any]:
    act = {"contact_code": f"{record}/{on}", "record_code": record}
    return {**act, "contacted_on": on, "known_on": on, "outcome": "reached"}


def test_r101_a_contact_of_the_desk_is_the_last_contact_and_is_counted() -> None:
    acts = [returned("wang", ago(3)), returned("wang", ago(200), key="2")]
    row = features(firm("wang", contact=[delivered("wang", ago(40))], returned_contact=acts))["wang"]
    assert (row["last_contact_on"], row["days_since_contact"]) == (ago(3), 3)
    assert (row["n_contacts_90d"], row["n_contacts_365d"]) == (2, 3)


def test_r101_who_did_not_answer_was_not_contacted_and_a_day_ahead_is_not_known() -> None:
    acts = [returned("wang", ago(3), "no_answer"), returned("wang", AS_OF + dt.timedelta(days=1), key="2")]
    row = features(firm("wang", returned_contact=acts))["wang"]
    assert (row["last_contact_on"], row["n_contacts_365d"]) == (None, 0)


def test_r210_after_a_split_a_contact_goes_with_its_customer_number() -> None:
    tables = firm("wang", "li", returned_contact=[returned("wang-2", ago(1))])
    merged = [{"record_code": code, "client_id": "wang"} for code in ("wang", "wang-2", "li")]
    before = features({**tables, "client_record": merged})
    assert before["wang"]["n_contacts_90d"] == 1
    split = [
        {"record_code": "wang", "client_id": "wang"},
        {"record_code": "wang-2", "client_id": "li"},
    ]
    after = features({**tables, "client_record": split})
    assert (after["wang"]["n_contacts_90d"], after["li"]["n_contacts_90d"]) == (0, 1)


def test_r024_where_neither_the_firm_nor_the_desk_tells_contacts_nobody_knows_how_many() -> None:
    row = features(firm("wang", source_coverage=coverage("contact")))["wang"]
    assert row["n_contacts_90d"] is None
