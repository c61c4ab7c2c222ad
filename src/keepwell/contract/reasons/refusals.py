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
    OVERRIDE_WITHOUT_END = (
        "M13",
        "An override needs a day until which it holds. Fill it in, then propose.",
        "改判须有到期日。填好即可提交。",
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
    OVERRIDE_WAITS = (
        "override_waits",
        "An override of this already waits for approval. Withdraw it first, or wait for the decision.",
        "此项已有一件改判待审批。可先撤回，或等审批结果。",
    )
    OVERRIDE_IS_SAME = (
        "override_is_same",
        "The client already has this value. Choose another one.",
        "客户现值即为此值。请另选一项。",
    )
    OVERRIDE_END_IS_PAST = (
        "override_end_is_past",
        "The last day must lie after today, {today_on}. Choose a later one.",
        "到期日须晚于今天（{today_on}）。请选更晚的日期。",
    )
    OVERRIDE_IS_DECIDED = (
        "override_is_decided",
        "Somebody has decided or changed this override since you read it. Read it again.",
        "您打开之后，这件改判已被处理或改动。请重新查看。",
    )
    NOT_THE_PROPOSER = (
        "not_the_proposer",
        "{proposer_name} proposed this, so only they may withdraw it. An approver can return it.",
        "这件由{proposer_name}提出，只有本人可以撤回。审批人可以退回。",
    )
    NOT_CLASSED = (
        "not_classed",
        "Only existing clients have a grade and a service type; this one has none to override.",
        "只对存量客户分类分级，此客户没有可改判的分级。",
    )
