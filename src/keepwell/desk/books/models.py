"""The run's sums over books and branches."""

from __future__ import annotations

from keepwell.contract import allocation, changes
from keepwell.desk.books import sums
from keepwell.desk.generations.decided import Decided


class BranchStatistic(Decided, table=changes.BranchStatistic, indexes=[("manager_code",)]):
    """Clients and assets by branch, manager, population and class."""


class BranchMonth(Decided, table=changes.BranchMonth, indexes=[("manager_code", "month_on")]):
    """Assets and money moved by branch and manager at month ends."""


class AllocationLoad(Decided, table=allocation.AllocationLoad, indexes=[("branch_code",)]):
    """Each manager's load now and as proposed, against the limits."""


class AllocationLimit(Decided, table=allocation.AllocationLimit, indexes=[("branch_code",)]):
    """What each manager has of each limit, and the price of one more."""


class AllocationHours(Decided, table=allocation.AllocationHours):
    """Service hours a year for each client of a grade in a branch."""


class AllocationPool(Decided, table=allocation.AllocationPool, indexes=[("branch_code", "pool_reason")]):
    """Who waits in a branch's pool, and why."""


class AllocationFairness(Decided, table=allocation.AllocationFairness):
    """How evenly a branch's work is shared out: as it is, as proposed, by assets only."""


class AllocationLeaning(Decided, table=allocation.AllocationLeaning):
    """Whom a way of sharing out favours, over the firm."""


class AllocationGroup(Decided, table=allocation.AllocationGroup):
    """What groups of clients lose against their best-scoring manager, over the firm."""


class AllocationSwap(Decided, table=allocation.AllocationSwap, indexes=[("branch_code",)]):
    """Two clients of a branch who would both gain together by changing places."""


class AllocationCertificate(Decided, table=allocation.AllocationCertificate):
    """Proof of each branch's proposal."""


class FirmStatistic(Decided, table=sums.FirmStatistic, fill=sums.FIRM_STATISTIC):
    """Clients and assets of the whole firm by population and class."""


class FirmMonth(Decided, table=sums.FirmMonth, fill=sums.FIRM_MONTH):
    """Assets and money moved over the whole firm at month ends."""


class BranchSum(Decided, table=sums.BranchSum, fill=sums.BRANCH_SUM):
    """Clients and assets of each branch by population."""
