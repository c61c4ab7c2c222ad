"""What a leaver's tasks become: they stand with the clients, and so with whoever looks after these next."""

from __future__ import annotations

from django.utils.translation import ngettext

from keepwell.desk.clients import staffing
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.queries import current
from keepwell.desk.people import leaving
from keepwell.desk.work.queries import n_of_staff


def register() -> None:
    """Call it in `AppConfig.ready`."""
    leaving.register("tasks", leaving.Part(lambda n: ngettext("task held", "tasks held", n), held))


def held(staff_code: str) -> leaving.Held:
    """How many tasks wait about the person's clients, and who gets them."""
    of_clients, generation = staffing.held(staff_code), current()
    n = n_of_staff(staff_code, desk_day(generation)) if of_clients.n and generation else 0
    return leaving.Held(n, of_clients.to)
