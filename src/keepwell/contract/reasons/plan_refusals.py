"""Why the desk says no about a plan of allocation: changes, objections, signature, public sheet (flows.md §4)."""

from __future__ import annotations

from keepwell.contract.schema import Code, Text


class PlanRefusal(Code):
    """Refusals about plans with their sentence; the number is the one of flows.md where it has one."""

    MANAGER_FULL = (
        "M14",
        "{manager_name} is full ({n}/{n_upper}). Swap one client out, or choose somebody else.",
        "{manager_name}名额已满（{n}/{n_upper}）。可换出一位，或另选经理。",
    )
    MANAGER_TOO_FEW = (
        "manager_too_few",
        "{manager_name} would be left with {n}, below the lower limit of {n_lower}. Choose somebody else to move.",
        "{manager_name}将只有 {n} 位客户，低于下限 {n_lower}。可换入一位。",
    )
    LIMIT_FULL = (
        "M14:limit",
        "{manager_name}: {resource} would be {n}, over the limit of {n_upper}. Swap one client out, or choose another.",
        "{manager_name}的{resource}将达 {n}，超过上限 {n_upper}。可换出一位，或另选经理。",
    )
    LIMIT_LOW = (
        "limit_low",
        "{manager_name}: {resource} would be {n}, below the limit of {n_lower}. Choose somebody else to move.",
        "{manager_name}的{resource}将为 {n}，低于下限 {n_lower}。可换入一位。",
    )
    OBJECTIONS_OPEN = (
        "M15",
        "Unanswered objections: {n} ({manager_name}). Answer them, then approve.",
        "还有 {n} 件异议未答复（{manager_name}）。答复后即可批准。",
    )
    NOT_APPROVED = (
        "M16",
        "The plan is not approved and cannot be posted. Once it is, the sheet is made here.",
        "方案未批准，不能公示。批准后在此生成。",
    )
    PLAN_OPEN = (
        "plan_open",
        "Plan #{number} of this branch is still open. Finish or return it, then take up another.",
        "本营业部方案 #{number} 还未办完。办完或退回后，才能取用新方案。",
    )
    NOTHING_PROPOSED = (
        "nothing_proposed",
        "The run proposes no change here, so there is no plan to take up.",
        "本次运行没有要更换的客户，无方案可取用。",
    )
    PLAN_MOVED_ON = (
        "plan_moved_on",
        "Plan #{number} is at: {state}. This can be done no more.",
        "方案 #{number} 现为「{state}」，已不能这样办。",
    )
    SENT_ALREADY = (
        "sent_already",
        "The plan was sent for approval, so only clients with an objection can still be changed.",
        "方案已送批，只有收到异议的客户还能更改。",
    )
    TEAM_AGREED = (
        "team_agreed",
        "This team has agreed already. The others are still to do so.",
        "本团队已同意，等其他团队。",
    )
    TEAMS_MISSING = (
        "teams_missing",
        "Not yet sent for approval: a team's agreement is missing.",
        "尚未送批：还差团队同意。",
    )
    MAY_NOT_TAKE = (
        "may_not_take",
        "{manager_name} may not take clients: no valid registration, on leave, or gone. Choose somebody else.",
        "{manager_name}现在不能接收客户（无有效执业登记、休假或已离职）。请另选一位。",
    )
    BANNED = (
        "banned",
        "{manager_name} is ruled out for this client since {day}. Lift the ban first, or choose somebody else.",
        "{manager_name}自 {day} 起禁配此客户。可先解除禁配，或另选一位。",
    )
    PINNED = (
        "pinned",
        "This client is fixed with {manager_name} since {day}. Lift that first.",
        "此客户自 {day} 起固定由{manager_name}负责。可先解除固定。",
    )
    TIED_ALREADY = (
        "tied_already",
        "That already stands for this client.",
        "这位客户已有此项设定。",
    )
    SWAP_UNFIT = (
        "swap_unfit",
        "This client cannot be swapped: not with {manager_name} in this plan. Choose another one.",
        "此客户不在{manager_name}名下，不能换出。请另选一位。",
    )
    OBJECTIONS_CLOSED = (
        "objections_closed",
        "Objections are taken from when the plan is sent until {until_on}.",
        "异议须在方案送批后、{until_on} 前提出。",
    )
    OBJECTION_WAITS = (
        "objection_waits",
        "An objection about this client already waits for an answer.",
        "这位客户已有一件异议待答复。",
    )
    OBJECTION_ANSWERED = (
        "objection_answered",
        "{name} has answered this objection. Read it again.",
        "{name}已答复这件异议。请重新查看。",
    )
    NOT_YOURS_TO_SIGN = (
        "not_yours_to_sign",
        "This is for {manager_name} to sign. It stays on their list until then.",
        "此处须由{manager_name}签收，签收前留在其清单上。",
    )
    NOT_HANDED_OVER = (
        "not_handed_over",
        "{manager_name} has not handed this client over yet. Ask for it, then sign.",
        "{manager_name}还未移交这位客户。请先移交，再签收。",
    )
    NOT_THE_DAY = (
        "not_the_day",
        "The client changes manager on {day}. Sign from that day on.",
        "这位客户 {day} 起换经理。到日即可签收。",
    )
    POOL_LIMIT = (
        "pool_limit",
        "Clients of the pool opened today: {n_limit}, the limit of a day. Go on tomorrow, or take them up in a plan.",
        "今日已查看待分配客户 {n_limit} 位，达每日上限。明日再看，或送入方案分配。",
    )
    PROFILE_DECIDED = (
        "profile_decided",
        "{name} has decided about this fact. Read it again.",
        "{name}已处理这项内容。请重新查看。",
    )
    HANDED_OVER_ALREADY = (
        "handed_over_already",
        "This hand-over is at: {state}. Nothing is left to sign.",
        "此交接现为「{state}」，无需再签。",
    )


