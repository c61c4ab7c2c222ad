"""`manage approve_first_plan`: part of the made-up firm's set-up, called by `load_run`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import Actor
from keepwell.desk.clients.assignments import approve_plan
from keepwell.desk.clients.models import Assignment, ClientRecord, Place, Staff
from keepwell.desk.clients.places import renew_statistics
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.models import User


@dataclass(slots=True)
class Signer:
    """Someone of the run's staff who signs at set-up, before they have a login."""

    display_name: str
    role: str
    pk: int | None = None
    audit_stream: str = "firm"


class Command(BaseCommand):
    """Once a plan of another run was approved, nothing happens: later plans are approved by people."""

    help = "Each branch's head approves the first proposal of the made-up firm; a real firm's people do it at the desk."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose stories are told stay with whom they are told of."""
        parser.add_argument("--stay", nargs="*", default=[], help="customer numbers that keep their manager")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print one line a branch: its head, how many clients change manager."""
        run = read_current()
        if run is None:
            raise CommandError("No run has been loaded: run `keepwell run`, then `manage load_run`.")
        if not run.is_made_up:
            raise CommandError(refuse(Refusal.NOT_MADE_UP).in_language("en"))
        if Assignment.objects.filter(grounds=Place.Grounds.PLAN).exclude(run=run.run_id).exists():
            return
        stay = set(
            ClientRecord.objects.filter(record_code__in=options["stay"]).values_list("client_id", flat=True)
        )
        for head in Staff.objects.filter(role=str(Role.BRANCH_HEAD), left_on=None).order_by(
            "branch_code", "pk"
        ):
            changed = approve_plan(
                branch_code=head.branch_code, by=_signer(head), at=timezone.now(), run=run.run_id, stay=stay
            )
            self.stdout.write(
                f"  plan of {head.branch_code}: approved by {head.staff_name}, {changed} changes"
            )
        renew_statistics()


def _signer(head: Staff) -> Actor:
    """The head's login if there is one, else the person as the run names them."""
    user = User.objects.filter(staff_code=head.pk, is_active=True).first()
    return user or Signer(head.staff_name, str(Role.BRANCH_HEAD))
