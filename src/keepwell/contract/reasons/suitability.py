"""Why a client bears what risk, why a product has its level, why both match or not; what is flagged, by which article.

Articles are of the Measures for Investor Suitability in Securities and Futures (CSRC No. 130) unless another is named.
"""

from __future__ import annotations

from keepwell.contract.schema import Code


class InvestorReason(Code):
    """Why this kind of investor."""

    NO_EVIDENCE = (
        "no_evidence",
        "No evidence of a professional status is delivered: protected as an ordinary investor (Art. 7, 10).",
        "未交付专业投资者的证明：按普通投资者保护（第7、10条）。",
    )
    PRODUCT_BY_KIND = (
        "product_by_kind",
        "A product of an asset manager is professional by kind (Art. 8).",
        "资产管理机构的产品，按类别属专业投资者（第8条）。",
    )
    BY_LAW = (
        "by_law",
        "Professional by kind, by the evidence of {evidenced_on} (Art. 8).",
        "按类别属专业投资者，证明资料日期 {evidenced_on}（第8条）。",
    )
    MEETS_BAR = (
        "meets_bar",
        "Means and experience reach what the rule asks, by the evidence of {evidenced_on} (Art. 8).",
        "资产（收入）和经历达到规定标准，证明资料日期 {evidenced_on}（第8条）。",
    )
    CONVERTED = (
        "converted",
        "Accepted on application, with test, warning and result told, by the evidence of {evidenced_on} (Art. 11, 12).",
        "经申请转化，测试、警示、告知齐全，证明资料日期 {evidenced_on}（第11、12条）。",
    )
    OPTED_OUT = (
        "opted_out",
        "Ordinary again by the client's own written notice (Art. 11).",
        "客户书面告知选择成为普通投资者（第11条）。",
    )
    NOT_ACCEPTED = (
        "not_accepted",
        "The application was not accepted: protected as an ordinary investor (Art. 11, 12).",
        "申请未获同意：按普通投资者保护（第11、12条）。",
    )
    EVIDENCE_OLD = (
        "evidence_old",
        "The evidence of {evidenced_on} held to {professional_to}: an ordinary investor until it is new (Art. 13).",
        "{evidenced_on} 的证明资料有效期至 {professional_to}，更新前按普通投资者保护（第13条）。",
    )
    BELOW_BAR = (
        "below_bar",
        "The evidence of {evidenced_on} does not reach what the rule asks: an ordinary investor (Art. 8, 11).",
        "{evidenced_on} 的证明资料未达到规定标准：普通投资者（第8、11条）。",
    )
    STEPS_MISSING = (
        "steps_missing",
        "A step of the conversion is missing - test, warning or result told: an ordinary investor (Art. 12).",
        "转化手续不全（测试、警示、告知缺项）：普通投资者（第12条）。",
    )


class LevelReason(Code):
    """What the answers say of the declared level."""

    NOT_DELIVERED = (
        "not_delivered",
        "Assessments are not delivered: no level is known.",
        "未交付风险测评：等级不详。",
    )
    NOT_ASSESSED = (
        "not_assessed",
        "Never assessed: nothing may be sold without the client's facts (Art. 33).",
        "从未测评：未提供信息的，不得向其销售（第33条）。",
    )
    NO_ANSWERS = (
        "no_answers",
        "Level {risk_level} as declared; the answers of this assessment are not delivered.",
        "等级 {risk_level} 为告知客户的等级；本次测评的答卷未交付。",
    )
    UNKNOWN_VERSION = (
        "unknown_version",
        "Level {risk_level} as declared; questionnaire {questionnaire_version} is no signed version for this client.",
        "等级 {risk_level} 为告知客户的等级；问卷版本 {questionnaire_version} 未经签署或不适用于该类客户。",
    )
    NOT_WHOLE = (
        "not_whole",
        (
            "Level {risk_level} as declared; the answers cannot be counted: {n_unanswered} unanswered, "
            "{n_double_answered} answered twice, {n_unknown_options} without such an option (Art. 6, 33)."
        ),
        (
            "等级 {risk_level} 为告知客户的等级；答卷无法计分：漏答 {n_unanswered} 题，"
            "单选题多选 {n_double_answered} 题，选项不存在 {n_unknown_options} 题（第6、33条）。"
        ),
    )
    DISAGREES = (
        "disagrees",
        (
            "Level {risk_level} was declared; by version {questionnaire_version} the answers make {computed_score}, "
            "which is {computed_level}."
        ),
        (
            "告知客户的等级为 {risk_level}；按问卷版本 {questionnaire_version} 计分，答卷得 {computed_score} 分，"
            "应为 {computed_level}。"
        ),
    )
    AGREES = (
        "agrees",
        "By version {questionnaire_version} the answers make {computed_score}: {computed_level}, as declared.",
        "按问卷版本 {questionnaire_version} 计分，答卷得 {computed_score} 分：{computed_level}，与告知客户的一致。",
    )


