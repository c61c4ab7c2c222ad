"""Closed lists of whether two customer records are one client; named in `codes`."""

from __future__ import annotations

from keepwell.contract.schema import Code


class Judgement(Code):
    """What a steward said of two customer records: one client, two, or not to be told yet."""

    SAME = "same", "The same client", "同一人"
    NOT_SAME = "not_same", "Not the same client", "不是同一人"
    UNSURE = "unsure", "Not sure", "拿不准"


class JudgementReason(Code):
    """What a judgement rests on: the first three speak for one client, the next four for two, the last for neither."""

    SAME_DOCUMENT = "same_document", "The documents show the same person", "证件材料显示为同一人"
    CONFIRMED = "confirmed", "The client confirmed it", "客户本人确认"
    SAME_DETAILS = "same_details", "Phone, address and history belong together", "联系方式与往来情况吻合"
    OTHER_DOCUMENT = "other_document", "The documents show different persons", "证件材料显示为不同的人"
    NAMESAKE = "namesake", "Same name, different persons", "同名不同人"
    RELATED = "related", "Relatives, or one acts for the other", "亲属或代办关系"
    ENTRY_MISTAKE = "entry_mistake", "A fact was entered into the wrong record", "资料录错档案"
    NOT_ENOUGH = "not_enough", "The facts do not suffice", "依据不足"


class Agreement(Code):
    """How far two customer records agree in a field."""

    SAME = "same", "Same", "一致"
    SIMILAR = "similar", "Similar", "相近"
    DIFFERENT = "different", "Different", "不同"
    MISSING = "missing", "Missing in one of them", "一方缺失"


class EvidenceField(Code):
    """Fields in which two customer records are compared."""

    CLIENT_NAME = "client_name", "Name", "姓名"
    ID_NUMBER = "id_number", "Document number", "证件号码"
    INVESTOR_CODE = "investor_code", "Investor code", "一码通"
    BANK_ACCOUNT = "bank_account", "Bank account", "银行账号"
    BIRTH_ON = "birth_on", "Date of birth", "出生日期"
    PHONE = "phone", "Phone", "手机"
    EMAIL = "email", "E-mail", "邮箱"
    ADDRESS = "address", "Address", "住址"


class IdentityEvent(Code):
    """What became of a client's customer record between two runs."""

    MERGED = "merged", "Its client became part of another", "并入另一客户"
    SPLIT = "split", "It was parted from its client", "从原客户拆出"
