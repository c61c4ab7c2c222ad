"""What comparing customer records keeps from night to night: their facts, and the pairs that may be one client."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import (
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    text,
)


class RecordFact(Table):
    """The facts of a customer record by which it is compared with others; lies in the vault."""

    title = Text("Facts that are compared", "比对要素")
    writer = "identity"
    grain = ("record_code",)

    record_code = text("Customer number", "客户号", length=32)
    client_kind = code("Client kind", "客户类型", codes.ClientKind)
    client_name = text("Name", "姓名", length=120, nullable=True, sensitivity=Sensitivity.PERSONAL)
    spoken = text("Name as spoken", "姓名拼音", length=600, nullable=True, sensitivity=Sensitivity.PERSONAL)
    id_kind = code("Document", "证件种类", codes.IdKind, nullable=True)
    id_number = text("Document number", "证件号码", length=40, nullable=True, sensitivity=Sensitivity.SECRET)
    id_is_valid = boolean("Passes its check digit", "校验通过")
    birth_on = date("Born on", "出生日期", nullable=True, sensitivity=Sensitivity.PERSONAL)
    phone = text("Phone", "手机", length=32, nullable=True, sensitivity=Sensitivity.SECRET)
    email = text("E-mail", "邮箱", length=120, nullable=True, sensitivity=Sensitivity.SECRET)
    address = text("Address", "住址", length=240, nullable=True, sensitivity=Sensitivity.SECRET)
    address_place = text(
        "Address up to its first number",
        "住址中的地名",
        length=240,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
    )
    address_numbers = text(
        "Numbers of the address", "住址中的号码", length=240, nullable=True, sensitivity=Sensitivity.SECRET
    )
    address_is_latin = boolean("Address in Latin letters", "住址为拉丁字母", nullable=True)
    investor_code = text("Investor code", "一码通账户", length=20, nullable=True)
    bank_account = text("Bank account", "银行账户", length=96, nullable=True, sensitivity=Sensitivity.SECRET)


class PairCompared(Table):
    """Two records that met in a block and may come to be asked about, however the firm grows."""

    title = Text("Compared pairs", "已比对档案对")
    writer = "identity"
    grain = ("left_code", "right_code")

    left_code = text("Left customer number", "左侧客户号", length=32)
    right_code = text("Right customer number", "右侧客户号", length=32)
    met_in = count("Blocks in which they meet, a power of two for each", "相遇的分组（每组一个二进制位）")