TITLES: dict[PlanRefusal, Text] = {
    PlanRefusal.MANAGER_FULL: Text("No place is free", "名额已满"),
    PlanRefusal.MANAGER_TOO_FEW: Text("Below the lower limit", "低于下限"),
    PlanRefusal.LIMIT_FULL: Text("Over a limit", "超过上限"),
    PlanRefusal.LIMIT_LOW: Text("Below a limit", "低于下限"),
    PlanRefusal.OBJECTIONS_OPEN: Text("Objections are unanswered", "还有异议未答复"),
    PlanRefusal.NOT_APPROVED: Text("Not approved yet", "尚未批准"),
    PlanRefusal.PLAN_OPEN: Text("Another plan is open", "已有方案在办"),
    PlanRefusal.NOTHING_PROPOSED: Text("No change is proposed", "没有拟更换的客户"),
    PlanRefusal.PLAN_MOVED_ON: Text("The plan has moved on", "方案已进入下一步"),
    PlanRefusal.SENT_ALREADY: Text("Sent for approval", "方案已送批"),
    PlanRefusal.TEAM_AGREED: Text("Agreed already", "本团队已同意"),
    PlanRefusal.TEAMS_MISSING: Text("Agreement is missing", "还差团队同意"),
    PlanRefusal.MAY_NOT_TAKE: Text("May not take clients", "不能接收客户"),
    PlanRefusal.BANNED: Text("Ruled out", "已禁配"),
    PlanRefusal.PINNED: Text("Fixed with the present manager", "已固定"),
    PlanRefusal.TIED_ALREADY: Text("Stands already", "已有此项设定"),
    PlanRefusal.SWAP_UNFIT: Text("Cannot be swapped", "不能换出"),
    PlanRefusal.OBJECTIONS_CLOSED: Text("Outside the time for objections", "不在异议期内"),
    PlanRefusal.OBJECTION_WAITS: Text("An objection already waits", "已有异议待答复"),
    PlanRefusal.OBJECTION_ANSWERED: Text("Answered meanwhile", "已有人答复"),
    PlanRefusal.NOT_YOURS_TO_SIGN: Text("For somebody else to sign", "须由他人签收"),
    PlanRefusal.NOT_HANDED_OVER: Text("Not handed over yet", "尚未移交"),
    PlanRefusal.NOT_THE_DAY: Text("Before the day", "未到生效日"),
    PlanRefusal.POOL_LIMIT: Text("Limit of the day", "达每日上限"),
    PlanRefusal.PROFILE_DECIDED: Text("Decided meanwhile", "已有人处理"),
    PlanRefusal.HANDED_OVER_ALREADY: Text("Nothing left to sign", "无需再签"),
}
