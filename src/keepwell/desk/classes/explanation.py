"""怎么算的 for the page of classes: where each figure comes from and by which rule it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.contract.schema import Text


@dataclass(frozen=True)
class Rule:
    """One figure of the page: what it is, by what rule, from which column of the run."""

    title: Text
    rule: Text
    place: str


RULES = (
    Rule(
        Text("Grade", "分级"),
        Text(
            "By net assets averaged over 20 trading days or by the contribution of 12 months, whichever reaches a cut. "
            "Up at once; down after two month-ends below 90% of the cut.",
            "按 20 个交易日日均净资产或近 12 个月贡献，任一达到门槛即可。"
            "升级当日生效；连续两个月末低于门槛的 90% 才降级。",
        ),
        "client_grade.grade · grade_reason",
    ),
    Rule(
        Text("Service type", "服务类型"),
        Text(
            "By five indicators of the client's latest answers and the signed mark table, no bolder than the level "
            "allows. For service only, never for a product match. Who was never assessed stands beside the twelve "
            "classes and is served as cautious.",
            "按最近一次本人问卷的五项指标和签署的评分表，不超过风险等级所允许的类型。"
            "只用于服务，不用于产品匹配。从未测评者单列在十二类之外，按保守型服务。",
        ),
        "client_grade.service_type · service_score · served_as",
    ),
    Rule(
        Text("Clients and assets", "客户与资产"),
        Text(
            "In a branch: existing clients at home there today, as on the list. Over the firm: the run's own count.",
            "营业部：今天归属本营业部的存量客户，与客户列表一致。全公司：本次运行的统计。",
        ),
        "place · client_line · branch_statistic.n_clients · assets_amount",
    ),
    Rule(
        Text("Moves", "变动"),
        Text(
            "The class of now beside that of the last run of an earlier month; where there is none, of the first run. "
            "A client in another class moved, whatever happened in between.",
            "现在的类别对照上月最后一次运行的类别；没有更早月份的运行时，对照第一次运行。前后类别不同即为变动，中间过程不计。",
        ),
        "class_before.compared_on · class_move · client_move",
    ),
    Rule(
        Text("Activity state", "活动状态"),
        Text(
            "The gravest state whose conditions hold, in the signed order. It stands beside the class, never in it.",
            "按签署的次序，取条件成立的最重状态。状态与类别并列，不混在一起。",
        ),
        "client_grade.activity_state · activity_reason",
    ),
    Rule(
        Text("Service level", "服务级别"),
        Text(
            "The signed table of twelve classes and three levels. It says how often the firm is in touch and how soon "
            "it answers, never how an order is handled: orders go by time alone.",
            "签署的十二类对应三级的表。只规定联系频次与答复时限，不涉及委托处理：委托一律按时间先后。",
        ),
        "client_grade.service_level · grading.service_levels",
    ),
)
