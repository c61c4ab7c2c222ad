"""`write_returns`: give what people decided at the desk to the next run."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from keepwell.desk.exchange import returns


class Command(BaseCommand):
    """Write contacts, outcomes, overrides and assignments into DATA/returns, before `keepwell run`."""

    help = "Write what people decided into DATA/returns for the next run; call it before keepwell run."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print one line: up to when, how many acts."""
        try:
            given = returns.write(by=None, at=timezone.now())
        except returns.ReturnsBusy as error:
            raise CommandError(str(error)) from error
        told = ", ".join(f"{name} {n}" for name, n in given.counts.items())
        state = "written" if given.is_new else "nothing new since"
        self.stdout.write(f"returns {state} {timezone.localtime(given.cut):%Y-%m-%d %H:%M:%S}: {told}")
