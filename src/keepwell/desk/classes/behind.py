"""What a figure of a client is made of: the rows behind it, as the engine's host lists them from the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from keepwell.contract import TABLES
from keepwell.contract.asking import AskKind, AskState
from keepwell.contract.behind import FEATURES, FeatureWay
from keepwell.contract.features import ClientFeature
from keepwell.contract.schema import Column, Kind, Sensitivity
from keepwell.desk.asks import asking, queries
from keepwell.desk.asks.models import Ask
from keepwell.desk.clients.sentences import value_of
from keepwell.desk.columns import in_reader_language
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

VERB = "classes.read_behind"
KEPT, SHOWN, SHORT = 20, 50, 40
MINUTES = len("2026-11-20 09:30")
OWNER = "client_id"


def is_feature(name: str) -> bool:
    """Whether a figure has rows behind it that the host can list."""
    return name in FEATURES


def label_of(feature: str) -> str:
    """What a figure is called."""
    return in_reader_language(ClientFeature.columns[feature].label)


def asked(user: User, run_id: str, client_id: str, feature: str, at: dt.datetime) -> Ask:
    """The ask for the rows behind a figure: the reader's own that stands, else a new one."""
    body = {"client_id": client_id, "feature": feature}
    found = queries.latest(user, str(AskKind.FEATURE), run_id, KEPT)
    row = next((one for one in found if one.body == body), None)
    if row is not None and asking.look(row, at).state in {str(AskState.WAITING), str(AskState.ANSWERED)}:
        return row
    return asking.ask(kind=AskKind.FEATURE, run_id=run_id, body=body, by=user, at=at, verb=VERB)


def answer(ask: Ask) -> dict[str, Any]:
    """The figure, how it comes about, its rows table by table, and what else it follows from."""
    client_id, feature = ask.body[OWNER], ask.body["feature"]
    context: dict[str, Any] = {"ask": ask, "is_over": ask.is_over, "label": label_of(feature)}
    if ask.state != str(AskState.ANSWERED):
        return context
    told, column = ask.answer, ClientFeature.columns[feature]
    rows = told["rows"][:SHOWN]
    return context | {
        "told": told,
        "value": _shown(column, told["value"]),
        "again": _shown(column, told["again"]) if told["again"] is not None else "",
        "agrees": told["again"] == told["value"],
        "way": in_reader_language(FeatureWay.of(told["way"]).text),
        "tables": [(in_reader_language(TABLES[name].title), _of(name, rows)) for name in _names(rows)],
        "n_shown": len(rows),
        "follows": [
            (label_of(one), reverse("classes:behind", args=[client_id, one])) for one in told["follows"]
        ],
    }


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["table"] for row in rows))


def _of(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table: what is open of each, and what of it counts."""
    return [
        {"facts": _facts(table, row["row"]), "counted": _counted(row["counted"])}
        for row in rows
        if row["table"] == table
    ]


def _facts(table: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    columns = TABLES[table].columns
    return [
        (in_reader_language(columns[name].label), _shown(columns[name], value))
        for name, value in row.items()
        if value is not None and name in columns and name != OWNER and _is_open(columns[name])
    ]


def _is_open(column: Column) -> bool:
    """Names, notes, devices and addresses stay where they are; the rows tell days, kinds, amounts and short codes."""
    is_short = column.kind is not Kind.TEXT or column.length <= SHORT
    return column.sensitivity is Sensitivity.OPEN and is_short


def _counted(value: Any) -> str:
    return formats.exact(Decimal(value), "en") if isinstance(value, str) and _is_number(value) else ""


def _is_number(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdigit()


def _shown(column: Column, value: Any) -> str:
    """A value that came as text, as the desk shows values of its kind."""
    if value is not None and column.kind is Kind.DECIMAL:
        value = Decimal(value)
    if value is not None and column.kind is Kind.INSTANT:
        return str(value).replace("T", " ")[:MINUTES]
    return value_of(column, value, {})
