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
    HAS_LEFT = ("has_left", "Left on or before the as-of date.", "数据截止日前已离职。")
