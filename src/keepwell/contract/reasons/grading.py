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


class ServiceTypeReason(Code):
    """Why this service type."""

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


class ActivityReason(Code):
    """Why this activity state; the numbers stand in the client's features."""

    NO_ASSETS = (
        "no_assets",
        "Assets {assets_amount}, no trade for {days_since_trade} days, no log-in for {days_since_login}.",
        "资产 {assets_amount}，{days_since_trade} 天未成交，{days_since_login} 天未登录。",
    )
    OUTFLOW = (
        "outflow",
        "Net outflow of 90 days is {net_outflow_90d_share} of average assets.",
        "近 90 日净流出占日均资产 {net_outflow_90d_share}。",
    )
    FEWER_LOGINS = (
        "fewer_logins",
        "Logged in on {n_logins_30d} of the last 30 days, usually {usual_logins_30d}.",
        "近 30 日登录 {n_logins_30d} 天，平时 {usual_logins_30d} 天。",
    )
    NO_TRADE_NO_LOGIN = (
        "no_trade_no_login",
        "No trade for {days_since_trade} days and no log-in for {days_since_login}.",
        "{days_since_trade} 天未成交，{days_since_login} 天未登录。",
    )
    LITTLE_EXPERIENCE = (
        "little_experience",
        "Assessed on {assessed_on} or logged in {n_logins_90d} days of 90, but {n_trades_ever} trades ever.",
        "{assessed_on} 测评或近 90 日登录 {n_logins_90d} 天，但历史成交仅 {n_trades_ever} 笔。",
    )
    TRADES_OR_LOGINS = (
        "trades_or_logins",
        "{n_trades_90d} trades and {n_logins_90d} log-in days in 90 days.",
        "近 90 日成交 {n_trades_90d} 笔，登录 {n_logins_90d} 天。",
    )
