"""Acts of a desk as the engine is given them: one of each kind, and a folder of any."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.contract import RETURNS
from keepwell.contract.returns import INDEX, firm_mark
from tests.book import arrow_rows
from tests.engine.small_firm import AS_OF, BEFORE

KEY = "0123456789abcdef" * 4  # the data folders of these tests keep it
CUT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 20, 3)  # noqa: DTZ001 - instants are UTC without a zone in Arrow
Rows = dict[str, list[dict[str, Any]]]

CONTACT = {
    "contact_key": "1", "client_id": "C0", "record_code": "000000000001", "contacted_at": AT,
    "contacted_on": AS_OF, "channel": "phone", "direction": "out", "outcome": "reached",
}  # fmt: skip
OUTCOME = {
    "item_key": "birthday/x", "client_id": "C0", "record_code": "000000000001", "rule": "birthday",
    "occasion": "x", "outcome": "done", "decided_at": AT,
}  # fmt: skip
OVERRIDE = {
    "override_key": "1", "client_id": "C0", "record_code": "000000000001", "field": "grade", "value": "strategic",
    "starts_on": BEFORE, "expires_on": dt.date(2027, 1, 1), "proposed_by": "lead", "approved_by": "head",
    "approved_role": "branch_head", "approved_at": AT,
}  # fmt: skip
ASSIGNMENT = {
    "assignment_key": "1", "client_id": "C0", "record_code": "000000000001", "relation": "service",
    "staff_code": "S07", "branch_code": "B1", "starts_on": BEFORE, "decided_at": AT,
}  # fmt: skip
JUDGEMENT = {
    "judgement_key": "1", "client_id": "C0", "left_code": "000000000001", "right_code": "000000000002",
    "judgement": "unsure", "judgement_reason": "not_enough", "judged_by": "steward", "judged_at": AT,
}  # fmt: skip
VERIFICATION = {
    "verification_key": "1", "client_id": "C0", "record_code": "000000000001", "golden_field": "occupation",
    "conflict_key": "two_occupations/C0/0", "finding": "one_is_right", "verified_by": "phone",
    "verified_on": AS_OF, "verified_at": AT,
}  # fmt: skip
ASSESSMENT = {
    "questionnaire_code": "desk:1", "client_id": "C0", "record_code": "000000000001", "answered_at": AT,
    "answered_on": AS_OF, "version": "2023", "score": 44, "risk_level": "C3", "is_lowest_class": False,
    "answered_by_way": "own_device",
}  # fmt: skip
ANSWER = {"questionnaire_code": "desk:1", "question_no": 1, "answer": "A"}
NOTICE = {
    "notice_key": "1", "client_id": "C0", "record_code": "000000000001", "notice_kind": "client_level",
    "owed_since_on": BEFORE, "told_on": AS_OF, "told_at": AT, "channel": "phone",
}  # fmt: skip
TIE = {
    "tie_key": "1", "client_id": "C0", "record_code": "000000000001", "staff_code": "S01", "tie_kind": "pin",
    "decided_at": AT,
}  # fmt: skip
SPECIALTY = {
    "staff_code": "S01", "need": "bond", "strength_share": Decimal("0.75"), "declared_on": BEFORE,
    "confirmed_on": AS_OF,
}  # fmt: skip
NEED = {
    "need_key": "1", "client_id": "C0", "record_code": "000000000001", "need": "bond",
    "strength_share": Decimal("0.75"), "need_source": "stated", "recorded_on": AS_OF,
}  # fmt: skip
HOURS = {"staff_code": "S01", "weekly_hours": Decimal("32.00"), "confirmed_on": AS_OF}
LEAVE = {"leave_key": "1", "staff_code": "S01", "starts_on": BEFORE, "ends_on": AS_OF}
TRAIT = {"staff_code": "S01", "trait_kind": "language", "trait": "cantonese", "confirmed_on": AS_OF}
ACTS: Rows = {
    "returned_contact": [CONTACT],
    "returned_outcome": [OUTCOME],
    "returned_override": [OVERRIDE],
    "returned_assignment": [ASSIGNMENT],
    "returned_judgement": [JUDGEMENT],
    "returned_verification": [VERIFICATION],
    "returned_assessment": [ASSESSMENT],
    "returned_answer": [ANSWER],
    "returned_notice": [NOTICE],
    "returned_tie": [TIE],
    "returned_specialty": [SPECIALTY],
    "returned_need": [NEED],
    "returned_hours": [HOURS],
    "returned_leave": [LEAVE],
    "returned_trait": [TRAIT],
}


def give(folder: Path, acts: Rows, cut: dt.datetime = CUT, **whole: pa.Table) -> Path:
    """Write acts as the desk does; ``whole`` replaces a table as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for table in RETURNS:
        path = folder / f"{table.name}.parquet"
        pq.write_table(whole.get(table.name, arrow_rows(table, acts.get(table.name, []))), path)
        files[table.name] = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    index = {
        "returns_cut": cut.isoformat(),
        "cut_on": AS_OF.isoformat(),
        "files": files,
        "firm": firm_mark(KEY),
    }
    (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")
    return folder
