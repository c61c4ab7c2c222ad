"""A query that stands several times in a statement is written once, in front: else it is run as often as it stands.

Ibis writes what several readers share once, but not where they all join it first.
"""

from __future__ import annotations

import re
from collections import Counter

LEAST = 150  # characters: a shorter one is a column or two of a table, as cheap to read again
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]")
_BEFORE = re.compile(r"(?:FROM|JOIN) \Z")


def written_once(sql: str) -> str:
    """The statement with every query that is read under FROM or JOIN more than once named before its first reader."""
    for number in range(1, len(sql)):
        several = _several(sql)
        if not several:
            break
        sql = _named(sql, several, f"once_{number}")
    return sql


def _several(sql: str) -> str:
    """The longest query, in its brackets, that is read more than once; empty if there is none."""
    read = Counter(
        sql[start:end]
        for start, end in _brackets(sql)
        if end - start >= LEAST
        and sql.startswith("(SELECT ", start)
        and _BEFORE.search(sql, max(0, start - 5), start)
    )
    return max((one for one, n in read.items() if n > 1 and n == sql.count(one)), key=len, default="")


def _named(sql: str, query: str, name: str) -> str:
    """The statement with the query named among those in front, just before the one that reads it first."""
    first = sql.index(query)
    rest = sql.replace(query, f'"{name}"')
    told = f'"{name}" AS {query}'
    if not sql.startswith("WITH "):
        return f"WITH {told} {rest}"
    last = 0
    for start, end in _outermost(sql):
        if start <= first < end:
            begin = max(sql.rfind(", ", 0, start), len("WITH ") - 2) + 2
            return f"{sql[:begin]}{told}, {rest[begin:]}"
        if not sql.startswith(", ", end):
            last = end
            break
    return f"{sql[:last]}, {told}{rest[last:]}"


def _brackets(sql: str) -> list[tuple[int, int]]:
    """Where every pair of brackets begins and ends, those in texts and names left out."""
    opened: list[int] = []
    found = []
    for token in _TOKEN.finditer(sql):
        if token.group() == "(":
            opened.append(token.start())
        elif token.group() == ")":
            found.append((opened.pop(), token.end()))
    return found


def _outermost(sql: str) -> list[tuple[int, int]]:
    """The brackets that stand in no others, in order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(_brackets(sql)):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found
