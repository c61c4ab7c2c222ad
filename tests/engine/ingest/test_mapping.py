"""R238: mapping files: what they can say, and errors that name file, key, value and what is allowed."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keepwell.contract.sources.accounts import Account
from keepwell.contract.sources.events import CashFlow
from keepwell.contract.sources.firm import Staff
from keepwell.engine.ingest.errors import MappingError
from keepwell.engine.ingest.mapping import read_mapping
from keepwell.engine.store.intake import load_mapping
from keepwell.engine.store.session import Session
from tests.engine.ingest.firm import bad_rows, deliver, rows_of, taken

BRANCHES = '[file.a]\npattern = "a"\n[table.branch]\nfile = "a"\n[table.branch.columns]\n'
HEAD = '[mapping]\nname = "v"\ntitle = "V"\n'


@pytest.mark.parametrize(
    "text, key, found, allowed",
    [
        ('[mapping]\nname = "v"\n', "mapping.title", "nothing (the key is missing)", "a text in quotes"),
        (HEAD + "speed = 1\n", "mapping.speed", "'speed'", "one of name, title"),
        (HEAD + 'currency = "XXX"\n', "mapping.currency", "'XXX'", "one of 'CNY'"),
        (HEAD + 'without = ["branches"]\n', "mapping.without", "'branches'", "one of branch"),
        (HEAD + '[file.a]\npattern = "a"\nencoding = "big5"\n', "file.a.encoding", "'big5'", "'gb18030'"),
        (HEAD + '[file.a]\npattern = "a"\nwidths = [2, 0]\n', "file.a.widths", "(2, 0)", "whole numbers from 1"),
        (HEAD + '[file.a]\npattern = "a"\nwidths = [2]\n', "file.a.columns", "()", "1 names"),
        (HEAD + '[file.a]\npattern = "a"\ndelimiter = "ab"\n', "file.a.delimiter", "'ab'", "one character"),
        (HEAD + '[table.branches]\nfile = "a"\n', "table.branches", "'branches'", "one of branch"),
        (HEAD + '[table.branch]\nfile = "a"\n', "table.branch.file", "'a'", "one of "),
        (HEAD + BRANCHES + 'code = "x"\n',
         "table.branch.columns.code", "'code'", "one of branch_code"),
        (HEAD + BRANCHES + 'opened_on = { from = "x", form = "D.M.Y" }\n',
         "table.branch.columns.opened_on.form", "'D.M.Y'", "YYYY or YY, MM, DD"),
        (HEAD + BRANCHES + 'city_tier = { from = "x", codes = { 1 = "one" } }\n',
         "table.branch.columns.city_tier.codes.1", "'one'", "one of tier_1"),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_value_and_what_is_allowed(
    text: str, key: str, found: str, allowed: str
) -> None:
    with pytest.raises(MappingError) as raised:
        read_mapping(tomllib.loads(text), "vendor.toml")
    fault = raised.value
    assert (fault.file, fault.key) == ("vendor.toml", key)
    assert found in fault.found
    assert allowed in fault.allowed
    assert str(fault).startswith(f"vendor.toml: {key}: found ")


def test_an_unknown_mapping_names_the_known_ones() -> None:
    with pytest.raises(MappingError, match="berka, far_trans, keepwell"):
        load_mapping("nobody")


VENDOR = """
[mapping]
name = "counter"
title = "A counter system"
others_as_contract = true

[file.flows]
pattern = "zjls_*.txt"
delimiter = "|"
encoding = "gbk"

[table.cash_flow]
file = "flows"
nulls = ["-", "NULL"]

[table.cash_flow.columns]
flow_code = "LSH"
account_code = { from = "ZJZH", prefix = "A" }
flowed_at = { from = "FSSJ", form = "YYYYMMDD hh:mm:ss", offset_hours = 8 }
flowed_on = "FSRQ"
side = { from = "FX", codes = { "转入" = "in", "转出" = "out" } }
flow_amount = { from = "FSJE", unit = "fen" }
balance_amount = { from = "YE", thousands = true }
channel = { default = "counter" }
known_on = { default = "@known_on" }
"""
HEADER = "LSH|ZJZH|FSSJ|FSRQ|FX|FSJE|YE"


def flows(tmp_path: Path, session: Session, *lines: str) -> Any:
    folder = deliver(tmp_path / "in")
    (folder / "zjls_20261120.txt").write_text("\n".join([HEADER, *lines]) + "\n", encoding="gbk")
    (tmp_path / "counter.toml").write_text(VENDOR, encoding="utf-8")
    return taken(folder, tmp_path / "sources", session, str(tmp_path / "counter.toml"))


def test_a_vendors_names_forms_units_and_codes_are_read_r238(tmp_path: Path, session: Session) -> None:
    good = "0001|1|20261120 10:00:00|2026-11-20|转入|105050|1,050.50"
    intake = flows(tmp_path, session, good, good.replace("0001", "0002").replace("1,050.50", "-"))
    first, second = rows_of(intake, session, CashFlow)
    assert (first["flow_code"], first["account_code"], first["side"]) == ("0001", "A1", "in")
    assert (first["flow_amount"], first["balance_amount"]) == (Decimal("1050.50"), Decimal("1050.50"))
    assert str(first["flowed_at"]) == "2026-11-20 02:00:00"
    assert str(first["known_on"]) == "2026-11-20"
    assert second["balance_amount"] is None


@pytest.mark.parametrize(
    "line, column, reason",
    [
        ("1|1|20261120 10:00:00|2026-11-20|转入|1050.5|1", "flow_amount", "too_precise"),
        ("1|1|20261120 10:00:00|2026-11-20|转入|100|10,50", "balance_amount", "not_a_number"),
        ("1|1|2026-11-20 10:00:00|2026-11-20|转入|100|1", "flowed_at", "not_an_instant"),
        ("1|1|20261120 10:00:00|2026-11-20|in|100|1", "side", "unknown_code"),
    ],
)
def test_what_a_vendor_may_not_write_is_quarantined_r238(
    tmp_path: Path, session: Session, line: str, column: str, reason: str
) -> None:
    (row,) = bad_rows(flows(tmp_path, session, line), session)
    assert (row["column_name"], row["quarantine_reason"], row["raw"]) == (column, reason, line)


def test_a_currency_that_is_not_delivered_is_the_mappings(tmp_path: Path, session: Session) -> None:
    folder = deliver(tmp_path / "in")
    text = (folder / "account.csv").read_text().replace(",CNY,", ",").replace(",currency,", ",")
    (folder / "account.csv").write_text(text)
    (tmp_path / "v.toml").write_text(HEAD + 'currency = "HKD"\nothers_as_contract = true\n')
    intake = taken(folder, tmp_path / "sources", session, str(tmp_path / "v.toml"))
    assert [row["currency"] for row in rows_of(intake, session, Account)] == ["HKD"]
    assert [row["has_book"] for row in rows_of(intake, session, Staff)] == [True]
