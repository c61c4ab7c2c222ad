"""Why a client is proposed to a manager, and why a manager may or may not take clients."""

from __future__ import annotations

from keepwell.contract.schema import Code


class AllocationReason(Code):
    """Grounds of an allocation."""

    BEST = (
        "best",
        "{manager_code} has the best score for this client: {score}.",
        "{manager_code} 对该客户得分最高：{score}。",
    )
    STAYS = (
        "stays",
        "Stays with {manager_code}: score {score}, continuity included.",
        "留在 {manager_code}：得分 {score}（含延续）。",
    )
    BEST_IS_FULL = (
        "best_is_full",
        "{best_code} scored {best_score} but is full; {manager_code} with {score} is best after the price of places.",
        "{best_code} 得分 {best_score} 但名额已满；计入名额价后 {manager_code}（{score}）最优。",
    )
    FILLS_LOWER_LIMIT = (
        "fills_lower_limit",
        "{best_code} scored {best_score}; {manager_code} with {score} is below the fair share and takes the place.",
        "{best_code} 得分 {best_score}；{manager_code}（{score}）低于公平份额，由其接任。",
    )
    WITHIN_LIMITS = (
        "within_limits",
        "{best_code} scored {best_score}, but a limit would break; {manager_code} with {score} keeps all of them.",
        "{best_code} 得分 {best_score}，但会突破限额；{manager_code}（{score}）能守住全部限额。",
    )
    AS_BEFORE = (
        "as_before",
        "As in the plan before: only what changed was decided anew; {manager_code} scores {score}.",
        "沿用上次方案：本次只重排有变化的客户；{manager_code} 得分 {score}。",
    )
    SERVED_ACROSS = (
        "served_across",
        "Nobody of the own branch may look after the client; {manager_code} of the same region scores {score}.",
        "本营业部无人可为其服务；由同区域的 {manager_code} 接任，得分 {score}。",
    )
    PINNED = (
        "pinned",
        "People have fixed this client with {manager_code}; the score is {score}.",
        "已由人工固定给 {manager_code}；得分 {score}。",
    )
    NO_CANDIDATE = (
        "no_candidate",
        "No manager of the branch may look after this client: a language, conflict, refusal or ban rules each out.",
        "本营业部没有可为该客户服务的经理：语言、利益冲突、客户拒绝或禁配逐一排除。",
    )
    NO_MANAGER = (
        "no_manager",
        "No manager of the branch may take clients: nobody has a valid licence and a book.",
        "本营业部没有可分配的客户经理：无人同时具备有效执业登记和名册。",
    )
    ELIGIBLE = ("eligible", "Licence valid, holds a book.", "执业登记有效，可名下有客户。")
    LICENCE_EXPIRED = (
        "licence_expired",
        "No licence is valid on the as-of date.",
        "数据截止日没有有效执业登记。",
    )
    ON_LEAVE = ("on_leave", "On long leave on the as-of date.", "数据截止日正在长期休假。")
    LEAVES_SOON = (
        "leaves_soon",
        "Leaves the firm soon: takes no clients, the own ones go to others.",
        "即将离职：不再接客户，名下客户转由他人服务。",
    )
    NO_HOURS = ("no_hours", "Works no hours.", "没有可用工时。")
    HAS_LEFT = ("has_left", "Left on or before the as-of date.", "数据截止日前已离职。")


