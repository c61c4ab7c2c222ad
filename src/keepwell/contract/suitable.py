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


class FlagKind(Code):
    """What a flag is about."""

    ANSWERS = "answers", "Answers", "答卷"
    REPEATED = "repeated", "Repeated tests", "重复测评"
    CONTRADICTION = "contradiction", "Contradicts known facts", "与已知资料矛盾"
    VULNERABLE = "vulnerable", "Needs more care", "特别保护"
