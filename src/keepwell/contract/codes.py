"""Closed lists: each value is stored as a short code and shown in both languages."""

from __future__ import annotations

from keepwell.contract.contacts import ComplaintKind as ComplaintKind  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import ComplaintTopic as ComplaintTopic  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import ContactDirection as ContactDirection  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import ContactOutcome as ContactOutcome  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import ContactTopic as ContactTopic  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import SkipReason as SkipReason  # noqa: PLC0414 - a code like the others
from keepwell.contract.contacts import TaskOutcome as TaskOutcome  # noqa: PLC0414 - a code like the others
from keepwell.contract.reasons.changes import CarriedChange as CarriedChange  # noqa: PLC0414 - a code like the others
from keepwell.contract.reasons.ingest import QuarantineReason as QuarantineReason  # noqa: PLC0414 - a code like the others
from keepwell.contract.reasons.returns import ReturnedAct as ReturnedAct  # noqa: PLC0414 - a code like the others
from keepwell.contract.same_client import Agreement as Agreement  # noqa: PLC0414 - a code like the others
from keepwell.contract.same_client import EvidenceField as EvidenceField  # noqa: PLC0414 - a code like the others
from keepwell.contract.same_client import IdentityEvent as IdentityEvent  # noqa: PLC0414 - a code like the others
from keepwell.contract.same_client import Judgement as Judgement  # noqa: PLC0414 - a code like the others
from keepwell.contract.same_client import JudgementReason as JudgementReason  # noqa: PLC0414 - a code like the others
from keepwell.contract.schema import Code


class ClientKind(Code):
    """Natural person, company or the product of an asset manager (R003)."""

    PERSON = "person", "Person", "个人"
    COMPANY = "company", "Institution", "机构"
    PRODUCT = "product", "Product", "产品"


class Sex(Code):
    """As written on the identity document; a protected fact, never in a score."""

    MALE = "male", "Male", "男"
    FEMALE = "female", "Female", "女"


class IdKind(Code):
    """Kinds of identity document."""

    RESIDENT = "resident", "Resident identity card", "居民身份证"
    PASSPORT = "passport", "Passport", "护照"
    PERMIT = "permit", "Residence permit (HK, Macau, Taiwan)", "港澳台居民居住证"
    CREDIT_CODE = "credit_code", "Unified social credit code", "统一社会信用代码"
    REGISTRATION = "registration", "Product registration", "产品备案编码"
    OTHER = "other", "Other", "其他"


class Occupation(Code):
    """Declared occupation (CDD measure 2025, Art. 49)."""

    CIVIL_SERVANT = "civil_servant", "Civil servant", "公务员"
    PUBLIC_SECTOR = "public_sector", "Public institution", "事业单位"
    STATE_FIRM = "state_firm", "State-owned firm", "国有企业职员"
    PRIVATE_FIRM = "private_firm", "Private firm", "民营企业职员"
    FOREIGN_FIRM = "foreign_firm", "Foreign firm", "外资企业职员"
    MANAGER = "manager", "Company manager", "企业管理人员"
    OWNER = "owner", "Business owner", "企业主"
    SELF_EMPLOYED = "self_employed", "Self-employed", "个体工商户"
    FREELANCE = "freelance", "Freelance", "自由职业"
    TEACHER = "teacher", "Teacher", "教师"
    DOCTOR = "doctor", "Medical staff", "医务人员"
    FINANCE = "finance", "Finance", "金融从业"
    TECHNICIAN = "technician", "Engineer or technician", "工程技术人员"
    FARMER = "farmer", "Farmer", "农林牧渔"
    SOLDIER = "soldier", "Military", "军人"
    STUDENT = "student", "Student", "学生"
    RETIRED = "retired", "Retired", "退休"
    UNEMPLOYED = "unemployed", "Unemployed", "无业"
    OTHER = "other", "Other", "其他"


