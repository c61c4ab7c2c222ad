"""Closed lists of what is said between staff and clients, and of what becomes of a task; named in `codes`."""

from __future__ import annotations

from keepwell.contract.schema import Code


class ContactOutcome(Code):
    """How a contact ended."""

    REACHED = "reached", "Reached", "已接通"
    NO_ANSWER = "no_answer", "No answer", "未接"
    REFUSED = "refused", "Refused", "拒绝"
    RESCHEDULED = "rescheduled", "Rescheduled", "改约"


class ContactDirection(Code):
    """Who turned to whom."""

    OUT = "out", "We reached out", "我方联系"
    IN = "in", "The client came to us", "客户主动"


class ContactTopic(Code):
    """What a contact was about."""

    FUNDS = "funds", "Money moved", "资金安排"
    PRODUCT = "product", "Product and maturity", "产品与到期"
    MARKET = "market", "Market and holdings", "行情与持仓"
    FEE = "fee", "Fees", "费用"
    ASSESSMENT = "assessment", "Risk assessment", "风险测评"
    IDENTITY = "identity", "Document and data", "证件与资料"
    SERVICE = "service", "Service and habits", "服务与使用"
    GREETING = "greeting", "Greeting", "问候"
    OTHER = "other", "Other", "其他"


class TaskOutcome(Code):
    """What became of a task on the work list."""

    REACHED = "reached", "Reached", "已接通"
    NOT_REACHED = "not_reached", "Not reached", "未接通"
    SKIPPED = "skipped", "Skipped", "已跳过"
    SNOOZED = "snoozed", "Later", "已推后"
    DONE = "done", "Done", "已办"
    UNDONE = "undone", "Taken back", "已撤销"


class SkipReason(Code):
    """Why a task was left out: reported on, so that a rule that is often skipped is seen."""

    ELSEWHERE = "elsewhere", "Dealt with elsewhere", "已在别处办理"
    NO_NEED = "no_need", "The client does not need it", "客户不需要"
    WRONG_TIME = "wrong_time", "Not the right time", "时机不合适"
    WRONG_DATA = "wrong_data", "The facts are wrong", "数据不对"
    ASKED_NOT_TO = "asked_not_to", "The client asked us not to", "客户要求不联系"
    OTHER = "other", "Other", "其他"


class ComplaintKind(Code):
    """Kinds of voice of the 12386 platform."""

    COMPLAINT = "complaint", "Complaint", "投诉"
    REPORT = "report", "Report", "举报"
    ENQUIRY = "enquiry", "Enquiry", "咨询"
    SUGGESTION = "suggestion", "Suggestion", "意见"


class ComplaintTopic(Code):
    """What a complaint is about."""

    FEE = "fee", "Fees", "佣金收费"
    SERVICE = "service", "Service", "服务质量"
    SYSTEM = "system", "System", "交易系统"
    PRODUCT = "product", "Product sale", "产品销售"
    STAFF = "staff", "Staff conduct", "员工行为"
    OTHER = "other", "Other", "其他"
