"""Checks of a row against rows accepted before it: what it refers to exists, and nothing happens outside an
account's life. Pure SQL text over relations that have ``part_no``, ``k`` and the contract's columns.
"""

from __future__ import annotations

from collections.abc import Container

from keepwell.contract import Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.engine.ingest.sqltext import name, text

LIVES_WITH_ACCOUNT = ("trade", "cash_flow", "transfer", "holding", "daily_asset")


def references(table: type[Table], without: Container[str]) -> dict[str, tuple[str, str]]:
    """Column -> (table, column) it refers to, leaving out tables the vendor does not have."""
    found: dict[str, tuple[str, str]] = {}
    for key, column in table.columns.items():
        if column.references:
            target, wanted = column.references.split(".")
            if target not in without:
                found[key] = (target, wanted)
    return found


def unfounded(table: type[Table], staged: str, without: Container[str]) -> str | None:
    """SQL of ``part_no, k, verdict, found`` of rows that refer to nothing or lie outside their account's life.

    ``staged`` is the relation of rows that are good so far; a table referred to is read as ``accepted_<table>``.
    None if the table has nothing to check.
    """
    targets = references(table, without)
    if not targets:
        return None
    joins, arms, found = [], [], []
    for number, (key, (target, wanted)) in enumerate(targets.items()):
        joins.append(f"LEFT JOIN accepted_{target} AS t{number} ON s.{name(key)} = t{number}.{name(wanted)}")
        verdict = text(f"{Reason.UNKNOWN_REFERENCE}:{key}")
        arms.append(f"WHEN s.{name(key)} IS NOT NULL AND t{number}.{name(wanted)} IS NULL THEN {verdict}")
        found.append(f"WHEN {text(key)} THEN s.{name(key)}")
        if target == "account" and table.name in LIVES_WITH_ACCOUNT and table.event_on:
            day = f"s.{name(table.event_on)}"
            verdict = text(f"{Reason.WRONG_ORDER}:{table.event_on}")
            arms.append(f"WHEN {day} < t{number}.opened_on OR {day} > t{number}.closed_on THEN {verdict}")
            found.append(f"WHEN {text(table.event_on)} THEN CAST({day} AS VARCHAR)")
    return (
        f"SELECT part_no, k, verdict, CASE split_part(verdict, ':', 2) {' '.join(found)} END AS found FROM "
        f"(SELECT s.*, CASE {' '.join(arms)} END AS verdict FROM {staged} AS s {' '.join(joins)}) AS s "
        "WHERE verdict IS NOT NULL"
    )