class IncomeBand(Code):
    """Yearly income in ten thousand yuan."""

    UNDER_5 = "under_5", "Under 50,000", "5万以下"
    TO_10 = "to_10", "50,000 to 100,000", "5万至10万"
    TO_50 = "to_50", "100,000 to 500,000", "10万至50万"
    TO_300 = "to_300", "500,000 to 3 million", "50万至300万"
    OVER_300 = "over_300", "Over 3 million", "300万以上"


class RiskLevel(Code):
    """C1 to C5 of the association's guideline (rules.md §1.2); the lowest class is a flag beside it."""

    C1 = "C1", "C1 conservative", "C1 保守型"
    C2 = "C2", "C2 cautious", "C2 谨慎型"
    C3 = "C3", "C3 steady", "C3 稳健型"
    C4 = "C4", "C4 active", "C4 积极型"
    C5 = "C5", "C5 aggressive", "C5 激进型"


class ProductLevel(Code):
    """R1 to R5 of products and services (rules.md §1.2)."""

    R1 = "R1", "R1 low", "R1 低风险"
    R2 = "R2", "R2 medium-low", "R2 中低风险"
    R3 = "R3", "R3 medium", "R3 中风险"
    R4 = "R4", "R4 medium-high", "R4 中高风险"
    R5 = "R5", "R5 high", "R5 高风险"


class Grade(Code):
    """What the client means to the firm, by assets and contribution (R020, R027)."""

    STRATEGIC = "strategic", "Strategic", "战略"
    IMPORTANT = "important", "Important", "重要"
    REGULAR = "regular", "Regular", "常规"
    BASIC = "basic", "Basic", "基础"


class ServiceType(Code):
    """Internal service type (R026); never used in a product match. ``unassessed`` is counted beside the twelve."""

    CAUTIOUS = "cautious", "Cautious", "保守"
    BALANCED = "balanced", "Steady", "稳健"
    ENTERPRISING = "enterprising", "Enterprising", "进取"
    UNASSESSED = "unassessed", "Unassessed", "未测评"


class ActivityState(Code):
    """What the client is doing (R030); 沉睡 is not 休眠, which is an account status."""

    ACTIVE = "active", "Active", "活跃"
    HESITATING = "hesitating", "Hesitating", "犹豫"
    LEAVING = "leaving", "Inclined to leave", "有去意"
    ASLEEP = "asleep", "Asleep", "沉睡"
    LOST = "lost", "Lost", "已流失"


class Population(Code):
    """Which population a client is counted in (R002)."""

    EXISTING = "existing", "Existing client", "存量客户"
    NEVER_FUNDED = "never_funded", "Opened, never funded", "开户未入金"
    CLOSED = "closed", "Closed", "已销户"
    NOT_YET_OPENED = "not_yet_opened", "Not yet opened", "尚未开户"


class AccountKind(Code):
    """Kinds of fund account."""

    NORMAL = "normal", "Cash account", "普通账户"
    CREDIT = "credit", "Margin account", "信用账户"
    OPTION = "option", "Option account", "期权账户"


class AccountStatus(Code):
    """Status of an account; ``dormant`` is 休眠 by the clearing house's rule."""

    NORMAL = "normal", "Normal", "正常"
    FROZEN = "frozen", "Frozen", "冻结"
    LOST = "reported_lost", "Reported lost", "挂失"
    DORMANT = "dormant", "Dormant", "休眠"
    SUSPENDED = "suspended", "Trading suspended", "中止交易"
    CLOSED = "closed", "Closed", "销户"


class Market(Code):
    """Where a security trades."""

    SHANGHAI = "sh", "Shanghai", "上海"
    SHENZHEN = "sz", "Shenzhen", "深圳"
    BEIJING = "bj", "Beijing", "北京"
    HONG_KONG = "hk", "Hong Kong Connect", "港股通"
    COUNTER = "otc", "Over the counter", "柜台"
    OTHER = "other", "Other market", "其他市场"


class Currency(Code):
    """Currencies an amount may be delivered in."""

    CNY = "CNY", "Yuan", "人民币"
    USD = "USD", "US dollar", "美元"
    HKD = "HKD", "Hong Kong dollar", "港元"
    CZK = "CZK", "Czech koruna", "捷克克朗"
    EUR = "EUR", "Euro", "欧元"


