"""Why an act of the desk could not be taken into a run."""

from __future__ import annotations

from keepwell.contract.schema import Code


class UnroutedReason(Code):
    """What is missing; nothing of such an act has an effect, the data steward sees it."""

    NO_RECORD = (
        "no_record",
        "The act names no customer number, so nobody can tell whose it is.",
        "该记录没有客户号，无法确定属于哪位客户。",
    )
    RECORD_UNKNOWN = (
        "record_unknown",
        "Customer number {record_code} is in no delivery any more.",
        "客户号 {record_code} 已不在交付数据中。",
    )
    STAFF_UNKNOWN = (
        "staff_unknown",
        "Staff number {staff_code} is not in the staff file.",
        "工号 {staff_code} 不在人员文件中。",
    )
