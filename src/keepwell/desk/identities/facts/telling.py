"""Where each value of a client comes from, and a conflict with its values: in words, masked for who reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract import identity
from keepwell.contract.codes import RiskLevel
from keepwell.contract.golden import Fact, Finding, Severity, Standing
from keepwell.contract.reasons.identity import ConflictReason, GoldenReason, LimitReason
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.scope import placed
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming, numbers
from keepwell.desk.identities.facts import queries
from keepwell.desk.identities.models import GoldenField, IdentityConflict, LimitedAccount, Verification
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

TONES = {str(Severity.HIGH): "bad", str(Severity.MEDIUM): "warning", str(Severity.LOW): "plain"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact with the records that have it; the first of them stands for it."""

    shown: str
    rows: Sequence[Any]
    places: Sequence[str]
    standing: str
    on: Any
    remark: str = ""

    @property
    def codes(self) -> list[str]:
        """The customer numbers."""
        return [row.record_code for row in self.rows]

    @property
    def where(self) -> str:
        """The customer numbers with their branches."""
        return naming.listed(self.places)

    @property
    def briefly(self) -> str:
        """The first record, and how many have the same value."""
        if len(self.rows) == 1:
            return self.where
        said = _("%(first)s and others, %(n)d in all") % {
            "first": self.places[0],
            "n": len(self.rows),
        }
        return str(said)

    @property
    def is_over(self) -> bool:
        """Whether it is an account opened beyond the limit, which nothing makes lawful."""
        return any(getattr(row, "limit_reason", "") == LimitReason.OVER for row in self.rows)

    @property
    def is_chosen(self) -> bool:
        """Whether it is the one that counts."""
        return self.standing == Standing.CHOSEN


def values(rows: Sequence[GoldenField], branches: dict[str, str], *, names: bool) -> list[Value]:
    """The different values of one fact: the one that counts first, then those of most records."""
    told: list[Value] = []
    ordered = sorted(rows, key=lambda row: (row.value_mark, row.standing != Standing.CHOSEN, row.record_code))
    for _mark, alike in groupby(ordered, key=lambda row: row.value_mark):
        same = list(alike)
        where = [f"{row.record_code} {branches.get(row.branch_code, row.branch_code)}" for row in same]
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
    rows, found = queries.fields_of(line.client_id), queries.of_client(line.client_id)
    accounts = queries.accounts_of(line.client_id)
    branches = branch_names({row.branch_code for row in (*rows, *accounts)})
    settled = queries.settled_of([row.conflict_key for row in found])
    conflicts = [told(row, settled.get(row.conflict_key)) for row in found]
    of = {str(fact): [row for row in rows if row.golden_field == fact] for fact in Fact}
    facts = [
        _fact(fact, values(of[fact], branches, names=sees_names(user)), conflicts) for fact in of if of[fact]
    ]
    facts.sort(key=lambda one: one["is_agreed"])  # first what differs
    others = [one for one in conflicts if not of.get(one["row"].golden_field or "")]
    return {
        "facts": facts,
        "others": others,
        "is_open": any(one["settled"] is None for one in others),
        "accounts": beyond(accounts, branches),
        "diligence": [said(row, _adopted(of, row, user)) for row in queries.diligence(line.client_id)],
        "may_settle": bool(user.may("identities.read_conflicts")),
    }


def _adopted(rows: Mapping[str, Sequence[GoldenField]], of: Verification, user: User) -> str:
    """What the customer number that is held to be right says of the fact."""
    held = (row for row in rows.get(of.golden_field, ()) if row.record_code == of.record_code)
    return next((shown_value(row, names=sees_names(user)) for row in held), "")


def said(row: Verification, adopted: str = "") -> dict[str, Any]:
    """What came of looking into a conflict, in words: about what, what was found, whether it counts.

    `adopted` is the value of the customer number that is held to be right.
    """
    reason = row.conflict_key.partition("/")[0]
    fact = Fact.of(row.golden_field).text.in_language(language()) if row.golden_field else ""
    finding = Finding.of(row.finding)
    return {
        "row": row,
        "what": fact or code_text(identity.IdentityConflict, "conflict_reason", reason),
        "finding": _("Really needed")
        if not fact and finding is Finding.ALL_ARE_RIGHT
        else finding.text.in_language(language()),
        "adopted": adopted if finding is Finding.ONE_IS_RIGHT else "",
        "is_undone": row.state == Verification.State.UNDONE,
    }


