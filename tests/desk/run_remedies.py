"""What must be mended in the small firm: of every third client something, and figures that can be added up by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

Row = dict[str, Any]
LAST = dt.date(2027, 12, 31)
GAPS = (("missing", "nationality", 8, 5), ("expired", "id_valid_to", 15, 10), ("differs", "address", 20, 15))
COUNTED = {"missing": "n_missing", "expired": "n_expired", "differs": "n_differing"}


def remedies(n: int, facts: Any) -> dict[str, list[Row]]:
    """Rows of the five tables: the clients whose number divides by three, 57 (in two branches) among them.

    Client 57 lacks all three, is worth most, and of the others each lacks one. The last of them has no date.
    """
    gaps, listed = [], []
    wanted = [number for number in range(n) if number % 3 == 0]
    for number in wanted:
        own = GAPS if number == 57 else (GAPS[number % 2],)
        client_id = facts(number)["client_id"]
        gaps += [
            {"client_id": client_id, "golden_field": fact, "gap_kind": kind, "is_required": True,
             "since_on": dt.date(2025, 7, 8) if kind != "missing" else None}
            for kind, fact, _minutes, _points in own
        ]  # fmt: skip
        listed.append(
            {"client_id": client_id, "fix_minutes": sum(one[2] for one in own),
             "worth_points": sum(one[3] for one in own), "due_on": None if number == wanted[0] else LAST}
            | {COUNTED[kind]: 1 for kind, *_rest in own}
        )  # fmt: skip
    return {"data_gap": gaps, "remediation": listed, **_sums(n, facts, gaps, listed)}


def _sums(n: int, facts: Any, gaps: list[Row], listed: list[Row]) -> dict[str, list[Row]]:
    home = {facts(number)["client_id"]: facts(number)["branch"] for number in range(n)}
    branches = sorted(set(home.values()))
    quality, progress = [], []
    for branch in branches:
        here = [row for row in listed if home[row["client_id"]] == branch]
        n_clients = sum(code == branch for code in home.values())
        quality.append(
            {"branch_code": branch, "n_clients": n_clients, "n_to_mend": len(here),
             "fix_minutes": sum(row["fix_minutes"] for row in here)}
            | {name: sum(row.get(name, 0) for row in here) for name in COUNTED.values()}
        )  # fmt: skip
        n_open = sum(row["due_on"] is not None for row in here)
        progress.append(
            {"branch_code": branch, "due_on": LAST, "n_clients": n_clients, "n_done": n_clients - n_open}
        )
    cells: dict[tuple[str, str, str], int] = {}
    for gap in gaps:
        key = (home[gap["client_id"]], gap["golden_field"], gap["gap_kind"])
        cells[key] = cells.get(key, 0) + 1
    names = ("branch_code", "golden_field", "gap_kind")
    spread = [dict(zip(names, key, strict=True)) | {"n_clients": count} for key, count in cells.items()]
    return {"branch_quality": quality, "remediation_statistic": progress, "gap_statistic": spread}
