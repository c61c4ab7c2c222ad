"""The statement by which intake adds up a table of the run, so that a page reads few rows however many branches."""

from __future__ import annotations

from keepwell.contract.schema import Table


def summed(into: type[Table], source: type[Table], where: str = "") -> str:
    """Fill `into` from `source`, added up over what its grain leaves out; `where` holds a condition of ours."""
    keys = ", ".join(into.grain)
    rest = [name for name in into.names() if name not in into.grain]
    sums = ", ".join(f"SUM({name})" for name in rest)
    chosen = f" WHERE {where}" if where else ""
    return (
        f"INSERT INTO decided_{into.name} ({keys}, {', '.join(rest)}) "  # noqa: S608  names of the contract
        f"SELECT {keys}, {sums} FROM decided_{source.name}{chosen} GROUP BY {keys} ORDER BY {keys}"
    )
