"""How a client's value was made, and from what the next twelve months are expected."""

from __future__ import annotations

from keepwell.contract.schema import Code


class ValueReason(Code):
    """How the value was made."""

    EARNS = (
        "earns",
        "Contribution {contribution_365d_amount} less cost to serve {cost_to_serve_amount}, at signed unit costs.",
        "贡献 {contribution_365d_amount}，减去按签署单位成本计的服务成本 {cost_to_serve_amount}。",
    )
    COSTS_MORE = (
        "costs_more",
        "Contribution {contribution_365d_amount}, below the cost to serve {cost_to_serve_amount} at signed unit costs.",
        "按签署单位成本计的服务成本 {cost_to_serve_amount}，高于贡献 {contribution_365d_amount}。",
    )
    UNKNOWN = (
        "unknown",
        "Trades are not delivered: the contribution is unknown, cost to serve {cost_to_serve_amount} without them.",
        "未交付成交：贡献不详；不含成交的服务成本 {cost_to_serve_amount}。",
    )


class ExpectedReason(Code):
    """From what the next twelve months are expected."""

    ALIKE = (
        "alike",
        (
            "Of those who traded alike a year ago ({n_alike}) {active_share} went on; at what those kept, commission "
            "{expected_commission_amount}."
        ),
        (
            "一年前交易情况相近的 {n_alike} 位客户中有 {active_share} 继续交易；"
            "按其佣金保持程度，预期佣金 {expected_commission_amount}。"
        ),
    )
    ALL = (
        "all",
        (
            "Too few traded alike a year ago: of all there were then ({n_alike}) {active_share} went on; commission "
            "{expected_commission_amount}."
        ),
        (
            "一年前情况相近者太少：按当时全部 {n_alike} 位客户中 {active_share} 继续交易，"
            "预期佣金 {expected_commission_amount}。"
        ),
    )
    NO_HISTORY = (
        "no_history",
        "Fewer than two years of trades: nothing to expect from.",
        "成交历史不足两年：没有预期依据。",
    )
