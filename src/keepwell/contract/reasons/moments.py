"""Why a moment was found."""

from __future__ import annotations

from keepwell.contract.schema import Code


class MomentReason(Code):
    """The fact behind a moment."""

    MATURES = (
        "matures",
        "{fact_code} matures on {fact_on}, {fact_amount}.",
        "{fact_code} 将于 {fact_on} 到期，金额 {fact_amount}。",
    )
    LARGE_OUTFLOW = (
        "large_outflow",
        "Net outflow of 7 days {fact_amount}, {fact_share} of the 60-day average; the largest on {fact_on}.",
        "近 7 日净转出 {fact_amount}，占 60 日均值 {fact_share}；最大一笔在 {fact_on}。",
    )
    FELL_ASLEEP = (
        "fell_asleep",
        "No log-in, trade or cash flow for {fact_days} days; asleep since {fact_on}.",
        "已 {fact_days} 天无登录、成交和资金往来；{fact_on} 起沉睡。",
    )
    MOVES_OUT = (
        "moves_out",
        "Net outflow of 30 days is {fact_share} of average assets; the largest on {fact_on}.",
        "近 30 日净流出占日均资产 {fact_share}，最大一笔在 {fact_on}。",
    )
    STAYS_AWAY = (
        "stays_away",
        "Logged in on {fact_days} of the last 30 days, far fewer than usual; last on {fact_on}.",
        "近 30 日仅登录 {fact_days} 天，远少于平时；最近一次 {fact_on}。",
    )
    ASSESSMENT_EXPIRES = (
        "assessment_expires",
        "The risk assessment expires on {fact_on}; after that no recommendation and no new permission.",
        "风险测评 {fact_on} 到期；到期后不得主动推荐，也不能开新权限。",
    )
    ASSESSMENT_EXPIRED = (
        "assessment_expired",
        "The risk assessment expired on {fact_on}: no recommendation and no new permission until a new one.",
        "风险测评已于 {fact_on} 到期；重新测评前不得主动推荐，也不能开新权限。",
    )
    ID_EXPIRES = (
        "id_expires",
        "The identity document expires on {fact_on}; it must be renewed.",
        "证件 {fact_on} 到期，须更新。",
    )
    ID_EXPIRED = (
        "id_expired",
        "The identity document expired on {fact_on}, {fact_days} days ago; it must be renewed.",
        "证件已于 {fact_on} 到期 {fact_days} 天，须更新。",
    )
    BIRTHDAY = ("birthday", "Birthday on {fact_on}.", "{fact_on} 生日。")
    NEW_CLIENT = (
        "new_client",
        "Opened on {fact_on}, {fact_days} days ago: first follow-up.",
        "{fact_on} 开户，至今 {fact_days} 天，首次跟进。",
    )
