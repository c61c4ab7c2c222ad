"""What the small firm delivered: a file taken whole, files with rows in quarantine."""

from __future__ import annotations

from typing import Any

BAD_ROW = "10000042,person,陈志远,330102197405010018,13800138000,1.50,2018-03-01,杭州市上城区解放路 7 号"


def deliveries(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Two files: one taken whole, one with rows quarantined."""
    rows["delivery"] = [
        {"file_name": "account.csv", "table_name": "account", "fingerprint": "a" * 64, "n_bytes": 4096,
         "encoding": "gb18030", "n_read": 120, "n_accepted": 117, "n_quarantined": 2, "n_repeated": 1},
        {"file_name": "branch.parquet", "table_name": "branch", "fingerprint": "b" * 64, "n_bytes": 512,
         "n_read": 2, "n_accepted": 2},
    ]  # fmt: skip
    rows["quarantine"] = [
        {"file_name": "account.csv", "line_no": 17, "column_name": "opened_on", "table_name": "account",
         "quarantine_reason": "not_a_date", "found": "2026-13-01", "allowed": "YYYY-MM-DD", "allowed_zh": "YYYY-MM-DD",
         "raw": '{"account_code": "88000017", "opened_on": "2026-13-01"}'},
        {"file_name": "account.csv", "line_no": 44, "column_name": "account_status", "table_name": "account",
         "quarantine_reason": "unknown_code", "found": "X", "allowed": "0, 1, 2", "allowed_zh": "0、1、2",
         "raw": "secret row"},
        {"file_name": "customer_record.csv", "line_no": 3, "column_name": "phone", "table_name": "customer_record",
         "quarantine_reason": "too_long", "found": "13800138000", "allowed": "11", "allowed_zh": "11", "raw": BAD_ROW},
    ]  # fmt: skip
