"""What is different from the run before: computed by the engine, so that the desk only shows it."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import Table, Text, code, count, date, money, text, unless


class ClientChange(Table):
    """One decided value of one client that differs from the parent run (R104)."""

    title = Text("Changes since the last run", "与上次运行的差异")
    writer = "changes"
    grain = ("client_id", "changed")

    client_id = text("Client", "客户", length=34)
    changed = code("What", "事项", codes.CarriedChange)
    before = text("Before", "原值", length=40, nullable=True)
    after = text("After", "新值", length=40, nullable=True)


class BranchStatistic(Table):
    """Counts of clients and assets by branch, class and state: the figures of the home pages (R004).

    Cells without a class (not existing clients) carry the population only.
    """

    title = Text("Distribution of clients", "客户分布")
    writer = "changes"
    grain = ("branch_code", "manager_code", "population", "grade", "service_type", "activity_state")

    branch_code = text("Branch", "营业部", length=16)
    manager_code = text("Relationship manager, '-' if none", "客户经理", length=16)
    population = code("Population", "客群", codes.Population)
    grade = text("Grade, '-' if none", "分级", length=16)
    service_type = text("Service type, '-' if none", "服务类型", length=16)
    activity_state = text("Activity state, '-' if none", "活动状态", length=16)
    n_clients = count("Clients", "客户数")
    assets_amount = money("Assets", "资产总值", **unless("daily_asset"))
    contribution_365d_amount = money("Contribution, 12 months", "近12个月贡献", **unless("trade"))
    n_untouched_90d = count("Without contact for 90 days", "90日未联系", **unless("contact"))


class BranchMonth(Table):
    """Assets and money moved by branch and manager at each month end: the curves of the home pages."""

    title = Text("Months of branches", "营业部月度")
    writer = "changes"
    grain = ("branch_code", "manager_code", "month_on")

    branch_code = text("Branch", "营业部", length=16)
    manager_code = text("Relationship manager, '-' if none", "客户经理", length=16)
    month_on = date("Month end", "月末")
    n_clients = count("Clients", "客户数")
    assets_amount = money("Assets", "资产总值", **unless("daily_asset"))
    inflow_amount = money("In", "转入", **unless("cash_flow"))
    outflow_amount = money("Out", "转出", **unless("cash_flow"))


class ClassMove(Table):
    """Clients by the class and state they had when the month before ended and those they have now (R028, R030).

    A dash before is who was not classed then, a dash now who no longer is an existing client. Whoever stayed is
    counted too. No row where there was no run to compare with.
    """

    title = Text("Moves between classes", "分类分级变动")
    writer = "changes"
    grain = (
        "branch_code",
        "before_grade",
        "before_service_type",
        "before_activity_state",
        "grade",
        "service_type",
        "activity_state",
    )

    branch_code = text("Branch", "营业部", length=16)
    before_grade = text("Grade then, '-' if none", "原分级", length=16)
    before_service_type = text("Service type then, '-' if none", "原服务类型", length=16)
    before_activity_state = text("Activity state then, '-' if none", "原活动状态", length=16)
    grade = text("Grade, '-' if none", "分级", length=16)
    service_type = text("Service type, '-' if none", "服务类型", length=16)
    activity_state = text("Activity state, '-' if none", "活动状态", length=16)
    compared_on = date("Compared with", "对比日期")
    n_clients = count("Clients", "客户数")
    assets_amount = money("Assets", "资产总值", **unless("daily_asset"))


class ClientMove(Table):
    """A client whose class or state differs from the one when the month before ended (R028, R030).

    Nothing before: not classed then; nothing now: no longer an existing client.
    """

    title = Text("Clients who moved", "变动客户")
    writer = "changes"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    before_grade = code("Grade then", "原分级", codes.Grade, nullable=True)
    before_service_type = code("Service type then", "原服务类型", codes.ServiceType, nullable=True)
    before_activity_state = code("Activity state then", "原活动状态", codes.ActivityState, nullable=True)
    grade = code("Grade", "分级", codes.Grade, nullable=True)
    service_type = code("Service type", "服务类型", codes.ServiceType, nullable=True)
    activity_state = code("Activity state", "活动状态", codes.ActivityState, nullable=True)
    compared_on = date("Compared with", "对比日期")
