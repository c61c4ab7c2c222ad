"""`manage demo_logins`: one login a role for the made-up firm, with the documented password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.people import staff_source
from keepwell.desk.people.actions import DEMO_PASSWORD, NotMadeUp, create_demo_logins


class Command(BaseCommand):
    """Prints one line a login: user name, role, name."""

    help = (
        "Make one login a role (two for administrators, HQ brokerage, branch heads, managers, service desk) for "
        "the made-up firm."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make the logins that are missing; refused when the current run is not the made-up firm's."""
        staff = staff_source.current_staff()
        if staff is None:
            raise CommandError("No run has been loaded: run `keepwell run`, then `manage load_run`.")
        try:
            users = create_demo_logins(
                staff_rows=staff.rows, is_made_up=staff.is_made_up, by=None, at=timezone.now()
            )
        except NotMadeUp as error:
            raise CommandError(refuse(Refusal.NOT_MADE_UP).in_language("en")) from error
        self.stdout.write(f"Demo logins (password of all: {DEMO_PASSWORD})")
        for user in users:
            self.stdout.write(
                f"  {user.username:<14} {user.role_text.zh} {user.role_text.en}, {user.display_name}"
            )
