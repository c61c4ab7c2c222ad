"""Why a client has a grade, a service type and an activity state."""

from __future__ import annotations

from keepwell.contract.schema import Code


class GradeReason(Code):
    """Why this grade."""

    BY_ASSETS = (
        "by_assets",
        "Net assets averaged {net_assets_20d_amount} over 20 trading days: at least {assets_cut_amount}.",
        "20 个交易日日均净资产 {net_assets_20d_amount}，达到 {assets_cut_amount}。",
    )
    BY_CONTRIBUTION = (
        "by_contribution",
        "Contribution of 12 months {contribution_365d_amount}: at least {contribution_cut_amount}.",
        "近 12 个月贡献 {contribution_365d_amount}，达到 {contribution_cut_amount}。",
    )
    KEPT = (
        "kept",
        "Kept: assets {net_assets_20d_amount} have not been below 90% of {assets_cut_amount} at two month-ends.",
        "保留：净资产 {net_assets_20d_amount}，尚未连续两个月末低于 {assets_cut_amount} 的 90%。",
    )
    BELOW_ALL = (
        "below_all",
        "Net assets {net_assets_20d_amount} and contribution {contribution_365d_amount} reach no higher cut.",
        "净资产 {net_assets_20d_amount}、贡献 {contribution_365d_amount} 均未达到更高门槛。",
    )
    ASSETS_UNKNOWN = (
        "assets_unknown",
        "Assets are not delivered: judged by the contribution {contribution_365d_amount} alone.",
        "未交付每日资产：只按贡献 {contribution_365d_amount} 评级。",
    )
    CONTRIBUTION_UNKNOWN = (
        "contribution_unknown",
        "Trades are not delivered: judged by the net assets {net_assets_20d_amount} alone.",
        "未交付成交：只按净资产 {net_assets_20d_amount} 评级。",
    )
    NOTHING_KNOWN = (
        "nothing_known",
        "Neither assets nor trades are delivered: no measure to grade by.",
        "未交付每日资产和成交：没有评级依据。",
    )
    OVERRIDDEN = (
        "overridden",
        (
            "By people until {grade_override_ends_on}, approved by {grade_override_role} "
            "(override {grade_override_key}). By rule: {ruled_grade}."
        ),
        (
            "由人改判，{grade_override_role}批准，{grade_override_ends_on} 到期（编号 {grade_override_key}）。"
            "按规则为：{ruled_grade}。"
        ),
    )


class ServiceTypeReason(Code):
    """Why this service type."""

    BY_INDICATORS = (
        "by_indicators",
        (
            "Score {service_score} of five indicators by the signed mark table: age {age_mark}, knowledge "
            "{knowledge_mark}, experience {experience_mark}, finances {finances_mark}, preference {preference_mark}."
        ),
        (
            "五项指标按签署的评分表得 {service_score} 分：年龄 {age_mark}、专业知识 {knowledge_mark}、"
            "投资经验 {experience_mark}、财务与收入 {finances_mark}、风险偏好 {preference_mark}。"
        ),
    )
    CAPPED = (
        "capped",
        "Score {service_score} of five indicators makes {scored_type}, which {risk_level} does not allow.",
        "五项指标得 {service_score} 分，应为{scored_type}，但风险等级 {risk_level} 不允许。",
    )
    BY_RISK_LEVEL = (
        "by_risk_level",
        "Risk level {risk_level} of the latest assessment, by the signed table.",
        "最近一次测评为 {risk_level}，按签署的对照表。",
    )
    NOT_ASSESSED = (
        "not_assessed",
        "No declared risk level: counted as unassessed, served as cautious.",
        "没有本人测评等级：单列为未测评，按保守型服务。",
    )
    OVERRIDDEN = (
        "overridden",
        (
            "By people until {type_override_ends_on}, approved by {type_override_role} "
            "(override {type_override_key}). By rule: {ruled_service_type}."
        ),
        (
            "由人改判，{type_override_role}批准，{type_override_ends_on} 到期（编号 {type_override_key}）。"
            "按规则为：{ruled_service_type}。"
        ),
    )
    ABOVE_LEVEL = (
        "above_level",
        "Override {type_override_key} is bolder than risk level {risk_level} allows: the type by rule stands.",
        "改判（编号 {type_override_key}）的类型比风险等级 {risk_level} 所允许的更进取：仍按规则类型。",
    )


class GroupingReason(Code):
    """What tier, segment and rhythm were told from; the facts stand in the client's features."""

    BY_TRADING = (
        "by_trading",
        (
            "Tier by grade; net assets {net_assets_20d_amount}; trades on {n_trade_days_365d} days of 12 months, "
            "turnover {turnover_rate} times the assets."
        ),
        (
            "层级按分级；净资产 {net_assets_20d_amount}；"
            "近 12 个月 {n_trade_days_365d} 天有成交，换手率 {turnover_rate} 倍。"
        ),
    )
    TRADES_UNKNOWN = (
        "trades_unknown",
        "Tier by grade; net assets {net_assets_20d_amount}; trades are not delivered, the rhythm is unknown.",
        "层级按分级；净资产 {net_assets_20d_amount}；未交付成交，交易频率不详。",
    )


class ActivityReason(Code):
    """Why this activity state; the facts stand in the client's features."""

    NO_ASSETS = (
        "no_assets",
        "Assets {assets_amount}; last trade {last_trade_on}, last log-in or cash flow {last_seen_on}.",
        "资产 {assets_amount}；最近成交 {last_trade_on}，最近登录或资金往来 {last_seen_on}。",
    )
    OUTFLOW = (
        "outflow",
        "Net outflow of 30 days is {net_outflow_30d_share} of average assets.",
        "近 30 日净流出占日均资产 {net_outflow_30d_share}。",
    )
    FEWER_LOGINS = (
        "fewer_logins",
        "Logged in on {n_logins_30d} of the last 30 days, usually {usual_logins_30d}.",
        "近 30 日登录 {n_logins_30d} 天，平时 {usual_logins_30d} 天。",
    )
    NO_TRADE_NO_LOGIN = (
        "no_trade_no_login",
        "Last trade {last_trade_on}, last log-in or cash flow {last_seen_on}.",
        "最近成交 {last_trade_on}，最近登录或资金往来 {last_seen_on}。",
    )
    LITTLE_EXPERIENCE = (
        "little_experience",
        "Asked or was assessed lately, has bought nothing since, {n_trades_ever} trades ever.",
        "近期咨询、申请权限或测评，此后未买入，历史成交 {n_trades_ever} 笔。",
    )
    TRADES_OR_LOGINS = (
        "trades_or_logins",
        "{n_trades_90d} trades and {n_logins_90d} log-in days in 90 days; last seen {last_seen_on}.",
        "近 90 日成交 {n_trades_90d} 笔，登录 {n_logins_90d} 天；最近活动 {last_seen_on}。",
    )
    NOT_DELIVERED = (
        "not_delivered",
        "Trades, or log-ins and flows, are not delivered: asleep or lost cannot be told. Last seen {last_seen_on}.",
        "未交付成交，或未交付登录和资金流水：无法判断沉睡或流失。最近活动 {last_seen_on}。",
    )
