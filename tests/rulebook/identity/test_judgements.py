"""Chapter 4. What a steward says of two records outranks every rule (R210); pairs that wait for one (R008, R211)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.engine.identity.rules import chosen, evidence, judgements, links, pairs, returned
from tests.book import Rows, decide
from tests.rulebook.identity.test_one_client import LI, WANG, decided, record, resolved, standards_of

NOON = dt.datetime(2026, 11, 1, 12)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
TWO = [record("01", id_number=WANG, phone="13912345678"), record("02", id_number=LI, phone="13912345678")]


def said(left: str, right: str, judgement: str, minute: int = 0) -> dict[str, Any]:
    return {
        "judgement_key": f"{minute:02}", "left_code": left, "right_code": right, "judgement": judgement,
        "judged_at": NOON + dt.timedelta(minutes=minute),
    }  # fmt: skip


def waiting(records: Rows, acts: Rows = (), **tables: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    """The pairs of a firm by their customer numbers."""
    standards = standards_of(records)
    shared = decide(
        links.record_link,
        {"record_identity": standards, **{name: [] for name in ("investor", "bank_link", "account")}},
    )
    given = {name: tables.get(name, []) for name in ("client_account", "daily_asset")}
    rows = decide(
        pairs.identity_pair,
        {
            "record_link": shared, "record_identity": standards, "returned_judgement": acts,
            "client_record": decided(records, returned_judgement=acts), **given,
        },
    )  # fmt: skip
    return {(row["left_code"], row["right_code"]): row for row in rows}


def events(before: dict[str, str], records: Rows, acts: Rows = ()) -> list[tuple[str, ...]]:
    parent = [{"record_code": code, "client_id": client} for code, client in before.items()]
    now = decided(records, returned_judgement=acts, parent_client_record=parent)
    rows = decide(
        judgements.client_event,
        {"client_record": now, "parent_client_record": parent, "returned_judgement": acts},
    )
    names = ("record_code", "from_client_id", "to_client_id", "event", "event_reason")
    return [tuple(str(row[name]) for name in names) for row in rows]


def test_r210_the_same_joins_two_valid_numbers() -> None:
    assert resolved(TWO) == {"01": "C01", "02": "C02"}
    rows = decided(TWO, returned_judgement=[said("01", "02", "same")])
    assert {(row["client_id"], row["link_reason"]) for row in rows} == {("C01", "judged")}


def test_r210_not_the_same_parts_what_a_key_joins_even_through_a_third_record() -> None:
    records = [record(code, id_number=WANG) for code in ("01", "02", "03")]
    found = resolved(records, returned_judgement=[said("01", "03", "not_same")])
    assert found == {"01": "C01", "02": "C01", "03": "C03"}


def test_r210_of_two_judgements_of_a_pair_the_later_holds() -> None:
    acts = [said("01", "02", "same", 1), said("01", "02", "not_same", 2)]
    assert len(set(resolved(TWO, returned_judgement=acts).values())) == 2
    assert len(set(resolved(TWO, returned_judgement=[*acts, said("01", "02", "same", 3)]).values())) == 1


def test_r210_unsure_takes_an_earlier_judgement_back_and_waits() -> None:
    acts = [said("01", "02", "same", 1), said("01", "02", "unsure", 2)]
    assert len(set(resolved(TWO, returned_judgement=acts).values())) == 2
    assert waiting(TWO, acts)[("01", "02")]["pair_reason"] == "judged_unsure"


def test_r211_a_pair_that_the_veto_keeps_apart_waits_with_the_assets_of_both() -> None:
    accounts = [
        {"account_code": f"A{code}", "client_id": f"C{code}", "record_code": code} for code in ("01", "02")
    ]
    held = [{"account_code": f"A{code}", "cash_amount": Decimal(n)} for code, n in (("01", 300), ("02", 50))]
    row = waiting(TWO, client_account=accounts, daily_asset=held)[("01", "02")]
    assert (row["pair_reason"], row["at_stake_amount"]) == ("two_valid_ids", Decimal(350))
    assert (row["left_client_id"], row["right_client_id"]) == ("C01", "C02")
    assert row["waiting_since_on"] == dt.date(2015, 1, 2)


def test_r008_one_number_under_two_names_waits() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG, client_name="李四")]
    (row,) = waiting(records).values()
    assert (row["pair_reason"], row["at_stake_amount"]) == ("same_id_other_name", None)


def test_r211_who_was_judged_waits_no_more() -> None:
    assert list(waiting(TWO)) == [("01", "02")]
    assert waiting(TWO, [said("01", "02", "same")]) == {}
    assert waiting(TWO, [said("01", "02", "not_same")]) == {}


def test_r211_two_clients_wait_once_however_many_records_they_share() -> None:
    records = [*TWO, record("03", id_number=WANG, phone="13912345678")]
    assert list(waiting(records)) == [("01", "02")]


def test_r210_a_judgement_that_later_ones_contradict_waits_and_has_no_effect() -> None:
    records = [record(code) for code in ("01", "02", "03")]
    acts = [said("01", "03", "same", 1), said("01", "02", "same", 2), said("02", "03", "not_same", 3)]
    assert resolved(records, returned_judgement=acts) == {"01": "C01", "02": "C01", "03": "C03"}
    assert {key: row["pair_reason"] for key, row in waiting(records, acts).items()} == {
        ("01", "03"): "judged_against"
    }


def test_r210_a_merge_keeps_the_first_records_id_and_is_told() -> None:
    before = {"01": "C01", "02": "C02"}
    told = events(before, TWO, [said("01", "02", "same")])
    assert told == [("02", "C02", "C01", "merged", "judged_same")]


def test_r210_a_split_leaves_the_id_with_the_first_record_and_is_told() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG)]
    told = events({"01": "C01", "02": "C01"}, records, [said("01", "02", "not_same")])
    assert told == [("02", "C01", "C02", "split", "judged_not_same")]


def test_r210_a_record_that_was_opened_earlier_and_comes_later_takes_no_id() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG)]
    parent = [{"record_code": "02", "client_id": "C02"}]
    assert resolved(records, parent_client_record=parent) == {"01": "C02", "02": "C02"}
    assert events({"02": "C02"}, records) == []


def test_r210_evidence_that_is_gone_parts_what_it_joined() -> None:
    told = events({"01": "C01", "02": "C01"}, TWO)
    assert told == [("02", "C01", "C02", "split", "evidence_gone")]


def test_r210_keys_that_come_merge_clients() -> None:
    records = [record("01", id_number=WANG), record("02", id_number=WANG)]
    assert events({"01": "C01", "02": "C02"}, records) == [("02", "C02", "C01", "merged", "new_evidence")]


def test_r235_a_judgement_of_an_unknown_customer_number_is_told_apart() -> None:
    acts = [
        {"judgement_key": "1", "client_id": "C01", "left_code": "01", "right_code": "98"},
        {"judgement_key": "2", "client_id": "C97", "left_code": "97", "right_code": "98"},
        {"judgement_key": "3", "client_id": "C01", "left_code": "01", "right_code": "02"},
    ]
    rows = decide(
        returned.returned_unrouted,
        {"returned_judgement": acts, "client_record": [{"record_code": "01"}, {"record_code": "02"}]},
    )
    assert [(row["act_key"], row["record_code"], row["unrouted_reason"]) for row in rows] == [
        ("1", "98", "record_unknown"),
        ("2", "97", "record_unknown"),
    ]


def test_r008_evidence_of_a_pair_is_told_field_by_field() -> None:
    records = [
        record("01", phone="13912345678", birth_on=dt.date(1980, 5, 1), address="上海市学府路51号"),
        record("02", phone="13898765432", birth_on=dt.date(1980, 5, 11), address="上海市学府路51号春晖小区")
        | {"client_name": "王炜"},
    ]
    given = {
        "record_identity": standards_of(records),
        "investor": [{"record_code": code, "investor_code": "180000000001"} for code in ("01", "02")],
    }
    facts = decide(evidence.record_fact, given)
    waiting = [{"left_code": "01", "right_code": "02"}]
    rows = decide(pairs.pair_evidence, {"identity_pair": waiting, "record_fact": facts})
    assert {row["evidence_field"]: row["agreement"] for row in rows} == {
        "client_name": "similar", "id_number": "missing", "investor_code": "same", "bank_account": "missing",
        "birth_on": "similar", "phone": "different", "email": "missing", "address": "similar",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("score", "client", "reason", "n_told"),
    [
        ("0.99", "C01", "scored", 8),
        ("0.10", "C01", "scored", 0),
        ("0.99", "C01", "id_number", 0),
        ("0.99", "C02", "scored", 0),
    ],
    ids=["joined by it", "below the threshold", "joined by a key", "two clients"],
)
def test_r211_a_link_by_score_is_told_field_by_field(
    score: str, client: str, reason: str, n_told: int
) -> None:
    records = [record(code, phone="13912345678") for code in ("01", "02")]
    given = {
        "pair_score": [{"left_code": "01", "right_code": "02", "score": Decimal(score)}],
        "client_record": [
            {"record_code": "01", "client_id": "C01", "link_reason": "alone"},
            {"record_code": "02", "client_id": client, "link_reason": reason},
        ],
        "record_fact": decide(evidence.record_fact, {"record_identity": standards_of(records)}),
    }
    assert len(decide(pairs.pair_evidence, given)) == n_told


def test_r213_records_that_a_steward_joined_show_where_they_disagree() -> None:
    records = [{**row, "sex": sex} for row, sex in zip(TWO, ("male", "female"), strict=True)]
    given = decided(records, returned_judgement=[said("01", "02", "same")])
    rows = decide(
        chosen.golden_field,
        {"client_record": given, "customer_record": records, "record_identity": standards_of(records)},
    )
    told = {(row["record_code"], row["standing"]) for row in rows if row["golden_field"] == "sex"}
    assert told == {("01", "differs"), ("02", "chosen")}
