"""Chapter 4, section 3. Where each value comes from: whose value counts, by what signed rule, and who gives way."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from keepwell.contract.golden import Fact
from keepwell.engine.identity.rules import chosen, golden
from keepwell.policy.packs import Packs
from tests.book import Rows, decide

AS_OF = dt.date(2026, 11, 20)
OLD, NEW = dt.date(2015, 1, 5), dt.date(2020, 1, 6)
WANG, LI = "11010519491231002X", "440308199901010012"
Record = dict[str, Any]
STANDARD = ("id_number", "id_is_valid", "phone", "email", "address", "client_name")


def firm(*records: Record, closed: tuple[str, ...] = ()) -> dict[str, Rows]:
    """The records R1, R2 … of one client, data from 2015 on, each a year younger than the one before."""
    named = [
        {
            "record_code": f"R{n}", "client_name": "王伟", "opened_on": OLD,
            "updated_on": OLD.replace(year=OLD.year + n), **record,
        }
        for n, record in enumerate(records, start=1)
    ]  # fmt: skip
    return {
        "client_record": [
            {
                "record_code": one["record_code"], "client_id": "C", "branch_code": f"B{one['record_code'][1:]}",
                "opened_on": one["opened_on"], "closed_on": NEW if one["record_code"] in closed else None,
            }
            for one in named
        ],
        "customer_record": [{key: value for key, value in one.items() if key != "id_is_valid"} for one in named],
        "record_identity": [
            {key: value for key, value in one.items() if key in ("record_code", *STANDARD)} for one in named
        ],
    }  # fmt: skip


def fields(tables: dict[str, Rows], packs: Packs | None = None) -> dict[str, list[dict[str, Any]]]:
    """The rows of each fact, the chosen value first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in decide(chosen.golden_field, tables, as_of=AS_OF, packs=packs):
        found.setdefault(row["golden_field"], []).append(row)
    return {name: sorted(rows, key=lambda row: row["standing"]) for name, rows in found.items()}


def winner(tables: dict[str, Rows], fact: Fact, packs: Packs | None = None) -> tuple[str, str]:
    """Whose value counts, and why."""
    (row,) = [row for row in fields(tables, packs)[str(fact)] if row["standing"] == "chosen"]
    return row["record_code"], row["golden_reason"]


def verified(code: str, fact: Fact, on: dt.date = AS_OF) -> dict[str, Any]:
    return {"verification_key": "1", "record_code": code, "golden_field": str(fact), "finding": "one_is_right",
            "verified_on": on}  # fmt: skip


def test_r006_the_latest_data_count_where_facts_change() -> None:
    assert winner(firm({"occupation": "teacher"}, {"occupation": "retired"}), Fact.OCCUPATION) == (
        "R2",
        "latest",
    )


def test_r006_an_open_record_stands_before_a_closed_one() -> None:
    tables = firm({"occupation": "teacher"}, {"occupation": "retired"}, closed=("R2",))
    assert winner(tables, Fact.OCCUPATION) == ("R1", "open")


def test_r006_facts_that_do_not_change_follow_the_majority() -> None:
    tables = firm({"sex": "female"}, {"sex": "female"}, {"sex": "male"})
    assert winner(tables, Fact.SEX) == ("R2", "frequent")


def test_r006_a_valid_number_stands_before_one_that_is_not() -> None:
    tables = firm({"id_number": WANG, "id_is_valid": True}, {"id_number": "110105194912310021"})
    assert winner(tables, Fact.ID_NUMBER) == ("R1", "valid")


def test_r212_what_was_verified_with_the_client_stands_before_everything() -> None:
    tables = firm({"occupation": "teacher"}, {"occupation": "retired"}, closed=("R1",))
    tables["returned_verification"] = [verified("R1", Fact.OCCUPATION)]
    assert winner(tables, Fact.OCCUPATION) == ("R1", "verified")


def test_r212_a_verification_lapses_when_the_record_changes_after_it() -> None:
    tables = firm({"occupation": "teacher"}, {"occupation": "retired"})
    tables["returned_verification"] = [verified("R1", Fact.OCCUPATION, OLD)]
    assert winner(tables, Fact.OCCUPATION) == ("R2", "latest")


def test_r212_that_all_values_are_right_chooses_none() -> None:
    tables = firm({"phone": "13912345678"}, {"phone": "13800000001"})
    tables["returned_verification"] = [verified("R1", Fact.PHONE) | {"finding": "all_are_right"}]
    assert winner(tables, Fact.PHONE) == ("R2", "latest")


def test_r006_a_value_that_only_one_record_has_and_one_that_all_share_say_so() -> None:
    tables = firm({"occupation": "teacher", "sex": "male"}, {"sex": "male"})
    assert winner(tables, Fact.OCCUPATION) == ("R1", "only")
    assert winner(tables, Fact.SEX) == ("R2", "agreed")
    assert len(fields(tables)["sex"]) == 1  # one row says it for all of them


def test_r006_where_nothing_tells_records_apart_the_lowest_number_counts() -> None:
    same = {"updated_on": NEW}
    tables = firm({"occupation": "teacher", **same}, {"occupation": "retired", **same})
    assert winner(tables, Fact.OCCUPATION) == ("R1", "first")


