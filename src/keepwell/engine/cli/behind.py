"""``keepwell explain CLIENT --feature NAME``: a figure with the rows it is made of, reckoned once more from them."""

from __future__ import annotations

import argparse
from typing import Any

from keepwell.contract import TABLES, Kind
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.sentence import plain
from keepwell.engine.cli import output
from keepwell.engine.features.rules.behind import COUNTED
from keepwell.engine.host.behind import SHOWN_AT_MOST, Made, NoSuchFeature, made, names_of, traced

WORDS = {
    "zh": {"again": "由下列行重算", "follows": "由以下数值得出", "rows": "行", "counted": "计入"},
    "en": {"again": "reckoned again from these rows", "follows": "follows from", "rows": "rows", "counted": "counted"},
}  # fmt: skip


def tell(asked: argparse.Namespace, run: str, client_id: str) -> int:
    """Print one feature of a client of a run down to its rows."""
    try:
        names_of(asked.feature)
    except NoSuchFeature as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault
    if asked.json:
        body = {"client_id": client_id, "feature": asked.feature}
        output.as_json({"run": run, "client_id": client_id, **traced(asked.data, run, body)})
        return 0
    one = made(asked.data, run, client_id, asked.feature)
    words = WORDS[asked.language]
    colon = "：" if asked.language == "zh" else ": "
    for line in _head(one, words, colon, asked.language):
        print(line)
    for spec, rows in one.rows:
        print(
            f"\n{TABLES[spec.table].title.in_language(asked.language)}  ({spec.table}, {rows.num_rows} {words['rows']})"
        )
        for row in rows.slice(0, SHOWN_AT_MOST).to_pylist():
            print(f"  {_line(spec.table, row, words, colon, asked.language)}")
    return 0


def _head(one: Made, words: dict[str, str], colon: str, language: str) -> list[str]:
    column = ClientFeature.columns[one.feature]
    lines = [
        f"{column.label.in_language(language)}  ({one.feature}){colon}{_value(one.feature, one.value, language)}",
        one.behind.way.text.in_language(language),
    ]
    if column.help:
        lines.append(column.help.in_language(language))
    if one.again is not None:
        lines.append(f"{words['again']}{colon}{_value(one.feature, one.again, language)}")
    if one.behind.follows:
        lines.append(f"{words['follows']}{colon}{', '.join(one.behind.follows)}")
    return lines


def _line(table: str, row: dict[str, Any], words: dict[str, str], colon: str, language: str) -> str:
    counted = row.pop(COUNTED)
    columns = TABLES[table].columns
    told = [
        f"{columns[name].label.in_language(language)}{colon}{_of(table, name, value, language)}"
        for name, value in row.items()
        if value is not None
    ]
    if counted is not None:
        told.append(f"{words['counted']}{colon}{plain(COUNTED, counted, language)}")
    return "; ".join(told)


def _of(table: str, name: str, value: Any, language: str) -> str:
    codes = TABLES[table].columns[name].codes
    return codes.of(value).text.in_language(language) if codes else plain(name, value, language)


def _value(name: str, value: Any, language: str) -> str:
    column = ClientFeature.columns[name]
    if value is None:
        return "-"
    if column.codes:
        return column.codes.of(value).text.in_language(language)
    unit = f" {column.unit.in_language(language)}" if column.unit and column.kind is not Kind.BOOLEAN else ""
    return plain(name, value, language) + unit
