"""What the current generation says about itself: staff, deliveries, quarantined rows, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from keepwell.contract.codes import QuarantineReason
from keepwell.desk.clients.models import ClientChange, Staff
from keepwell.desk.exchange.models import Quarantine
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.staff_source import CurrentStaff
from keepwell.desk.tour.models import Story
from keepwell.desk.ui.paging import Keyset, keyset

LEAVING = "leaving_manager"
PLACE = ("file_name", "line_no", "table_name", "column_name")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which quarantined rows: of a file, of a reason, of both, or all."""

    file: str = ""
    reason: str = ""

    @property
    def query(self) -> str:
        """The filter as an address says it."""
        return urlencode(
            {name: value for name, value in (("file", self.file), ("reason", self.reason)) if value}
        )


def current_staff() -> CurrentStaff | None:
    """Staff of the current run for the demo logins, and whether the run is the made-up firm's.

    Nobody logs in as the manager of whom the stories tell that they leave on the last night.
    """
    generation = read_current()
    if generation is None:
        return None
    names = ("staff_code", "branch_code", "team_code", "staff_name", "role", "left_on")
    leaves = Story.objects.filter(key=LEAVING).values_list("staff_code", flat=True)
    staff = Staff.objects.exclude(pk__in=set(leaves))
    rows: list[dict[str, Any]] = [{**row} for row in staff.order_by("pk").values(*names)]
    return CurrentStaff(rows, generation.is_made_up)


def chosen(file: str, reason: str) -> Chosen:
    """The filter that an address asks for; what the run does not have is left out."""
    known = Quarantine.objects.filter(file_name=file).exists() if file and "\0" not in file else False
    return Chosen(file if known else "", reason if reason in set(map(str, QuarantineReason)) else "")


def of(chosen: Chosen) -> QuerySet[Quarantine]:
    """The quarantined rows of a filter."""
    rows = Quarantine.objects.all()
    if chosen.file:
        rows = rows.filter(file_name=chosen.file)
    return rows.filter(quarantine_reason=chosen.reason) if chosen.reason else rows


def bad_files(reason: str) -> list[tuple[str, int]]:
    """Files with quarantined rows, all or of one reason, and how many; the worst first."""
    rows = of(Chosen(reason=reason)).values_list("file_name").annotate(n=Count("*"))
    return list(rows.order_by("-n", "file_name"))


def reasons(chosen: Chosen) -> list[tuple[str, int]]:
    """How many quarantined rows each reason has, the most frequent first."""
    rows = of(chosen).values_list("quarantine_reason").annotate(n=Count("*"))
    return list(rows.order_by("-n", "quarantine_reason"))


def quarantined(chosen: Chosen, cursor: str) -> Keyset[Quarantine]:
    """A page of the quarantined rows, in the order of files and lines."""
    return keyset(of(chosen), PLACE, cursor)


def quarantined_row(place: Mapping[str, str]) -> Quarantine | None:
    """The row at a place (file, line, table, column), or `None`."""
    line = place.get("line_no", "")
    if not line.isascii() or not line.isdigit() or len(line) > 18:
        return None
    asked = {name: place.get(name, "").replace("\0", "") for name in PLACE if name != "line_no"}
    return Quarantine.objects.filter(line_no=int(line), **asked).first()


def change_counts() -> list[tuple[str, int]]:
    """How many clients changed in what, against the run before."""
    rows = ClientChange.objects.values_list("changed").annotate(n=Count("*"))
    return list(rows.order_by("-n", "changed"))
