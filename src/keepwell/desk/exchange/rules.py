"""Which part of a quarantined value may be shown, and to whom."""

from __future__ import annotations

from keepwell.contract import TABLES
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Column
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.exchange import source_text
from keepwell.desk.people.models import User


def may_read_source_text(user: User) -> Verdict:
    """Values as the source wrote them: administrators do not see personal ones (M23)."""
    return ALLOWED if user.may("exchange.read_source_text") else refuse(Refusal.NO_SOURCE_TEXT)


def may_export(user: User) -> Verdict:
    """Whether the role takes quarantined rows away."""
    return user.may("exchange.export_quarantine")


def column_of(table_name: str, column_name: str) -> Column | None:
    """A column of the contract, `None` for a name that it does not have."""
    table = TABLES.get(table_name)
    return table.columns.get(column_name) if table else None


def shown(table_name: str, column_name: str, found: str | None, *, may_read: bool) -> str:
    """A found value as it may be shown to whoever may, or may not, read source text."""
    return source_text.shown(column_of(table_name, column_name), found, may_read=may_read)
