"""How often somebody else came to look after a client."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import PlaceRelation, Relation
from keepwell.engine import frames


def changes_of_manager(assignment: Any, returned_assignment: Any, client_record: Any, as_of: dt.date) -> Any:
    """Changes of manager of each client in twelve months, over all customer numbers.

    What the firm delivers and what was decided at the desk are one history: the same manager twice is no change.
    """
    told = assignment.filter(assignment.relation == str(Relation.SERVICE))
    acts = frames.routed(
        returned_assignment.filter(returned_assignment.relation == str(PlaceRelation.SERVICE)), client_record
    )
    names = ("record_code", "staff_code", "starts_on")
    both = told.select(*names, told_here=False).union(acts.select(*names, told_here=True))
    begun = both.filter(both.starts_on <= frames.day(as_of))
    order = [begun.starts_on, begun.told_here, begun.staff_code]
    history = ibis.window(group_by="record_code", order_by=order)
    before = begun.staff_code.lag().over(history)
    steps = begun.mutate(is_change=(before != begun.staff_code).fill_null(False))
    turns = steps.filter(steps.is_change & frames.within(steps.starts_on, as_of, 365))
    owned = turns.join(client_record.select("record_code", "client_id"), "record_code")
    return owned.group_by("client_id").agg(n_manager_changes_365d=owned.count())
