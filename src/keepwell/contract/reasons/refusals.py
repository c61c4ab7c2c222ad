"""Why the desk says no: what happened, why, and what makes it possible (flows.md §4)."""

from __future__ import annotations

from keepwell.contract.schema import Code


class Refusal(Code):
    """Refusals with their sentence; the number is the one of flows.md where it has one."""

    NOT_FOUND = (
        "M01",
        "Not found or outside your scope. Check the number or ask your team leader.",
        "没有找到，或不在您的范围内。请核对号码，或问团队长。",
    )
    SECOND_PERSON = (
        "M12",
        "You proposed this, so another person must approve. {approver_name} has been told.",
        "您是提出人，须由另一人同意。已通知{approver_name}。",
    )
    PURPOSE = (
        "M20",
        "Give a purpose or a reason to go on; this leaves a trace.",
        "请填用途或理由，才能继续；此举会留痕。",
    )
    OWN_ROLE = (
        "M22",
        "You cannot give yourself a role. Ask another administrator.",
        "不能给自己加角色。请另一位管理员操作。",
    )
    NO_SOURCE_TEXT = (
        "M23",
        "Administrators do not see source text. The HQ brokerage department can.",
        "系统管理员看不到原文。可由总部经纪业务部查看。",
    )
    NOT_THIS_ROLE = (
        "not_this_role",
        "Your role, {role_name}, does not open this page. An administrator can change roles.",
        "您的岗位「{role_name}」不含此页。角色由系统管理员调整。",
    )
    LOCKED_OUT = (
        "locked_out",
        "5 failed attempts, so logging in is closed for 15 minutes. Then try again, or ask an administrator.",
        "连续 5 次未能登录，已暂停 15 分钟。到时可再试，或请系统管理员重设密码。",
    )
    NOT_MADE_UP = (
        "not_made_up",
        "This run is not the made-up firm's, so no demo logins are made. Create people by name instead.",
        "当前运行不是模拟公司的数据，不能生成演示账号。请逐人新建。",
    )
