"""R211: what records linked by themselves teach about weights, in bounded steps from the signed ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell import link, weighing
from keepwell.contract.codes import EvidenceField
from keepwell.contract.comparing import RecordFact
from keepwell.engine.identity.rules import evidence, learned, observed, scores
from keepwell.engine.identity.stage import STAGE
from keepwell.engine.store import decide
from keepwell.engine.store.session import Session, compiled, unbound
from keepwell.linking import sources_of
from keepwell.policy.packs import Packs, load_packs

PACKS = load_packs(dt.date(2026, 11, 20))
SCORING = PACKS.identity.scoring
N_FIELDS = len(SCORING.weights)
SIGNED = learned.hundredths(SCORING)


def pairs_of(seed: int, n: int, share: float) -> learned.Patterns:
    """Pairs of which a share agrees in most fields; the others in few. Each stands for itself."""
    chance = np.random.default_rng(seed)
    alike = chance.random(n) < share
    near = chance.choice(learned.KNOWN + 1, size=(N_FIELDS, n), p=[0.6, 0.1, 0.1, 0.05, 0.1, 0.05])
    apart = chance.choice(learned.KNOWN + 1, size=(N_FIELDS, n), p=[0.01, 0.01, 0.02, 0.03, 0.88, 0.05])
    added = -chance.integers(0, 900, size=(N_FIELDS, n)).sum(axis=0)
    once = np.ones(n, dtype=np.int64)
    return learned.Patterns(
        np.where(alike, near, apart), added, once, (chance.random(n) > 0.1).astype(np.int64)
    )


def taught(pairs: learned.Patterns, strangers: learned.Patterns, n_records: int = 5000) -> Any:
    n_linked = int((pairs.n - pairs.n_unlinked).sum())
    return learned.learned(pairs, strangers, n_records, n_linked, SCORING)


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
    turned = learned.Patterns(
        pairs.levels[:, mixed], pairs.added[mixed], pairs.n[mixed], pairs.n_unlinked[mixed]
    )
    assert (taught(pairs, strangers) == taught(turned, strangers)).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_r211_pairs_that_agree_alike_teach_as_one_pattern_of_so_many(seed: int) -> None:
    pairs, strangers = pairs_of(seed, 500, 0.2), pairs_of(seed + 1, 2000, 0)
    n = np.random.default_rng(seed).integers(1, 5, 500)
    each = np.repeat(np.arange(500), n)
    many = learned.Patterns(pairs.levels[:, each], pairs.added[each], pairs.n[each], pairs.n_unlinked[each])
    once = learned.Patterns(pairs.levels, pairs.added, n, n * pairs.n_unlinked)
    assert (taught(many, strangers) == taught(once, strangers)).all()


def test_r211_few_pairs_teach_little_and_none_nothing() -> None:
    strangers = pairs_of(1, 2000, 0)
    assert (taught(pairs_of(2, 0, 0), strangers) == SIGNED).all()
    few, many = (np.abs(taught(pairs_of(3, n, 0.5), strangers) - SIGNED).sum() for n in (20, 20_000))
    assert few < many / 3


def test_r211_many_pairs_that_slip_teach_that_a_slip_says_less_against() -> None:
    """Where every pair of one client has another address, that comes to speak less against, by the bound at most."""
    pairs, strangers = pairs_of(4, 20_000, 0.5), pairs_of(5, 2000, 0)
    place = [one.field for one in SCORING.weights].index(EvidenceField.ADDRESS)
    different = observed.LEVELS.index("different")
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
    """Two records teach nothing: the weights are the signed ones, but for how rare the part of the name is."""
    people = pa.table({
        "given_name": ["Robert", "Roberta"], "surname": ["Alan", "Alan"], "birth_on": ["1971-06-24", "1971-05-24"],
    })  # fmt: skip
    for learns, bits in ((True, 9.85), (False, "9.90")):
        found = link(people, merges_at=Decimal("0.05"), learns=learns)
        assert found["evidence"].to_pylist() == [f"client_name close {bits}; birth_on close 3.10"] * 2
    assert link(people)["evidence"].to_pylist() == [None, None]


def test_r211_a_name_that_is_alike_weighs_more_the_rarer_the_part_in_common_is() -> None:
    others = [f"Robert {'bcdfghjklmnpqrstvwxz'[place % 20] * 3}{place}" for place in range(200)]
    people = pa.table({
        "record_code": ["a", "b", "c", "d", *(f"x{place}" for place in range(200))],
        "client_name": ["Robert Quill", "Robert Quyll", "Zachary Quorn", "Zachary Quern", *others],
        "birth_on": ["1971-06-24", "1971-06-24", "1980-01-02", "1980-01-02", *["1950-05-05"] * 200],
    })  # fmt: skip
    told = link(people, merges_at=Decimal("0.05"))["evidence"].to_pylist()
    weights = [float(told[place].split(";")[0].removeprefix("client_name close ")) for place in (0, 2)]
    assert weights[0] + 1 < weights[1]


def test_r210_a_second_frame_of_the_same_columns_takes_over_the_sql_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make the SQL takes longer than to link a few records by it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one = {"client_name": ["Robert Alan", "Robert Allan"], "birth_on": ["1971-06-24"] * 2}
    other = {"client_name": ["Mary Jones", "Mary Johns"], "birth_on": ["1980-01-02"] * 2}
    link(pa.table(one))

    def made_anew(_expression: Any) -> str:
        raise AssertionError("this SQL was there")

    for module in (decide, weighing):
        monkeypatch.setattr(module, "compiled", made_anew)
    assert link(pa.table(other)).num_rows == 2
    with pytest.raises(AssertionError):
        link(
            pa.table(other | {"email": ["m@example.com"] * 2}),
            packs=load_packs(dt.date(2026, 11, 21)),
            learns=False,
        )


def a_file(seed: int, n: int) -> pa.Table:
    """Records of few people each told several times, with slips, gaps and names of all kinds of letters."""
    chance = np.random.default_rng(seed)
    names = [
        "Robert Alan",
        "Roberto Alen",
        "Alan Robert",
        "王伟",
        "王玮",
        "欧阳娜娜",
        "王*",
        "Ann Lee",
        "Lee Ann",
        "李",
        None,
    ]
    streets = ["1 High Street Leeds", "1 Hihg Street Leeds", "北京路12号", "北京路21号", None]
    born = ["1971-06-24", "1971-05-24", "1971-01-01", "1949-12-31", None]
    numbers = ["11010519491231002X", "110105194912310038", "G1234567", "G1234576", None]
    phones = ["13912345678", "13912345687", "13912345670", None]
    parts = {
        "client_name": names,
        "address": streets,
        "birth_on": born,
        "id_number": numbers,
        "phone": phones,
    }
    return pa.table({
        name: pa.array([told[place] for place in chance.integers(0, len(told), n)], pa.string())
        for name, told in parts.items()
    })  # fmt: skip


def standing(session: Session, folder: Path, records: pa.Table, packs: Packs) -> None:
    """Make the facts and links of records known to the session, by the rules that decide at night."""
    sources = sources_of(records)
    for rule in STAGE.rules[:4]:
        for name in (name for name in rule.reads if name not in {one.writes[0].name for one in STAGE.rules}):
            session.view_files(decide.table_of(name), [], name)
            if name in sources:
                session.write_arrow(decide.table_of(name), sources[name], folder / f"{name}.parquet")
                session.view_files(decide.table_of(name), [folder / f"{name}.parquet"], name)
        decide.execute(
            session,
            rule,
            decide.Context(dt.date.max, packs, ""),
            lambda table: folder / f"{table.name}.parquet",
        )


@pytest.mark.parametrize("seed", range(3))
def test_r211_pairs_meet_and_agree_as_the_night_s_own_rules_say(seed: int, tmp_path: Path) -> None:
    """To walk a block once, to let numbers stand for records and to sort out other names early changes no pair."""
    with Session(2) as session:
        standing(session, tmp_path, a_file(seed, 60), PACKS)
        weighing._compare(session, 60, PACKS, learns=True)
        facts = evidence.facts(unbound(RecordFact))
        met = session.arrow(compiled(scores.couples(facts, SCORING).select(*scores.ENDS)))
        coded = f"(SELECT told_code FROM {observed.NUMBERED} WHERE record_code = "
        found = session.rows(
            f"SELECT {coded} left_code), {coded} right_code), pattern FROM {observed.AGREES} WHERE NOT is_far"
        )
        session.connection.register("met", met)
        pair = evidence.pairs(ibis.table(dict.fromkeys(scores.ENDS, "string"), name="met"), facts)
        levels = evidence.levels(pair)
        kinds = [levels[one.field].name(str(one.field)) for one in SCORING.weights]
        in_number = evidence.is_in_the_number(pair).name("in_number")
        told = session.rows(compiled(pair.select(*scores.ENDS, in_number, *kinds)))
    assert {(left, right) for left, right, _pattern in found} == set(
        zip(*met.to_pydict().values(), strict=True)
    )
    wanted = {}
    for left, right, is_in, *kinds in told:
        number = int(is_in)
        for kind in kinds:
            number = number * len(observed.LEVELS) + observed.LEVELS.index(kind)
        wanted[left, right] = number
    assert {(left, right): pattern for left, right, pattern in found} == wanted


def test_r210_the_sql_of_a_frame_is_kept_for_the_user_s_next_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept changes no answer; where nothing can be kept all is made anew."""
    people = pa.table({"client_name": ["Robert Alan", "Robert Allan"], "phone": ["13912345678"] * 2})
    found = []
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder", encoding="utf-8")
    for place in (tmp_path / "cache", tmp_path / "cache", nowhere):
        monkeypatch.setenv("XDG_CACHE_HOME", str(place))
        weighing.pairs_sql.cache_clear()
        weighing.held_sql.cache_clear()
        weighing.blocks_sql.cache_clear()
        found.append(link(people))
    assert found[0] == found[1] == found[2]
    root = tmp_path / "cache" / "keepwell"
    assert sorted({path.stem for path in root.rglob("*.sql")}) == [
        "blocks", "held", "pairs-learned", "record_fact-anew", "record_identity-anew", "record_link-anew",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o077 for path in root.rglob("*") if path.is_dir()} == {0}
