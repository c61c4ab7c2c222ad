"""What people decided at the desk and gave back to the next run: contacts, outcomes, overrides, assignments,
judgements of identity, verified facts, notices told, fixed and ruled-out pairs, needs and strengths; what clients
answered on the pages for them.

The desk writes these tables as Parquet into ``DATA/returns`` with ``returns.json`` beside them, which names the
files, their SHA-256, ``returns_cut`` (the instant up to which acts are in them), ``cut_on`` (the firm's date of that
instant) and ``firm`` (the mark of the data folder's ``token_key``, see ``firm_mark``): the engine takes in nothing that
another firm's desk wrote, for its client numbers mean other people. Every act names the customer number it concerned,
so that it lands right after a merge or a split.
Free text stays at the desk.
"""

from __future__ import annotations

import hashlib

from keepwell.contract import codes, golden, serving
from keepwell.contract.reasons.returns import UnroutedReason
from keepwell.contract.schema import (
    Column,
    Order,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    decimal,
    instant,
    integer,
    share,
    text,
)
from keepwell.contract.suitable import AnsweredOn, GradedAnew

INDEX = "returns.json"


def firm_mark(token_key: str) -> str:
    """What tells one firm's data from another's: a hash of the key that both wings keep, which it does not tell."""
    return hashlib.sha256(token_key.strip().encode()).hexdigest()[:16]


def _client() -> Column:
    return text("Client when it was done", "当时的客户", length=34)


def _record() -> Column:
    return text("Customer number", "客户号", length=32, nullable=True)


def _staff(en: str, zh: str) -> Column:
    return text(en, zh, length=16, nullable=True)


class ReturnedContact(Table):
    """A contact recorded at the desk, in its latest version (R101)."""

    title = Text("Contacts from the desk", "工作台联系记录")
    writer = "desk"
    grain = ("contact_key",)

    contact_key = text("Contact", "联系编号", length=40)
    client_id = _client()
    record_code = _record()
    staff_code = _staff("Staff number", "工号")
    contacted_at = instant("At", "联系时间")
    contacted_on = date("On", "联系日期")
    channel = code("Channel", "渠道", codes.Channel)
    direction = code("Direction", "方向", codes.ContactDirection)
    outcome = code("Outcome", "结果", codes.ContactOutcome)
    topic = code("Topic", "主题", codes.ContactTopic, nullable=True)
    n_minutes = count("Minutes", "分钟", nullable=True)


class ReturnedOutcome(Table):
    """What became of a piece of work, the last thing said of it; ``rule`` and ``occasion`` are a moment's (R104)."""

    title = Text("Outcomes from the desk", "工作台事项结果")
    writer = "desk"
    grain = ("client_id", "item_key")

    item_key = text("Piece of work", "事项键", length=120)
    client_id = _client()
    record_code = _record()
    rule = text("Rule or kind", "规则或类别", length=40)
    occasion = text("Occasion", "事由键", length=120)
    outcome = code("Outcome", "结果", codes.TaskOutcome)
    reason = code("Why it was left out", "跳过原因", codes.SkipReason, nullable=True)
    until_on = date("Put off until", "延至", nullable=True)
    decided_at = instant("Decided at", "决定时间")
    staff_code = _staff("Staff number", "工号")


class ReturnedOverride(Table):
    """A grade or service type set by people for a time: one proposed, another approved (R235); to is exclusive."""

    title = Text("Overrides from the desk", "工作台改判")
    writer = "desk"
    grain = ("override_key",)
    orders = (Order("expires_on", "starts_on"),)

    override_key = text("Override", "改判编号", length=40)
    client_id = _client()
    record_code = _record()
    field = code("What", "事项", codes.OverrideField)
    value = text("Value", "改判值", length=16)
    starts_on = date("Starts on", "开始日期")
    expires_on = date("Expires on", "到期日期")
    proposed_by = text("Proposed by", "提出人", length=40)
    approved_by = text("Approved by", "批准人", length=40)
    approved_role = code("Approved in the role of", "批准岗位", codes.Role)
    approved_at = instant("Approved at", "批准时间")


class ReturnedAssignment(Table):
    """Who serves a client, or where the client wishes to be at home, as decided at the desk (R040); to is exclusive."""

    title = Text("Assignments from the desk", "工作台归属")
    writer = "desk"
    grain = ("assignment_key",)
    orders = (Order("ends_on", "starts_on"),)

    assignment_key = text("Assignment", "归属编号", length=40)
    client_id = _client()
    record_code = _record()
    relation = code("Relation", "关系", codes.PlaceRelation)
    staff_code = _staff("Staff number", "工号")
    branch_code = text("Branch", "营业部", length=16, nullable=True)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)
    grounds = text("Grounds, a code", "依据代码", length=40, nullable=True)
    decided_at = instant("Decided at", "决定时间")