def test_r026_the_level_that_counts_is_the_latest_declared() -> None:
    tables = firm({}, {})
    tables["questionnaire"] = [
        {
            "questionnaire_code": code, "record_code": record, "risk_level": level, "answered_on": on,
            "answered_at": dt.datetime(on.year, on.month, on.day, 3),  # noqa: DTZ001 - UTC without a zone in Arrow
        }
        for code, record, level, on in (
            ("Q1", "R1", "C4", dt.date(2026, 3, 2)), ("Q2", "R2", "C2", dt.date(2025, 3, 2)),
            ("Q0", "R1", "C1", dt.date(2020, 3, 2)),
        )
    ]  # fmt: skip
    assert winner(tables, Fact.RISK_LEVEL) == ("R1", "latest")
    assert {row["shown_value"] for row in fields(tables)["risk_level"]} == {"C4", "C2"}


def test_r006_every_other_value_is_there_with_its_record_and_how_it_stands() -> None:
    tables = firm({"occupation": "teacher"}, {"occupation": "retired"}, {"occupation": "retired"})
    told = {row["record_code"]: (row["standing"], row["shown_value"]) for row in fields(tables)["occupation"]}
    assert told == {"R1": ("differs", "teacher"), "R2": ("agrees", "retired"), "R3": ("chosen", "retired")}


def test_r242_neither_the_order_of_rows_nor_the_threads_change_what_is_chosen() -> None:
    tables = firm(
        {"occupation": "teacher", "sex": "male"}, {"occupation": "doctor", "sex": "male", "phone": "13912345678"},
        {"occupation": "teacher", "sex": "female", "updated_on": NEW}, {"occupation": "doctor", "updated_on": NEW},
    )  # fmt: skip
    turned = {name: list(reversed(rows)) for name, rows in tables.items()}
    assert decide(chosen.golden_field, turned, as_of=AS_OF, threads=4) == decide(
        chosen.golden_field, tables, as_of=AS_OF, threads=1
    )


def test_r233_secrets_are_masked_and_told_apart_by_their_marks() -> None:
    one = {"id_number": WANG, "id_is_valid": True, "phone": "13912345678", "email": "wei@example.com",
           "address": "上海市浦东新区世纪大道1号"}  # fmt: skip
    found = fields(firm(one, {**one, "phone": "13987655678", "address": "河北省某地2号"}))
    shown = {name: {row["shown_value"] for row in rows} for name, rows in found.items()}
    assert shown["id_number"] == {"110105********002X"}
    assert shown["email"] == {"w***@example.com"}
    assert shown["phone"] == {"139****5678"}
    assert shown["address"] == {"上海市浦东新区***", "河北***"}
    assert len({row["value_mark"] for row in found["phone"]}) == 2
    assert {row["standing"] for row in found["phone"]} == {"chosen", "differs"}


def test_r001_a_client_with_one_record_has_no_rows_and_all_of_its_values() -> None:
    tables = firm({"occupation": "teacher"})
    assert fields(tables) == {}
    accounts = {"client_account": [], "branch": [{"branch_code": "B1", "city": "杭州"}]}
    (row,) = decide(golden.client, {**tables, **accounts}, as_of=AS_OF)
    assert (row["occupation"], row["client_name"]) == ("teacher", "王伟")


def test_r006_the_golden_record_is_made_of_the_chosen_values() -> None:
    tables = firm(
        {
            "occupation": "teacher",
            "id_number": WANG,
            "id_is_valid": True,
            "id_kind": "resident",
            "sex": "male",
        },
        {"occupation": "retired", "id_number": LI, "id_kind": "other", "phone": "13912345678"},
    )
    tables["golden_field"] = decide(chosen.golden_field, tables, as_of=AS_OF)
    tables["branch"] = [{"branch_code": code, "city": "杭州"} for code in ("B1", "B2")]
    (row,) = decide(golden.client, tables, as_of=AS_OF)
    names = ("occupation", "sex", "id_kind", "id_is_valid", "id_masked", "phone_masked")
    assert [row[name] for name in names] == [
        "retired", "male", "resident", True, "110105********002X", "139****5678",
    ]  # fmt: skip


def test_r230_the_firm_signs_whose_value_counts(firm_packs: Callable[..., Packs]) -> None:
    packs = firm_packs(
        "identity",
        '"occupation", "income_band", "phone", "email", "address"]\nprefers = ["verified", "open", "latest"]',
        '"occupation", "income_band", "phone", "email", "address"]\nprefers = ["frequent", "latest"]',
    )
    tables = firm({"occupation": "teacher"}, {"occupation": "teacher"}, {"occupation": "retired"})
    assert winner(tables, Fact.OCCUPATION) == ("R3", "latest")
    assert winner(tables, Fact.OCCUPATION, packs) == ("R2", "frequent")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fields = ["risk_level"]', 'fields = ["risk_level", "sex"]'),
        ('fields = ["client_kind", "client_name"', 'fields = ["client_name"'),
        ('prefers = ["latest"]', 'prefers = ["only"]'),
        ('prefers = ["latest"]', 'prefers = ["latest", "latest"]'),
        ('conflict = "two_emails"\nseverity = "low"', 'conflict = "two_emails"\nseverity = "high"'),
        ('conflict = "two_emails"', 'conflict = "two_phones"'),
    ],
)
def test_r230_a_pack_that_forgets_or_doubles_is_refused(
    firm_packs: Callable[..., Packs], old: str, new: str
) -> None:
    with pytest.raises(ValueError, match=r"each|no preference twice|gravest"):
        firm_packs("identity", old, new)
