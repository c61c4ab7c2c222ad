"""Whom a way of sharing out favours, and what groups of clients lose by it: an audit over the firm, never a score."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import CityTier, Grade, Sex
from keepwell.contract.serving import Basis, GroupKind, Trait
from keepwell.desk.books import fairness_rows
from keepwell.desk.books.models import AllocationGroup, AllocationLeaning
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.columns import lazy_text
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope

NAMED: dict[str, Any] = {
    f"{kind}.{one}": lazy_text(one.text)
    for kind, codes in ((GroupKind.GRADE, Grade), (GroupKind.CITY_TIER, CityTier), (GroupKind.SEX, Sex))
    for one in codes
}


def shown(user: User) -> dict[str, Any]:
    """Leanings for everybody who reads fairness; losses of groups, of protected ones too, for who sees the firm."""
    groups = fairness_rows.groups() if user.scope is Scope.FIRM else []
    return {
        "leanings": [_leaning(row) for row in fairness_rows.leanings()],
        "groups": _groups(groups),
    }


def _leaning(row: AllocationLeaning) -> dict[str, Any]:
    return {
        "row": row,
        "label": lazy_text(Trait.of(row.trait).text),
        "basis": lazy_text(Basis.of(row.basis).text),
        "is_proposed": row.basis == str(Basis.PROPOSED),
    }


def _groups(rows: list[AllocationGroup]) -> list[dict[str, Any]]:
    names = branch_names([row.group_value for row in rows if row.group_kind == str(GroupKind.BRANCH)])
    return [
        {"row": row, "kind": lazy_text(GroupKind.of(row.group_kind).text), "label": _named(row, names)}
        for row in rows
    ]


def _named(row: AllocationGroup, branches: dict[str, str]) -> Any:
    """A group in words: a code's own, a branch's name, or from how many years on."""
    if row.group_kind == str(GroupKind.BRANCH):
        return branches.get(row.group_value, row.group_value)
    if row.group_value == "unknown":
        return _("not known")
    if (name := NAMED.get(f"{row.group_kind}.{row.group_value}")) is not None:
        return name
    side, _mark, years = row.group_value.rpartition("_")
    told = _("under %(n)s") if side == "under" else _("%(n)s and over")
    return told % {"n": years}
