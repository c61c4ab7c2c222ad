"""What the current generation says about itself: staff, deliveries, quarantined rows, changes."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from keepwell.desk.clients.models import ClientChange, Staff
from keepwell.desk.exchange.models import Quarantine
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.staff_source import CurrentStaff
from keepwell.desk.ui.paging import Keyset, keyset


def current_staff() -> CurrentStaff | None:
    """Staff of the current run for the demo logins, and whether the run is the made-up firm's."""
    generation = read_current()
    if generation is None:
        return None
    names = ("staff_code", "branch_code", "team_code", "staff_name", "role", "left_on")
    rows: list[dict[str, Any]] = [{**row} for row in Staff.objects.order_by("pk").values(*names)]
    return CurrentStaff(rows, generation.is_made_up)


def bad_files() -> list[tuple[str, int]]:
    """Files with quarantined findings and how many, the worst first."""
    rows = Quarantine.objects.values_list("file_name").annotate(n=Count("*"))
    return list(rows.order_by("-n", "file_name"))


def reasons(file_name: str) -> list[tuple[str, int]]:
    """How many quarantined rows of a file each reason has, the most frequent first."""
    rows = Quarantine.objects.filter(file_name=file_name).values_list("quarantine_reason")
    return list(rows.annotate(n=Count("*")).order_by("-n", "quarantine_reason"))


def quarantined(file_name: str, reason: str, cursor: str) -> Keyset[Quarantine]:
    """A page of a file's quarantined rows, in the order of its lines."""
    rows = Quarantine.objects.filter(file_name=file_name)
    if reason:
        rows = rows.filter(quarantine_reason=reason)
    return keyset(rows, ("line_no", "column_name"), cursor)


def change_counts() -> list[tuple[str, int]]:
    """How many clients changed in what, against the run before."""
    rows = ClientChange.objects.values_list("changed").annotate(n=Count("*"))
    return list(rows.order_by("-n", "changed"))
