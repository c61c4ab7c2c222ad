"""When to be in touch, about what: one row an occasion, with its grounds and deadline."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.reasons.moments import MomentReason
from keepwell.contract.schema import (
    Code,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    instant,
    integer,
    money,
    share,
    text,
)


class Term(Code):
    """What the day means by which an occasion is to be dealt with; only deadlines can be overdue (R234)."""

    LEGAL = "legal", "Legal deadline", "法定时限"
    PROMISED = "promised", "Promised deadline", "承诺时限"
    WINDOW = "window", "Window", "窗口期"


class MomentFired(Table):
    """Every occasion a rule has found, open or over: what is on the list is not found anew, nor too soon again."""

    title = Text("Moments found so far", "已触发时机")
    writer = "moments"
    grain = ("client_id", "rule", "occasion")

    client_id = text("Client", "客户", length=34)
    rule = code("Rule", "规则", codes.MomentRule)
    occasion = text("Occasion", "事由键", length=80)
    fired_on = date("Found on", "发现日期")
    expires_on = date("Listed until", "列示截止日")
    is_open = boolean("Still open", "仍有效")
    task_rule = code("Rule of the task", "所属事项规则", codes.MomentRule)
    task_occasion = text("Occasion of the task", "所属事项事由键", length=80)
    settled_as = code("What became of it", "处理结果", codes.TaskOutcome, nullable=True)
    settled_reason = code("Why it was left out", "跳过原因", codes.SkipReason, nullable=True)
    settled_at = instant("Dealt with at", "处理时间", nullable=True)
    settled_by = text("Dealt with by", "处理人工号", length=16, nullable=True)
    put_off_until_on = date("Put off until", "延至", nullable=True)
    moment_reason = code("Why", "理由", MomentReason)
    fact_on = date("Date of the fact", "事实日期", nullable=True)
    fact_amount = money("Amount of the fact", "事实金额", nullable=True)
    fact_share = share("Share of the fact", "事实占比", nullable=True)
    fact_days = count("Days of the fact", "事实天数", nullable=True)
    fact_code = text("Object of the fact", "事实对象", length=40, nullable=True)


class Moment(Table):
    """A task: an occasion to contact a client, found by a signed rule (R083, R102, R103, R104, R145).

    What two rules say of one occasion is one task under the rule that found it first, with both reasons. A window has
    no ``due_on``: it closes with ``expires_on`` and is never overdue.
    """

    title = Text("Moments", "联系时机")
    writer = "moments"
    grain = ("client_id", "rule", "occasion")

    client_id = text("Client", "客户", length=34)
    rule = code("Rule", "规则", codes.MomentRule)
    occasion = text("Occasion", "事由键", length=80)
    manager_code = text("Relationship manager", "客户经理", length=16, nullable=True)
    moment_kind = code("Kind", "性质", codes.MomentKind)
    topic_en = text("Topic, English", "主题（英文）", length=80)
    topic_zh = text("Topic, Chinese", "主题（中文）", length=80)
    channel = code("Channel", "渠道", codes.Channel)
    owner_role = code("Owner", "负责岗位", codes.Role)
    priority = integer("Priority, 1 first", "优先级（1 最先）", low=1, high=99)
    is_capped = boolean("Counts against the contact cap", "计入联系上限")
    fired_on = date("Found on", "发现日期")
    expires_on = date("Listed until", "列示截止日")
    put_off_until_on = date("Put off until", "延至", nullable=True)
    due_on = date("Due on", "时限", nullable=True)
    due_is_provisional = boolean("Due date provisional", "时限待定")
    term = code("Kind of term", "时限性质", Term)
    calendar_kind = code("Counted in", "计日", codes.CalendarKind, nullable=True)
    moment_reason = code("Why", "理由", MomentReason)
    fact_on = date("Date of the fact", "事实日期", nullable=True)
    fact_amount = money("Amount of the fact", "事实金额", nullable=True)
    fact_share = share("Share of the fact", "事实占比", nullable=True)
    fact_days = count("Days of the fact", "事实天数", nullable=True)
    fact_code = text("Object of the fact", "事实对象", length=40, nullable=True)
    also_rule = code("Also found by", "另由规则", codes.MomentRule, nullable=True)
    also_reason = code("Second reason", "另一理由", MomentReason, nullable=True)
    also_on = date("Date of the second fact", "另一事实日期", nullable=True)
    also_amount = money("Amount of the second fact", "另一事实金额", nullable=True)
    also_share = share("Share of the second fact", "另一事实占比", nullable=True)
    also_days = count("Days of the second fact", "另一事实天数", nullable=True)
    policy_version = text("Policy", "规则版本", length=80)
