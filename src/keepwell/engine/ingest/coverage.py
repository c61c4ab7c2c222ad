"""Which source tables the firm delivers, so that no rule takes silence for zero."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.ingest import SourceCoverage


def source_coverage(
    account: Any, securities_account: Any, permission: Any, daily_asset: Any, holding: Any, trade: Any,
    cash_flow: Any, login: Any, other_income: Any, questionnaire: Any, contact: Any, complaint: Any,
    returned_contact: Any, transfer: Any, assignment: Any, returned_assignment: Any,
) -> Any:  # fmt: skip
    """Whether the cut may see any row of each table that a client's facts follow from (R024).

    Contacts and who serves whom are known where the firm delivers them or people record them at the desk.
    """
    served = assignment.select("record_code").union(returned_assignment.select("record_code"))
    met = contact.select("record_code").union(returned_contact.select("record_code"))
    tables = {
        "account": account, "securities_account": securities_account, "permission": permission,
        "daily_asset": daily_asset, "holding": holding, "trade": trade, "cash_flow": cash_flow, "login": login,
        "other_income": other_income, "questionnaire": questionnaire, "contact": met, "complaint": complaint,
        "transfer": transfer, "assignment": served,
    }  # fmt: skip
    return ibis.union(*(_any_row(name, table) for name, table in tables.items()))


def _any_row(name: str, table: Any) -> Any:
    """One row that says whether the table has one: at most one is read."""
    first = table.select(table[table.columns[0]]).limit(1)
    counted = first.aggregate(n_rows=first.count())
    said = counted.mutate(table_name=ibis.literal(name), is_delivered=counted.n_rows > 0)
    return said.select(*SourceCoverage.names())
