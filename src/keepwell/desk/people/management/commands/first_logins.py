"""`manage first_logins`: the two administrators that `keepwell init` was told, each with a one-time password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.crypto import get_random_string

from keepwell.contract.codes import Role
from keepwell.desk.people.actions import create_user
from keepwell.desk.people.models import User


class Command(BaseCommand):
    """Prints each new login with its password, once; it must be changed at the first log-in."""

    help = "Make the two administrators named in firm.toml; those that exist are left as they are."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make the administrators that are missing."""
        names = settings.FIRM_ADMINISTRATORS
        if len(set(names)) != 2:
            raise CommandError("firm.toml names no two administrators: run `keepwell init` first.")
        for name in names:
            if User.objects.filter(username=name).exists():
                self.stdout.write(f"  {name}: exists, left as it is")
                continue
            password = get_random_string(16)
            create_user(
                username=name,
                display_name=name,
                role=str(Role.ADMIN),
                password=password,
                by=None,
                at=timezone.now(),
                staff_code=name,
            )
            self.stdout.write(f"  {name}: {password}  (shown once; to be changed at the first log-in)")
