"""Codes of suitability: kinds of investor, states of an assessment, tests of a match and their outcomes."""

from __future__ import annotations

from keepwell.contract.schema import Code


class InvestorKind(Code):
    """Ordinary investors are protected as such; professional ones are by kind, by evidence or by application."""

    ORDINARY = "ordinary", "Ordinary investor", "普通投资者"
    PROFESSIONAL = "professional", "Professional investor", "专业投资者"


class ProfessionalBasis(Code):
    """On which ground an investor is professional (Art. 8, 11)."""

    INSTITUTION = "institution", "Financial institution, Art. 8(1)", "金融机构（第8条第1项）"
    PRODUCT = "product", "Product of a financial institution, Art. 8(2)", "金融机构的产品（第8条第2项）"
    FUND = "fund", "Public fund, QFII or RQFII, Art. 8(3)", "社会公益基金、QFII、RQFII（第8条第3项）"
    ENTITY = "entity", "Legal person by assets and experience, Art. 8(4)", "法人或其他组织（第8条第4项）"
    PERSON = "person", "Natural person by means and experience, Art. 8(5)", "自然人（第8条第5项）"
    CONVERTED = "converted", "Ordinary investor on application, Art. 11", "普通投资者申请转化（第11条）"


class RiskFactor(Code):
    """The ten factors by which products are graded (Art. 16)."""

    LIQUIDITY = "liquidity", "Liquidity", "流动性"
    TERM = "term", "Time to maturity", "到期时限"
    LEVERAGE = "leverage", "Leverage", "杠杆情况"
    STRUCTURE = "structure", "Complexity of structure", "结构复杂性"
    MINIMUM = "minimum", "Least amount for one unit", "投资单位产品的最低金额"
    INVESTS_IN = "invests_in", "What it invests in", "投资方向和投资范围"
    OFFERING = "offering", "How it is offered", "募集方式"
    CREDIT = "credit", "Credit of the issuer and others", "发行人等相关主体的信用状况"
    RECORD = "record", "Past record of the same kind", "同类产品过往业绩"
    OTHER = "other", "Other", "其他因素"


class GradedAnew(Code):
    """What was graded anew, so that the client is to be told (Art. 21)."""

    CLIENT_LEVEL = "client_level", "Level of the client", "客户等级"
    LOWEST_CLASS = "lowest_class", "Lowest class", "最低类别"
    INVESTOR_KIND = "investor_kind", "Kind of investor", "投资者类别"
    PRODUCT_LEVEL = "product_level", "Level of a product held", "所持产品等级"


class CheckItem(Code):
    """What the half-yearly self-check counts (Art. 30)."""

    NOT_ASSESSED = "not_assessed", "Clients without an assessment", "未测评客户"
    EXPIRED = "expired", "Clients whose assessment has expired", "测评已过期客户"
    LEVEL_DISAGREES = "level_disagrees", "Declared level is not that of the answers", "告知等级与答卷不符"
    RETESTED = "retested", "Tested more often than allowed, or jumped", "超次测评或跳升"
    CONTRADICTION = "contradiction", "Answers against known facts", "答卷与已知资料矛盾"
    LOWEST_HOLDS_ABOVE = (
        "lowest_holds_above",
        "Lowest class holding above its bound",
        "最低类别客户持有超限产品",
    )
    HOLDS_ABOVE = "holds_above", "Clients holding above their level", "客户持有高于等级的产品"
    REFUSED_UNTOLD = "refused_untold", "Facts refused, consequence not told", "拒绝提供信息而未告知后果"
    STEPS_MISSING = "steps_missing", "Conversions with a step missing", "专业投资者转化手续不全"
    NO_HANDLER = "no_handler", "Institutions nobody may act for", "机构无有效经办人"
    NOT_RATED = "not_rated", "Products without a level", "未评级产品"
    RAISED = "raised", "Products graded below list or factors", "评级低于名录或要素的产品"


