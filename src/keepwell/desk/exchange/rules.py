"""Which part of a quarantined value may be shown, and to whom."""

from __future__ import annotations

from collections.abc import Callable

from keepwell.contract import TABLES
from keepwell.contract.schema import Column, Mask, Sensitivity
from keepwell.contract.verdict import Verdict
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

HIDDEN = "•••"
MASKS: dict[Mask, Callable[[str], str]] = {
    Mask.NAME: formats.mask_name,
    Mask.ID_NUMBER: formats.mask_id,
    Mask.PHONE: formats.mask_phone,
}


def may_read_source_text(user: User) -> Verdict:
    """Values as the source wrote them: administrators do not see personal ones (M23)."""
    return user.may("exchange.read_source_text")


def shown(table_name: str, column_name: str, found: str | None, *, may_read: bool) -> str:
    """A found value as it may be shown: secret and personal columns masked, or hidden where no mask fits."""
    if not found:
        return formats.UNKNOWN
    column = _column(table_name, column_name)
    if column is not None and column.sensitivity is Sensitivity.OPEN and column.mask is Mask.NONE:
        return found
    if column is None or not may_read or column.mask not in MASKS:
        return HIDDEN
    return MASKS[column.mask](found)


def _column(table_name: str, column_name: str) -> Column | None:
    table = TABLES.get(table_name)
    return table.columns.get(column_name) if table else None
