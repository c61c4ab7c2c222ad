"""A branch for the chapter: clients and managers in few words, and what the night proposes for them."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from keepwell.contract import TABLES
from keepwell.engine.allocation.rules import proposal
from keepwell.engine.stage import Rule
from keepwell.policy.allocation import Extent
from keepwell.policy.packs import Packs
from tests.book import Rows, decide, packs_of

AS_OF = dt.date(2026, 11, 20)
LAST_MONTH = dt.date(2026, 10, 20)


def signed(**runs: Any) -> Packs:
    """The packs with other extents of a run."""
    packs = packs_of(AS_OF)
    rules = dataclasses.replace(packs.allocation, runs=dataclasses.replace(packs.allocation.runs, **runs))
    return dataclasses.replace(packs, allocation=rules)


CHANGES = signed(plans=Extent.CHANGES)


def clients(n: int, manager: str | None = None, **facts: Any) -> Rows:
    """Clients of one kind, C000 on, with the same manager."""
    row = {
        "branch_code": "B1",
        "manager_code": manager,
        "grade": "basic",
        "served_as": "balanced",
        "is_risk_known": True,
        **facts,
    }
    return [{"client_id": f"C{place:03}", **row} for place in range(n)]


def staff(*codes: str, **facts: Any) -> Rows:
    """Managers with a book."""
    row = {"branch_code": "B1", "role": "manager", "has_book": True, "level": 5, **facts}
    return [{"staff_code": code, **row} for code in codes]


def licences(*codes: str, to: dt.date | None = None, kind: str = "general") -> Rows:
    """Licences in force until a day."""
    return [
        {
            "staff_code": code,
            "licence_no": "1",
            "licence_kind": kind,
            "valid_from": dt.date(2020, 1, 1),
            "valid_to": to,
        }
        for code in codes
    ]


def strong(code: str, **needs: str) -> Rows:
    """How strong somebody is in each need, confirmed a month ago."""
    return [
        {"staff_code": code, "need": need, "strength_share": Decimal(share), "confirmed_on": LAST_MONTH}
        for need, share in needs.items()
    ]


def propose(first: Any = "allocation_proposal", packs: Any = None, **tables: Any) -> list[dict[str, Any]]:
    """Rows of one of the tables that the night writes; tables by name are what it is given."""
    order = [first, *(table.name for table in proposal.WRITES if table.name != first)]
    rule = Rule(tuple(TABLES[name] for name in order), proposal.allocation, arrays=True)
    return decide(rule, tables, as_of=AS_OF, packs=packs)