class AssessmentState(Code):
    """Whether the latest assessment still holds."""

    VALID = "valid", "Valid", "有效"
    ENDS_SOON = "ends_soon", "Ends soon", "即将到期"
    EXPIRED = "expired", "Expired", "已过期"
    NONE = "none", "Never assessed", "未测评"
    UNKNOWN = "unknown", "Unknown: not delivered", "不详：未交付"


class QuestionSection(Code):
    """The parts of a questionnaire."""

    FINANCES = "finances", "Finances", "财务状况"
    KNOWLEDGE = "knowledge", "Knowledge of investing", "投资知识"
    EXPERIENCE = "experience", "Experience of investing", "投资经验"
    GOALS = "goals", "Goals", "投资目标"
    PREFERENCE = "preference", "Attitude to risk", "风险偏好"
    OTHER = "other", "Other", "其他信息"


class StartedBy(Code):
    """Who names the product first: staff may never recommend above the level, a client may insist."""

    STAFF = "staff", "Staff", "员工"
    CLIENT = "client", "Client", "客户"


class MatchTest(Code):
    """The three tests of a match; all have to pass."""

    LEVEL = "level", "Risk level", "风险等级"
    TERM = "term", "Term", "投资期限"
    KIND = "kind", "Kind of product", "投资品种"


class Passing(Code):
    """How one test of a match came out."""

    PASSES = "passes", "Passes", "符合"
    FAILS = "fails", "Fails", "不符合"
    UNKNOWN = "unknown", "Unknown", "不详"
    NOT_ASKED = "not_asked", "Not asked", "未要求"


class MatchOutcome(Code):
    """What follows for the sale (Art. 19, 22)."""

    MATCH = "match", "Match", "匹配"
    MISMATCH_ALLOWED_WITH_WARNING = (
        "mismatch_allowed_with_warning",
        "Mismatch, allowed with a signed warning",
        "不匹配，须书面风险警示后方可",
    )
    FORBIDDEN = "forbidden", "Forbidden", "禁止"


class MatchFact(Code):
    """What the table of matching asks about a pair, each true or false; the table's columns (policy.matching)."""

    IS_RATED = "is_rated", "The product has a level", "产品已评级"
    KIND_OUTSIDE = "kind_outside", "Kind outside the institution's mandate", "品种超出机构授权"
    QUOTA_EXCEEDED = "quota_exceeded", "The institution's quota is exceeded", "超出机构额度"
    NO_HANDLER = "no_handler", "Nobody may act for the institution", "机构无有效经办人"
    ABOVE_AUTHORITY = "above_authority", "Above what any handler may order", "超出经办人单笔授权"
    HAS_REFUSED = "has_refused", "The client refuses facts", "客户拒绝提供信息"
    IS_EXEMPT = "is_exempt", "Professional investor", "专业投资者"
    IS_ASSESSED = "is_assessed", "The client has a level", "客户已有等级"
    IS_LOWEST = "is_lowest", "Lowest class", "最低类别"
    ALL_PASS = "all_pass", "All tests pass", "各项均符合"
    IS_MINOR = "is_minor", "Under age", "未成年"
    IS_AGED_HIGH = "is_aged_high", "Of the signed age, and a high-risk product", "达到规定年龄且为高风险产品"
    HAS_EXPIRED = "has_expired", "Assessment expired", "测评已过期"
    BY_STAFF = "by_staff", "Staff named it first", "由员工提出"
    IS_HIGH = "is_high", "High-risk product", "高风险产品"


class FlagKind(Code):
    """What a flag is about."""

    ANSWERS = "answers", "Answers", "答卷"
    REPEATED = "repeated", "Repeated tests", "重复测评"
    CONTRADICTION = "contradiction", "Contradicts known facts", "与已知资料矛盾"
    VULNERABLE = "vulnerable", "Needs more care", "特别保护"


class AnsweredOn(Code):
    """On whose device a client answered a questionnaire; staff never answer for a client."""

    OWN_DEVICE = "own_device", "The client's own device", "客户本人设备"
    COUNTER = "counter", "The branch's device, after an identity check", "营业部设备（核对身份后）"
