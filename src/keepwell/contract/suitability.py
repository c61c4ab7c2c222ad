"""What risk a client can bear and a product holds: the class by the questionnaire, the level by the list, the flags."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.reasons.suitability import (
    CheckReason,
    FlagReason,
    InvestorReason,
    LevelReason,
    LowestReason,
    MandateReason,
    NoticeReason,
    ProductLevelReason,
)
from keepwell.contract.schema import (
    DAYS,
    TIMES,
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    integer,
    money,
    share,
    text,
    unless,
)
from keepwell.contract.suitable import (
    AssessmentState,
    CheckItem,
    FlagKind,
    GradedAnew,
    InvestorKind,
    ProfessionalBasis,
)


class ProductSuitability(Table):
    """Which level a product counts with: the firm's own of the day, never below the products' name list (R026).

    Without any level of the firm it has none: the list tells what is the least it could be, not what it is.
    """

    title = Text("Levels of products that count", "产品适用等级")
    writer = "suitability"
    grain = ("product_code",)

    product_code = text("Product", "产品代码", length=24)
    product_kind = code("Kind", "类别", codes.ProductKind)
    declared_level = code("The firm's level", "公司评定等级", codes.ProductLevel, nullable=True)
    rated_on = date("Rated on", "评定日期", nullable=True)
    listed_level = code("At least, by the list", "名录最低等级", codes.ProductLevel)
    n_factors = count("Factors marked", "已评要素数", **unless("product_factor"))
    factor_score = count("Score by the factors", "要素得分", nullable=True)
    factor_level = code("At least, by the factors", "要素最低等级", codes.ProductLevel, nullable=True)
    product_level = code("Level that counts", "适用等级", codes.ProductLevel, nullable=True)
    level_reason = code("Why this level", "等级理由", ProductLevelReason)
    is_term_bound = boolean("Money is bound until a day", "资金有期限")
    term_days_left = count("Days left", "剩余天数", unit=DAYS, nullable=True)
    policy_version = text("Policy", "规则版本", length=80)


class ClientSuitability(Table):
    """What risk a client can bear: level as declared, as the answers make it, lowest class, validity (R026).

    The latest assessment over all customer numbers counts. A level is recomputed by the version it was answered in and
    stands beside the declared one, which alone binds. What a source that is not delivered would tell is unknown.
    """

    title = Text("Suitability of clients", "客户适当性")
    writer = "suitability"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    investor_kind = code("Kind of investor", "投资者类别", InvestorKind)
    investor_reason = code("Why this kind", "类别理由", InvestorReason)
    professional_basis = code("Ground of the kind", "认定依据", ProfessionalBasis, nullable=True)
    evidenced_on = date("Day of the evidence", "证明资料日期", nullable=True)
    professional_to = date("Evidence holds to", "证明有效期至", nullable=True)
    has_refused_facts = boolean("Refuses facts", "拒绝提供信息", **unless("facts_refused"))
    age = count("Age", "年龄", nullable=True, sensitivity=Sensitivity.PERSONAL)
    questionnaire_code = text("Assessment number", "测评编号", length=40, nullable=True)
    questionnaire_version = text("Version", "问卷版本", length=16, nullable=True)
    is_version_in_use = boolean("Version was in use", "版本当日在用", nullable=True)
    assessed_on = date("Assessed on", "测评日期", nullable=True)
    risk_level = code("Declared level", "告知等级", codes.RiskLevel, nullable=True)
    declared_score = integer("Declared score", "告知得分", low=0, high=100, nullable=True)
    computed_level = code("Level by the answers", "答卷等级", codes.RiskLevel, nullable=True)
    computed_score = count("Score by the answers", "答卷得分", nullable=True)
    level_reason = code("What the answers say", "答卷核对", LevelReason)
    n_unanswered = count("Unanswered questions", "漏答题数", nullable=True)
    n_double_answered = count("Questions answered twice", "单选多答题数", nullable=True)
    n_unknown_options = count("Answers without such an option", "无此选项题数", nullable=True)
    is_lowest_class = boolean("Lowest class", "最低类别", nullable=True)
    lowest_reason = code("Why", "最低类别理由", LowestReason)
    product_level_at_most = code("Matches up to", "匹配上限", codes.ProductLevel, nullable=True)
    has_term_limit = boolean("Money has a term", "资金有期限要求", nullable=True)
    term_days_at_most = count("Money not needed for", "资金不用天数", unit=DAYS, nullable=True)
    kinds_wished = text("Kinds wished", "意向品种", length=120, nullable=True)
    is_for_pension = boolean("For old age or medical care", "用于养老或医疗", nullable=True)
    assessment_state = code("State of the assessment", "测评状态", AssessmentState)
    valid_to = date("Valid to", "有效期至", nullable=True)
    remind_on = date("Remind on", "提醒日期", nullable=True)
    n_tests_same_day = count(
        "Tests on the day of the latest", "最近测评当日次数", unit=TIMES, **unless("questionnaire")
    )
    n_tests_30d = count(
        "Tests in the 30 days up to the latest",
        "截至最近测评30天内次数",
        unit=TIMES,
        **unless("questionnaire"),
    )
    jump_from_level = code("Jumped from", "跳升前等级", codes.RiskLevel, nullable=True)
    policy_version = text("Policy", "规则版本", length=80)


class SuitabilityFlag(Table):
    """What a person should look at before anything is offered: one row a flag that holds, with its facts (R026).

    Answers that cannot be counted, tests repeated, answers against known facts, clients who need more care.
    """

    title = Text("Suitability flags", "适当性提示")
    writer = "suitability"
    grain = ("client_id", "flag_reason", "question_no")

    client_id = text("Client", "客户", length=34)
    flag_kind = code("About", "类别", FlagKind)
    flag_reason = code("What was found", "提示", FlagReason)
    question_no = count("Question, 0 for the whole", "题号（0为整份）")
    answer = text("Answer", "答案", length=8, nullable=True)
    assessed_on = date("Assessed on", "测评日期", nullable=True)
    risk_level = code("Declared level", "告知等级", codes.RiskLevel, nullable=True)
    computed_level = code("Level by the answers", "答卷等级", codes.RiskLevel, nullable=True)
    jump_from_level = code("Jumped from", "跳升前等级", codes.RiskLevel, nullable=True)
    occupation = code(
        "Occupation on file", "登记职业", codes.Occupation, nullable=True, sensitivity=Sensitivity.PERSONAL
    )
    n_found = count("Found", "实际", nullable=True)
    n_allowed = count("Limit", "限值", nullable=True)
    found_share = share("Share", "占比", nullable=True)
    policy_version = text("Policy", "规则版本", length=80)


class ClientMandate(Table):
    """What an institution's own authorisation leaves room for today, kind by kind; no rows where it has none (Art. 22).

    What it holds is at market value over all accounts. Without a quota any amount of a permitted kind is in order;
    ``order_amount`` is the most that anybody with authority today may order at once, empty where somebody has no limit.
    """

    title = Text("Room in institutions' own limits", "机构授权与剩余额度")
    writer = "suitability"
    grain = ("client_id", "product_kind")

    client_id = text("Client", "客户", length=34)
    product_kind = code("Kind", "品种", codes.ProductKind)
    is_permitted = boolean("Permitted", "允许")
    quota_amount = money("Quota", "额度", nullable=True)
    held_amount = money("Held", "已持有", **unless("holding"))
    left_amount = money("Left of the quota", "剩余额度", nullable=True)
    n_handlers = count("Handlers with authority today", "当日有权经办人数", **unless("mandate_handler"))
    handler_to = date("Last authority ends on", "最晚授权到期日", nullable=True)
    order_amount = money("For one order at most", "单笔最高", nullable=True)
    mandate_reason = code("What follows", "结论", MandateReason)


class SuitabilityNotice(Table):
    """What was graded anew and the client was not told of yet (Art. 21): one row a change, until somebody tells it.

    ``level_before`` is what the client last knew. Of products those that a client holds count, where the new level
    lies above what the client matches. Without a run before there is nothing to compare with.
    """

    title = Text("Notices owed for new gradings", "重新评定应告知")
    writer = "suitability"
    grain = ("client_id", "notice_kind", "product_code")

    client_id = text("Client", "客户", length=34)
    notice_kind = code("What was graded", "评定对象", GradedAnew)
    product_code = text("Product, empty for the client", "产品代码（客户本身为空）", length=24)
    level_before = text("Before", "变更前", length=16, nullable=True)
    level_now = text("Now", "变更后", length=16, nullable=True)
    product_level_at_most = code("Matches up to", "匹配上限", codes.ProductLevel, nullable=True)
    notice_reason = code("What to tell", "告知内容", NoticeReason)
    owed_since_on = date("Owed since", "应告知起")


class SuitabilityCheck(Table):
    """The self-check that is due every half-year, as it stands today: of how many how many are not in order (Art. 30).

    What a source would tell that is not delivered is not counted.
    """

    title = Text("Self-check of suitability", "适当性自查")
    writer = "suitability"
    grain = ("check_item",)

    check_item = code("What was checked", "自查项目", CheckItem)
    half_year_from_on = date("Half-year from", "半年度起")
    half_year_to_on = date("Half-year to", "半年度止")
    n_checked = count("Checked", "检查数")
    n_found = count("Not in order", "问题数")
    found_share = share("Share", "占比", low=0, high=1, nullable=True)
    check_reason = code("By which article", "依据", CheckReason)
    policy_version = text("Policy", "规则版本", length=80)
