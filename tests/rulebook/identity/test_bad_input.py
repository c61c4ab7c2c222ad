"""Chapter 4, section 7. Bad input: nothing stops the night, nobody is joined wrongly, the case lands in its queue."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest

from keepwell.contract import TABLES
from keepwell.engine.identity.rules import chosen, conflicts, links, pairs, resolve, standard
from keepwell.engine.stage import Rule
from tests.book import Rows, decide
from tests.rulebook.identity.test_scores import likely_of

WANG, TWIN, FIFTEEN = "11010519491231002X", "110105194912310046", "110105491231002"
BORN = dt.date(1949, 12, 31)
HOME = "朝阳区北京路8号2栋1单元501室"
CLIENTS = Rule((TABLES["client_record"],), resolve.client_record, arrays=True)


def record(code: str, name: str = "王伟", **facts: Any) -> dict[str, Any]:
    given = {"branch_code": "B1", "client_kind": "person", "client_name": name, "id_kind": "resident"}
    return {"record_code": code, "opened_on": dt.date(2015, 1, int(code)), **given, **facts}


@cache
def _readings() -> Rows:
    return [
        row for row in standard.reading()["reading"].to_pylist() if row["letter"] in "王伟李娜张敏龙见买提"
    ]


class Night:
    """What a night makes of some records: standard form, clients, the steward's queue and the branch's work list."""

    def __init__(self, records: Rows) -> None:
        self.facts = decide(standard.record_identity, {"customer_record": records, "reading": _readings()})
        shared = decide(links.record_link, {"record_identity": self.facts})
        likely = likely_of(self.facts, shared)
        owned = decide(
            CLIENTS,
            {
                "record_identity": self.facts,
                "record_link": shared,
                "pair_score": likely,
                "customer_record": records,
            },
        )
        self.clients = {row["record_code"]: row["client_id"] for row in owned}
        self._given = {"record_identity": self.facts, "client_record": owned}
        self._shared, self._likely, self._records = shared, likely, records

    def queue(self) -> set[tuple[str, str, str]]:
        """Pairs that wait, with the reason."""
        rows = decide(
            pairs.identity_pair, {**self._given, "record_link": self._shared, "pair_score": self._likely}
        )
        return {(row["left_code"], row["right_code"], row["pair_reason"]) for row in rows}

    def conflicts(self) -> set[str]:
        """Reasons on the branch's work list."""
        told = decide(chosen.golden_field, {**self._given, "customer_record": self._records})
        rows = decide(conflicts.identity_conflict, {**self._given, "golden_field": told})
        return {row["conflict_reason"] for row in rows}


def test_r008_a_wrong_check_digit_joins_nobody_and_is_to_be_found_out() -> None:
    wrong = WANG[:-1] + "1"
    assert Night([record("01", id_number=wrong), record("02", "李娜", id_number=wrong)]).clients == {
        "01": "C01",
        "02": "C02",
    }
    night = Night(
        [
            record("01", id_number=WANG, phone="13912345678"),
            record("02", id_number=wrong, phone="13912345678"),
        ]
    )
    assert set(night.clients.values()) == {"C01"}
    assert "number_misread" in night.conflicts()


@pytest.mark.parametrize(
    "number",
    ["0" * 18, "0" * 15, "00000", "1" * 18, "E00000000", "123456789012345678", "无", " ", "０００００００"],
)
def test_r210_a_placeholder_is_no_number(number: str) -> None:
    night = Night([record("01", id_number=number), record("02", "李娜", id_number=number)])
    assert [row["id_number"] for row in night.facts] == [None, None]
    assert night.clients == {"01": "C01", "02": "C02"}
    assert night.queue() == set()


def test_r210_the_hotline_as_the_phone_of_three_thousand_clients_joins_and_asks_nobody() -> None:
    names = [chr(0x4E00 + n) + chr(0x5E00 + n % 500) for n in range(3_000)]
    rows = [
        {
            "record_code": f"{n:05}", "branch_code": "B1", "client_kind": "person", "client_name": name,
            "phone": "95500", "opened_on": dt.date(2015, 1, 1), "birth_on": BORN + dt.timedelta(days=3 * n),
        }
        for n, name in enumerate(names)
    ]  # fmt: skip
    night = Night(rows)
    assert len(set(night.clients.values())) == 3_000
    assert night.queue() == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", " 王\u3000伟 "),
        ("王伟", "王\u200b伟\ufeff"),
        ("王伟", "王\u00a0伟"),
        ("ANNA LI", "Ａnna　Ｌi"),
        ("李见龙", "李⻅⻰"),
        ("一龙", "⼀龙"),
        ("买提·王", "买提•王"),
        ("买提·王", "买提・王"),
        ("李𠮷䶮", "李𠮷 䶮"),
    ],
    ids=[
        "spaces", "unseen", "no-break", "full width", "radicals", "Kangxi", "dot", "katakana dot", "rare letters"
    ],
)  # fmt: skip
def test_r210_one_name_written_in_many_ways_is_one_name(one: str, other: str) -> None:
    night = Night([record("01", one, phone="13912345678"), record("02", other, phone="139 1234 5678")])
    assert len({row["client_name"] for row in night.facts}) == 1
    assert set(night.clients.values()) == {"C01"}


