"""What the current generation says about itself: staff, deliveries, quarantined rows."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from keepwell.desk.clients.models import Staff
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.staff_source import CurrentStaff


def current_staff() -> CurrentStaff | None:
    """Staff of the current run for the demo logins; only the made-up firm has a known truth beside it."""
    if read_current() is None:
        return None
    rows = Staff.objects.order_by("pk").values(
        "staff_code", "branch_code", "team_code", "staff_name", "role", "left_on"
    )
    return CurrentStaff(list(rows), (Path(settings.DATA) / "truth").is_dir())
