"""R210: whatever the records, the keys they share and what stewards said of them, these hold."""

from __future__ import annotations

import datetime as dt
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
KEYS = [str(key.code) for key in PACKS.identity.keys]
Row = dict[str, Any]
Clients = dict[str, str]


@st.composite
def firms(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Records with a number, a kind and an opening date, keys between them, judgements of them."""
    codes = [f"{n:02d}" for n in range(draw(st.integers(2, 9)))]
    code = st.sampled_from(codes)
    records = [{"record_code": one, "opened_on": draw(st.dates(dt.date(2020, 1, 1)))} for one in codes]
    facts = [
        {"record_code": one, "id_number": number, "id_is_valid": number is not None, "client_kind": "person"}
        for one in codes
        for number in [draw(st.sampled_from([None, "A", "B", "C"]))]
    ]
    links = draw(st.lists(st.tuples(st.sampled_from(KEYS), code, code), max_size=14, unique=True))
    said = draw(st.lists(st.tuples(code, code, st.sampled_from(["same", "not_same", "unsure"])), max_size=7))
    return {
        "customer_record": records,
        "record_identity": facts,
        "record_link": [
            {"link_reason": key, "record_code": one, "anchor_code": other} for key, one, other in links
        ],
        "pair_score": [],  # what the model weighs has its own rule book
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
    said_alone = clients({**firm, "record_link": []})
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


@given(firms())
def test_r210_an_older_record_that_joins_takes_no_id_away(firm: dict[str, list[Row]]) -> None:
    first, *others = sorted(firm["customer_record"], key=lambda row: (row["opened_on"], row["record_code"]))
    late = {**firm, "customer_record": others}
    gone = first["record_code"]
    for name, ends in (
        ("record_link", ("record_code", "anchor_code")),
        ("returned_judgement", ("left_code", "right_code")),
    ):
        late[name] = [row for row in firm[name] if gone not in {row[end] for end in ends}]
    late["record_identity"] = [row for row in firm["record_identity"] if row["record_code"] != gone]
    parent = clients(late)
    found = clients(firm, parent)
    company = [code for code in found if code != gone and found[code] == found[gone]]
    assert company == [] or found[gone] in set(parent.values())


@given(firms())
def test_r210_a_record_says_how_it_was_joined(firm: dict[str, list[Row]]) -> None:
    rows = decided(firm)
    judged = {code for left, right, word in upheld(firm) if word == "same" for code in (left, right)}
    sizes = {row["client_id"]: sum(row["client_id"] == one["client_id"] for one in rows) for row in rows}
    for row in rows:
        assert (row["link_reason"] == str(LinkReason.JUDGED)) == (row["record_code"] in judged)
        assert row["link_reason"] != str(LinkReason.ALONE) or sizes[row["client_id"]] == 1
