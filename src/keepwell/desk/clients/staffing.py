"""What this room tells the people room about staff: what the run says of them, and the clients they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import ngettext

from keepwell.contract.codes import LicenceKind
from keepwell.desk.clients import assignments
from keepwell.desk.clients.models import Place, Staff, Team
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.scope import heir_of
from keepwell.desk.columns import in_reader_language
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people import leaving, staff_source
from keepwell.desk.people.staff_source import Places, StaffFacts
from keepwell.desk.records import events


def register() -> None:
    """Call it in `AppConfig.ready`."""
    staff_source.register_facts(facts)
    staff_source.register_places(places)
    leaving.register(
        "clients", leaving.Part(lambda n: ngettext("client held", "clients held", n), held, hand_over)
    )


def facts(codes: Sequence[str]) -> Mapping[str, StaffFacts]:
    """What the current run says of some staff numbers; nothing before the first run."""
    run = read_current()
    if run is None:
        return {}
    rows = Staff.objects.in_bulk(codes)
    teams = dict(
        Team.objects.filter(pk__in={row.team_code for row in rows.values()}).values_list("pk", "team_name")
    )
    branches = branch_names({row.branch_code for row in rows.values()})
    licences = _licences(run.run_id, codes)
    return {
        code: StaffFacts(
            staff_name=row.staff_name,
            role=row.role,
            branch_code=row.branch_code,
            branch_name=branches.get(row.branch_code, row.branch_code),
            team_code=row.team_code or "",
            team_name=teams.get(row.team_code, row.team_code or ""),
            left_on=row.left_on,
            licences=licences.get(code, ()),
        )
        for code, row in rows.items()
    }


def places() -> Places | None:
    """The branches and teams of the current run, teams without a name by their code; `None` before the first one."""
    if read_current() is None:
        return None
    worked_in = Staff.objects.exclude(team_code=None).exclude(team_code="")
    found = worked_in.values_list("team_code", "branch_code")
    teams = {str(code): (str(code), branch) for code, branch in found}
    named = Team.objects.values_list("pk", "team_name", "branch_code")
    teams |= {code: (name, branch) for code, name, branch in named}
    return Places(branch_names(), dict(sorted(teams.items())))


def _licences(run_id: str, codes: Sequence[str]) -> dict[str, list[tuple[str, dt.date | None]]]:
    found: dict[str, list[tuple[str, dt.date | None]]] = {}
    for row in events.of_staff(run_id, "staff_licence", codes):
        kind = in_reader_language(LicenceKind.of(row["licence_kind"]).text)
        found.setdefault(row["staff_code"], []).append((kind, row["valid_to"]))
    return found


def held(staff_code: str) -> leaving.Held:
    """How many clients somebody looks after now, and who would take them over."""
    if read_current() is None:
        return leaving.Held(0, "")
    heir = Staff.objects.filter(pk=heir_of(staff_code)).values_list("staff_name", flat=True).first()
    return leaving.Held(Place.objects.filter(manager_code=staff_code).count(), heir or "")


def hand_over(*, staff_code: str, by: Any, at: dt.datetime) -> None:
    """Their clients go to the leader."""
    run = read_current()
    if run is not None:
        assignments.hand_over(staff_code=staff_code, by=by, at=at, run=run.run_id)