class ReturnedJudgement(Table):
    """What a steward said of two customer records, ``left_code`` the lesser; the latest of a pair holds (R210)."""

    title = Text("Judgements of identity from the desk", "工作台同一人判断")
    writer = "desk"
    grain = ("judgement_key",)

    judgement_key = text("Judgement", "判断编号", length=40)
    client_id = text("Client of the left record when it was judged", "判断时左侧档案的客户", length=34)
    left_code = text("Left customer number", "左侧客户号", length=32)
    right_code = text("Right customer number", "右侧客户号", length=32)
    judgement = code("Judgement", "判断", codes.Judgement)
    judgement_reason = code("Why", "理由", codes.JudgementReason)
    judged_by = text("Judged by", "判断人", length=40)
    judged_at = instant("Judged at", "判断时间")


class ReturnedVerification(Table):
    """What somebody found out about a fact in which a client's records disagree (R212).

    ``record_code`` is the record that has it right; of several words on a conflict the latest alone is given.
    """

    title = Text("Verified facts from the desk", "工作台核实结果")
    writer = "desk"
    grain = ("verification_key",)

    verification_key = text("Verification", "核实编号", length=40)
    client_id = _client()
    record_code = text("Customer number that is right", "属实的客户号", length=32)
    golden_field = code("Fact", "资料项", golden.Fact, nullable=True)
    conflict_key = text("Conflict", "冲突编号", length=80)
    finding = code("Finding", "核实结果", golden.Finding)
    verified_by = code("How", "核实方式", golden.VerifiedBy)
    verified_on = date("On", "核实日期")
    verified_at = instant("At", "核实时间")


class ReturnedAssessment(Table):
    """A risk assessment that the client answered on the pages for clients; it counts as one the firm delivers (R026).

    Score and level are those told to the client at once, by the signed marks and cuts of ``version``. One that the
    firm delivers itself by now, of the same customer number and instant, counts once. ``questionnaire_code`` begins
    with ``desk:``, as no number of a firm does.
    """

    title = Text("Assessments from the pages for clients", "客户页面测评")
    writer = "desk"
    grain = ("questionnaire_code",)

    questionnaire_code = text("Assessment", "测评编号", length=40)
    client_id = _client()
    record_code = text("Customer number", "客户号", length=32)
    answered_at = instant("Answered at", "测评时间")
    answered_on = date("Answered on", "测评日期")
    version = text("Version", "问卷版本", length=16)
    score = integer("Score", "得分", low=0, high=100)
    risk_level = code("Risk level", "风险等级", codes.RiskLevel)
    is_lowest_class = boolean("Lowest class", "最低类别")
    valid_to = date("Valid to", "有效期至", nullable=True)
    device_code = text("Device", "设备", length=64, nullable=True)
    answered_by_way = code("Way", "方式", AnsweredOn)


class ReturnedAnswer(Table):
    """One answer of an assessment from the pages for clients; letters of several choices stand together."""

    title = Text("Answers from the pages for clients", "客户页面测评答案")
    writer = "desk"
    grain = ("questionnaire_code", "question_no")

    questionnaire_code = text("Assessment", "测评编号", length=40)
    question_no = integer("Question", "题号", low=1, high=60)
    answer = text("Answer", "答案", length=8)


class ReturnedNotice(Table):
    """That a client was told of a new grading: of what, by whom, when and how (Art. 21); it is owed no more.

    ``owed_since_on`` is that of the notice: what is graded anew later is to be told again.
    """

    title = Text("Clients told of new gradings", "工作台告知记录")
    writer = "desk"
    grain = ("notice_key",)
    orders = (Order("told_on", "owed_since_on"),)

    notice_key = text("Act", "告知编号", length=40)
    client_id = _client()
    record_code = text("Customer number", "客户号", length=32)
    notice_kind = code("What was graded", "评定对象", GradedAnew)
    product_code = text("Product", "产品代码", length=24, nullable=True)
    owed_since_on = date("Owed since", "应告知起")
    told_on = date("Told on", "告知日期")
    told_at = instant("Recorded at", "登记时间")
    channel = code("Channel", "渠道", codes.Channel)
    staff_code = _staff("Staff number", "工号")


