"""Why a customer record belongs to a client: the keys of the identity pack, in words."""

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