class CityTier(Code):
    """Tier of the branch's city."""

    TIER_1 = "tier_1", "First tier", "一线城市"
    NEW_1 = "new_1", "New first tier", "新一线城市"
    TIER_2 = "tier_2", "Second tier", "二线城市"
    TIER_3 = "tier_3", "Third tier and below", "三线及以下"


class Role(Code):
    """The twelve roles of R199."""

    MANAGER = "manager", "Relationship manager", "客户经理"
    ADVISER = "adviser", "Investment adviser", "投资顾问"
    TEAM_LEADER = "team_leader", "Team leader", "团队长"
    BRANCH_HEAD = "branch_head", "Branch manager", "营业部负责人"
    COUNTER = "counter", "Front desk", "柜员"
    SERVICE_DESK = "service_desk", "Service desk", "客服"
    COMPLIANCE = "compliance", "Compliance", "合规"
    AUDIT = "audit", "Audit", "稽核"
    AML_BRANCH = "aml_branch", "AML officer, branch", "反洗钱岗（营业部）"
    AML_HQ = "aml_hq", "AML officer, HQ", "反洗钱岗（总部）"
    HQ_BROKERAGE = "hq_brokerage", "HQ brokerage department", "总部经纪业务部"
    ADMIN = "admin", "Administrator", "系统管理员"


class LicenceKind(Code):
    """Registered practice qualifications."""

    GENERAL = "general", "Securities practice", "一般证券业务"
    ADVISER = "adviser", "Investment adviser", "证券投资顾问"
    BROKER = "broker", "Securities broker", "证券经纪人"


class Need(Code):
    """What a client needs and a manager is good at."""

    STOCK = "stock", "Stocks", "股票"
    FUND = "fund", "Funds", "基金"
    BOND = "bond", "Bonds", "债券"
    WEALTH = "wealth", "Wealth products", "理财"
    MARGIN = "margin", "Margin trading", "两融"
    EDUCATION = "education", "Investor education", "投资者教育"


class NeedSource(Code):
    """Whether a need was stated by the client or inferred."""

    STATED = "stated", "Stated", "客户表达"
    INFERRED = "inferred", "Inferred", "推断"


class TradingStyle(Code):
    """How long a client holds, told from the turnover of a year over average assets (R031)."""

    LONG_TERM = "long_term", "Long-term", "长期"
    MIXED = "mixed", "Mixed", "混合"
    SHORT_TERM = "short_term", "Short-term", "短期"


class Relation(Code):
    """Kinds of assignment; only service relations are ever moved."""

    SERVICE = "service", "Service", "服务关系"
    DEVELOPMENT = "development", "Development", "开发关系"


class ProductKind(Code):
    """Kinds of product; each counts into one asset column."""

    STOCK = "stock", "Stock", "股票"
    B_STOCK = "b_stock", "B share", "B股"
    ETF = "etf", "Exchange-traded fund", "ETF"
    FUND = "fund", "Fund", "基金"
    BOND = "bond", "Bond", "债券"
    WARRANT = "warrant", "Warrant", "权证"
    NOTE = "note", "Income note", "收益凭证"
    WEALTH = "wealth", "Collective asset management", "集合理财"
    STRUCTURED = "structured", "Structured product", "结构化产品"


class TradeSide(Code):
    """Direction of a trade."""

    BUY = "buy", "Buy", "买入"
    SELL = "sell", "Sell", "卖出"


class FlowSide(Code):
    """Direction of a cash flow, seen from the account."""

    IN = "in", "In", "转入"
    OUT = "out", "Out", "转出"


class Channel(Code):
    """How something reached us or the client."""

    APP = "app", "App", "手机 App"
    WEB = "web", "Web", "网上"
    PHONE = "phone", "Phone", "电话"
    COUNTER = "counter", "Counter", "柜台"
    WECOM = "wecom", "WeCom", "企业微信"
    VISIT = "visit", "Visit", "拜访"
    SMS = "sms", "Text message", "短信"
    EMAIL = "email", "E-mail", "邮件"
    LETTER = "letter", "Letter", "信函"
    PLATFORM_12386 = "12386", "12386 platform", "12386平台"
    OTHER = "other", "Other", "其他"


