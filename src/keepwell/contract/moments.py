"""When to be in touch, about what: one row an occasion, with its grounds and deadline."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.reasons.moments import MomentReason
from keepwell.contract.schema import Table, Text, boolean, code, count, date, integer, money, share, text


class Moment(Table):
    """An occasion to contact a client, found by a signed rule (R083, R102, R103, R104, R145)."""

    title = Text("Moments", "联系时机")
    writer = "moments"
    grain = ("client_id", "rule", "occasion")
    order = ("client_id", "rule", "occasion")

    client_id = text("Client", "客户", length=34)
    rule = code("Rule", "规则", codes.MomentRule)
    occasion = text("Occasion", "事由键", length=80)
    manager_code = text("Relationship manager", "客户经理", length=16, nullable=True)
    moment_kind = code("Kind", "性质", codes.MomentKind)
    topic = text("Topic", "主题", length=80)
    channel = code("Channel", "渠道", codes.Channel)
    priority = integer("Priority", "优先级", low=1, high=9)
    fired_on = date("Found on", "发现日期")
    due_on = date("Due on", "时限", nullable=True)
    due_is_provisional = boolean("Due date provisional", "时限待定")
    calendar_kind = code("Counted in", "计日", codes.CalendarKind)
    moment_reason = code("Why", "理由", MomentReason)
    fact_on = date("Date of the fact", "事实日期", nullable=True)
    fact_amount = money("Amount of the fact", "事实金额", nullable=True)
    fact_share = share("Share of the fact", "事实占比", nullable=True)
    fact_days = count("Days of the fact", "事实天数", nullable=True)
    fact_code = text("Object of the fact", "事实对象", length=40, nullable=True)
    policy_version = text("Policy", "规则版本", length=80)