class AlternativeReason(Code):
    """Why a manager is proposed for a client, or why not (R054)."""

    CHOSEN = (
        "chosen",
        "Proposed: {score} less {limits_price} for the limits nets {net}, the most.",
        "建议：得分 {score} 减限额价 {limits_price}，净得分 {net} 最高。",
    )
    CHOSEN_BY_TIE = (
        "chosen_by_tie",
        "Proposed: nets {net} as another does; whoever has the client stays, then the lesser staff number.",
        "建议：净得分 {net} 与他人并列；优先不变更，再按工号先后。",
    )
    CHOSEN_WITHIN = (
        "chosen_within",
        "Proposed: scores {score} within all limits; whoever nets more would break one.",
        "建议：在全部限额内得分 {score}；净得分更高者会突破限额。",
    )
    CHOSEN_BY_PEOPLE = (
        "chosen_by_people",
        "Proposed: people have fixed the client with this manager; scores {score}.",
        "建议：已由人工固定；得分 {score}。",
    )
    CHOSEN_AS_BEFORE = (
        "chosen_as_before",
        "Proposed as before: only what changed was decided anew; scores {score}.",
        "沿用上次建议：本次只重排有变化的客户；得分 {score}。",
    )
    FIXED_ELSEWHERE = (
        "fixed_elsewhere",
        "Scored {score} and nets {net}, but people have fixed the client with another manager.",
        "得分 {score}，净得分 {net}，但已由人工固定给他人。",
    )
    NOT_ASKED = (
        "not_asked",
        "Scored {score}, but nothing about the client changed, and only what changed was decided anew.",
        "得分 {score}，但该客户没有变化，本次只重排有变化的客户。",
    )
    NETS_LESS = (
        "nets_less",
        "Scored {score}, is charged {limits_price} for the limits and nets {net}.",
        "得分 {score}，限额价 {limits_price}，净得分 {net} 较低。",
    )
    IS_FULL = (
        "is_full",
        "Scored {score}, but one more client breaks the upper limit: {resource}.",
        "得分 {score}，但再增该客户将超过上限：{resource}。",
    )
    PRESENT_IS_NEEDED = (
        "present_is_needed",
        "Scored {score}, but the proposed manager would fall below the lower limit: {resource}.",
        "得分 {score}，但建议经理将低于下限：{resource}。",
    )
    NO_CHANGE_LEFT = (
        "no_change_left",
        "Scored {score}, but no change is left in the budget.",
        "得分 {score}，但更换名额已用完。",
    )
    TIED = "tied", "Nets {net}, the same as the proposed manager.", "净得分 {net}，与建议经理并列。"
    SCORES_LESS = (
        "scores_less",
        "Nets more, but scores {score}, less than the proposed manager, who has room.",
        "净得分较高，但得分 {score} 低于建议经理，且建议经理仍有余量。",
    )


class AnewReason(Code):
    """Why a client was decided anew tonight, or was not."""

    WHOLE = "whole", "Everybody in the branch was decided anew.", "本营业部全部客户重新分配。"
    NEW = "new", "Was not in the plan before.", "上次方案中没有该客户。"
    ORPHANED = (
        "orphaned",
        "Whoever was proposed may look after the client no more, or nobody was.",
        "上次建议的经理已不可服务，或上次无人可服务。",
    )
    CHANGED = "changed", "What counts of the client changed.", "客户的匹配依据有变化。"
    DUE = "due", "The last decision is too old.", "上次决定已过期限。"
    HANDED_OVER = (
        "handed_over",
        "Not decided anew: people gave the client to somebody, and that stands.",
        "未重新分配：已由人工交接，予以保留。",
    )
    KEPT = "kept", "Not decided anew: nothing that counts changed.", "未重新分配：匹配依据没有变化。"


class AdviserReason(Code):
    """Why an adviser is proposed beside the manager (R076)."""

    OWN_MANAGER = (
        "own_manager",
        "The proposed manager {manager_code} is a licensed adviser.",
        "建议客户经理 {manager_code} 本人具备投顾资格。",
    )
    STAYS = (
        "stays",
        "Stays with adviser {adviser_code}: score {score}.",
        "沿用投顾 {adviser_code}：得分 {score}。",
    )
    BEST = (
        "best",
        "{adviser_code} fits best within the limits: {score}.",
        "限额内 {adviser_code} 最匹配：{score}。",
    )
    NO_ADVISER = (
        "no_adviser",
        "Nobody in the branch with a valid adviser licence may take the client.",
        "本营业部没有可接该客户的有效投顾。",
    )


class HoursReason(Code):
    """Why the clients of a grade get so many hours (R043)."""

    AS_WANTED = "as_wanted", "As the class is owed.", "按级别应有安排。"
    CEILING = (
        "ceiling",
        "Cut so that strategic clients take no more than {ceiling_share} of all hours.",
        "已压减，使战略客户占全部工时不超过 {ceiling_share}。",
    )
    CUT_TO_CAPACITY = (
        "cut_to_capacity",
        "Cut evenly above the floor, for the branch has {capacity_hours} hours.",
        "营业部可用工时 {capacity_hours}，下限以上按同一比例压减。",
    )
    AT_FLOOR = (
        "at_floor",
        "At the floor: the branch has {capacity_hours} hours and would need more.",
        "已在下限：营业部可用工时 {capacity_hours} 不足。",
    )