class PlaceRelation(Code):
    """What a decision on a client's place settles."""

    SERVICE = "service", "Manager", "客户经理"
    HOME = "home", "Home branch", "归属营业部"


class OverrideField(Code):
    """Which decision people may set aside for a time."""

    GRADE = "grade", "Grade", "分级"
    SERVICE_TYPE = "service_type", "Service type", "服务类型"


class TransferKind(Code):
    """Custody events."""

    CUSTODY_OUT = "custody_out", "Transfer of custody out", "转托管转出"
    CUSTODY_IN = "custody_in", "Transfer of custody in", "转托管转入"
    REVOKE = "revoke", "Designation revoked", "撤销指定"
    NON_TRADE = "non_trade", "Non-trading transfer", "非交易过户"
    BLOCK = "block", "Block trade", "大宗交易"


class ApplicationKind(Code):
    """Applications a client files."""

    OPENING = "opening", "Account opening", "开户"
    PERMISSION = "permission", "Permission", "权限开通"
    TRANSFER = "transfer", "Transfer", "转户"
    CLOSING = "closing", "Account closing", "销户"


class ApplicationStage(Code):
    """How far an application is."""

    APPLIED = "applied", "Applied", "已申请"
    SETTLED = "settled", "Settled", "已结清"
    DONE = "done", "Done", "已办结"


class PermissionKind(Code):
    """Trading permissions that need more than an account."""

    STAR = "star", "STAR market", "科创板"
    CHINEXT = "chinext", "ChiNext", "创业板"
    BEIJING = "beijing", "Beijing exchange", "北交所"
    HK_CONNECT = "hk_connect", "Hong Kong Connect", "港股通"
    MARGIN = "margin", "Margin trading", "融资融券"
    OPTION = "option", "Options", "股票期权"


class IncomeKind(Code):
    """Income of the firm besides trading commission."""

    INTEREST = "interest", "Margin interest", "两融利息"
    PRODUCT = "product", "Product sales", "产品销售"
    ADVICE = "advice", "Advisory fee", "投顾服务费"


class NoticeKind(Code):
    """Corporate actions and exchange notices."""

    DIVIDEND = "dividend", "Dividend", "分红"
    SPLIT = "split", "Split", "送转"
    RIGHTS = "rights", "Rights issue", "配股"
    RESULTS = "results", "Results", "业绩公告"
    SUSPENSION = "suspension", "Suspension", "停牌"
    DELISTING = "delisting", "Delisting risk", "退市风险"


class MomentRule(Code):
    """Occasions to be in touch."""

    PRODUCT_MATURITY = "product_maturity", "Product matures", "产品到期"
    LARGE_OUTFLOW = "large_outflow", "Large outflow", "资产转出"
    ASLEEP = "asleep", "Fell asleep", "沉睡"
    LEAVING = "leaving", "Inclined to leave", "有去意"
    ASSESSMENT_EXPIRY = "assessment_expiry", "Assessment expires", "测评到期"
    ID_EXPIRY = "id_expiry", "Identity document expires", "证件到期"
    BIRTHDAY = "birthday", "Birthday", "生日"
    NEW_CLIENT = "new_client", "New client follow-up", "新客户跟进"


class MomentKind(Code):
    """What a moment is in law: legal duty, care, or marketing (contact cap applies to the last two)."""

    LEGAL = "legal", "Legal duty", "法定"
    CARE = "care", "Care", "关怀"
    MARKETING = "marketing", "Marketing", "营销"


class CalendarKind(Code):
    """The three calendars, never mixed (R234)."""

    NATURAL = "natural", "calendar days", "自然日"
    WORKING = "working", "working days", "工作日"
    TRADING = "trading", "trading days", "交易日"
