"""Why a customer record belongs to a client, why a value counts, where records disagree; in words."""

from __future__ import annotations

from keepwell.contract.schema import Code


class LinkReason(Code):
    """Evidence by which a record was joined to its client; the codes are those of the pack's keys."""

    ID_NUMBER = (
        "id_number",
        "Same identity number with a valid check digit, and the name agrees",
        "身份证号相同且校验位有效，姓名一致",
    )
    CREDIT_CODE = (
        "credit_code",
        "Same unified social credit code with a valid check digit, and the name agrees",
        "统一社会信用代码相同且校验位有效，名称一致",
    )
    REGISTRATION = (
        "registration",
        "Same product registration, and the name agrees",
        "产品备案编码相同，名称一致",
    )
    FOREIGN_DOCUMENT = (
        "foreign_document",
        "Same document, date of birth and name",
        "证件、出生日期与姓名相同",
    )
    INVESTOR_CODE = (
        "investor_code",
        "Same investor code of the clearing house",
        "一码通相同",
    )
    BANK_ACCOUNT = (
        "bank_account",
        "Same custodian bank account and same name",
        "存管银行账号与姓名相同",
    )
    PHONE_NAME = ("phone_name", "Same phone and same name", "手机与姓名相同")
    NAME_BIRTH_ADDRESS = (
        "name_birth_address",
        "Same name, date of birth and address",
        "姓名、出生日期与住址相同",
    )
    EMAIL_NAME = ("email_name", "Same e-mail and same name", "邮箱与姓名相同")
    SCORED = (
        "scored",
        "Their facts agree so far that the score passes the signed threshold",
        "多项资料吻合，得分超过已签署的合并门槛",
    )
    JUDGED = ("judged", "A steward judged them the same client", "经人工判断为同一人")
    ALONE = ("alone", "No other record shares its evidence", "没有其他档案有相同依据")


class HomeReason(Code):
    """Why a branch is a client's home: the first of these in which it differs from the client's next branch (R001)."""

    ONLY = ("only", "The client's only branch", "唯一的营业部")
    WISH = ("wish", "The client asked for this branch", "按客户本人意愿")
    ASSETS = ("assets", "Most of the client's assets lie here", "资产最多")
    OPEN = ("open", "Open here, closed at the other branches", "此处未销户，别处已销户")
    CONTACT = ("contact", "The latest contact was made here", "最近一次联系在此")
    NEWEST = ("newest", "The newest customer number is here", "最新的客户号在此")
    SAME = ("same", "Nothing tells the branches apart: the first by code", "各营业部相同，取编号最前")


class ManagerReason(Code):
    """By what somebody is a client's manager."""

    DELIVERED = (
        "delivered",
        "By the firm's own assignment, in force since {manager_since_on}.",
        "按公司交付的归属，{manager_since_on} 起生效。",
    )
    DECIDED = (
        "decided",
        "Decided by people at the desk, in force since {manager_since_on}.",
        "由人在工作台决定，{manager_since_on} 起生效。",
    )


class PairReason(Code):
    """Why two customer records wait for a steward."""

    JUDGED_UNSURE = ("judged_unsure", "A steward was not sure", "上次人工判断为拿不准")
    JUDGED_AGAINST = (
        "judged_against",
        "This judgement contradicts later ones and has no effect",
        "此判断与之后的判断矛盾，未生效",
    )
    SAME_ID_OTHER_NAME = (
        "same_id_other_name",
        "Same valid document number, different names",
        "有效证件号相同，姓名不同",
    )
    TWO_VALID_IDS = (
        "two_valid_ids",
        "They share a key, but two valid document numbers stand against it",
        "有共同依据，但存在两个不同的有效证件号",
    )
    TOO_MANY_SHARE = (
        "too_many_share",
        "More records share their key than the rule allows",
        "共用同一依据的档案过多，超过规则上限",
    )
    BETWEEN_THRESHOLDS = (
        "between_thresholds",
        "Their facts agree in part: too much to pass over, too little to merge",
        "部分资料吻合：不宜放过，也不足以自动合并",
    )