class PoolReason(Code):
    """Why a client waits in the pool (R002, R057)."""

    NEVER_FUNDED = (
        "never_funded",
        "Opened, never funded: served by the branch.",
        "开户未入金：由营业部统一服务。",
    )
    NOT_YET_OPENED = "not_yet_opened", "Not yet opened: served by the branch.", "尚未开户：由营业部统一服务。"
    CLOSED = "closed", "Closed: kept with the branch.", "已销户：由营业部留存。"
    UNPLACED = "unplaced", "No manager may look after this client now.", "目前没有可服务的客户经理。"
    UNTOUCHED = (
        "untouched",
        "Nobody was in touch for {n_days_untouched} days: continuity counts no more.",
        "已 {n_days_untouched} 天未触达：延续不再计分。",
    )


class ContradictionReason(Code):
    """What could not hold together in a branch."""

    PINS_COLLIDE = "pins_collide", "Two managers are fixed for one client.", "同一客户被固定给两位经理。"
    PIN_NOT_ELIGIBLE = (
        "pin_not_eligible",
        "The manager fixed for the client may not look after them.",
        "被固定的经理不可为该客户服务。",
    )
    NO_CANDIDATE = (
        "no_candidate",
        "No manager may look after these clients.",
        "这些客户没有可服务的经理。",
    )
    NO_CAPACITY = "no_capacity", "Nobody in the branch may take clients.", "营业部无人可接客户。"
    HOURS_SHORT = (
        "hours_short",
        "The floors of service hours need {missing} more hours than the branch has.",
        "工时下限比营业部可用工时多 {missing} 小时。",
    )
    TOO_LARGE = (
        "too_large",
        "One client alone is more than any manager may take: {resource}, {missing} over.",
        "单个客户即超过任何经理的上限：{resource}，超出 {missing}。",
    )
    NOT_ENOUGH_ROOM = (
        "not_enough_room",
        "The upper limits together are too small: {resource}, missing {missing}.",
        "上限合计不足：{resource}，缺 {missing}。",
    )
    TOO_FEW_TO_FILL = (
        "too_few_to_fill",
        "The lower limits together are too large: {resource}, missing {missing}.",
        "下限合计过高：{resource}，缺 {missing}。",
    )
    TOO_MANY_CHANGES = (
        "too_many_changes",
        "The limits cannot be kept with so few changes: missing {missing}.",
        "更换上限过低，无法满足其他限额：缺 {missing}。",
    )
    LIMITS_CONTRADICT = (
        "limits_contradict",
        "These limits cannot hold together: {resource}, missing {missing}.",
        "这些限额无法同时满足：{resource}，缺 {missing}。",
    )
    NOT_FOUND = (
        "not_found",
        "No plan was found within these limits; the nearest misses {missing}: {resource}.",
        "在这些限额内未找到方案；最接近者缺 {missing}：{resource}。",
    )


class Relief(Code):
    """How a night went on where limits could not hold together."""

    LEFT_OUT = "left_out", "Left out of the plan, in the pool.", "不纳入方案，转入待分配池。"
    TIE_NOT_HEEDED = "tie_not_heeded", "What people fixed was not heeded.", "未采用人工固定。"
    HOURS_RAISED = "hours_raised", "Limits of hours raised by what is missing.", "工时上限按缺口上调。"
    LIMIT_DROPPED = "limit_dropped", "This limit was set aside tonight.", "今夜暂不采用该限额。"
    CHANGES_FREED = "changes_freed", "The budget of changes was set aside tonight.", "今夜暂不采用更换上限。"
    STRETCHED = (
        "stretched",
        "Stretched to what clients who stay as before already take.",
        "放宽至沿用上次方案的客户已占用的量。",
    )
    STATUS_QUO = "status_quo", "Everybody stays where they are.", "维持现状。"
