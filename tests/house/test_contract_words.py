"""One word, one meaning: a column's name says what kind of thing it holds."""

from collections.abc import Iterator

import pytest

from keepwell.contract import TABLES, Column, Kind, Text

DATES = ("_on", "_from", "_to")  # a period is half-open: from, to
STATES = ("is", "has", "may", "was", "can")
UNSAID = {"customer", "user", "id", "name", "flag", "type", "data"}


def vague(column: Column) -> Iterator[str]:
    name, kind = column.name, column.kind
    if name in UNSAID:
        yield f"{name} could hold anything"
    if kind is Kind.DATE and not name.endswith(DATES):
        yield f"{name} is a date and ends in none of {DATES}"
    if (kind is Kind.INSTANT) != name.endswith("_at"):
        yield f"{name}: instants, and only they, end in _at"
    if (kind is Kind.BOOLEAN) != bool(set(name.split("_")[:-1]) & set(STATES)):
        yield f"{name}: booleans, and only they, read as a statement"
    if column.unit and column.unit.en == "CNY" and not name.endswith("_amount"):
        yield f"{name} is money and does not end in _amount"
    if not (column.label.en and column.label.zh):
        yield f"{name} lacks a label in one language"


def test_every_column_says_what_it_holds() -> None:
    said = [
        f"{table.name}.{text}"
        for table in TABLES.values()
        for c in table.columns.values()
        for text in vague(c)
    ]
    assert said == []


def test_every_table_has_a_meaning_and_both_titles() -> None:
    assert len(TABLES) > 20
    for table in TABLES.values():
        assert table.meaning()
        assert table.title.en
        assert table.title.zh


@pytest.mark.parametrize(
    ("name", "kind"),
    [("opened", Kind.DATE), ("done", Kind.INSTANT), ("dormant", Kind.BOOLEAN), ("name", Kind.TEXT)],
)
def test_the_scan_can_fail(name: str, kind: Kind) -> None:
    assert list(vague(Column(kind, Text("a", "甲"), name=name)))
