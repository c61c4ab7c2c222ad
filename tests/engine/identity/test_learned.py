"""R211: what records linked by themselves teach about weights, in bounded steps from the signed ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell import link, weighing
from keepwell.contract.codes import EvidenceField
from keepwell.engine.identity.rules import learned, observed
from keepwell.engine.store import decide
from keepwell.policy.packs import load_packs

PACKS = load_packs(dt.date(2026, 11, 20))
SCORING = PACKS.identity.scoring
N_FIELDS = len(SCORING.weights)
SIGNED = learned.hundredths(SCORING)


def pairs_of(seed: int, n: int, share: float) -> learned.Seen:
    """Pairs of which a share agrees in most fields; the others in few."""
    chance = np.random.default_rng(seed)
    alike = chance.random(n) < share
    near = chance.choice(learned.KNOWN + 1, size=(N_FIELDS, n), p=[0.6, 0.1, 0.1, 0.05, 0.1, 0.05])
    apart = chance.choice(learned.KNOWN + 1, size=(N_FIELDS, n), p=[0.01, 0.01, 0.02, 0.03, 0.88, 0.05])
    added = -chance.integers(0, 900, size=(N_FIELDS, n))
    return learned.Seen(np.where(alike, near, apart), added, chance.random(n) < 0.1)


def taught(pairs: learned.Seen, strangers: learned.Seen, n_records: int = 5000) -> Any:
    return learned.learned(learned.patterns(pairs), strangers, n_records, int(pairs.is_linked.sum()), SCORING)


@given(st.integers(0, 2**32 - 1), st.integers(0, 3000), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_r211_learned_weights_stay_near_the_signed_ones_and_in_their_order(
    seed: int, n: int, share: float
) -> None:
    """No weight drifts further than the bound, and more agreement never comes to speak against one client."""
    found = taught(pairs_of(seed, n, share), pairs_of(seed + 1, 2000, 0))
    assert np.abs(found - SIGNED).max() <= learned.DRIFT
    for now, signed in zip(found, SIGNED, strict=True):
        for more in range(learned.KNOWN):
            for less in range(more + 1, learned.KNOWN):
                assert signed[more] < signed[less] or now[more] >= now[less]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_r211_the_order_of_pairs_teaches_nothing(seed: int) -> None:
    pairs, strangers = pairs_of(seed, 2000, 0.2), pairs_of(seed + 1, 2000, 0)
    mixed = np.random.default_rng(seed).permutation(2000)
    turned = learned.Seen(pairs.levels[:, mixed], pairs.added[:, mixed], pairs.is_linked[mixed])
    assert (taught(pairs, strangers) == taught(turned, strangers)).all()


def test_r211_few_pairs_teach_little_and_none_nothing() -> None:
    strangers = pairs_of(1, 2000, 0)
    assert (taught(pairs_of(2, 0, 0), strangers) == SIGNED).all()
    few, many = (np.abs(taught(pairs_of(3, n, 0.5), strangers) - SIGNED).sum() for n in (20, 20_000))
    assert few < many / 3


def test_r211_many_pairs_that_slip_teach_that_a_slip_says_less_against() -> None:
    """Where every pair of one client has another address, that comes to speak less against, by the bound at most."""
    pairs, strangers = pairs_of(4, 20_000, 0.5), pairs_of(5, 2000, 0)
    place = [one.field for one in SCORING.weights].index(EvidenceField.ADDRESS)
    different = learned.LEVELS.index("different")
    pairs.levels[place] = different
    assert taught(pairs, strangers)[place][different] == SIGNED[place][different] + learned.DRIFT


def test_r211_what_no_record_tells_is_asked_by_no_key_block_or_weight() -> None:
    asked = observed.asked_of(PACKS, {"client_name", "birth_on", "address"}).identity
    assert [str(key.code) for key in asked.keys] == ["name_birth_address"]
    assert [str(one.field) for one in asked.scoring.weights] == ["client_name", "birth_on", "address"]
    whole = observed.asked_of(PACKS, {
        "client_name", "birth_on", "address", "phone", "email", "id_number", "investor_code", "bank_account",
    }).identity  # fmt: skip
    assert whole == PACKS.identity


def test_r210_the_answer_tells_what_each_field_weighed() -> None:
    """Two records teach nothing: what is told are the signed weights, with or without learning."""
    people = pa.table({
        "given_name": ["Robert", "Roberta"], "surname": ["Alan", "Alan"], "birth_on": ["1971-06-24", "1971-05-24"],
    })  # fmt: skip
    for learns in (True, False):
        found = link(people, merges_at=Decimal("0.05"), learns=learns)
        assert found["evidence"].to_pylist() == ["client_name close 9.90; birth_on close 3.10"] * 2
    assert link(people)["evidence"].to_pylist() == [None, None]


def test_r210_a_second_frame_of_the_same_columns_takes_over_the_sql_of_the_first() -> None:
    """To make the SQL takes longer than to link a few records by it."""
    one = {"client_name": ["Robert Alan", "Robert Allan"], "birth_on": ["1971-06-24"] * 2}
    other = {"client_name": ["Mary Jones", "Mary Johns"], "birth_on": ["1980-01-02"] * 2}
    link(pa.table(one))
    made = weighing.observed_sql.cache_info().misses, decide.query.cache_info().misses
    found = link(pa.table(other))
    assert found.num_rows == 2
    assert (weighing.observed_sql.cache_info().misses, decide.query.cache_info().misses) == made
