"""Chapter 4. One client over many customer records (R001, R210), never across two valid documents."""

import datetime as dt
from functools import cache
from typing import Any

from keepwell.contract import TABLES
from keepwell.engine.identity.rules import links, resolve, standard
from keepwell.engine.identity.stage import STAGE
from keepwell.engine.stage import Rule
from tests.book import Rows, decide

LETTERS = "王伟炜李四娜张敏刘洋陈静杨帆某公司"
WANG, LI = "11010519491231002X", "330106198805120015"


def record(code: str, **facts: Any) -> dict[str, Any]:
    given = {"branch_code": "B1", "client_kind": "person", "client_name": "王伟", "id_kind": "resident"}
    return {"record_code": code, "opened_on": dt.date(2015, 1, int(code)), **given, **facts}


def resolved(records: Rows, **tables: Rows) -> dict[str, str]:
    """Customer number -> client, through the three rules that decide it."""
    return {row["record_code"]: row["client_id"] for row in decided(records, **tables)}


def decided(records: Rows, **tables: Rows) -> Rows:
    """The records with their clients."""
    standards = standards_of(records)
    given = {name: tables.get(name, []) for name in ("investor", "bank_link", "account")}
    shared = decide(links.record_link, {"record_identity": standards, **given})
    rule = Rule((TABLES["client_record"],), resolve.client_record, arrays=True)
    given = {name: tables.get(name, []) for name in ("returned_judgement", "parent_client_record")}
    return decide(
        rule,
        {"record_identity": standards, "record_link": shared, "customer_record": records, **given},
    )


def standards_of(records: Rows) -> Rows:
    """The records' identity facts in standard form."""
    return decide(standard.record_identity, {"customer_record": records, "reading": _readings()})


@cache
def _readings() -> Rows:
    """Only the letters these tests need: the whole table has 20,924."""
    return [row for row in standard.reading()["reading"].to_pylist() if row["letter"] in LETTERS]


def test_r210_the_same_valid_number_and_name_are_one_client_over_branches() -> None:
    assert resolved([record("01", id_number=WANG), record("02", id_number=WANG, branch_code="B2")]) == {
        "01": "C01",
        "02": "C01",
    }


def test_r210_a_fifteen_digit_number_is_the_same_as_its_eighteen() -> None:
    assert set(
        resolved([record("01", id_number="110105491231002"), record("02", id_number=WANG)]).values()
    ) == {"C01"}


def test_r210_lower_case_full_width_and_spaces_do_not_matter() -> None:
    records = [
        record("01", id_number=WANG),
        record("02", id_number=" 11010519491231002ｘ ", client_name="王 伟"),
    ]
    assert set(resolved(records).values()) == {"C01"}


def test_r210_names_that_sound_alike_agree() -> None:
    assert set(
        resolved([record("01", id_number=WANG), record("02", id_number=WANG, client_name="王炜")]).values()
    ) == {"C01"}


def test_r008_the_same_number_under_another_name_is_a_conflict_not_a_client() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG, client_name="李四")]
    assert resolved(records) == {"01": "C01", "02": "C02"}


def test_r210_a_wrong_check_digit_links_nobody() -> None:
    records = [record("01", id_number="110105194912310021"), record("02", id_number="110105194912310021")]
    assert resolved(records) == {"01": "C01", "02": "C02"}


def test_r210_placeholders_link_nobody() -> None:
    records = [record("01", phone="13800138000"), record("02", phone="13800138000")]
    assert resolved(records) == {"01": "C01", "02": "C02"}


def test_r210_phone_and_name_link_records_without_a_document() -> None:
    records = [record("01", id_number=WANG, phone="13912345678"), record("02", phone="+86 139-1234-5678")]
    assert set(resolved(records).values()) == {"C01"}


def test_r210_a_name_that_says_nothing_links_nobody() -> None:
    records = [record(code, phone="13912345678", client_name="未知") for code in ("01", "02")]
    assert resolved(records) == {"01": "C01", "02": "C02"}


def test_r210_a_phone_that_many_names_share_is_a_hub() -> None:
    names = ["王伟", "王伟", "李娜", "张敏", "刘洋", "陈静", "杨帆"]
    records = [
        record(f"{n:02}", client_name=name, phone="13912345678") for n, name in enumerate(names, start=1)
    ]
    assert len(set(resolved(records).values())) == len(names)


def test_r210_two_valid_numbers_never_meet_even_through_a_third_record() -> None:
    records = [
        record("01", id_number=WANG, phone="13912345678"),
        record("02", phone="13912345678", email="w@example.com"),
        record("03", id_number=LI, email="w@example.com"),
    ]
    found = resolved(records)
    assert found["01"] == found["02"] != found["03"]


def test_r003_a_company_is_linked_by_its_credit_code() -> None:
    company = {"client_kind": "company", "client_name": "某某公司", "id_kind": "credit_code"}
    code = "91350100M000100Y43"
    assert set(
        resolved([record("01", **company, id_number=code), record("02", **company, id_number=code)]).values()
    ) == {"C01"}


def test_r210_the_clearing_house_code_links_when_the_name_agrees() -> None:
    codes = [{"record_code": code, "investor_code": "180000000001"} for code in ("01", "02", "03")]
    records = [record("01"), record("02"), record("03", client_name="李四")]
    assert resolved(records, investor=codes) == {"01": "C01", "02": "C01", "03": "C03"}


def test_r210_the_order_of_the_delivery_does_not_matter() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG), record("03", phone="13912345678")]
    assert resolved(records) == resolved(records[::-1])


def test_r210_every_single_wrong_digit_breaks_the_check_digit() -> None:
    wrong = [WANG[:place] + str((int(WANG[place]) + 1) % 10) + WANG[place + 1 :] for place in range(17)]
    records = [record(f"{place + 1:02}", id_number=number) for place, number in enumerate(wrong)]
    rows = decide(standard.record_identity, {"customer_record": records, "reading": _readings()})
    assert [row["id_is_valid"] for row in rows] == [False] * 17


def test_r001_every_rule_of_the_room_writes_a_contract_table() -> None:
    assert {table.writer for table in STAGE.writes} == {"identity"}
