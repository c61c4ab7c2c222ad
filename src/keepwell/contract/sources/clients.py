"""Customer records as branches hold them: identity facts, consents, needs, assessments. No clients yet."""

from __future__ import annotations

from keepwell.contract import codes, serving
from keepwell.contract.related import PartyKind
from keepwell.contract.schema import (
    Mask,
    Order,
    Search,
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    date,
    decimal,
    instant,
    integer,
    share,
    text,
)

_RECORD = "customer_record.record_code"


class CustomerRecord(Table):
    """One branch's file of a person, institution or product (客户号); the same client may have several."""

    title = Text("Customer records", "客户档案")
    writer = "ingest"
    grain = ("record_code",)
    orders = (Order("closed_on", "opened_on"), Order("opened_on", "birth_on"))

    record_code = text("Customer number", "客户号", length=32, search=Search.TAIL)
    branch_code = text("Branch", "营业部", length=16, references="branch.branch_code")
    client_kind = code("Client kind", "客户类型", codes.ClientKind)
    client_name = text(
        "Name", "姓名", length=120, sensitivity=Sensitivity.PERSONAL, search=Search.NAME, mask=Mask.NAME
    )
    id_kind = code("Document", "证件种类", codes.IdKind, nullable=True)
    id_number = text(
        "Document number",
        "证件号码",
        length=40,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        search=Search.TAIL,
        mask=Mask.ID_NUMBER,
    )
    id_valid_to = date("Document valid to", "证件有效期至", nullable=True)
    sex = code("Sex", "性别", codes.Sex, nullable=True, sensitivity=Sensitivity.PERSONAL)
    birth_on = date("Born on", "出生日期", nullable=True, sensitivity=Sensitivity.PERSONAL)
    nationality = text("Nationality", "国籍", length=40, nullable=True)
    occupation = code("Occupation", "职业", codes.Occupation, nullable=True, sensitivity=Sensitivity.PERSONAL)
    income_band = code("Yearly income", "年收入", codes.IncomeBand, nullable=True)
    phone = text(
        "Phone",
        "手机",
        length=32,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        search=Search.TAIL,
        mask=Mask.PHONE,
    )
    email = text("E-mail", "邮箱", length=120, nullable=True, sensitivity=Sensitivity.SECRET)
    address = text(
        "Address",
        "住址",
        length=240,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        mask=Mask.ADDRESS,
    )
    opened_on = date("Opened on", "开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)
    updated_on = date("Last updated on", "资料更新日期", nullable=True)


class Investor(Table):
    """The clearing house's one code per investor (一码通) of a customer record."""

    title = Text("Investor codes", "一码通")
    writer = "ingest"
    grain = ("record_code",)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    investor_code = text("Investor code", "一码通账户", length=20)


class BranchWish(Table):
    """At which branch a client with several wishes to be looked after (R001)."""

    title = Text("Wished branches", "客户意愿营业部")
    writer = "ingest"
    grain = ("record_code", "wished_on")
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    branch_code = text("Branch", "营业部", length=16, references="branch.branch_code")
    wished_on = date("Wished on", "表达日期")


class ManagerWish(Table):
    """Whom of the staff a client wishes to be looked after by, or refuses (R040, R060)."""

    title = Text("Wishes about managers", "客户对经理的意愿")
    writer = "ingest"
    grain = ("record_code", "staff_code")
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    wish_kind = code("Wish", "意愿", serving.WishKind)
    wished_on = date("Wished on", "表达日期")


class ClientLanguage(Table):
    """A language in which a client asks to be served, beside Mandarin."""

    title = Text("Languages of clients", "客户语言")
    writer = "ingest"
    grain = ("record_code", "language")
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    language = code("Language", "语言", serving.Language)


class RelatedParty(Table):
    """Who is declared beside a customer record: guardian, legal representative, controller, holder of shares.

    Whoever is a customer too is named by the customer number, anybody else by name and document. Agents of accounts
    may stand in a table of their own.
    """

    title = Text("Declared related parties", "关联人登记")
    writer = "ingest"
    grain = ("relation_code",)
    order = ("record_code", "relation_code")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    relation_code = text("Entry", "登记编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    party_kind = code("Declared as", "登记身份", PartyKind)
    party_record_code = text(
        "The other's customer number", "对方客户号", length=32, nullable=True, references=_RECORD
    )
    party_client_kind = code("The other is", "对方类型", codes.ClientKind, nullable=True)
    party_name = text(
        "The other's name",
        "对方姓名",
        length=120,
        nullable=True,
        sensitivity=Sensitivity.PERSONAL,
        mask=Mask.NAME,
    )
    id_kind = code("The other's document", "对方证件种类", codes.IdKind, nullable=True)
    id_number = text(
        "The other's document number",
        "对方证件号码",
        length=40,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        mask=Mask.ID_NUMBER,
    )
    held_share = share(
        "Share of capital, income or votes", "股权、收益权或表决权比例", low=0, high=1, nullable=True
    )
    starts_on = date("Starts on", "开始日期", nullable=True)
    ends_on = date("Ends on", "结束日期", nullable=True)


class ClientNeed(Table):
    """A need of the client, stated or inferred, with confidence and date (R011)."""

    title = Text("Client needs", "客户需求")
    writer = "ingest"
    grain = ("record_code", "need")
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    need = code("Need", "需求", codes.Need)
    strength_share = decimal("Strength", "强度", scale=6, low=0, high=1)
    need_source = code("Source", "来源", codes.NeedSource)
    recorded_on = date("Recorded on", "记录日期")


class Questionnaire(Table):
    """A risk assessment the client took; the level is what was declared to the client (R026)."""

    title = Text("Risk assessments", "风险测评")
    writer = "ingest"
    grain = ("questionnaire_code",)
    order = ("record_code", "answered_at", "questionnaire_code")
    event_on = "answered_on"
    optional = True

    questionnaire_code = text("Assessment", "测评编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    answered_at = instant("Answered at", "测评时间")
    answered_on = date("Answered on", "测评日期")
    version = text("Version", "问卷版本", length=16)
    score = integer("Score", "得分", low=0, high=100, nullable=True)
    risk_level = code("Risk level", "风险等级", codes.RiskLevel)
    is_lowest_class = boolean("Lowest class", "最低类别")
    valid_to = date("Valid to", "有效期至", nullable=True)
    device_code = text("Device", "设备", length=64, nullable=True)


class QuestionnaireAnswer(Table):
    """One answer of an assessment; multiple choices count as their highest option."""

    title = Text("Answers", "测评答案")
    writer = "ingest"
    grain = ("questionnaire_code", "question_no")
    optional = True

    questionnaire_code = text(
        "Assessment", "测评编号", length=40, references="questionnaire.questionnaire_code"
    )
    question_no = integer("Question", "题号", low=1, high=60)
    answer = text("Answer", "答案", length=8)


class Consent(Table):
    """A consent per purpose and channel, given and withdrawn (PIPL 13, 15)."""

    title = Text("Consents", "授权同意")
    writer = "ingest"
    grain = ("record_code", "purpose", "channel", "given_on")
    orders = (Order("withdrawn_on", "given_on"),)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    purpose = text("Purpose", "用途", length=40)
    channel = code("Channel", "渠道", codes.Channel)
    given_on = date("Given on", "同意日期")
    withdrawn_on = date("Withdrawn on", "撤回日期", nullable=True)


class DoNotContact(Table):
    """The client asked not to be contacted on a channel."""

    title = Text("Do not contact", "免打扰")
    writer = "ingest"
    grain = ("record_code", "channel", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    channel = code("Channel", "渠道", codes.Channel)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)
