"""What kind of client: four grades by three service types, and the activity state, each with its reason."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.reasons.grading import ActivityReason, GradeReason, GroupingReason, ServiceTypeReason
from keepwell.contract.schema import Code, Table, Text, code, count, date, money, text, unless


class ServiceLevel(Code):
    """What a client is owed by class: how often the firm is in touch, how soon it answers (R028).

    Never how an order is handled: orders go by time alone (Art. 18, 20 of the brokerage measure).
    """

    DEDICATED = "dedicated", "Dedicated service", "专属服务"
    ENHANCED = "enhanced", "Enhanced service", "重点服务"
    STANDARD = "standard", "Standard service", "标准服务"


class ServiceIndicator(Code):
    """The five indicators from which the service type is scored (R026)."""

    AGE = "age", "Age", "年龄"
    KNOWLEDGE = "knowledge", "Knowledge of securities", "证券专业知识"
    EXPERIENCE = "experience", "Experience in securities", "证券投资经验"
    FINANCES = "finances", "Finances and income", "财务与收入状况"
    PREFERENCE = "preference", "Risk preference", "风险偏好"


class Tier(Code):
    """Three tiers of existing clients, told from the grade (R020)."""

    STRATEGIC = "strategic", "Strategic", "战略"
    IMPORTANT = "important", "Important", "重要"
    REGULAR = "regular", "Regular", "常规"


class Segment(Code):
    """Who a client is by kind and wealth (R022)."""

    HIGH_NET_WORTH = "high_net_worth", "High net worth", "高净值"
    INSTITUTION = "institution", "Institution", "机构"
    RETAIL = "retail", "Retail", "散户"


class Rhythm(Code):
    """How often a client trades (R023); steady here is no service type."""

    HIGH_FREQUENCY = "high_frequency", "Frequent", "高频"
    STEADY = "steady", "Seldom, holding", "稳健"
    ORDINARY = "ordinary", "In between", "一般"


class ClientGrade(Table):
    """Grade, service type and activity state of an existing client (R027, R028, R030), facts beside them.

    The service type is scored from five indicators of the latest assessment where its answers can be counted by a
    signed mark table, else it is the level's; ``type_at_most`` is the boldest that the level allows. The cuts are
    those of the grade by rule; the lowest grade asks for nothing and has none. Where people decided
    otherwise for a time, what the rules say stands beside it (``ruled_``), and goes on by itself.
    """

    title = Text("Client classes", "客户分类分级")
    writer = "grading"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    grade = code("Grade", "分级", codes.Grade)
    grade_reason = code("Why this grade", "分级理由", GradeReason)
    service_type = code("Service type", "服务类型", codes.ServiceType)
    service_type_reason = code("Why this type", "类型理由", ServiceTypeReason)
    served_as = code("Served as", "按此服务", codes.ServiceType)
    service_level = code("Service level", "服务级别", ServiceLevel)
    risk_level = code("Risk level", "风险等级", codes.RiskLevel, nullable=True)
    questionnaire_version = text("Scored by version", "评分所依问卷版本", length=16, nullable=True)
    age_mark = count("Mark for age", "年龄得分", nullable=True)
    knowledge_mark = count("Mark for knowledge", "专业知识得分", nullable=True)
    experience_mark = count("Mark for experience", "投资经验得分", nullable=True)
    finances_mark = count("Mark for finances and income", "财务与收入得分", nullable=True)
    preference_mark = count("Mark for risk preference", "风险偏好得分", nullable=True)
    service_score = count("Score of the five indicators", "五项指标得分", nullable=True)
    scored_type = code("Type by the score", "按得分的类型", codes.ServiceType, nullable=True)
    type_at_most = code("No bolder than", "等级所允许的类型", codes.ServiceType)
    activity_state = code("Activity state", "活动状态", codes.ActivityState)
    activity_reason = code("Why this state", "状态理由", ActivityReason)
    tier = code("Tier", "客户层级", Tier)
    segment = code("Segment", "客户类别", Segment, nullable=True)
    rhythm = code("Trading rhythm", "交易频率", Rhythm, nullable=True)
    grouping_reason = code("What groupings are told from", "分组依据", GroupingReason)
    net_assets_20d_amount = money(
        "Net assets, 20-trading-day average", "20 交易日均净资产", **unless("daily_asset")
    )
    contribution_365d_amount = money("Contribution, 12 months", "近12个月贡献", **unless("trade"))
    assets_cut_amount = money("Assets asked for", "资产门槛", nullable=True)
    contribution_cut_amount = money("Contribution asked for", "贡献门槛", nullable=True)
    parent_grade = code("Grade in the run before", "上次分级", codes.Grade, nullable=True)
    graded_on = date("Grade since", "分级生效日期")
    ruled_grade = code("Grade by rule", "按规则分级", codes.Grade, nullable=True)
    ruled_on = date("Grade by rule since", "按规则分级起始", nullable=True)
    grade_override_key = text("Override of the grade", "分级改判编号", length=40, nullable=True)
    grade_override_role = code("Approved by", "分级改判批准岗位", codes.Role, nullable=True)
    grade_override_ends_on = date("Override ends on", "分级改判到期日", nullable=True)
    ruled_service_type = code("Type by rule", "按规则类型", codes.ServiceType, nullable=True)
    type_override_key = text("Override of the type", "类型改判编号", length=40, nullable=True)
    type_override_role = code("Type approved by", "类型改判批准岗位", codes.Role, nullable=True)
    type_override_ends_on = date("Override of the type ends on", "类型改判到期日", nullable=True)
    parent_activity_state = code(
        "State in the run before", "上次活动状态", codes.ActivityState, nullable=True
    )
    activity_since_on = date("State since", "状态生效日期")
    decided_on = date("Decided as of", "判定日期")
    policy_version = text("Policy", "规则版本", length=80)


class ClassBefore(Table):
    """The class and state a client had when the month before ended: what moves are told against (R028, R030).

    As the last run of an earlier month said; where there was none, as the first run that there is. A client without
    a row was not classed then.
    """

    title = Text("Classes of the month before", "上月分类分级")
    writer = "grading"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    before_grade = code("Grade then", "原分级", codes.Grade)
    before_service_type = code("Service type then", "原服务类型", codes.ServiceType)
    before_activity_state = code("Activity state then", "原活动状态", codes.ActivityState)
    compared_on = date("Compared with", "对比日期")
