"""R230: SQL kept from night to night is, to the letter, what is made anew for each night's days and key."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pytest

from keepwell.contract.identity import ClientRecord
from keepwell.engine import frames
from keepwell.engine.stage import Rule, one
from keepwell.engine.store import statements
from keepwell.engine.store.decide import Context, query
from keepwell.policy.packs import load_packs
from tests.house.compiled import AS_OF, ibis_rules

KEPT = [rule for rule in ibis_rules() if rule.writes[0].writer in {"identity", "moments"}]
LATER = dt.date(2026, 11, 23)


def first_night(folder: Path) -> Context:
    """A night whose SQL is kept; people acted on the day after."""
    packs = load_packs(AS_OF)
    return Context(AS_OF, packs, "aa" * 32, returned_on=dt.date(2026, 11, 21), statements=folder)


def next_night(first: Context) -> Context:
    """Another night, of another firm, with the same policy."""
    return replace(first, as_of=LATER, token_key="bb" * 32, returned_on=dt.date(2026, 11, 24))


@pytest.mark.parametrize("rule", KEPT, ids=lambda rule: str(rule.writes[0].name))
def test_r230_kept_sql_is_what_is_made_anew(rule: Rule, tmp_path: Path) -> None:
    first = first_night(tmp_path)
    kept = query(rule, first)
    (path,) = tmp_path.glob("*.sql")
    text = path.read_text(encoding="utf-8")
    assert first.token_key not in text
    assert kept == query(rule, replace(first, statements=None))
    second = next_night(first)
    assert query(rule, second) == query(rule, replace(second, statements=None))
    assert statements.kept(tmp_path, path.stem, never) == path.read_bytes().decode().partition("\n")[2]


def never() -> str:
    """What nobody asks for as long as the kept statement is whole."""
    raise AssertionError("made a second time")


def reckons(client_record: Any, as_of: dt.date) -> Any:
    """A rule that reckons with the day before any table is read."""
    first = as_of - dt.timedelta(days=as_of.weekday())
    return client_record.filter(client_record.opened_on >= frames.day(first))


def chooses(client_record: Any, as_of: dt.date) -> Any:
    """A rule that is another from a day on."""
    return client_record.filter(ibis.literal(as_of == LATER) & client_record.closed_on.isnull())


@pytest.mark.parametrize("way", [reckons, chooses])
def test_r230_sql_of_a_rule_that_reckons_with_the_day_is_made_anew_each_night(
    way: Any, tmp_path: Path
) -> None:
    rule, first = one(ClientRecord, way), first_night(tmp_path)
    both = [query(rule, context) for context in (first, next_night(first))]
    assert both == [query(rule, replace(context, statements=None)) for context in (first, next_night(first))]
    assert both[0] != both[1]
    assert not list(tmp_path.glob("*.sql"))