class LowestReason(Code):
    """Why a client is or is not of the lowest class."""

    DECLARED = (
        "declared",
        "Declared at the assessment of {assessed_on}: nothing above {product_level_at_most} may be sold (Art. 19, 22).",
        "{assessed_on} 测评认定为最低类别：不得销售高于 {product_level_at_most} 的产品（第19、22条）。",
    )
    MINOR = (
        "minor",
        "Aged {age}, without full civil capacity: lowest class until a person has looked at it.",
        "{age} 周岁，不具有完全民事行为能力：在人工核实前按最低类别。",
    )
    NO_LOSS = (
        "no_loss",
        "Answered that no loss can be borne: lowest class until a person has looked at it.",
        "答卷表示没有风险容忍度或者不能承受任何损失：在人工核实前按最低类别。",
    )
    NOT_LOWEST = (
        "not_lowest",
        "Neither declared, nor under age, nor unwilling to bear any loss.",
        "未被认定为最低类别，非未成年人，也未表示不能承受任何损失。",
    )
    NOT_A_PERSON = (
        "not_a_person",
        "The lowest class is for natural persons.",
        "最低类别只适用于自然人。",
    )
    UNKNOWN = (
        "unknown",
        "Not assessed: whether the client is of the lowest class is not known.",
        "未测评：是否属于最低类别不详。",
    )


class ProductLevelReason(Code):
    """Why a product has its level."""

    DECLARED = (
        "declared",
        "The firm's own level of {rated_on}; the list asks for at least {listed_level}.",
        "公司 {rated_on} 评定的等级；名录要求不低于 {listed_level}。",
    )
    RAISED = (
        "raised",
        "The firm's level {declared_level} lies below the list: {listed_level} counts (Art. 36).",
        "公司评定的等级 {declared_level} 低于名录：按 {listed_level}（第36条）。",
    )
    RAISED_BY_FACTORS = (
        "raised_by_factors",
        "The firm's level {declared_level} is below its factors, {factor_score} points: {factor_level} (Art. 16).",
        "公司评定的等级 {declared_level} 低于要素评分 {factor_score} 分对应的等级：按 {factor_level}（第16条）。",
    )
    NOT_RATED = (
        "not_rated",
        "No level is delivered: not to be sold until it is graded (Art. 15, 16); the list asks for {listed_level}.",
        "未交付风险等级：评定前不得销售（第15、16条）；名录要求不低于 {listed_level}。",
    )


class FlagReason(Code):
    """What is to be looked at by a person, and by which article."""

    UNANSWERED = (
        "unanswered",
        "Unanswered questions of the assessment of {assessed_on}: {n_found}. No level follows (Art. 6, 33).",
        "{assessed_on} 的测评漏答 {n_found} 题：不能得出等级（第6、33条）。",
    )
    DOUBLE_ANSWERED = (
        "double_answered",
        "Questions with one choice that have several answers: {n_found}. No level follows (Art. 6, 33).",
        "{n_found} 道单选题选了多项：不能得出等级（第6、33条）。",
    )
    UNKNOWN_OPTION = (
        "unknown_option",
        "Answers with a question or option that does not exist: {n_found}. No level follows (Art. 6, 33).",
        "{n_found} 个答案的题号或选项在问卷中不存在：不能得出等级（第6、33条）。",
    )
    UNKNOWN_VERSION = (
        "unknown_version",
        "The questionnaire is no signed version for this client: scores of versions are never compared (Art. 13).",
        "所用问卷版本未经签署或不适用于该类客户：不同版本的得分不得比较（第13条）。",
    )
    OLD_VERSION = (
        "old_version",
        "On {assessed_on} the client was given a questionnaire that was not in use that day (Art. 13).",
        "{assessed_on} 使用了当日不在用的问卷版本（第13条）。",
    )
    LEVEL_DISAGREES = (
        "level_disagrees",
        "Level {risk_level} was declared, the answers make {computed_level}: grade again, tell the client (Art. 21).",
        "告知客户的等级为 {risk_level}，按答卷应为 {computed_level}：应重新评定并告知客户（第21条）。",
    )
    TESTS_A_DAY = (
        "tests_a_day",
        "Tests on {assessed_on}: {n_found}; allowed: {n_allowed}. The level must be the client's own (SAC guideline).",
        "{assessed_on} 当日测评 {n_found} 次，上限 {n_allowed} 次：等级应反映客户真实情况（协会指引）。",
    )
    TESTS_30_DAYS = (
        "tests_30_days",
        "Tests in the 30 days up to {assessed_on}: {n_found}; allowed: {n_allowed} (SAC guideline).",
        "截至 {assessed_on} 的 30 天内测评 {n_found} 次，上限 {n_allowed} 次（协会指引）。",
    )
    JUMP = (
        "jump",
        "From {jump_from_level} to {risk_level} within {n_allowed} days: ask the client why (Art. 13, 21).",
        "{n_allowed} 天内由 {jump_from_level} 升至 {risk_level}：应向客户核实原因（第13、21条）。",
    )
    AGE_ANSWER = (
        "age_answer",
        "Question {question_no}, answer {answer}: by the date of birth the client was {n_found} (Art. 6, 33).",
        "第 {question_no} 题答 {answer}：按出生日期当时 {n_found} 周岁（第6、33条）。",
    )
    OCCUPATION_ANSWER = (
        "occupation_answer",
        "Question {question_no}, answer {answer}, does not go with the occupation on file: {occupation} (Art. 6, 33).",
        "第 {question_no} 题答 {answer}，与登记的职业“{occupation}”不符（第6、33条）。",
    )
    MINOR = (
        "minor",
        "Aged {n_found}: no active selling, lowest class (SAC guideline).",
        "{n_found} 周岁：不得主动推介，按最低类别（协会指引）。",
    )
    ELDERLY = (
        "elderly",
        "Aged {n_found}, from {n_allowed} on: plain words, time to consider (the firm's own rule).",
        "{n_found} 周岁，达到 {n_allowed} 周岁：用语通俗，留足考虑时间（公司规则）。",
    )
    SECOND_PERSON = (
        "second_person",
        "Aged {n_found}, from {n_allowed} on: a second person looks, no offers from R4 on (the firm's own rule).",
        "{n_found} 周岁，达到 {n_allowed} 周岁：须另一人复核，不主动推介 R4 及以上（公司规则）。",
    )
    CONCENTRATED = (
        "concentrated",
        "One product makes {found_share} of the holdings (the firm's own rule).",
        "单一品种占持仓 {found_share}（公司规则）。",
    )
    PENSION = (
        "pension",
        "The return is meant for old age or medical care (the firm's own rule).",
        "投资回报用于养老或医疗（公司规则）。",
    )
    MARGIN_WITH_PENSION = (
        "margin_with_pension",
        "The return is meant for old age or medical care, and the client owes margin debt (the firm's own rule).",
        "投资回报用于养老或医疗，同时有融资负债（公司规则）。",
    )
    DEBT_ABOVE_ASSETS = (
        "debt_above_assets",
        "The client owes more margin debt than there are assets: ask anew what can be borne (Art. 6, 21).",
        "融资负债超过资产总值：应重新了解客户的风险承受能力（第6、21条）。",
    )


