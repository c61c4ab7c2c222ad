"""What the page of quarantined rows shows: by reason, by file, row by row, and one row as the source wrote it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from keepwell.contract import TABLES
from keepwell.contract.codes import QuarantineReason
from keepwell.desk.clients import sealing
from keepwell.desk.columns import lazy_text
from keepwell.desk.exchange import queries, rules, source_text
from keepwell.desk.exchange.models import Delivery, Quarantine
from keepwell.desk.exchange.queries import Chosen
from keepwell.desk.people.models import User
from keepwell.desk.ui import charts, formats

REASONS = {str(code): lazy_text(code.text) for code in QuarantineReason}


def quarantine(user: User, chosen: Chosen, cursor: str) -> dict[str, Any]:
    """Reasons and files with their numbers, and a page of the rows chosen."""
    rows = queries.quarantined(chosen, cursor)
    may_read = bool(rules.may_read_source_text(user))
    reasons = queries.reasons(Chosen())
    return {
        "chosen": chosen,
        "n": sum(n for _reason, n in reasons),
        "by_reason": _chart(reasons),
        "files": queries.bad_files(chosen.reason),
        "reasons": [(REASONS[code], code, n) for code, n in queries.reasons(Chosen(chosen.file))],
        "deliveries": _accepted() if not reasons else [],
        "rows": rows,
        "lines": [_line(row, may_read=may_read) for row in rows.rows],
        "may_read": may_read,
        "may_export": bool(rules.may_export(user)),
        "query": chosen.query,
    }


def _chart(reasons: list[tuple[str, int]]) -> charts.Chart | None:
    if not reasons:
        return None
    worst, n = reasons[0]
    of = sum(number for _reason, number in reasons)
    sentence = _("%(reason)s is most frequent: %(n)s of %(of)s.") % {
        "reason": REASONS[worst],
        "n": formats.number(n),
        "of": formats.number(of),
    }
    items = [(str(REASONS[reason]), float(number)) for reason, number in reasons]
    return charts.bars(sentence, items, unit=_("rows"), first=_("Reason"), second=_("Rows"))


def _accepted() -> list[tuple[str, int]]:
    """Files and rows that were all accepted, for a delivery without fault."""
    return [(row.file_name, row.n_accepted) for row in Delivery.objects.order_by("-n_read", "file_name")[:12]]


def _line(row: Quarantine, *, may_read: bool) -> dict[str, Any]:
    place = {name: getattr(row, name) for name in Quarantine.contract_table.grain}
    return {
        "row": row,
        "label": label_of(row),
        "found": rules.shown(row.table_name, row.column_name, row.found, may_read=may_read),
        "place": urlencode(place),
    }


def label_of(row: Quarantine) -> str:
    """What the column is called in the reader's language, or as the source calls it."""
    column = rules.column_of(row.table_name, row.column_name)
    return str(lazy_text(column.label)) if column else row.column_name


def raw_of(row: Quarantine, run_id: str) -> list[tuple[str, str]]:
    """Name and masked value of each field of the row as the source wrote it; empty where no text is kept."""
    owner = [getattr(row, name) for name in Quarantine.contract_table.grain]
    raw = sealing.opened(run_id, Quarantine.contract_table, owner, row.sealed)["raw"]
    return source_text.fields(row.table_name, raw) if raw else []


def one(row: Quarantine, run_id: str) -> dict[str, Any]:
    """One row with what was found, what is allowed, and its masked source text."""
    table = TABLES.get(row.table_name)
    named = rules.column_of(row.table_name, row.column_name)
    known = table.columns if table else {}
    return {
        "row": row,
        "label": label_of(row),
        "found": source_text.shown(named, row.found, may_read=True),
        "table": lazy_text(table.title) if table else row.table_name,
        "fields": [
            (lazy_text(known[name].label) if name in known else name, value, name == row.column_name)
            for name, value in raw_of(row, run_id)
        ],
    }
