"""R210: whatever the records, the keys they share and what stewards said of them, these hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from keepwell.contract import TABLES
from keepwell.contract.reasons.identity import LinkReason
from keepwell.engine.identity.rules.resolve import client_record
from keepwell.policy.packs import load_packs
from tests.book import arrow_rows

PACKS = load_packs(dt.date(2026, 11, 20))
NOON = dt.datetime(2026, 11, 1, 12)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
MERGES_AT = PACKS.identity.scoring.merges_at_share
SCORES = [Decimal("0.5"), Decimal("0.998"), MERGES_AT, Decimal(1)]
KEYS = [str(key.code) for key in PACKS.identity.keys]
Row = dict[str, Any]
Clients = dict[str, str]


@st.composite
def firms(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Records with a number, a kind and an opening date, keys and scores between them, judgements of them."""
    codes = [f"{n:02d}" for n in range(draw(st.integers(2, 9)))]
    code = st.sampled_from(codes)
    records = [{"record_code": one, "opened_on": draw(st.dates(dt.date(2020, 1, 1)))} for one in codes]
    facts = [
        {"record_code": one, "id_number": number, "id_is_valid": number is not None, "client_kind": "person"}
        for one in codes
        for number in [draw(st.sampled_from([None, "A", "B", "C"]))]
    ]
    links = draw(st.lists(st.tuples(st.sampled_from(KEYS), code, code), max_size=14, unique=True))
    pairs = draw(st.dictionaries(st.tuples(code, code), st.sampled_from(SCORES), max_size=6))
    said = draw(st.lists(st.tuples(code, code, st.sampled_from(["same", "not_same", "unsure"])), max_size=7))
    return {
        "customer_record": records,
        "record_identity": facts,
        "record_link": [
            {"link_reason": key, "record_code": one, "anchor_code": other} for key, one, other in links
        ],
        "pair_score": [
            {"left_code": one, "right_code": other, "score": score}
            for (one, other), score in pairs.items()
            if one < other
        ],
        "returned_judgement": [
            {
                "judgement_key": f"{n:02d}", "left_code": min(one, other), "right_code": max(one, other),
                "judgement": word, "judged_at": NOON + dt.timedelta(minutes=n),
            }
            for n, (one, other, word) in enumerate(said) if one != other
        ],
    }  # fmt: skip


def decided(firm: dict[str, list[Row]], parent: Clients | None = None) -> list[Row]:
    tables: dict[str, pa.Table] = {}
    given_rows = {
        **firm,
        "parent_client_record": [
            {"record_code": code, "client_id": client} for code, client in (parent or {}).items()
        ],
    }
    for name, rows in given_rows.items():
        table = TABLES[name.removeprefix("parent_")]
        whole = arrow_rows(table, rows)
        tables[name] = whole.sort_by([(column, "ascending") for column in table.order])
    return list(client_record(**tables, packs=PACKS)["client_record"].to_pylist())


def clients(firm: dict[str, list[Row]], parent: Clients | None = None) -> Clients:
    return {row["record_code"]: row["client_id"] for row in decided(firm, parent)}


def last_words(firm: dict[str, list[Row]]) -> list[tuple[str, str, str]]:
    """The judgement in force of each pair, the latest first."""
    found = {(row["left_code"], row["right_code"]): row for row in firm["returned_judgement"]}
    latest = sorted(found.values(), key=lambda row: row["judged_at"], reverse=True)
    return [(row["left_code"], row["right_code"], row["judgement"]) for row in latest]


def upheld(firm: dict[str, list[Row]]) -> list[tuple[str, str, str]]:
    """Judgements that no later one contradicts, found without union-find: plain and slow."""
    groups = [{row["record_code"]} for row in firm["customer_record"]]
    apart: list[tuple[str, str]] = []
    held = []
    for left, right, word in last_words(firm):
        one = next(group for group in groups if left in group)
        other = next(group for group in groups if right in group)
        if word == "not_same" and one is not other:
            apart.append((left, right))
            held.append((left, right, word))
        if word == "same" and not any(
            {*pair} & one and {*pair} & other for pair in apart if one is not other
        ):
            held.append((left, right, word))
            if one is not other:
                groups.remove(other)
                one |= other
    return held


