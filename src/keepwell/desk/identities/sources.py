"""Where each value of a client comes from, and a conflict with its values: in words, masked for who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from keepwell.contract import identity
from keepwell.contract.codes import RiskLevel
from keepwell.contract.golden import Fact, Severity, Standing
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.identities import disagreements, queries, sides
from keepwell.desk.identities.models import GoldenField, IdentityConflict
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

TONES = {str(Severity.HIGH): "bad", str(Severity.MEDIUM): "warning", str(Severity.LOW): "plain"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact with the records that have it; the first of them stands for it."""

    shown: str
    rows: Sequence[Any]
    where: str
    standing: str
    on: Any

    @property
    def is_chosen(self) -> bool:
        """Whether it is the one that counts."""
        return self.standing == Standing.CHOSEN


def values(rows: Sequence[GoldenField], branches: dict[str, str], *, names: bool) -> list[Value]:
    """The different values of one fact: the one that counts first, then those of most records."""
    told: list[Value] = []
    ordered = sorted(rows, key=lambda row: (row.value_mark, row.standing, row.record_code))
    for _mark, alike in groupby(ordered, key=lambda row: row.value_mark):
        same = list(alike)
        where = "、".join(
            f"{row.record_code} {branches.get(row.branch_code, row.branch_code)}" for row in same
        )
        newest = max(row.known_on for row in same)
        told.append(Value(shown_value(same[0], names=names), same, where, same[0].standing, newest))
    return sorted(told, key=lambda value: (not value.is_chosen, -len(value.rows), value.rows[0].record_code))


def shown_value(row: GoldenField, *, names: bool) -> str:
    """The value in the reader's language; names and dates of birth in full only for those who may see them."""
    fact, value = row.golden_field, str(row.shown_value)
    if fact == Fact.CLIENT_NAME and not names:
        return formats.mask_name(value)
    if fact == Fact.BIRTH_ON and not names:
        return f"{value[:4]}-**-**"
    if fact == Fact.RISK_LEVEL:
        return RiskLevel.of(value).text.in_language(language())
    column = CustomerRecord.columns[fact]
    return code_text(CustomerRecord, fact, value) if column.codes else value


def of_client(line: ClientLine, user: User) -> dict[str, Any]:
    """Each fact of a client with several customer numbers: its value, where from, by what rule, and the others."""
    rows = disagreements.fields_of(line.client_id)
    branches, names = branch_names({row.branch_code for row in rows}), sees_names(user)
    found = disagreements.of_client(line.client_id)
    settled = disagreements.settled_of([row.conflict_key for row in found])
    conflicts = {row.golden_field: told(row, settled.get(row.conflict_key)) for row in reversed(found)}
    facts = []
    for fact in Fact:
        of_fact = [row for row in rows if row.golden_field == fact]
        if of_fact:
            chosen, *others = values(of_fact, branches, names=names)
            facts.append(
                {
                    "label": fact.text.in_language(language()),
                    "chosen": chosen,
                    "others": others,
                    "reason": code_text(identity.GoldenField, "golden_reason", of_fact[0].golden_reason),
                    "conflict": conflicts.get(str(fact)),
                }
            )
    return {"facts": facts, "may_settle": bool(user.may("identities.read_conflicts"))}


def told(row: IdentityConflict, settled: Any = None) -> dict[str, Any]:
    """A conflict in words."""
    table = identity.IdentityConflict
    return {
        "row": row,
        "reason": code_text(table, "conflict_reason", row.conflict_reason),
        "severity": code_text(table, "severity", row.severity),
        "tone": TONES[row.severity],
        "fact": code_text(table, "golden_field", row.golden_field),
        "settled": settled,
    }


def listed(row: IdentityConflict, user: User) -> dict[str, Any]:
    """A line of the work list: whose it is, masked as the reader must see it."""
    line = row.client.line
    name = line.client_name if sees_names(user) else formats.mask_name(line.client_name)
    return told(row) | {"line": line, "name": name}


def opened(row: IdentityConflict, user: User) -> dict[str, Any]:
    """A conflict with its values; of a number that stands elsewhere the client's own alone, never whose else."""
    names = sees_names(user)
    rows = disagreements.fields_of(row.client_id, row.golden_field)
    records = queries.records_of(row.client.line)
    branches = branch_names({one.branch_code for one in (*rows, *records)})
    shown = values(rows, branches, names=names)
    if not shown:
        profile = queries.profiles([row.client_id]).get(row.client_id)
        where = "、".join(
            f"{one.record_code} {branches.get(one.branch_code, one.branch_code)}" for one in records
        )
        masked = (profile.id_masked if profile else "") or formats.UNKNOWN
        shown = [Value(masked, records, where, str(Standing.CHOSEN), row.since_on)]
    profile = queries.profiles([row.client_id]).get(row.client_id)
    return told(row, disagreements.in_force(row.conflict_key)) | {
        "values": shown,
        "name": sides.name_of(profile, names=names),
        "said": disagreements.said(row.conflict_key),
    }
