"""Chapter 4. Records that share no key are compared, weighed and merged or asked about (R008, R211)."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from keepwell.contract import TABLES
from keepwell.contract.codes import EvidenceField
from keepwell.engine.identity.rules import compared, evidence, links, pairs, resolve, scores
from keepwell.engine.stage import Rule
from tests.book import Rows, decide, packs_of
from tests.rulebook.identity.test_one_client import LI, WANG, record, standards_of

PACKS = packs_of(dt.date(2026, 11, 20))
BORN = dt.date(1980, 5, 17)
HOME = "上海市徐汇区学府路51号春晖小区1栋403室"
NONE: dict[str, Rows] = {"investor": [], "bank_link": [], "account": []}


def block(n_next: int) -> Any:
    """The pack with one block, all of one name, each record compared with the next few."""
    scoring = PACKS.identity.scoring
    (first, *_others) = scoring.blocks
    only = dataclasses.replace(first, fields=("spoken",), order=("birth_on",), n_next=n_next)
    asked = dataclasses.replace(scoring, blocks=(only,), asks_at_share=Decimal("0.000001"))
    return dataclasses.replace(PACKS, identity=dataclasses.replace(PACKS.identity, scoring=asked))


def scored(records: Rows, packs: Any = PACKS) -> dict[tuple[str, str], Decimal]:
    standards = standards_of(records)
    shared = decide(links.record_link, {"record_identity": standards, **NONE}, packs=packs)
    rows = likely_of(standards, shared, packs)
    return {(row["left_code"], row["right_code"]): row["score"] for row in rows}


def likely_of(standards: Rows, shared: Rows, packs: Any = PACKS) -> Rows:
    """The scored pairs of records in standard form, through the three rules that decide them."""
    facts = decide(evidence.record_fact, {"record_identity": standards, **NONE}, packs=packs)
    met = decide(compared.pair_compared, {"record_fact": facts}, packs=packs)
    given = {"pair_compared": met, "record_fact": facts, "record_link": shared}
    return decide(scores.pair_score, given, packs=packs)


def clients(records: Rows) -> list[tuple[str, str]]:
    standards = standards_of(records)
    shared = decide(links.record_link, {"record_identity": standards, **NONE})
    likely = likely_of(standards, shared)
    rule = Rule((TABLES["client_record"],), resolve.client_record, arrays=True)
    given = {"record_identity": standards, "record_link": shared, "pair_score": likely}
    rows = decide(rule, {**given, "customer_record": records})
    return [(row["client_id"], row["link_reason"]) for row in rows]


def test_r211_facts_that_agree_without_sharing_a_key_merge_above_the_signed_threshold() -> None:
    one = {"birth_on": BORN, "email": "wangwei80@example.com"}
    records = [
        record("01", **one, phone="13912345678", address=HOME),
        record("02", **one, phone="13912345679", address=f"{HOME}A") | {"client_name": "王炜"},
    ]
    assert clients(records) == [("C01", "scored"), ("C01", "scored")]


def test_r211_facts_that_agree_in_part_wait_for_a_steward() -> None:
    records = [
        record("01", birth_on=BORN, phone="13912345678"),
        record("02", birth_on=BORN.replace(month=6), phone="13898765432"),
    ]
    ((key, score),) = scored(records).items()
    scoring = PACKS.identity.scoring
    assert key == ("01", "02")
    assert scoring.asks_at_share <= score < scoring.merges_at_share
    assert clients(records) == [("C01", "alone"), ("C02", "alone")]
    likely = [{"left_code": "01", "right_code": "02", "score": score}]
    owners = [{"record_code": code, "client_id": f"C{code}"} for code in ("01", "02")]
    rows = decide(
        pairs.identity_pair,
        {"pair_score": likely, "client_record": owners, "record_identity": standards_of(records)},
    )
    assert [(row["pair_reason"], row["score"]) for row in rows] == [("between_thresholds", score)]


def test_r211_a_common_name_weighs_less_than_a_rare_one() -> None:
    crowd = [record(f"{n:02}", birth_on=BORN + dt.timedelta(days=400 * n)) for n in range(10, 30)]
    twins = [record(code, birth_on=BORN) for code in ("01", "02")]
    packs = block(8)
    rare = [{**row, "client_name": "陈静"} for row in twins]
    assert scored([*crowd, *twins], packs)[("01", "02")] < scored([*crowd, *rare], packs)[("01", "02")]


def test_r211_twins_of_one_address_and_phone_with_valid_numbers_are_never_joined() -> None:
    one = {"birth_on": BORN, "address": HOME, "phone": "13912345678"}
    records = [record("01", id_number=WANG, **one), record("02", id_number=LI, **one)]
    assert {client for client, _reason in clients(records)} == {"C01", "C02"}


def test_r211_a_company_that_shares_a_persons_phone_is_not_compared_with_it() -> None:
    records = [
        record("01", phone="13912345678"),
        record("02", phone="13912345678", client_kind="company", id_kind="credit_code"),
    ]
    assert scored(records) == {}


def test_r211_a_group_of_any_size_is_compared_in_step_with_its_size() -> None:
    """Ten times the records under one key make ten times the pairs, not a hundred times."""
    sizes = {}
    for n in (300, 3_000):
        rows = [
            {
                "record_code": f"{k:05}", "client_kind": "person", "client_name": "王伟", "name_reading": "wang wei",
                "birth_on": dt.date(1950, 1, 1) + dt.timedelta(days=k),
            }
            for k in range(n)
        ]  # fmt: skip
        packs = block(8)
        scoring = dataclasses.replace(packs.identity.scoring, asks_at_share=Decimal("0.000001"))
        scoring = dataclasses.replace(scoring, n_strangers_at_least=1)
        wide = dataclasses.replace(packs, identity=dataclasses.replace(packs.identity, scoring=scoring))
        sizes[n] = len(likely_of(rows, [], wide))
    assert sizes[300] <= 8 * 300
    assert sizes[3_000] <= 8 * 3_000


def test_r211_more_records_than_a_key_allows_link_nobody_and_wait_once() -> None:
    cap = next(key for key in PACKS.identity.keys if key.code == "phone_name").group_at_most
    rows = standards_of([record(f"{n:02}", phone="13912345678") for n in range(1, cap + 2)])
    shared = decide(links.record_link, {"record_identity": rows, **NONE})
    owners = [{"record_code": row["record_code"], "client_id": f"C{row['record_code']}"} for row in rows]
    waiting = decide(pairs.identity_pair, {"record_identity": rows, "client_record": owners})
    assert shared == []
    assert [(row["left_code"], row["right_code"], row["pair_reason"]) for row in waiting] == [
        ("01", f"{cap + 1:02}", "too_many_share")
    ]


CODE, OTHER_CODE = "91350100M000100Y43", "91110000600007EW64"


def companies(*records: tuple[str, str, str | None]) -> list[tuple[str, str, str]]:
    """The pairs that wait, of companies with a name and a credit code each."""
    rows = standards_of([
        record(code, client_kind="company", client_name=name, id_kind="credit_code", id_number=number)
        for code, name, number in records
    ])  # fmt: skip
    owners = [{"record_code": row["record_code"], "client_id": f"C{row['record_code']}"} for row in rows]
    waiting = decide(pairs.identity_pair, {"record_identity": rows, "client_record": owners})
    return [(row["left_code"], row["right_code"], row["pair_reason"]) for row in waiting]


def test_r008_companies_of_one_name_wait_where_a_credit_code_is_missing_or_wrong() -> None:
    """Told by the name alone nothing merges, and two that pass their check are two companies."""
    name = "福州海纳贸易有限公司"
    wrong = f"{CODE[:-1]}{'4' if CODE[-1] != '4' else '5'}"
    found = companies(
        ("01", name, None),
        ("02", "福州海纳贸易有限公司 ", CODE),
        ("03", name, wrong),
        ("04", "另一家公司", None),
    )
    assert found == [("01", "02", "between_thresholds"), ("02", "03", "between_thresholds")]
    assert companies(("01", name, CODE), ("02", name, OTHER_CODE)) == []
    assert companies(("01", "未知", None), ("02", "未知", None)) == []


def test_r008_ten_times_the_companies_of_one_name_wait_in_ten_times_the_pairs() -> None:
    rows = [
        {"record_code": f"{n:03}", "client_kind": "company", "client_name": "海纳", "id_is_valid": False}
        for n in range(200)
    ]
    owners = [{"record_code": row["record_code"], "client_id": f"C{row['record_code']}"} for row in rows]
    assert len(decide(pairs.identity_pair, {"record_identity": rows, "client_record": owners})) == 199


@pytest.mark.parametrize(
    "names, level",
    [
        (("ROBERTALAN", "ROBERTSMITH"), "part"),
        (("SMITHROBERT", "ROBERTJALAN"), "part"),
        (("MAY", "MAYCURTIS"), "part"),
        (("JOHNTERTIUSEGGINTON", "JOHNEGGINTON"), "near"),
        (("EGGINTONJOHN", "JOHNXEGGINTON"), "near"),
        (("ROBERTALAN", "LILLIANWHITE"), "different"),
        (("王伟", "王强"), "different"),
        (("WANGWEI", "王强"), "different"),
    ],
)
def test_r211_a_part_of_a_name_counts_in_letters_and_never_in_characters(
    names: tuple[str, str], level: str
) -> None:
    records = [
        record(code, birth_on=BORN) | {"client_name": name}
        for code, name in zip(("01", "02"), names, strict=True)
    ]
    assert level_of(records) == level


def level_of(records: Rows) -> str:
    """How far the names of two records agree, told by what that weighs."""
    facts = decide(evidence.record_fact, {"record_identity": standards_of(records), **NONE})
    waiting = [{"left_code": "01", "right_code": "02"}]
    rows = decide(pairs.pair_evidence, {"identity_pair": waiting, "record_fact": facts})
    (weight,) = [row["weight"] for row in rows if row["evidence_field"] == "client_name"]
    told = next(one for one in PACKS.identity.scoring.weights if one.field == EvidenceField.CLIENT_NAME)
    levels = {"close": told.close_bits, "near": told.near_bits, "different": told.different_bits}
    return next((level for level, bits in levels.items() if float(bits) == weight), "part")


@pytest.mark.parametrize(
    "born", [BORN.replace(month=6), BORN.replace(month=1, day=9), None], ids=["turned", "year", "none"]
)
def test_r211_husband_and_wife_with_one_surname_phone_and_address_wait(born: dt.date | None) -> None:
    """In letters only a part of the name is the same; the day of birth must be the same, or nearly, to merge."""
    one = {"phone": "13912345678", "address": HOME}
    records = [
        record("01", birth_on=BORN.replace(day=20), **one) | {"client_name": "JOHN SMITH"},
        record("02", birth_on=born, **one) | {"client_name": "MARY SMITH"},
    ]
    assert {client for client, _reason in clients(records)} == {"C01", "C02"}


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("G41863006", True),  # one mistyped
        ("G48063006", True),  # two exchanged
        ("G4863006", True),  # one left out
        ("G40863007", False),  # the next one
        ("G40863060", False),  # given on the same day
        ("G40863", False),  # of the household
        ("G40683016", False),  # more than one slip
    ],
)
def test_r211_a_number_with_one_slip_is_one_person_s_unless_it_counts_on(number: str, is_one: bool) -> None:
    """Passports of a household are given together: what tells them apart stands in the last two places."""
    one = {"birth_on": BORN, "address": HOME, "id_kind": "passport"}
    records = [
        record("01", **one) | {"client_name": "JOHN SMITH", "id_number": "G40863006"},
        record("02", **one) | {"client_name": "J MORALES", "id_number": number},
    ]
    assert (len({client for client, _reason in clients(records)}) == 1) is is_one
