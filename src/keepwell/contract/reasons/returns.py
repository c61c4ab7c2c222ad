"""Which kinds of act come back from the desk, and why one could not be taken into a run."""

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


class ReturnedAct(Code):
    """Kinds of act that come back from the desk."""

    CONTACT = "contact", "Contact", "联系"
    OUTCOME = "outcome", "Outcome of work", "事项结果"
    OVERRIDE = "override", "Override", "改判"
    ASSIGNMENT = "assignment", "Assignment", "归属"
    JUDGEMENT = "judgement", "Judgement of identity", "同一人判断"
    VERIFICATION = "verification", "Verified fact", "资料核实"
    ASSESSMENT = "assessment", "Risk assessment", "风险测评"
    NOTICE = "notice", "Client told of a new grading", "告知重新评定"
    TIE = "tie", "Fixed or ruled out", "固定与禁配"
    NEED = "need", "Need of a client", "客户需求"