class ReturnedTie(Table):
    """A client fixed with a manager, or a manager ruled out for a client, and not lifted since (R054)."""

    title = Text("Fixed and ruled-out pairs from the desk", "工作台固定与禁配")
    writer = "desk"
    grain = ("tie_key",)

    tie_key = text("Tie", "固定或禁配编号", length=40)
    client_id = _client()
    record_code = _record()
    staff_code = text("Staff number", "工号", length=16)
    tie_kind = code("Kind", "类别", serving.TieKind)
    decided_at = instant("Decided at", "决定时间")


class ReturnedSpecialty(Table):
    """How strong a member of staff is in a need, declared, and confirmed by the leader (R053)."""

    title = Text("Specialties from the desk", "工作台专长")
    writer = "desk"
    grain = ("staff_code", "need")

    staff_code = text("Staff number", "工号", length=16)
    need = code("Need", "需求", codes.Need)
    strength_share = share("Strength", "强度", low=0, high=1)
    declared_on = date("Declared on", "申报日期")
    confirmed_on = date("Confirmed on", "确认日期")


class ReturnedNeed(Table):
    """A need of a client as recorded at the desk, the latest word of each (R011)."""

    title = Text("Client needs from the desk", "工作台客户需求")
    writer = "desk"
    grain = ("need_key",)

    need_key = text("Entry", "登记编号", length=40)
    client_id = _client()
    record_code = _record()
    need = code("Need", "需求", codes.Need)
    strength_share = share("Strength", "强度", low=0, high=1)
    need_source = code("Source", "来源", codes.NeedSource)
    recorded_on = date("Recorded on", "记录日期")


class ReturnedHours(Table):
    """Weekly hours of a member of staff, confirmed by the leader (R047)."""

    title = Text("Weekly hours from the desk", "工作台每周工时")
    writer = "desk"
    grain = ("staff_code",)

    staff_code = text("Staff number", "工号", length=16)
    weekly_hours = decimal("Weekly hours", "每周工时", low=0, high=80)
    confirmed_on = date("Confirmed on", "确认日期")


class ReturnedLeave(Table):
    """A period in which a member of staff is away, both days included (R047)."""

    title = Text("Leave from the desk", "工作台休假")
    writer = "desk"
    grain = ("leave_key",)
    orders = (Order("ends_on", "starts_on"),)

    leave_key = text("Leave", "休假编号", length=40)
    staff_code = text("Staff number", "工号", length=16)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期")


class ReturnedTrait(Table):
    """A style, language, certificate or interest of a member of staff, confirmed by the leader (R053, R058).

    ``trait`` is a code of `TradingStyle`, `ServiceType`, `Language` or `Need`, or a certificate's own short name.
    """

    title = Text("Traits of staff from the desk", "工作台员工特质")
    writer = "desk"
    grain = ("staff_code", "trait_kind", "trait")

    staff_code = text("Staff number", "工号", length=16)
    trait_kind = code("Kind", "类别", serving.TraitKind)
    trait = text("Trait", "特质", length=16)
    confirmed_on = date("Confirmed on", "确认日期")


class ReturnedUnrouted(Table):
    """An act from the desk that has no place in this run, and why; it has no effect until someone mends it."""

    title = Text("Acts without a place", "无法归位的记录")
    writer = "identity"
    grain = ("returned_act", "act_key", "client_id")

    returned_act = code("Kind", "类别", codes.ReturnedAct)
    act_key = text("Act", "记录键", length=120)
    client_id = _client()
    record_code = _record()
    staff_code = _staff("Staff number", "工号")
    unrouted_reason = code("Why", "理由", UnroutedReason)


RETURNS: tuple[type[Table], ...] = (
    ReturnedContact,
    ReturnedOutcome,
    ReturnedOverride,
    ReturnedAssignment,
    ReturnedJudgement,
    ReturnedVerification,
    ReturnedAssessment,
    ReturnedAnswer,
    ReturnedNotice,
    ReturnedTie,
    ReturnedSpecialty,
    ReturnedNeed,
    ReturnedHours,
    ReturnedLeave,
    ReturnedTrait,
)

LATER: tuple[type[Table], ...] = (
    ReturnedJudgement,
    ReturnedVerification,
    ReturnedAssessment,
    ReturnedAnswer,
    ReturnedNotice,
    ReturnedTie,
    ReturnedSpecialty,
    ReturnedNeed,
    ReturnedHours,
    ReturnedLeave,
    ReturnedTrait,
)
"""Tables that an index of an older desk does not name: they are read as empty, the others must be there."""
