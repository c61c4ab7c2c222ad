"""Sums over the whole firm, so that headquarters reads as many rows at 300 branches as at six.

Intake makes each with one statement from the run's own sums by branch; only counts and amounts are added.
"""

from __future__ import annotations

from keepwell.contract.changes import BranchStatistic, ClassMove
from keepwell.contract.schema import Table, Text
from keepwell.desk.generations.sums import summed

CELL = BranchStatistic.columns
MOVE = ClassMove.columns


class FirmClass(Table):
    """Existing clients of the whole firm by class and state (desk only; not a table of the run)."""

    title = Text("Classes of the firm's clients", "全公司分类分级")
    writer = "exchange"
    grain = ("grade", "service_type", "activity_state")

    grade = CELL["grade"]
    service_type = CELL["service_type"]
    activity_state = CELL["activity_state"]
    n_clients = CELL["n_clients"]
    assets_amount = CELL["assets_amount"]


class FirmMove(Table):
    """Clients of the whole firm by class and state then and now (desk only; not a table of the run)."""

    title = Text("Moves between the firm's classes", "全公司分类分级变动")
    writer = "exchange"
    grain = (
        "compared_on",
        "before_grade",
        "before_service_type",
        "before_activity_state",
        "grade",
        "service_type",
        "activity_state",
    )

    compared_on = MOVE["compared_on"]
    before_grade = MOVE["before_grade"]
    before_service_type = MOVE["before_service_type"]
    before_activity_state = MOVE["before_activity_state"]
    grade = MOVE["grade"]
    service_type = MOVE["service_type"]
    activity_state = MOVE["activity_state"]
    n_clients = MOVE["n_clients"]
    assets_amount = MOVE["assets_amount"]


FIRM_CLASS = summed(FirmClass, BranchStatistic, "population = 'existing'")
FIRM_MOVE = summed(FirmMove, ClassMove)
