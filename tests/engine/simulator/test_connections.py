"""R224: the made-up firm declares guardians, controllers and holders, and its truth says who is a beneficial owner."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from keepwell.contract.related import PartyKind
from tests.engine.simulator.making import Tables, made


def tables() -> Tables:
    return made(4_000, 2)


def test_r224_every_kind_of_entry_is_declared_but_agents_who_stand_with_their_accounts() -> None:
    told = set(tables()["related_party"]["party_kind"].to_pylist())
    assert told == {str(kind) for kind in PartyKind} - {"agent", "beneficial_owner"}
    assert tables()["account_agent"].num_rows > 0


def test_r224_the_other_is_a_customer_or_an_outsider_with_name_and_number() -> None:
    told = tables()["related_party"]
    is_client = pc.is_valid(told["party_record_code"]).to_numpy()
    for column in ("party_name", "id_number", "party_client_kind"):
        assert (pc.is_valid(told[column]).to_numpy() != is_client).all()
    of_companies = pc.not_equal(told["party_kind"], "guardian").to_numpy()
    assert 0 < is_client[of_companies].sum() < of_companies.sum()


def test_r224_the_truth_of_stakes_lies_on_both_sides_of_a_quarter_and_on_it() -> None:
    stake = tables()["truth.stake"]
    millionths, is_owner = stake["millionths"].to_numpy(), stake["is_owner"].to_numpy(zero_copy_only=False)
    assert (is_owner == (millionths >= 250_000)).all()
    assert {249_900, 250_000} <= set(millionths.tolist())
    party = tables()["related_party"]
    held = dict(zip(party["relation_code"].to_pylist(), party["held_share"].to_pylist(), strict=True))
    assert [int(held[entry] * 1_000_000) for entry in stake["entry"].to_pylist()] == millionths.tolist()


def test_r224_blocks_of_persons_declare_the_same() -> None:
    one, other = (made(4_000, 2, chunk=chunk)["related_party"] for chunk in (2_000, 700))
    assert one.equals(other)
    assert np.unique(one["relation_code"].to_numpy(zero_copy_only=False)).size == one.num_rows
