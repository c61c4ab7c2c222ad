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
        "{fact_amount} left on {fact_on}: {fact_share} of the 60-day average.",
        "{fact_on} 转出 {fact_amount}，占近 60 日均值 {fact_share}。",
    )
    FELL_ASLEEP = (
        "fell_asleep",
        "No trade or log-in for {fact_days} days.",
        "已 {fact_days} 天未交易、未登录。",
    )
    MAY_LEAVE = (
        "may_leave",
        "Net outflow of 90 days is {fact_share} of average assets, or far fewer log-ins than usual.",
        "近 90 日净流出占比 {fact_share}，或登录远少于平时。",
    )
    ASSESSMENT_EXPIRES = (
        "assessment_expires",
        "The risk assessment expires on {fact_on}; after that no recommendation and no new permission.",
        "风险测评 {fact_on} 到期；到期后不得主动推荐，也不能开新权限。",
    )
    ID_EXPIRES = (
        "id_expires",
        "The identity document expires on {fact_on}; it must be renewed.",
        "证件 {fact_on} 到期，须更新。",
    )
    BIRTHDAY = ("birthday", "Birthday on {fact_on}.", "{fact_on} 生日。")
    NEW_CLIENT = (
        "new_client",
        "Opened on {fact_on}, {fact_days} days ago: first follow-up.",
        "{fact_on} 开户，至今 {fact_days} 天，首次跟进。",
    )
