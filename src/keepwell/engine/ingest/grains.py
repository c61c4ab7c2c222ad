"""Same key twice: repeated, in conflict, or a correction. Pure SQL text over relations that have ``part_no``
(the delivered file's number), ``k`` (the row in it) and the contract's columns.
"""

from __future__ import annotations

from keepwell.contract import Table
from keepwell.contract.codes import QuarantineReason as Reason
from keepwell.engine.ingest.sqltext import name, names, same, text

REPEATED = "repeated"


def may_repeat(table: type[Table], staged: str) -> str:
    """SQL of whether some key may stand twice among the good rows: exact when it says no.

    Only 64 bits of each key are grouped, which at 1e8 rows needs a fraction of the memory of the keys.
    """
    keys = names(table.grain)
    return (
        f"SELECT count(*) > 0 FROM (SELECT 1 FROM (SELECT hash({keys}) AS bits FROM {staged}) "
        "GROUP BY bits HAVING count(*) > 1 LIMIT 1)"
    )


def repeats(table: type[Table], staged: str) -> str:
    """SQL of ``part_no, k, verdict, found`` of all rows but the first of each key: the same again, or in conflict."""
    keys = names(table.grain)
    others = [key for key in table.columns if key not in table.grain]
    equal = (
        " AND ".join(f"{name(key)} IS NOT DISTINCT FROM first({name(key)}) OVER of_key" for key in others)
        or "true"
    )
    conflict = text(f"{Reason.DUPLICATE_KEY}:{table.grain[0]}")
    found = " || ' ' || ".join(f"CAST({name(key)} AS VARCHAR)" for key in table.grain)
    joined = " AND ".join(f"s.{name(key)} = twice.{name(key)}" for key in table.grain)
    return (
        f"SELECT part_no, k, CASE WHEN is_same THEN {text(REPEATED)} ELSE {conflict} END AS verdict, {found} AS found "
        f"FROM (SELECT s.*, row_number() OVER of_key AS n_th, {equal} AS is_same FROM (SELECT s.* FROM {staged} AS s "
        f"SEMI JOIN (SELECT {keys} FROM {staged} GROUP BY {keys} HAVING count(*) > 1) AS twice ON {joined}) AS s "
        f"WINDOW of_key AS (PARTITION BY {keys} ORDER BY part_no, k)) AS s WHERE n_th > 1"
    )


def keys_met(table: type[Table], staged: str, current: str) -> str:
    """SQL of the keys of good rows that are already conformed; only key columns are read."""
    joined = " AND ".join(f"s.{name(key)} = c.{name(key)}" for key in table.grain)
    keys = names(table.grain)
    known = f"SELECT {keys} FROM {current}"
    return f"SELECT c.* FROM ({known}) AS c SEMI JOIN (SELECT {keys} FROM {staged}) AS s ON {joined}"


def met_again(table: type[Table], staged: str, current: str, keys: str) -> str:
    """SQL of ``part_no, k, part, is_same`` and the key of good rows whose key is already conformed.

    ``current`` is the relation of current rows with ``part``, the file they lie in, ``keys`` that of the keys
    met. A row with the same content is repeated; one with other content corrects the earlier one.
    """
    joined = " AND ".join(f"s.{name(key)} = c.{name(key)}" for key in table.grain)
    met = " AND ".join(f"c.{name(key)} = m.{name(key)}" for key in table.grain)
    equal = same((key for key in table.columns if key not in table.grain), "s", "c")
    return (
        f"SELECT s.part_no, s.k, c.part, {equal} AS is_same, {names(table.grain, 's.')} "
        f"FROM {staged} AS s JOIN (SELECT c.* FROM {current} AS c SEMI JOIN {keys} AS m ON {met}) AS c ON {joined}"
    )


def said_before(table: type[Table], staged: str, every: str, met: str) -> str:
    """SQL of ``part_no, k`` of rows that would correct others and are among ``every`` row taken in, as they are."""
    equal = same(table.columns, "s", "c")
    wanted = f"SELECT s.* FROM {staged} AS s SEMI JOIN (FROM {met} WHERE NOT is_same) AS m USING (part_no, k)"
    joined = " AND ".join(f"s.{name(key)} = c.{name(key)}" for key in table.grain)
    return f"SELECT s.part_no, s.k FROM ({wanted}) AS s JOIN {every} AS c ON {joined} AND {equal}"
