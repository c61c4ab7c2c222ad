"""Chapter 4, section 8. What falls short in a client's data: missing, expired, misread, contradictory (R006, R213)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from keepwell.engine.identity.rules.gaps import data_gap
from keepwell.policy.packs import Packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
WHOLE = {
    "sex": "male", "nationality": "中国", "occupation": "teacher", "id_valid_to": dt.date(2036, 1, 5),
}  # fmt: skip
STANDARD = {
    "client_name": "陈志远",
    "id_number": "11010519491231002X",
    "phone": "13800005678",
    "address": "解放路",
}
PERSON = {"client_id": "C", "client_kind": "person", "population": "existing", "id_kind": "resident"}


def firm(raw: dict[str, Any], standard: dict[str, Any], **client: Any) -> dict[str, Rows]:
    """One client with one record; what is not given is there and right."""
    told = WHOLE | raw
    known = {"id_valid_to": told["id_valid_to"], "id_is_valid": True}
    return {
        "client": [PERSON | known | client],
        "client_record": [{"record_code": "R1", "client_id": "C"}],
        "customer_record": [{"record_code": "R1", **told}],
        "record_identity": [{"record_code": "R1", **STANDARD, **standard}],
    }


def gaps(tables: dict[str, Rows], packs: Packs | None = None) -> list[tuple[Any, ...]]:
    rows = decide(data_gap, tables, as_of=AS_OF, packs=packs)
    return sorted((row["golden_field"], row["gap_kind"], row["is_required"], row["since_on"]) for row in rows)


def test_r006_whose_facts_are_all_there_and_in_force_has_no_gap() -> None:
    assert gaps(firm({}, {})) == []


@pytest.mark.parametrize("fact", ["sex", "nationality", "occupation"])
def test_r006_a_fact_that_no_record_holds_is_missing(fact: str) -> None:
    assert gaps(firm({fact: None}, {})) == [(fact, "missing", True, None)]


@pytest.mark.parametrize("fact", ["phone", "address", "id_number"])
def test_r006_a_placeholder_is_no_value(fact: str) -> None:
    """What standardizing masked (a row of zeros, the firm's own hotline) is missing like what was never written."""
    assert (fact, "missing", True, None) in gaps(firm({}, {fact: None}, id_is_valid=fact != "id_number"))


def test_r006_what_another_record_of_the_client_holds_is_not_missing() -> None:
    tables = firm({"occupation": None}, {"phone": None})
    tables["client_record"] = [*tables["client_record"], {"record_code": "R2", "client_id": "C"}]
    tables["customer_record"] = [*tables["customer_record"], {"record_code": "R2", **WHOLE}]
    tables["record_identity"] = [*tables["record_identity"], {"record_code": "R2", **STANDARD}]
    assert gaps(tables) == []


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (AS_OF, []),
        (dt.date(2026, 11, 19), [("id_valid_to", "expired", True, AS_OF)]),
    ],
)
def test_r213_a_document_is_expired_from_the_day_after_its_last(until: dt.date, expected: Any) -> None:
    assert gaps(firm({"id_valid_to": until}, {})) == expected


@pytest.mark.parametrize(("kind", "is_gap"), [("resident", True), ("passport", False)])
def test_r213_a_number_is_misread_where_documents_of_its_kind_have_a_check_digit(
    kind: str, is_gap: bool
) -> None:
    expected = [("id_number", "misread", True, None)] if is_gap else []
    assert gaps(firm({}, {}, id_kind=kind, id_is_valid=False)) == expected


def test_r213_a_fact_with_two_open_conflicts_is_one_gap_and_a_settled_one_is_none() -> None:
    tables = firm({}, {})
    tables["identity_conflict"] = [
        {"conflict_key": key, "client_id": "C", "golden_field": fact, "since_on": on, "settled_on": settled}
        for key, fact, on, settled in (
            ("a", "id_number", dt.date(2025, 3, 1), None),
            ("b", "id_number", dt.date(2024, 3, 1), None),
            ("c", "phone", dt.date(2024, 3, 1), AS_OF),
            ("d", "income_band", dt.date(2024, 3, 1), None),
            ("e", None, dt.date(2024, 3, 1), None),
        )
    ]
    assert gaps(tables) == [
        ("id_number", "differs", True, dt.date(2024, 3, 1)),
        ("income_band", "differs", False, dt.date(2024, 3, 1)),
    ]


@pytest.mark.parametrize("population", ["closed", "not_yet_opened"])
def test_r002_whoever_is_no_client_today_has_nothing_to_mend(population: str) -> None:
    assert gaps(firm({"sex": None}, {}, population=population)) == []


def test_r003_a_product_is_not_asked_for_its_sex() -> None:
    bare = dict.fromkeys(("sex", "nationality", "occupation"))
    assert (
        gaps(firm(bare, {"phone": None, "address": None}, client_kind="product", id_kind="registration"))
        == []
    )


def test_r230_the_firm_signs_which_facts_are_asked_for(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs("remediation", '["client_name", "sex", ', '["client_name", ')
    assert gaps(firm({"sex": None}, {}), packs) == []


def test_r233_nothing_but_identity_facts_is_read() -> None:
    """The one reading list of the rule: no rating, alert or list of anybody's is among it."""
    assert set(data_gap.__annotations__) - {"return", "packs", "as_of"} == {
        "client", "client_record", "customer_record", "record_identity", "identity_conflict",
    }  # fmt: skip
