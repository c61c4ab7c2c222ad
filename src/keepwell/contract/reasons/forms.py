"""Why no link to the questionnaire can be sent to a client now, and why a form that came back is not taken over."""

from __future__ import annotations

from keepwell.contract.schema import Code


class SendReason(Code):
    """What keeps a link from being sent, each with the remedy."""

    TESTED_TODAY = (
        "tested_today",
        "Another test today would be number {n_found}; {n_allowed} a day are allowed (SAC guideline). Send it later.",
        "今日再测即第 {n_found} 次，每日上限 {n_allowed} 次（协会指引）。请明日再发。",
    )
    TESTED_THIS_MONTH = (
        "tested_this_month",
        "It would be test number {n_found} within 30 days; {n_allowed} are allowed (SAC guideline). Send it later.",
        "30 天内再测即第 {n_found} 次，上限 {n_allowed} 次（协会指引）。请过些日子再发。",
    )
    NO_NUMBER = (
        "no_number",
        "Neither document nor phone is on file: nobody could prove who they are. Have them completed first.",
        "资料中没有证件号和手机，客户无法在页面上核对身份。请先补全资料。",
    )
    NO_QUESTIONNAIRE = (
        "no_questionnaire",
        "No questionnaire in use is signed for this kind of client. The HQ brokerage department signs one.",
        "此类客户没有在用的问卷。请联系总部经纪业务部签署。",
    )
    NO_ADDRESS = (
        "no_address",
        "The pages for clients have no address yet. The administrator sets KEEPWELL_CLIENT_PAGES.",
        "客户页面还没有网址。请系统管理员设置 KEEPWELL_CLIENT_PAGES。",
    )
    ID_NOT_CHECKED = (
        "id_not_checked",
        "At the counter, check the client's document first and confirm it; then hand the device over.",
        "在柜台作答前，请先核对客户证件原件并勾选，再交出设备。",
    )