def test_r210_fifteen_digits_are_the_same_number_whatever_is_wrong_in_them_stops_nothing() -> None:
    night = Night(
        [
            record("01", id_number=WANG),
            record("02", id_number=FIFTEEN),
            record("03", id_number="110105499931002"),
        ]
    )
    assert night.clients == {"01": "C01", "02": "C01", "03": "C03"}
    assert [row["id_is_valid"] for row in night.facts] == [True, True, False]


def test_r210_a_renewed_passport_is_one_client_by_other_facts_or_waits() -> None:
    renewed = [
        record(code, "ANNA SMITH", id_kind="passport", id_number=number, birth_on=BORN, phone="13912345678")
        for code, number in (("01", "E12345678"), ("02", "E87654321"))
    ]
    assert set(Night(renewed).clients.values()) == {"C01"}
    moved = Night([renewed[0], {**renewed[1], "phone": "13898765432"}])
    assert set(moved.clients.values()) == {"C01"}
    doubtful = Night([renewed[0], {**renewed[1], "phone": "13898765432", "client_name": "ANNE SMITS"}])
    assert doubtful.clients == {"01": "C01", "02": "C02"}
    assert doubtful.queue() == {("01", "02", "between_thresholds")}


def test_r211_twins_with_one_name_and_birthday_stay_two_and_wait() -> None:
    one = {"birth_on": BORN, "phone": "13912345678", "address": HOME}
    night = Night([record("01", id_number=WANG, **one), record("02", id_number=TWIN, **one)])
    assert [row["id_is_valid"] for row in night.facts] == [True, True]
    assert night.clients == {"01": "C01", "02": "C02"}
    assert night.queue() == {("01", "02", "two_valid_ids")}


@pytest.mark.parametrize("number", [None, TWIN[:-1] + "0"], ids=["none", "misread"])
def test_r211_a_twin_whose_number_is_missing_or_misread_waits_and_is_not_joined(number: str | None) -> None:
    one = {"birth_on": BORN, "phone": "13912345678", "address": HOME}
    night = Night(
        [record("01", "王伟娜", id_number=WANG, **one), record("02", "王伟敏", id_number=number, **one)]
    )
    assert night.clients == {"01": "C01", "02": "C02"}
    assert night.queue() == {("01", "02", "between_thresholds")}


def test_r211_a_household_with_one_phone_and_address_is_not_one_client() -> None:
    one = {"phone": "13912345678", "address": HOME}
    night = Night([record("01", "王伟", birth_on=BORN, **one), record("02", "李娜", **one)])
    assert night.clients == {"01": "C01", "02": "C02"}


def test_r008_one_valid_number_under_two_names_waits_whatever_else_agrees() -> None:
    one = {"id_number": WANG, "birth_on": BORN, "phone": "13912345678", "address": HOME}
    night = Night([record("01", "王伟", **one), record("02", "李娜", **one)])
    assert night.clients == {"01": "C01", "02": "C02"}
    assert night.queue() == {("01", "02", "same_id_other_name")}
    assert "number_elsewhere" in night.conflicts()


def test_r211_a_company_with_a_persons_phone_name_and_address_is_another_client() -> None:
    one = {"phone": "13912345678", "address": HOME}
    company = record("02", client_kind="company", **one) | {"id_kind": "credit_code"}
    night = Night([record("01", **one), company])
    assert night.clients == {"01": "C01", "02": "C02"}
    assert night.queue() == set()


def test_r210_a_hundred_thousand_records_under_one_key_are_linked_by_nothing() -> None:
    """The cap counts before anything is paired, so the work grows with the records."""
    rows = [
        {"record_code": f"{n:06}", "client_kind": "person", "client_name": "王伟", "name_reading": "wang wei",
         "phone": "13912345678", "email": "a@example.com", "birth_on": BORN, "address": HOME}
        for n in range(100_000)
    ]  # fmt: skip
    assert decide(links.record_link, {"record_identity": rows}) == []
