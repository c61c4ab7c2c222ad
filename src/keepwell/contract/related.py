"""Who stands in connection with a client: what is declared of people, what records have in common; never a merge."""

from __future__ import annotations

from keepwell.contract.reasons.related import RelatedReason
from keepwell.contract.schema import Code, Mask, Sensitivity, Table, Text, code, count, date, share, text


class PartyKind(Code):
    """As what a person or company is declared beside a customer record."""

    AGENT = "agent", "Agent", "代理人"
    GUARDIAN = "guardian", "Guardian", "监护人"
    LEGAL_REPRESENTATIVE = "legal_representative", "Legal representative", "法定代表人"
    CONTROLLER = "controller", "Actual controller", "实际控制人"
    SHAREHOLDER = "shareholder", "Shareholder or partner", "股东或合伙人"
    BENEFICIAL_OWNER = "beneficial_owner", "Beneficial owner", "受益所有人"


class RelatedKind(Code):
    """What the related one is to the client; declared kinds have a counterpart, what is in common is mutual."""

    AGENT = "agent", "Agent of the client", "代理人"
    PRINCIPAL = "principal", "The client is agent of", "被代理人"
    GUARDIAN = "guardian", "Guardian of the client", "监护人"
    WARD = "ward", "The client is guardian of", "被监护人"
    LEGAL_REPRESENTATIVE = "legal_representative", "Legal representative", "法定代表人"
    REPRESENTED = "represented", "The client legally represents", "担任法定代表人的机构"
    CONTROLLER = "controller", "Actual controller", "实际控制人"
    CONTROLLED = "controlled", "The client controls", "实际控制的机构"
    BENEFICIAL_OWNER = "beneficial_owner", "Beneficial owner", "受益所有人"
    OWNED = "owned", "The client is beneficial owner of", "作为受益所有人的机构"
    SHAREHOLDER = "shareholder", "Shareholder or partner", "股东或合伙人"
    HELD = "held", "The client holds shares of", "持有股权的机构"
    SAME_PHONE = "same_phone", "Same phone", "手机相同"
    SAME_DEVICE = "same_device", "Same device", "登录设备相同"
    SAME_BANK_ACCOUNT = "same_bank_account", "Same bank account", "银行账号相同"


class RelatedGround(Code):
    """Whether somebody told it, or records have it in common."""

    DECLARED = "declared", "Declared", "登记申报"
    EVIDENCE = "evidence", "Records in common", "资料比对"


class RelatedPerson(Table):
    """A client or outside person in connection with a client, one row for a client, the other and the kind.

    It is no ground for taking two records for one client. Of several entries of a kind the earliest stands here.
    """

    title = Text("Related persons", "关联人")
    writer = "identity"
    grain = ("client_id", "related_kind", "related_key")

    client_id = text("Client", "客户", length=34)
    related_kind = code("What the other is", "关系", RelatedKind)
    related_key = text("The other's client number or entry", "对方客户或登记编号", length=42)
    related_client_id = text("Related client", "关联客户", length=34, nullable=True)
    related_name = text(
        "Name of who is no client",
        "非客户姓名",
        length=120,
        nullable=True,
        sensitivity=Sensitivity.PERSONAL,
        mask=Mask.NAME,
    )
    related_ground = code("Declared or in common", "来源", RelatedGround)
    related_reason = code("Why", "理由", RelatedReason)
    since_on = date("Since", "起始日期", nullable=True)
    record_code = text("Customer number of the client", "客户号", length=32)
    related_record_code = text("Customer number of the other", "对方客户号", length=32, nullable=True)
    held_share = share("Share held", "持股比例", low=0, high=1, nullable=True)
    n_clients = count("Clients who have it in common", "共用的客户数")
