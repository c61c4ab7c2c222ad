"""Quarantined rows as a file: place, reason and remedy, masked as on the page; limit and approval are people's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.desk.columns import in_reader_language
from keepwell.desk.exchange import quarantine, queries, rules
from keepwell.desk.exchange.queries import Chosen
from keepwell.desk.generations.queries import current
from keepwell.desk.people.models import User
from keepwell.desk.ui.exports import Kind

KIND = "exchange.export_quarantine"
COLUMNS: tuple[Promise, ...] = (
    gettext_lazy("File"), gettext_lazy("Line"), gettext_lazy("Table"), gettext_lazy("Column"),
    gettext_lazy("Column name"), gettext_lazy("Reason"), gettext_lazy("Found"), gettext_lazy("Allowed"),
    gettext_lazy("Row as delivered, masked"),
)  # fmt: skip


def chosen(query: str) -> Chosen:
    """The filter of the page's address."""
    asked = parse_qs(query)
    return queries.chosen(asked.get("file", [""])[0], asked.get("reason", [""])[0])


def columns(_user: User) -> Sequence[Promise]:
    """The head of the file."""
    return COLUMNS


def count(_user: User, query: str, at_most: int) -> int:
    """How many rows the file would hold, counted up to `at_most`."""
    return queries.of(chosen(query))[:at_most].count()


def rows(user: User, query: str) -> Iterable[Sequence[Any]]:
    """The rows in the order of their places, masked for the user."""
    generation, may_read = current(), bool(rules.may_read_source_text(user))
    run_id = generation.run_id if generation else ""
    for row in queries.of(chosen(query)).order_by(*queries.PLACE).iterator(chunk_size=500):
        raw = quarantine.raw_of(row, run_id) if may_read else []
        yield (
            row.file_name, row.line_no, row.table_name, quarantine.label_of(row), row.column_name,
            str(quarantine.REASONS[row.quarantine_reason]),
            rules.shown(row.table_name, row.column_name, row.found, may_read=may_read),
            in_reader_language(row.remedy),
            " · ".join(f"{name}={value}" if name else value for name, value in raw),
        )  # fmt: skip


def told(query: str) -> str:
    """The filter in words."""
    filters = chosen(query)
    said = [_("File: %(file)s") % {"file": filters.file}] if filters.file else []
    if filters.reason:
        said.append(_("Reason: %(reason)s") % {"reason": quarantine.REASONS[filters.reason]})
    return " · ".join(said)


def kind() -> Kind:
    """What the exchange registers."""
    return Kind(
        label=gettext_lazy("Quarantined rows"),
        permission=KIND,
        columns=columns,
        rows=rows,
        count=count,
        told=told,
        page="exchange:quarantine",
    )
