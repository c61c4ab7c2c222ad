"""公平: how evenly a branch's clients are shared out, as it is and as proposed; what a limit costs, in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.contract.codes import Grade
from keepwell.contract.serving import Basis, Resource
from keepwell.desk.books import fairness_rows
from keepwell.desk.books.models import (
    AllocationCertificate,
    AllocationFairness,
    AllocationHours,
    AllocationLimit,
    AllocationLoad,
)
from keepwell.desk.clients.queries import branch_names, staff_names
from keepwell.desk.clients.sentences import reason_of
from keepwell.desk.columns import lazy_text
from keepwell.desk.generations.queries import current
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import charts, formats
from keepwell.desk.ui.exports import Kind

READ, EXPORT = "books.read_fairness", "books.export_fairness"
UNKNOWN_AGE, LONGER = -1, 99
PRICE_FIGURES = 4  # of a price of one place: a small part of a score
Counts = Mapping[str, Counter[Any]]


def shown(user: User, asked: str, on: dt.date) -> dict[str, Any]:
    """The fairness of one branch: for whoever sees the firm, of the branch asked for or the first."""
    proofs = list(fairness_rows.certificates(user))
    proof = next((row for row in proofs if row.branch_code == asked), proofs[0] if proofs else None)
    names = branch_names([row.branch_code for row in proofs])
    context: dict[str, Any] = {
        "proof": proof,
        "chosen": proof.branch_code if proof else "",
        "branches": [(row.branch_code, names.get(row.branch_code, row.branch_code)) for row in proofs],
        "sees_firm": user.scope is Scope.FIRM,
    }
    return context | (_of_branch(proof, on) if proof else {})


def _of_branch(proof: AllocationCertificate, on: dt.date) -> dict[str, Any]:
    loads = fairness_rows.loads(proof.branch_code)
    names = staff_names(row.staff_code for row in loads)
    limits = fairness_rows.limits(proof.branch_code)
    fair = fairness_rows.fair_heads(proof.branch_code)
    return {
        "lorenz": lorenz(loads, fairness_rows.gini(proof.branch_code)),
        "rows": [_line(row, names, fair.get(row.staff_code)) for row in loads],
        "compared": _compared(proof),
        "limits": [_limit(row, names) for row in limits],
        "measures": [_measure(row) for row in fairness_rows.measures(proof.branch_code)],
        "hours": [_hours(row) for row in fairness_rows.hours(proof.branch_code)],
        "grades": _mix(loads, names, fairness_rows.grades(proof.branch_code), GRADES),
        "grade_labels": [label for _code, label in GRADES],
        "ages": _mix(loads, names, fairness_rows.ages(proof.branch_code, on), _ages()),
        "age_labels": [label for _code, label in _ages()],
    }


GRADES: list[tuple[Any, Any]] = [(str(one), lazy_text(one.text)) for one in Grade]


def _ages() -> list[tuple[Any, str]]:
    """How long client and manager have known each other, in words."""
    return [
        (1, _("under 1 year")),
        (3, _("1 to 3 years")),
        (5, _("3 to 5 years")),
        (LONGER, _("5 years and more")),
        (UNKNOWN_AGE, _("not known")),
    ]


def _line(row: AllocationLoad, names: Mapping[str, str], fair: float | None) -> dict[str, Any]:
    most = max(row.n_current, row.n_proposed, row.n_upper) or 1
    return {
        "row": row,
        "name": names.get(row.staff_code, row.staff_code),
        "share": row.n_proposed / most,
        "mark": None if fair is None else fair / most,
        "fair": fair,
        "price_told": price_told(row),
    }


def _limit(row: AllocationLimit, names: Mapping[str, str]) -> dict[str, Any]:
    """One limit of a manager: load against the fair share, and what one unit more or less would change."""
    most = max(row.load_now, row.load_proposed, row.load_upper or row.load_fair, row.load_fair) or 1
    return {
        "row": row,
        "name": names.get(row.staff_code, row.staff_code),
        "label": lazy_text(Resource.of(row.resource).text),
        "share": float(row.load_proposed / most),
        "mark": float(row.load_fair / most),
    }


def _measure(row: AllocationFairness) -> dict[str, Any]:
    """One resource under one plan."""
    return {
        "row": row,
        "label": lazy_text(Resource.of(row.resource).text),
        "basis": lazy_text(Basis.of(row.basis).text),
        "is_proposed": row.basis == str(Basis.PROPOSED),
    }


def _hours(row: AllocationHours) -> dict[str, Any]:
    """What each client of a grade is given, against what is wanted and the signed floor."""
    return {
        "row": row,
        "label": lazy_text(Grade.of(row.grade).text),
        "why": reason_of(row, "hours_reason", {}),
    }


def price_told(row: AllocationLoad) -> str:
    """The shadow price of a place in words: what one place more or less would change of the total score."""
    told = formats.number(abs(row.price), PRICE_FIGURES)
    if row.price > 0:
        return _("Full: one place more would raise the total score by %(n)s.") % {"n": told}
    if row.price < 0:
        return _("At the lower limit: asking for one client less would raise it by %(n)s.") % {"n": told}
    return _("No limit decides here: a place more or less changes nothing.")


def lorenz(loads: Sequence[AllocationLoad], gini: Mapping[str, Any]) -> charts.Chart | None:
    """Clients by manager from the fewest on: the proposal against how it is, with what the run measured of both."""
    if not loads:
        return None
    proposed, now = [row.n_proposed for row in loads], [row.n_current for row in loads]
    facts = {"most": max(proposed), "least": min(proposed), "most_now": max(now), "least_now": min(now)}
    sentence = (
        _("Clients a manager: %(least)s to %(most)s as proposed, %(least_now)s to %(most_now)s as it is.")
        % facts
    )
    measured = {"now": gini.get(str(Basis.NOW)), "proposed": gini.get(str(Basis.PROPOSED))}
    if None not in measured.values():
        shown = {name: formats.number(value, 3) for name, value in measured.items()}
        sentence += " " + _("Gini by capacity: %(proposed)s as proposed, %(now)s as it is.") % shown
    return charts.lorenz(sentence, [(_("Proposed"), points(proposed)), (_("As it is"), points(now))])


def points(values: Sequence[int]) -> list[tuple[float, float]]:
    """The points of a Lorenz curve: share of managers, share of clients."""
    total, so_far, found = sum(values) or 1, 0, [(0.0, 0.0)]
    for at, value in enumerate(sorted(values), 1):
        so_far += value
        found.append((round(at / len(values), 4), round(so_far / total, 4)))
    return found


def _compared(proof: AllocationCertificate) -> list[tuple[str, str]]:
    return [
        (_("As it is"), formats.number(proof.current_value, 2)),
        (_("Proposed"), formats.number(proof.value, 2)),
        (_("Upper bound"), formats.number(proof.bound, 2)),
    ]


def _mix(
    loads: Sequence[AllocationLoad],
    names: Mapping[str, str],
    counts: Counts,
    kinds: Sequence[tuple[Any, Any]],
) -> list[dict[str, Any]]:
    """One row a manager, one number a kind."""
    return [
        {
            "name": names.get(row.staff_code, row.staff_code),
            "cells": [(label, counts.get(row.staff_code, Counter()).get(code, 0)) for code, label in kinds],
        }
        for row in loads
    ]


def columns(_user: User) -> Sequence[str]:
    """The grounds as a file: one row a manager."""
    return [
        _("Branch"),
        _("Staff number"),
        _("Manager"),
        _("Clients now"),
        _("Proposed"),
        _("Lower limit"),
        _("Upper limit"),
        _("Price of a place"),
        _("In words"),
    ]


def _asked(user: User, query: str) -> str:
    asked = parse_qs(query).get("branch", [""])[0]
    proofs = {row.branch_code for row in fairness_rows.certificates(user)}
    return asked if asked in proofs else next(iter(sorted(proofs)), "")


def count(user: User, query: str, at_most: int) -> int:
    """How many managers there are."""
    return len(fairness_rows.loads(_asked(user, query))[:at_most])


def rows(user: User, query: str) -> Iterator[Sequence[Any]]:
    """The managers of the branch with load, limits and price."""
    if current() is None:
        return
    code = _asked(user, query)
    loads = fairness_rows.loads(code)
    names = staff_names(row.staff_code for row in loads)
    branch = branch_names([code]).get(code, code)
    for row in loads:
        told = [row.n_current, row.n_proposed, row.n_lower, row.n_upper, row.price, price_told(row)]
        yield [branch, row.staff_code, names.get(row.staff_code, row.staff_code), *told]


def told(query: str) -> str:
    """The branch asked for, in words."""
    code = parse_qs(query).get("branch", [""])[0]
    return branch_names([code]).get(code, code) if code else ""


KIND = Kind(
    label=gettext_lazy("Grounds of fairness"),
    permission=EXPORT,
    columns=columns,
    rows=rows,
    count=count,
    told=told,
    page="books:fairness",
)
