"""Codes of suitability: kinds of investor, states of an assessment, tests of a match and their outcomes."""

from __future__ import annotations

from keepwell.contract.schema import Code


class InvestorKind(Code):
    """Ordinary investors are protected as such; professional ones are by kind, by evidence or by application."""

    ORDINARY = "ordinary", "Ordinary investor", "普通投资者"
    PROFESSIONAL = "professional", "Professional investor", "专业投资者"


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
