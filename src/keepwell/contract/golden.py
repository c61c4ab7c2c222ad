"""Closed lists of the golden record: facts of a client, how a record's value stands, conflicts and their settling."""

from __future__ import annotations

from keepwell.contract.schema import Code


class Fact(Code):
    """A fact that every customer record of a client may hold (CDD measure 2025, Art. 49), and the declared level."""

    CLIENT_KIND = "client_kind", "Client kind", "客户类型"
    CLIENT_NAME = "client_name", "Name", "姓名"
    ID_NUMBER = "id_number", "Document number", "证件号码"
    ID_VALID_TO = "id_valid_to", "Document valid to", "证件有效期至"
    SEX = "sex", "Sex", "性别"
    BIRTH_ON = "birth_on", "Date of birth", "出生日期"
    NATIONALITY = "nationality", "Nationality", "国籍"
    OCCUPATION = "occupation", "Occupation", "职业"
    INCOME_BAND = "income_band", "Yearly income", "年收入"
    PHONE = "phone", "Phone", "手机"
    EMAIL = "email", "E-mail", "邮箱"
    ADDRESS = "address", "Address", "住址"
    RISK_LEVEL = "risk_level", "Risk level", "风险等级"


class Standing(Code):
    """How a record's value of a fact stands to the one that counts."""

    CHOSEN = "chosen", "This value counts", "采用"
    AGREES = "agrees", "Agrees", "一致"
    DIFFERS = "differs", "Differs", "不一致"


class Severity(Code):
    """How much hangs on a conflict; the firm signs it for each kind."""

    HIGH = "high", "High", "高"
    MEDIUM = "medium", "Medium", "中"
    LOW = "low", "Low", "低"


class Finding(Code):
    """What came of looking into a conflict (R212)."""

    ONE_IS_RIGHT = "one_is_right", "One value is right", "其中一值为真"
    ALL_ARE_RIGHT = "all_are_right", "All values are right", "各值均为真"
    NOT_REACHED = "not_reached", "Not found out yet", "未能核实"


class VerifiedBy(Code):
    """How a fact was verified with the client (R212)."""

    PHONE = "phone", "Phone call", "电话核实"
    VISIT = "visit", "Visit", "上门核实"
    APP = "app", "Notice in the app", "App 提示"
    COUNTER = "counter", "At the counter", "柜台核实"
