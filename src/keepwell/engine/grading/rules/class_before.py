"""What moves are told against: the classes that stood when the month before ended (R028, R030)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.contract.grading import ClassBefore
from keepwell.engine import frames


def class_before(client: Any, parent_client_grade: Any, parent_class_before: Any, as_of: dt.date) -> Any:
    """The classes of the last run of an earlier month; where there is none, of the first run there is.

    A client whose number went into another's has no row: whoever has the number now brings their own.
    """
    first = frames.day(as_of.replace(day=1))
    asked = parent_client_grade.aggregate(
        is_of_month=(parent_client_grade.decided_on.max() >= first).fill_null(False)
    )
    known = parent_class_before.aggregate(has_before=parent_class_before.client_id.count() > 0)
    stands = asked.cross_join(known).select(stays=lambda row: row.is_of_month & row.has_before)
    kept = parent_class_before.cross_join(stands).filter(lambda row: row.stays)
    taken = _classes(parent_client_grade).cross_join(stands).filter(lambda row: ~row.stays)
    names = ClassBefore.names()
    return kept.select(*names).union(taken.select(*names)).semi_join(client, "client_id")


def _classes(graded: Any) -> Any:
    return graded.select(
        "client_id",
        before_grade="grade",
        before_service_type="service_type",
        before_activity_state="activity_state",
        compared_on="decided_on",
    )
