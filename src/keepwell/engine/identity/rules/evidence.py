"""How two customer records agree, field by field."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import Agreement, EvidenceField

SHORT = 6  # letters; of a shorter address the beginning says too little


def facts(record_identity: Any, investor: Any, bank_link: Any, account: Any) -> Any:
    """The facts of each customer record that are compared, one row a record."""
    held = bank_link.join(account.select("account_code", "record_code"), "account_code")
    numbered = held.filter(held.bank_account_number.notnull())
    banks = numbered.group_by("record_code").agg(
        bank_account=(numbered.bank_code + "/" + numbered.bank_account_number).max()
    )
    joined = record_identity.left_join(investor.select("record_code", "investor_code"), "record_code")
    joined = joined.drop("record_code_right").left_join(banks, "record_code")
    return joined.drop("record_code_right")


def pairs(couples: Any, facts: Any) -> Any:
    """``couples`` with the facts of both records, those of the right one under ``right_`` names."""
    left = facts.rename(left_code="record_code")
    right = facts.rename({"right_code": "record_code", **_right(facts)})
    return couples.join(left, "left_code").join(right, "right_code")


def _right(facts: Any) -> dict[str, str]:
    return {f"right_{name}": name for name in facts.columns if name != "record_code"}


def levels(pair: Any) -> dict[EvidenceField, Any]:
    """The agreement of both records in every field, as expressions over the row of a pair."""
    similar = {
        EvidenceField.CLIENT_NAME: pair.name_reading == pair.right_name_reading,
        EvidenceField.BIRTH_ON: _turned(pair.birth_on, pair.right_birth_on),
        EvidenceField.ADDRESS: _begins_alike(pair.address, pair.right_address),
    }
    return {
        field: _level(pair[str(field)], pair[f"right_{field}"], similar.get(field)) for field in EvidenceField
    }


def _level(left: Any, right: Any, similar: Any) -> Any:
    branches = [
        (left.isnull() | right.isnull(), str(Agreement.MISSING)),
        (left == right, str(Agreement.SAME)),
    ]
    if similar is not None:
        branches.append((similar.fill_null(False), str(Agreement.SIMILAR)))
    return ibis.cases(*branches, else_=str(Agreement.DIFFERENT))


def _turned(left: Any, right: Any) -> Any:
    """Two of year, month and day are the same: the third was misread."""
    same = [getattr(left, part)() == getattr(right, part)() for part in ("year", "month", "day")]
    return (same[0] & same[1]) | (same[0] & same[2]) | (same[1] & same[2])


def _begins_alike(left: Any, right: Any) -> Any:
    """The shorter address is how the longer one begins."""
    shorter = ibis.least(left.length(), right.length())
    return (shorter >= SHORT) & (left.substr(0, shorter) == right.substr(0, shorter))