@given(firms())
def test_r210_judgements_outrank_every_key(firm: dict[str, list[Row]]) -> None:
    found = clients(firm)
    for left, right, word in upheld(firm):
        assert (found[left] == found[right]) == (word == "same")


@given(firms())
def test_r210_the_latest_word_of_a_pair_always_counts_before_older_ones(firm: dict[str, list[Row]]) -> None:
    sure = [word for word in last_words(firm) if word[2] != "unsure"]
    found = clients(firm)
    for left, right, word in sure[:1]:
        assert (found[left] == found[right]) == (word == "same")


@given(firms(), st.randoms(use_true_random=False))
def test_r210_the_order_of_records_links_and_judgements_does_not_matter(
    firm: dict[str, list[Row]], chance: Random
) -> None:
    mixed = {name: chance.sample(rows, len(rows)) for name, rows in firm.items()}
    assert clients(mixed) == clients(firm)


@given(firms())
def test_r210_two_valid_numbers_are_one_client_only_where_a_steward_said_so(
    firm: dict[str, list[Row]],
) -> None:
    number = {row["record_code"]: row["id_number"] for row in firm["record_identity"] if row["id_is_valid"]}
    said_alone = clients({**firm, "record_link": [], "pair_score": []})
    found = clients(firm)
    for client in set(found.values()):
        held = {number[code] for code, owner in found.items() if owner == client and code in number}
        cores = {owner for code, owner in said_alone.items() if found[code] == client}
        joined = [
            {number[code] for code, one in said_alone.items() if one == core and code in number}
            for core in cores
        ]
        assert len(held) < 2 or held in joined


@given(firms())
def test_r210_ids_persist_when_nothing_changes(firm: dict[str, list[Row]]) -> None:
    first = clients(firm)
    assert clients(firm, first) == first


@given(firms(), firms())
def test_r210_an_id_stays_with_the_record_it_was_named_after(
    before: dict[str, list[Row]], after: dict[str, list[Row]]
) -> None:
    parent = clients(before)
    found = clients(after, parent)
    together = {code: {other for other in found if found[other] == found[code]} for code in found}
    for code, client in parent.items():
        if code in found and client == f"C{code}":
            kept = [name for name in set(parent.values()) if holder(name, parent, after) in together[code]]
            assert found[code] in kept


def holder(client: str, parent: Clients, firm: dict[str, list[Row]]) -> str | None:
    """The record that holds an id: the one it is named after, else the first opened that is left of the client."""
    rows = sorted(firm["customer_record"], key=lambda row: (row["opened_on"], row["record_code"]))
    codes = [row["record_code"] for row in rows]
    left = [code for code in codes if parent.get(code) == client]
    return client[1:] if client[1:] in codes else next(iter(left), None)


@given(firms(), firms())
def test_r210_a_cluster_has_one_id_and_an_id_one_cluster(
    before: dict[str, list[Row]], after: dict[str, list[Row]]
) -> None:
    fresh, found = clients(after), clients(after, clients(before))
    pairs = {(fresh[code], found[code]) for code in found}
    assert len(pairs) == len(set(fresh.values())) == len(set(found.values()))


def without_the_oldest(firm: dict[str, list[Row]]) -> tuple[str, dict[str, list[Row]]]:
    """The record opened first, and the firm as it was before that record came in."""
    first, *others = sorted(firm["customer_record"], key=lambda row: (row["opened_on"], row["record_code"]))
    gone = first["record_code"]
    late = {**firm, "customer_record": others}
    for name, ends in (
        ("record_link", ("record_code", "anchor_code")),
        ("pair_score", ("left_code", "right_code")),
        ("returned_judgement", ("left_code", "right_code")),
        ("record_identity", ("record_code",)),
    ):
        late[name] = [row for row in firm[name] if gone not in {row[end] for end in ends}]
    return gone, late


