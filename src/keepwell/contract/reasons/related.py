"""Why somebody stands in connection with a client, in words that say facts and suspect nobody."""

from __future__ import annotations

from keepwell.contract.schema import Code


class RelatedReason(Code):
    """What is on file, or what records have in common, and what is to be found out."""

    AGENT = "agent", "Agent of an account, by the file", "账户登记的代理人"
    AGENT_OF_MINOR = (
        "agent_of_minor",
        "Agent of a minor's account: find out whether as guardian",
        "未成年人账户登记的代理人：请核实是否为监护人",
    )
    GUARDIAN_OF_MINOR = (
        "guardian_of_minor",
        "Guardian by the file; the ward is a minor",
        "登记的监护人，被监护人未成年",
    )
    GUARDIAN_OF_AGE = (
        "guardian_of_age",
        "Guardian by the file, but the ward is of age: find out whether it still holds",
        "登记的监护人，但被监护人已成年：请核实是否仍然有效",
    )
    REPRESENTS = "represents", "Legal representative, by the file", "登记的法定代表人"
    CONTROLS = "controls", "Actually controls the company, by the file", "登记的实际控制人"
    HOLDS_ENOUGH = (
        "holds_enough",
        "Holds {held_share}: not less than makes a beneficial owner",
        "持有 {held_share}，达到受益所有人的比例",
    )
    HOLDS_LESS = (
        "holds_less",
        "Holds {held_share}: less than makes a beneficial owner",
        "持有 {held_share}，未达到受益所有人的比例",
    )
    HOLDS_UNKNOWN = (
        "holds_unknown",
        "Shareholder by the file, without a share: ask for it",
        "登记的股东，未载明持股比例：请补充",
    )
    HOLDER_NO_PERSON = (
        "holder_no_person",
        "Holds {held_share} but is no natural person: find out who stands behind it",
        "持有 {held_share}，但不是自然人：请核实其背后的自然人",
    )
    OWNER_NAMED = (
        "owner_named",
        "Beneficial owner by the file on other grounds than a share",
        "登记的受益所有人，依据为持股比例以外的情形",
    )
    OWNER_BELOW = (
        "owner_below",
        "Beneficial owner by the file with {held_share}, less than the bound: find out on what other ground",
        "登记的受益所有人，持有 {held_share}，低于规定比例：请核实其他依据",
    )
    SAME_PHONE = (
        "same_phone",
        "Clients with this phone on file: {n_clients}",
        "{n_clients} 位客户登记了同一手机号",
    )
    SAME_DEVICE = (
        "same_device",
        "Clients who logged in on one device of late: {n_clients}",
        "近期 {n_clients} 位客户在同一设备登录",
    )
    SAME_BANK_ACCOUNT = (
        "same_bank_account",
        "Clients linked to one bank account: {n_clients}",
        "{n_clients} 位客户关联了同一银行账号",
    )
