"""Which figures of the card are explained: for each the rule in words, the decided row, its pack and its inputs."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.contract.schema import Text

SUITABILITY = "client_suitability"
SUITED = (
    "investor_kind",
    "risk_level",
    "declared_score",
    "computed_level",
    "computed_score",
    "questionnaire_version",
    "is_version_in_use",
    "assessed_on",
    "valid_to",
    "assessment_state",
    "is_lowest_class",
    "product_level_at_most",
    "has_term_limit",
    "term_days_at_most",
    "kinds_wished",
    "is_for_pension",
    "n_tests_same_day",
    "n_tests_30d",
    "jump_from_level",
)


@dataclass(frozen=True)
class Figure:
    """How one figure is explained: from which decided row, by which reason and pack, out of which columns."""

    title: Text
    source: str
    pack: str
    rule: Text
    reason: str = ""
    also: str = ""
    inputs: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


FIGURES: dict[str, Figure] = {
    "grade": Figure(
        Text("Grade", "分级"),
        "grade",
        "grading",
        Text(
            "The highest grade whose cut either the net assets or the contribution reaches; "
            "down only after two month-ends below 90% of the cut.",
            "净资产或贡献任一达到门槛即入该级，取最高；连续两个月末低于门槛的 90% 才下调。",
        ),
        "grade_reason",
        inputs=(
            "net_assets_20d_amount",
            "contribution_365d_amount",
            "assets_cut_amount",
            "contribution_cut_amount",
            "parent_grade",
            "graded_on",
        ),
    ),
    "service_type": Figure(
        Text("Service type", "服务类型"),
        "grade",
        "grading",
        Text(
            "Age, knowledge, experience, finances and preference of the latest answers, each marked by the signed "
            "table, no bolder than the level declared to the client allows; without answers that can be counted the "
            "level alone. Used for service only.",
            "取最近一次问卷的年龄、专业知识、投资经验、财务与收入、风险偏好五项指标，按签署的评分表计分，"
            "不超过告知客户的风险等级所允许的类型；答卷无法计分的只按等级。只用于服务，不用于产品匹配。",
        ),
        "service_type_reason",
        "features",
        (
            "risk_level",
            "type_at_most",
            "questionnaire_version",
            "age_mark",
            "knowledge_mark",
            "experience_mark",
            "finances_mark",
            "preference_mark",
            "service_score",
            "scored_type",
            "served_as",
            "service_level",
        ),
        ("assessed_on", "assessment_valid_to"),
    ),
    "activity_state": Figure(
        Text("Activity state", "活动状态"),
        "grade",
        "activity",
        Text(
            "The gravest state whose conditions hold, in the signed order.",
            "按签署的次序，取条件成立的最重状态。",
        ),
        "activity_reason",
        "features",
        ("activity_state",),
        (
            "assets_amount",
            "days_since_trade",
            "days_since_login",
            "n_trades_90d",
            "n_logins_90d",
            "n_logins_30d",
            "usual_logins_30d",
            "outflow_90d_amount",
            "net_outflow_90d_share",
            "n_trades_ever",
        ),
    ),
    "groupings": Figure(
        Text("Other groupings", "其他分组"),
        "grade",
        "grading",
        Text(
            "Tier from the grade; institution by kind, else high net worth from the signed net assets on; frequent "
            "or seldom by the days with trades and the turnover of twelve months. Style: how long is held, and what "
            "most holdings are for.",
            "层级由分级得出；机构按客户类型，个人按签署的净资产门槛分为高净值与散户；"
            "高频、稳健按近 12 个月成交天数与换手率。风格：持有长短，以及持仓以何为主。",
        ),
        "grouping_reason",
        "features",
        ("tier", "segment", "rhythm", "grade", "net_assets_20d_amount"),
        ("n_trade_days_365d", "turnover_rate", "n_trades_365d", "trading_style", "leading_need"),
    ),
    "assets": Figure(
        Text("Assets", "资产"),
        "features",
        "features",
        Text(
            "Cash, stocks, funds, bonds, warrants and wealth products of all accounts at the close of the as-of date, "
            "in the base currency; margin debt is apart.",
            "全部账户在数据截止日收盘的现金、股票、基金、债券、权证与集合理财之和，折为本位币；融资负债另列。",
        ),
        inputs=(
            "assets_amount",
            "cash_amount",
            "stock_amount",
            "b_stock_amount",
            "hk_stock_amount",
            "fund_amount",
            "warrant_amount",
            "bond_amount",
            "wealth_amount",
            "debt_amount",
            "net_assets_amount",
            "net_assets_20d_amount",
            "peak_assets_365d_amount",
            "assets_change_30d_share",
        ),
    ),
    "contribution": Figure(
        Text("Contribution", "年度贡献"),
        "features",
        "features",
        Text(
            "Net commission and other income of the last twelve months. Value is what is left of it after the cost to "
            "serve at signed unit costs; expected is what clients who traded alike a year ago went on to bring.",
            "近 12 个月净佣金与其他收入之和。价值为其减去按签署单位成本计的服务成本；"
            "预期取一年前交易情况相近的客户此后带来的佣金。",
        ),
        inputs=(
            "contribution_365d_amount",
            "commission_365d_amount",
            "net_commission_365d_amount",
            "other_income_365d_amount",
            "turnover_365d_amount",
            "n_trades_365d",
        ),
    ),
    "risk_level": Figure(
        Text("Risk level", "风险等级"),
        SUITABILITY,
        "suitability",
        Text(
            "The level declared to the client at the latest assessment, which alone binds; beside it what the answers "
            "make by the version they were given in, how long it holds, and up to which products it matches.",
            "以最近一次测评告知客户的等级为准；并列按当时问卷版本重算的得分与等级、有效期，以及可匹配的产品等级。",
        ),
        inputs=SUITED,
    ),
    "last_contact": Figure(
        Text("Last contact", "上次联系"),
        "features",
        "features",
        Text(
            "The latest contact in which the client was reached, by any channel, in the firm's files and at this desk. "
            "What is noted after the run is shown at once; the run's figures below count it from the next one.",
            "最近一次联系到本人的记录，含公司数据与本工作台，不分渠道。运行之后所记随即显示；下列运行数字自下次运行起计入。",
        ),
        inputs=("last_contact_on", "days_since_contact", "n_contacts_90d", "n_contacts_365d"),
    ),
    "moments": Figure(
        Text("Moments", "联系时机"),
        "moments",
        "moments",
        Text(
            "Each occasion is found by a signed rule. Overdue ones stand first, then by deadline and the rule's "
            "priority. A window has no deadline and is never overdue.",
            "每件由签署的规则触发。逾期在前，再按时限与规则优先级。窗口期没有时限，不算逾期。",
        ),
    ),
    "assignment": Figure(
        Text("Relationship manager", "客户经理"),
        "place",
        "",
        Text(
            "Who looks after the client today, and the home branch; changed by people's acts alone, never by a run.",
            "今天由谁服务，以及归属营业部；只随人的决定变化，运行不改。",
        ),
    ),
    "manager": Figure(
        Text("Proposed manager", "建议客户经理"),
        "proposal",
        "allocation",
        Text(
            "The assignment of the whole branch with the highest total score within all limits; a proposal only.",
            "在每位经理的名额之内，使全营业部总得分最高的分配；仅为建议。",
        ),
        "allocation_reason",
        inputs=("manager_code", "current_code", "is_change", "score", "best_code", "best_score", "price"),
    ),
}

VALUED = (
    "trade_cost_amount",
    "login_cost_amount",
    "contact_cost_amount",
    "complaint_cost_amount",
    "account_cost_amount",
    "cost_to_serve_amount",
    "value_amount",
    "n_alike",
    "active_share",
    "expected_commission_amount",
    "expected_contribution_amount",
    "expected_value_amount",
    "gone_assets_amount",
    "potential_amount",
    "policy_version",
)