class EventReason(Code):
    """Why a customer record has another client than in the run before."""

    JUDGED_SAME = ("judged_same", "A steward judged the records the same client", "经人工判断为同一人")
    JUDGED_NOT_SAME = ("judged_not_same", "A steward judged the records two clients", "经人工判断不是同一人")
    NEW_EVIDENCE = ("new_evidence", "The records now share evidence", "档案间出现共同依据")
    EVIDENCE_GONE = (
        "evidence_gone",
        "The evidence that joined the records is there no longer, or something stands against it",
        "原有共同依据已不存在或被否定",
    )


class GoldenReason(Code):
    """Why a record's value of a fact counts: the first signed preference in which it beats every other value."""

    ONLY = ("only", "No other customer number has a value", "其他客户号没有此项")
    AGREED = ("agreed", "All customer numbers agree", "各客户号一致")
    VERIFIED = ("verified", "Verified with the client", "已向客户核实")
    VALID = ("valid", "Valid today; the others are not", "现时有效，其他值无效")
    FREQUENT = ("frequent", "Most customer numbers say so", "多数客户号如此登记")
    OPEN = ("open", "From an open customer number", "取自未销户的客户号")
    LATEST = ("latest", "The latest data", "资料最新")
    FIRST = ("first", "Nothing tells them apart: the first number", "无从区分，取编号最前")


class ConflictReason(Code):
    """In what the customer records of one client disagree (R008, R213)."""

    TWO_NUMBERS = ("two_numbers", "Two valid document numbers", "两个有效证件号")
    NUMBER_ELSEWHERE = (
        "number_elsewhere",
        "The document number also stands under another name",
        "证件号另有他人姓名使用",
    )
    TWO_KINDS = ("two_kinds", "Two kinds of client", "客户类型不一致")
    TWO_NAMES = ("two_names", "Two names", "姓名不一致")
    TWO_BIRTHS = ("two_births", "Two dates of birth", "出生日期不一致")
    TWO_SEXES = ("two_sexes", "Two sexes", "性别不一致")
    OCCUPATIONS_OPPOSED = (
        "occupations_opposed",
        "Occupations that exclude each other",
        "职业互相矛盾",
    )
    TWO_LEVELS = ("two_levels", "Two risk levels in force", "两个有效的风险等级")
    TOO_MANY_ACCOUNTS = (
        "too_many_accounts",
        "More accounts of a kind in a market than the limit",
        "同一市场同类账户超过上限",
    )
    DOCUMENT_EXPIRED = (
        "document_expired",
        "The document is expired in one customer number, valid in another",
        "一处证件已过期，另一处有效",
    )
    NUMBER_MISREAD = (
        "number_misread",
        "Two document numbers, one of them not valid",
        "两个证件号，其一未通过校验",
    )
    TWO_ADDRESSES = ("two_addresses", "Two addresses", "住址不一致")
    TWO_PHONES = ("two_phones", "Two phone numbers", "手机号不一致")
    TWO_NATIONALITIES = ("two_nationalities", "Two nationalities", "国籍不一致")
    TWO_OCCUPATIONS = ("two_occupations", "Two occupations", "职业不一致")
    TWO_INCOMES = ("two_incomes", "Two income bands", "年收入不一致")
    TWO_VALIDITIES = ("two_validities", "Two ends of the document's validity", "证件有效期不一致")
    TWO_EMAILS = ("two_emails", "Two e-mail addresses", "邮箱不一致")


class LimitReason(Code):
    """How an account stands to the limit of accounts of a kind per market (R223)."""

    WITHIN = ("within", "Within the limit, by the day of opening", "按开户先后，在上限之内")
    GRANDFATHERED = (
        "grandfathered",
        "Opened before the limit came into force: stays if the client really needs it",
        "限户规定施行前开立：客户确有需要的可保留",
    )
    OVER = ("over", "Opened beyond the limit after it came into force", "限户规定施行后超上限开立")
