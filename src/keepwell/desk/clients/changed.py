"""What changed overnight, each change told in full: what it was, what it is, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from keepwell.contract import grading, identity
from keepwell.contract.codes import CarriedChange, Population
from keepwell.desk.clients import holders
from keepwell.desk.clients.holders import Holder
from keepwell.desk.clients.models import ClientChange, Staff
from keepwell.desk.clients.queries import Told as Row
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import code_text, language, reason_of
from keepwell.desk.records import events

REASONS = {
    str(CarriedChange.GRADE): "grade_reason",
    str(CarriedChange.SERVICE_TYPE): "service_type_reason",
    str(CarriedChange.ACTIVITY): "activity_reason",
}


N_LATEST, N_MONTHS = 14, 24  # of the runs kept, how many the history of one client reads


@dataclass(frozen=True, slots=True)
class Class:
    """A client's class as one run decided it, and why; the client had it until the next one listed."""

    as_of: dt.date
    run: str
    name: str
    state: str
    why: str


def history(client_id: str, up_to: str) -> list[Class]:
    """The classes and states a client had, the newest first: of the runs kept the ones that decided otherwise."""
    found: list[Class] = []
    for run_id, as_of in events.runs_told(up_to, N_LATEST, N_MONTHS):
        rows = events.of_client(run_id, "client_grade", client_id)
        if not rows:
            continue
        row, table = rows[0], grading.ClientGrade
        name = " · ".join(code_text(table, column, row[column]) for column in ("grade", "service_type"))
        state = code_text(table, "activity_state", row["activity_state"])
        one = Class(as_of, run_id, name, state, reason_of(Row(table, row), "grade_reason", {}))
        if found and (found[-1].name, found[-1].state) == (one.name, one.state):
            found.pop()  # it was so already on this earlier day
        found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One change as the page shows it: no dash stands for what is known."""

    row: ClientChange
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the changes of a page name: staff with the day they left, branches, who holds each client today."""

    staff: Mapping[str, Staff] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)

    def person(self, code: str) -> str:
        """Name and staff number."""
        return f"{self.staff[code].staff_name} {code}" if code in self.staff else code


def told(rows: Sequence[ClientChange]) -> list[Told]:
    """The changes of a page, in at most seven queries."""
    managers = [row for row in rows if row.changed == str(CarriedChange.MANAGER)]
    codes = {code for row in managers for code in (row.before, row.after) if code}
    places = [place for row in managers if (place := getattr(row.client, "place", None))]
    moved = any(row.changed == str(CarriedChange.HOME_BRANCH) for row in rows)
    names = Names(
        Staff.objects.in_bulk(sorted(codes)) if codes else {},
        branch_names() if moved else {},
        holders.of(places) if places else {},
    )
    return [KINDS.get(row.changed, _of_class)(row, names) for row in rows]


def _of_class(row: ClientChange, _names: Names) -> Told:
    """Grade, service type or activity state, with the reason that the engine gave."""
    before, after = (
        code_text(grading.ClientGrade, row.changed, value) if value else _("not classed")
        for value in (row.before, row.after)
    )
    grade = getattr(row.client, "grade", None)
    if grade is None or not row.after:
        now = code_text(identity.Client, "population", row.client.line.population)
        why = _("Only existing clients are classed; the client is one no more: %(population)s.")
        return Told(row, before, after, why % {"population": now})
    known = getattr(row.client, "features", None)
    return Told(row, before, after, reason_of(grade, REASONS[row.changed], {}, known))


def _of_new(row: ClientChange, _names: Names) -> Told:
    after = code_text(identity.Client, "population", row.after)
    day = holders.day(row.client.profile.opened_on)
    return Told(row, _("not known"), after, _("First in this run; opened on %(day)s.") % {"day": day})


def _of_population(row: ClientChange, _names: Names) -> Told:
    before, after = (code_text(identity.Client, "population", value) for value in (row.before, row.after))
    closed_on = row.client.profile.closed_on
    if row.after == str(Population.CLOSED) and closed_on:
        why = _("The last account was closed on %(day)s.") % {"day": holders.day(closed_on)}
    elif row.after == str(Population.EXISTING):
        why = _("An account is open, and there was a trade, a product or money moved.")
    elif row.after == str(Population.NEVER_FUNDED):
        why = _("An account is open, but there was no trade, product or money yet.")
    else:
        why = _("No account is open by the day of the data.")
    return Told(row, before, after, why)


def _of_home(row: ClientChange, names: Names) -> Told:
    before, after = (names.branches.get(value or "", value or _("none")) for value in (row.before, row.after))
    why = reason_of(row.client.profile, "home_reason", {})
    return Told(row, before, after, _("By the order of the rule: %(why)s.") % {"why": why})


def _of_manager(row: ClientChange, names: Names) -> Told:
    """Who it was and what became of them, by what another was named, and who holds the client today."""
    before = names.person(row.before) if row.before else _("nobody")
    after = names.person(row.after) if row.after else _("nobody")
    said, holder = [], names.holders.get(row.client_id)
    former = names.staff.get(row.before or "")
    if former is not None and former.left_on:
        facts = {"name": former.staff_name, "day": holders.day(former.left_on)}
        said.append(_("%(name)s left on %(day)s.") % facts)
    elif row.before and not row.after:
        facts = {"name": former.staff_name if former else row.before}
        said.append(_("The firm's files name %(name)s no more, and nobody else.") % facts)
    if row.after and row.client.profile.manager_reason:
        said.append(reason_of(row.client.profile, "manager_reason", {}))
    elif row.after:
        named = names.staff[row.after].staff_name if row.after in names.staff else row.after
        said.append(_("The firm's files name %(name)s now.") % {"name": named})
    if holder is not None and holder.code != (row.after or ""):
        after = f"{holder.name} {holder.code}".strip() or after
        said.append(holders.sentence(holder))
    elif not row.after:
        said.append(_("Nobody looks after the client today."))
    return Told(row, before, after, " ".join(said) if _spaced() else "".join(said))


def _spaced() -> bool:
    return not language().startswith("zh")


KINDS: Mapping[str, Callable[[ClientChange, Names], Told]] = {
    str(CarriedChange.NEW_CLIENT): _of_new,
    str(CarriedChange.POPULATION): _of_population,
    str(CarriedChange.HOME_BRANCH): _of_home,
    str(CarriedChange.MANAGER): _of_manager,
}