def _fact(fact: str, shown: Sequence[Value], conflicts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    chosen, *others = shown
    reason = chosen.rows[0].golden_reason
    return {
        "label": Fact.of(fact).text.in_language(language()),
        "chosen": chosen,
        "others": others,
        "is_agreed": reason == GoldenReason.AGREED,
        "reason": code_text(identity.GoldenField, "golden_reason", reason),
        "conflict": next((one for one in conflicts if one["row"].golden_field == fact), None),
    }


def beyond(accounts: Sequence[LimitedAccount], branches: dict[str, str]) -> list[Value]:
    """Accounts of which the client has too many: market, kind and tail; how each stands to the limit."""
    table = identity.LimitedAccount
    return [
        Value(
            " ".join(
                (
                    code_text(table, "market", row.market),
                    code_text(table, "account_kind", row.account_kind),
                    formats.mask_tail(row.securities_account_code, language()),
                )
            ),
            [row],
            [f"{row.record_code} {branches.get(row.branch_code, row.branch_code)}"],
            "",
            row.opened_on,
            code_text(table, "limit_reason", row.limit_reason),
        )
        for row in accounts
    ]


def told(row: IdentityConflict, settled: Any = None) -> dict[str, Any]:
    """A conflict in words."""
    table = identity.IdentityConflict
    return {
        "row": row,
        "reason": code_text(table, "conflict_reason", row.conflict_reason),
        "severity": code_text(table, "severity", row.severity),
        "tone": TONES[row.severity],
        "fact": code_text(table, "golden_field", row.golden_field) if row.golden_field else "",
        "settled": settled,
    }


def kinds(severity: str, generation: Generation) -> list[tuple[str, str]]:
    """The kinds of conflict that are signed as being of a severity; none where no severity is chosen."""
    rules = signed.packs(generation, signed.desk_day(generation)).identity.conflicts
    found = [str(rule.conflict) for rule in rules if rule.severity == severity]
    return [(kind, code_text(identity.IdentityConflict, "conflict_reason", kind)) for kind in found]


def listed(rows: Sequence[IdentityConflict], user: User) -> list[dict[str, Any]]:
    """Lines of the work list: whose each is, masked as the reader must see it, and at which branch."""
    lines = [row.client.line for row in rows]
    placed(lines)
    branches = branch_names({line.home_branch_code for line in lines})
    dates, names = queries.dates_of(row.client_id for row in rows if not row.due_on), sees_names(user)
    return [
        told(row)
        | {
            "line": line,
            "name": line.client_name if names else formats.mask_name(line.client_name),
            "branch": branches.get(line.home_branch_code, line.home_branch_code),
            "board_on": None if row.due_on else dates.get(row.client_id),
        }
        for row, line in zip(rows, lines, strict=True)
    ]


def opened(row: IdentityConflict, user: User) -> dict[str, Any]:
    """A conflict with its values, its history and whose it is."""
    names = sees_names(user)
    profile = numbers.profiles([row.client_id]).get(row.client_id)
    in_force = queries.in_force(row.conflict_key)
    found = _values(row, profile, names=names)
    shown = {code: value.shown for value in found for code in value.codes}
    return told(row, in_force) | {
        "finding": said(in_force, shown.get(in_force.record_code, "")) if in_force else {},
        "values": found,
        "name": naming.name_of(profile, names=names),
        "said": [said(one, shown.get(one.record_code, "")) for one in queries.said(row.conflict_key)],
        **_elsewhere(row, user),
        "board_on": None if row.due_on else queries.dates_of([row.client_id]).get(row.client_id),
        "home": _home(row.client.line),
    }


def _home(line: ClientLine) -> str:
    """The branch that finds out."""
    placed([line])
    return branch_names([line.home_branch_code]).get(line.home_branch_code, line.home_branch_code)


def _elsewhere(row: IdentityConflict, user: User) -> dict[str, Any]:
    """The branches to ask where the number stands under another name, the reader's own apart; else none."""
    if row.conflict_reason != ConflictReason.NUMBER_ELSEWHERE:
        return {"elsewhere": "", "is_elsewhere_here": False}
    codes = queries.branches_elsewhere(row.client_id)
    others = [code for code in codes if code != user.branch_code]
    names = branch_names(set(others))
    told = naming.listed(names.get(code, code) for code in others)
    return {"elsewhere": told, "is_elsewhere_here": user.branch_code in codes}


def _values(row: IdentityConflict, profile: Any, *, names: bool) -> list[Value]:
    """What stands against each other; of a number that stands elsewhere the client's own alone, never whose else."""
    records = numbers.records_of(row.client.line)
    branches = branch_names({one.branch_code for one in records})
    if not row.golden_field:
        return beyond(queries.accounts_of(row.client_id), branches)
    shown = values(queries.fields_of(row.client_id, row.golden_field), branches, names=names)
    if shown:
        return shown
    where = [f"{one.record_code} {branches.get(one.branch_code, one.branch_code)}" for one in records]
    masked = (profile.id_masked if profile else "") or formats.UNKNOWN
    return [Value(masked, records, where, str(Standing.CHOSEN), row.since_on)]
