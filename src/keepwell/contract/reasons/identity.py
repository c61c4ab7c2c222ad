"""Why a customer record belongs to a client."""

from __future__ import annotations

from keepwell.contract.schema import Code


class LinkReason(Code):
    """Evidence by which a record was joined to its client."""

    SAME_ID = (
        "same_id",
        "Same document number (check digit valid) and same name",
        "证件号相同（校验位有效）且姓名一致",
    )
    SAME_ID_NAME_VARIANT = (
        "same_id_name_variant",
        "Same document number (check digit valid); the name differs in part: see conflicts",
        "证件号相同（校验位有效），姓名部分不同，见冲突清单",
    )
    SAME_INVESTOR = (
        "same_investor",
        "Same investor code of the clearing house and same name; no valid document number of its own",
        "一码通相同且姓名一致，本档案无有效证件号",
    )
    ALONE = ("alone", "No other record shares its evidence", "没有其他档案有相同依据")
