"""What a client is worth to the firm: contribution less cost to serve, what is to be expected, what was here before."""

from __future__ import annotations

from keepwell.contract.reasons.value import ExpectedReason, ValueReason
from keepwell.contract.schema import Table, Text, code, count, date, money, share, text, unless


class ClientValue(Table):
    """Value of an existing client over twelve months (R010, R033): contribution, cost to serve, what is expected.

    Unit costs are signed until the firm accounts for costs itself; cost of what is not delivered is left out. The
    expected commission is that of clients who traded alike a year ago: the share of them who went on, times what those
    kept of their commission; other income is taken to stay as it was. ``potential_amount`` is what assets that were
    here within twelve months would bring at the client's own rate, never what more trading would bring.
    """

    title = Text("Value of clients", "客户价值")
    writer = "grading"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    contribution_365d_amount = money("Contribution, 12 months", "近12个月贡献", **unless("trade"))
    trade_cost_amount = money("Cost of trades", "成交成本", **unless("trade"))
    login_cost_amount = money("Cost of log-in days", "登录成本", **unless("login"))
    contact_cost_amount = money("Cost of contacts", "联系成本", **unless("contact"))
    complaint_cost_amount = money("Cost of complaints", "投诉处理成本", **unless("complaint"))
    account_cost_amount = money("Cost of open accounts", "账户维护成本", **unless("account"))
    cost_to_serve_amount = money("Cost to serve, 12 months", "近12个月服务成本")
    value_amount = money("Value, 12 months", "近12个月价值", **unless("trade"))
    value_reason = code("How the value was made", "价值依据", ValueReason)
    n_alike = count("Clients who traded alike a year ago", "一年前交易情况相近的客户数", nullable=True)
    active_share = share(
        "Share of them who went on trading", "其中继续交易的占比", low=0, high=1, nullable=True
    )
    expected_commission_amount = money(
        "Expected commission, 12 months", "预期12个月佣金", low=0, nullable=True
    )
    expected_contribution_amount = money(
        "Expected contribution, other income as it was", "预期贡献（其他收入按原额）", nullable=True
    )
    expected_value_amount = money("Expected value, 12 months", "预期12个月价值", nullable=True)
    expected_reason = code("What is expected from", "预期依据", ExpectedReason)
    gone_assets_amount = money(
        "Assets that were here within 12 months", "近12个月流出前的资产差额", low=0, **unless("daily_asset")
    )
    potential_amount = money("Potential value of them, a year", "对应的年潜在价值", nullable=True)
    decided_on = date("Decided as of", "判定日期")
    policy_version = text("Policy", "规则版本", length=80)


class ValueCalibration(Table):
    """Whether what was expected a year ago came, quarter by quarter: the check of the expected commission (R033).

    Expected by what was known then, of the clients of then; a quarter's part of a year is that of the year before.
    No rows where there are fewer than three years of months.
    """

    title = Text("Expected against what came", "预期与实际对照")
    writer = "grading"
    grain = ("quarter",)

    quarter = text("Quarter", "季度", length=8)
    season_share = share("Part of the year before", "上年同季占比", low=0, high=1, nullable=True)
    expected_amount = money("Expected commission", "预期佣金", low=0)
    observed_amount = money("Commission that came", "实际佣金", low=0)
    observed_share = share("Came, of what was expected", "实际占预期", low=0, nullable=True)
