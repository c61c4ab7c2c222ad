"""试算: what would be if, beside what the run proposes; reckoned by the engine's host, never here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.asking import AskKind, AskState
from keepwell.contract.codes import Grade
from keepwell.contract.reasons.allocation import ContradictionReason, Relief
from keepwell.contract.serving import Basis, Resource
from keepwell.desk.asks import asking, queries
from keepwell.desk.asks.models import Ask
from keepwell.desk.books import fairness_rows
from keepwell.desk.books.trial_forms import TrialForm
from keepwell.desk.clients.queries import branch_names, staff_names
from keepwell.desk.columns import in_reader_language
from keepwell.desk.gates.signed import packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import charts, formats

READ = "books.try_policy"
KEPT_SHOWN = 5
Rows = Sequence[Mapping[str, Any]]


def branch_of(user: User, wished: str) -> str:
    """The branch that is tried: the own one; for whoever sees the firm the one wished for, or the first."""
    codes = [row.branch_code for row in fairness_rows.certificates(user)]
    return wished if wished in codes else (codes[0] if codes else "")


def form_of(
    generation: Generation, branch_code: str, on: dt.date, data: Any = None, ask: Ask | None = None
) -> TrialForm:
    """The signed numbers to change, or those that were tried last, and the branch's managers."""
    loads = fairness_rows.loads(branch_code)
    names = staff_names(row.staff_code for row in loads)
    team = [(row.staff_code, names.get(row.staff_code, row.staff_code)) for row in loads]
    return TrialForm(packs(generation, on).allocation, team, data, ask.body if ask else None)


def shown(user: User, branch_code: str, form: TrialForm, ask: Ask | None, at: dt.datetime) -> dict[str, Any]:
    """The page: the form, and the answer to what was asked last."""
    proofs = [row.branch_code for row in fairness_rows.certificates(user)]
    names = branch_names(proofs)
    return {
        "form": form,
        "chosen": branch_code,
        "branches": [(code, names.get(code, code)) for code in proofs],
        "sees_firm": user.scope is Scope.FIRM,
        "host_lives": asking.host_lives(at),
        "no_host": in_reader_language(AskState.NO_HOST.text),
        **(answer(ask) if ask else {}),
    }


def last(user: User, run_id: str, branch_code: str, at: dt.datetime) -> Ask | None:
    """What somebody asked last of a branch in this run, as it stands."""
    found = queries.latest(user, str(AskKind.ALLOCATION), run_id, KEPT_SHOWN)
    row = next((one for one in found if one.body.get("branch_code") == branch_code), None)
    return asking.look(row, at) if row else None


def answer(ask: Ask) -> dict[str, Any]:
    """How it is, as proposed and as tried, side by side, once there is an answer."""
    context: dict[str, Any] = {"ask": ask, "is_over": ask.is_over, "fault": ask.answer.get("fault", "")}
    if ask.state not in {str(AskState.ANSWERED), str(AskState.REFUSED)}:
        return context
    before, after = ask.answer["before"], ask.answer["after"]
    managers = _managers(before["allocation_load"], after["allocation_load"])
    return context | {
        "compared": _compared(before, after, ask.body["branch_code"]),
        "managers": managers,
        "drawn": _drawn(managers),
        "hours": _hours(before.get("allocation_hours", ()), after.get("allocation_hours", ())),
        "troubles": [_trouble(row) for row in after["allocation_contradiction"]],
        "n_moved": ask.answer["n_moved"],
        "seconds": _number(ask.answer["seconds"], 1),
    }


