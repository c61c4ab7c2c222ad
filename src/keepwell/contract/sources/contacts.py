"""What was said so far: contacts and complaints from the systems in use before."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import Order, Table, Text, boolean, code, count, date, instant, integer, text

_RECORD = "customer_record.record_code"


class Contact(Table):
    """A contact between staff and client, with outcome."""

    title = Text("Contacts so far", "历史联系")
    writer = "ingest"
    grain = ("contact_code",)
    order = ("record_code", "contacted_at", "contact_code")
    event_on = "contacted_on"
    optional = True

    contact_code = text("Contact", "联系编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    contacted_at = instant("At", "联系时间")
    contacted_on = date("On", "联系日期")
    channel = code("Channel", "渠道", codes.Channel)
    outcome = code("Outcome", "结果", codes.ContactOutcome)
    is_substantial = boolean("Had substance", "有实质内容")
    n_minutes = count("Minutes", "分钟", nullable=True)
    note = text("Note", "纪要", length=400, nullable=True)
    known_on = date("Known on", "知悉日期")


class Survey(Table):
    """An answered satisfaction survey, 1 to 5 (R140)."""

    title = Text("Surveys so far", "满意度调查")
    writer = "ingest"
    grain = ("survey_code",)
    order = ("record_code", "answered_on", "survey_code")
    event_on = "answered_on"
    optional = True

    survey_code = text("Survey", "调查编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    staff_code = text("Staff number", "工号", length=16, nullable=True, references="staff.staff_code")
    answered_on = date("Answered on", "作答日期")
    score = integer("Score", "评分", low=1, high=5)
    known_on = date("Known on", "知悉日期")


class Complaint(Table):
    """A complaint, report, enquiry or suggestion and how it was handled (R143, R147)."""

    title = Text("Complaints so far", "历史投诉")
    writer = "ingest"
    grain = ("complaint_code",)
    order = ("record_code", "received_at", "complaint_code")
    event_on = "received_on"
    orders = (Order("closed_on", "received_on"),)
    optional = True

    complaint_code = text("Complaint", "投诉编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    received_at = instant("Received at", "受理时间")
    received_on = date("Received on", "受理日期")
    complaint_kind = code("Kind", "类型", codes.ComplaintKind)
    complaint_topic = code("Topic", "主题", codes.ComplaintTopic)
    channel = code("Channel", "渠道", codes.Channel)
    accused_code = text(
        "Staff complained of", "被投诉人", length=16, nullable=True, references="staff.staff_code"
    )
    assigned_code = text("Dealt with by", "经办人", length=16, nullable=True, references="staff.staff_code")
    closed_on = date("Closed on", "办结日期", nullable=True)
    known_on = date("Known on", "知悉日期")
