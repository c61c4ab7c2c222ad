"""Sums over the whole firm, so that headquarters' home reads as many rows at 300 branches as at six.

Intake makes each with one statement from the run's own sums by branch and manager; only counts and amounts are added.
"""

from __future__ import annotations

from keepwell.contract.changes import BranchMonth, BranchStatistic
from keepwell.contract.schema import Table, Text
from keepwell.desk.generations.sums import summed

CELL = BranchStatistic.columns
MONTH = BranchMonth.columns


class FirmStatistic(Table):
    """The distribution of clients over the whole firm (desk only; not a table of the run)."""

    title = Text("Distribution of the firm's clients", "全公司客户分布")
    writer = "exchange"
    grain = ("population", "grade", "service_type", "activity_state")

    population = CELL["population"]
    grade = CELL["grade"]
    service_type = CELL["service_type"]
    activity_state = CELL["activity_state"]
    n_clients = CELL["n_clients"]
    assets_amount = CELL["assets_amount"]
    contribution_365d_amount = CELL["contribution_365d_amount"]
    n_untouched_90d = CELL["n_untouched_90d"]


class FirmMonth(Table):
    """The whole firm at month ends (desk only; not a table of the run)."""

    title = Text("Months of the firm", "全公司月度")
    writer = "exchange"
    grain = ("month_on",)

    month_on = MONTH["month_on"]
    assets_amount = MONTH["assets_amount"]
    inflow_amount = MONTH["inflow_amount"]
    outflow_amount = MONTH["outflow_amount"]


class BranchSum(Table):
    """Clients and assets of a branch (desk only; not a table of the run)."""

    title = Text("Clients of branches", "营业部客户合计")
    writer = "exchange"
    grain = ("population", "branch_code")

    population = CELL["population"]
    branch_code = CELL["branch_code"]
    n_clients = CELL["n_clients"]
    assets_amount = CELL["assets_amount"]


FIRM_STATISTIC = summed(FirmStatistic, BranchStatistic)
FIRM_MONTH = summed(FirmMonth, BranchMonth)
BRANCH_SUM = summed(BranchSum, BranchStatistic)