def _compared(
    before: Mapping[str, Rows], after: Mapping[str, Rows], branch_code: str
) -> list[tuple[str, str, str, str]]:
    """Each figure as it is, as proposed, as tried; what nobody measured of today's books is left open."""
    proposed, tried = (
        side["allocation_certificate"][0] if side["allocation_certificate"] else {}
        for side in (before, after)
    )
    rows = [
        (_("Total score"), proposed.get("current_value"), "value", 2),
        (_("Upper bound"), None, "bound", 2),
        (_("Clients who would change"), 0, "n_changes", 0),
    ]
    told = [
        (label, _number(now, digits), _number(proposed.get(name), digits), _number(tried.get(name), digits))
        for label, now, name, digits in rows
    ]
    today = {
        row.resource: row.gini_share
        for row in fairness_rows.measures(branch_code)
        if row.basis == str(Basis.NOW)
    }
    for resource in (one for one in Resource if one is not Resource.ADVISED):
        ginis = [today.get(str(resource)), _gini(before, resource), _gini(after, resource)]
        if ginis[1] is not None or ginis[2] is not None:
            label = _("Gini of: %(what)s") % {"what": in_reader_language(resource.text)}
            now, was, would = (_number(one, 3) for one in ginis)
            told.append((label, now, was, would))
    return told


def _drawn(managers: Rows) -> charts.Chart:
    """Clients of each manager, three bars each."""
    n = sum(one["n_before"] != one["n_after"] for one in managers)
    sentence = ngettext(
        "%(n)s manager would have another number of clients than proposed.",
        "%(n)s managers would have another number of clients than proposed.",
        n,
    ) % {"n": n}
    series = [
        charts.Series(_("As tried"), [one["n_after"] for one in managers], "subject", "bar"),
        charts.Series(_("As proposed"), [one["n_before"] for one in managers], "subject", "bar"),
        charts.Series(_("As it is"), [one["n_now"] for one in managers], "comparison", "bar"),
    ]
    names = [one["name"] for one in managers]
    return charts.axes(sentence, names, series, unit=_("clients"), first=_("Manager"))


def _hours(before: Rows, after: Rows) -> list[dict[str, str]]:
    """Service hours for each client of a grade, as proposed and as tried."""
    was = {row["grade"]: row for row in before}
    return [
        {
            "label": in_reader_language(Grade.of(row["grade"]).text),
            "before": _number(was.get(row["grade"], {}).get("given_hours"), 1),
            "after": _number(row["given_hours"], 1),
            "floor": _number(row["floor_hours"], 1),
            "share": formats.percent(Decimal(str(row["hours_share"]))),
        }
        for row in sorted(after, key=lambda row: list(Grade).index(Grade.of(row["grade"])))
    ]


def _gini(side: Mapping[str, Rows], resource: Resource) -> Any:
    return next((row["gini"] for row in side["evenness"] if row["resource"] == str(resource)), None)


def _number(value: Any, digits: int) -> str:
    return formats.number(None if value is None else Decimal(str(value)), digits)


def _managers(before: Rows, after: Rows) -> list[dict[str, Any]]:
    names = staff_names(row["staff_code"] for row in after)
    was = {row["staff_code"]: row for row in before}
    new = _("somebody new")
    return [
        {
            "name": new
            if row["staff_code"].startswith("+")
            else names.get(row["staff_code"], row["staff_code"]),
            "n_now": row["n_current"],
            "n_before": was.get(row["staff_code"], {}).get("n_proposed", 0),
            "n_after": row["n_proposed"],
            "n_lower": row["n_lower"],
            "n_upper": row["n_upper"],
            "is_eligible": row["is_eligible"],
        }
        for row in after
    ]


def _trouble(row: Mapping[str, Any]) -> dict[str, str]:
    """What cannot hold together and what is missing, in one sentence; and what the night would set aside."""
    reason, relief = ContradictionReason.of(row["contradiction_reason"]), Relief.of(row["relief"])
    resource = Resource.of(row["resource"]) if row["resource"] else None
    facts = {
        "missing": _number(row["missing"], 0),
        "resource": in_reader_language(resource.text) if resource else "",
    }
    return {
        "told": in_reader_language(reason.text).format_map(facts),
        "relief": in_reader_language(relief.text),
    }