class MandateReason(Code):
    """What an institution's own authorisation says of a kind today."""

    HAS_ROOM = (
        "has_room",
        "Permitted by the institution itself; quota {quota_amount}, left {left_amount}.",
        "机构自身授权允许；额度 {quota_amount}，剩余 {left_amount}。",
    )
    NOT_PERMITTED = (
        "not_permitted",
        "The institution's own authorisation does not name this kind.",
        "机构自身授权未列此品种。",
    )
    SPENT = (
        "spent",
        "The quota of {quota_amount} is used up: {held_amount} are held.",
        "额度 {quota_amount} 已用完：已持有 {held_amount}。",
    )
    NO_HANDLER = (
        "no_handler",
        "Permitted, but nobody on file has authority for it today.",
        "允许此品种，但当日没有有授权的经办人。",
    )


class NoticeReason(Code):
    """What a client is to be told after a new grading."""

    CLIENT_LEVEL = (
        "client_level",
        "Your level is {level_now} now, before {level_before}: products up to {product_level_at_most} match (Art. 21).",
        "您的风险等级由 {level_before} 调整为 {level_now}，可匹配产品最高为 {product_level_at_most}（第21条）。",
    )
    LOWEST_CLASS = (
        "lowest_class",
        "Whether you belong to the lowest class has changed: products up to {product_level_at_most} match (Art. 21).",
        "您是否属于风险承受能力最低类别有变更，可匹配产品最高为 {product_level_at_most}（第21条）。",
    )
    INVESTOR_KIND = (
        "investor_kind",
        "You are another kind of investor now, with other protection (Art. 7, 12, 21).",
        "您的投资者类别有变更，所受保护随之不同（第7、12、21条）。",
    )
    PRODUCT_LEVEL = (
        "product_level",
        (
            "Product {product_code}, which you hold, is {level_now} now, before {level_before}; you match up to "
            "{product_level_at_most} (Art. 21)."
        ),
        (
            "您持有的产品 {product_code} 等级由 {level_before} 调整为 {level_now}，高于您可匹配的"
            " {product_level_at_most}（第21条）。"
        ),
    )


class CheckReason(Code):
    """By which article an item of the self-check is counted."""

    FACTS = (
        "facts",
        "Facts of clients and their assessment (Art. 6, 13, 33).",
        "客户信息与评估（第6、13、33条）。",
    )
    GRADING = "grading", "Grading of clients, told to them (Art. 13, 21).", "客户分级与告知（第13、21条）。"
    LOWEST = (
        "lowest",
        "Nothing above its bound for the lowest class (Art. 19, 22).",
        "最低类别不得超限（第19、22条）。",
    )
    MATCHING = (
        "matching",
        "Matching, and warning where it fails (Art. 19, 22, 25).",
        "匹配与警示（第19、22、25条）。",
    )
    CONVERSION = (
        "conversion",
        "Conversion with all its steps (Art. 11, 12).",
        "投资者转化手续（第11、12条）。",
    )
    MANDATE = "mandate", "Who may act for an institution (Art. 6).", "机构经办授权（第6条）。"
    PRODUCTS = "products", "Grading of products (Art. 15, 16, 36).", "产品分级（第15、16、36条）。"
