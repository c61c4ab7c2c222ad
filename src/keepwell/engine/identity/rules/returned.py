"""Acts from the desk that have no place in this run: told apart, never dropped in silence (R235)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ReturnedAct
from keepwell.contract.reasons.returns import UnroutedReason
from keepwell.contract.returns import ReturnedUnrouted

KEYS = {
    ReturnedAct.CONTACT: "contact_key",
    ReturnedAct.OUTCOME: "item_key",
    ReturnedAct.OVERRIDE: "override_key",
    ReturnedAct.ASSIGNMENT: "assignment_key",
    ReturnedAct.JUDGEMENT: "judgement_key",
    ReturnedAct.VERIFICATION: "verification_key",
    ReturnedAct.ASSESSMENT: "questionnaire_code",
    ReturnedAct.NOTICE: "notice_key",
    ReturnedAct.TIE: "tie_key",
    ReturnedAct.NEED: "need_key",
}


def returned_unrouted(
    returned_contact: Any,
    returned_outcome: Any,
    returned_override: Any,
    returned_assignment: Any,
    returned_judgement: Any,
    returned_verification: Any,
    returned_assessment: Any,
    returned_notice: Any,
    returned_tie: Any,
    returned_need: Any,
    client_record: Any,
    staff: Any,
) -> Any:
    """Acts with a customer number that is unknown; assignments and ties to somebody who is not on the staff."""
    acts = {
        ReturnedAct.CONTACT: returned_contact,
        ReturnedAct.OUTCOME: returned_outcome,
        ReturnedAct.OVERRIDE: returned_override,
        ReturnedAct.ASSIGNMENT: returned_assignment,
        ReturnedAct.VERIFICATION: returned_verification,
        ReturnedAct.ASSESSMENT: returned_assessment,
        ReturnedAct.NOTICE: returned_notice,
        ReturnedAct.TIE: returned_tie,
        ReturnedAct.NEED: returned_need,
    }
    parts = [_homeless(rows, kind, client_record) for kind, rows in acts.items()]
    named = returned_assignment.filter(returned_assignment.staff_code.notnull())
    known = named.semi_join(client_record, "record_code").anti_join(staff, "staff_code")
    parts.append(_named(known, ReturnedAct.ASSIGNMENT, ibis.literal(str(UnroutedReason.STAFF_UNKNOWN))))
    tied = returned_tie.semi_join(client_record, "record_code").anti_join(staff, "staff_code")
    parts.append(_named(tied, ReturnedAct.TIE, ibis.literal(str(UnroutedReason.STAFF_UNKNOWN))))
    parts += [
        _homeless(rows, ReturnedAct.JUDGEMENT, client_record)
        for rows in _sides(returned_judgement, client_record)
    ]
    return ibis.union(*parts)


def _sides(judgements: Any, client_record: Any) -> tuple[Any, Any]:
    """Judgements with their left customer number, and those whose left one is known with their right one."""
    known = judgements.semi_join(client_record.select(left_code="record_code"), "left_code")
    return judgements.mutate(record_code=judgements.left_code), known.mutate(record_code=known.right_code)


def _homeless(acts: Any, kind: ReturnedAct, client_record: Any) -> Any:
    rows = acts.anti_join(client_record, "record_code")
    reason = ibis.cases(
        (rows.record_code.isnull(), str(UnroutedReason.NO_RECORD)), else_=str(UnroutedReason.RECORD_UNKNOWN)
    )
    return _named(rows, kind, reason)


def _named(rows: Any, kind: ReturnedAct, reason: Any) -> Any:
    staff_code = rows.staff_code if "staff_code" in rows.columns else ibis.null("string")
    told = rows.select(
        "client_id",
        "record_code",
        returned_act=ibis.literal(str(kind)),
        act_key=rows[KEYS[kind]],
        staff_code=staff_code,
        unrouted_reason=reason,
    )
    return told.select(*ReturnedUnrouted.names())