@given(firms())
def test_r210_an_older_record_takes_an_id_away_from_no_record_that_holds_it(
    firm: dict[str, list[Row]],
) -> None:
    """What joins first may part what was together: a stronger link of the older record, then the veto of two numbers.

    So the older record may end in a client with a new id, beside records that had another. But never beside a record
    that holds an id: every cluster with a holder keeps the id of its first holder, and no other cluster has an old id.
    """
    gone, late = without_the_oldest(firm)
    parent = clients(late)
    found = clients(firm, parent)
    opened = sorted(firm["customer_record"], key=lambda row: (row["opened_on"], row["record_code"]))
    place = {row["record_code"]: nth for nth, row in enumerate(opened)}
    holders = {name: holder(name, parent, firm) for name in set(parent.values())}
    for client in set(found.values()):
        held = {code: name for name, code in holders.items() if code is not None and found[code] == client}
        kept = held[min(held, key=lambda code: place[code])] if held else None
        assert client == kept or (kept is None and client not in holders)
    assert gone not in holders.values()


def test_r210_an_older_record_with_the_stronger_link_takes_a_record_along_but_not_the_id() -> None:
    """The record between two valid numbers goes to the older one; the other keeps the client's id."""
    firm: dict[str, list[Row]] = {
        "customer_record": [
            {"record_code": code, "opened_on": dt.date(2020 + nth, 1, 1)} for nth, code in enumerate(("00", "01", "02"))
        ],
        "record_identity": [
            {"record_code": code, "id_number": number, "id_is_valid": number is not None, "client_kind": "person"}
            for code, number in (("00", "A"), ("01", "B"), ("02", None))
        ],
        "record_link": [{"link_reason": "investor_code", "record_code": "02", "anchor_code": "00"}],
        "pair_score": [{"left_code": "01", "right_code": "02", "score": Decimal(1)}],
        "returned_judgement": [],
    }  # fmt: skip
    _gone, late = without_the_oldest(firm)
    parent = clients(late)
    assert parent == {"01": "C01", "02": "C01"}
    assert clients(firm, parent) == {"00": "C00", "01": "C01", "02": "C00"}


@given(firms())
def test_r210_where_nothing_parts_records_an_older_one_that_joins_has_the_id_of_those_it_joins(
    firm: dict[str, list[Row]],
) -> None:
    """Without two valid numbers and without "not the same" links only join: no id gives way to a new one."""
    plain = {
        **firm,
        "record_identity": [
            {**row, "id_number": None, "id_is_valid": False} for row in firm["record_identity"]
        ],
        "returned_judgement": [row for row in firm["returned_judgement"] if row["judgement"] != "not_same"],
    }
    gone, late = without_the_oldest(plain)
    parent = clients(late)
    found = clients(plain, parent)
    company = {code for code in found if code != gone and found[code] == found[gone]}
    assert not company or found[gone] in {parent[code] for code in company}


@given(firms())
def test_r210_a_score_below_the_signed_one_joins_nobody(firm: dict[str, list[Row]]) -> None:
    high = [row for row in firm["pair_score"] if row["score"] >= MERGES_AT]
    assert clients({**firm, "pair_score": high}) == clients(firm)


@given(firms())
def test_r210_a_record_says_how_it_was_joined(firm: dict[str, list[Row]]) -> None:
    rows = decided(firm)
    judged = {code for left, right, word in upheld(firm) if word == "same" for code in (left, right)}
    sizes = {row["client_id"]: sum(row["client_id"] == one["client_id"] for one in rows) for row in rows}
    for row in rows:
        assert (row["link_reason"] == str(LinkReason.JUDGED)) == (row["record_code"] in judged)
        assert row["link_reason"] != str(LinkReason.ALONE) or sizes[row["client_id"]] == 1
