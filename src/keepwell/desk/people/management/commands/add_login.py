"""`manage add_login`: a login for one person, made at set-up on the server; the audit log names no actor."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.crypto import get_random_string

from keepwell.contract.codes import Role
from keepwell.desk.people.actions import create_user
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import ROLES, Scope
from keepwell.desk.people.rules import has_known_place, has_staff_number, missing_place


class Command(BaseCommand):
    """Prints the one-time password, which must be changed at the first log-in."""

    help = "Make a login with a role; branch roles need --branch, team leaders --team, managers --staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, in which role, with which scope."""
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[str(role) for role in Role])
        parser.add_argument("--name", default="", help="the name shown (default: the user name)")
        parser.add_argument("--staff", default="", help="staff number")
        parser.add_argument("--branch", default="", help="branch code")
        parser.add_argument("--team", default="", help="team code")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the login. Refused when the name is taken or the role's scope would be empty."""
        username, role = options["username"], Role.of(options["role"])
        needed = {Scope.OWN: "staff", Scope.TEAM: "team", Scope.BRANCH: "branch"}.get(ROLES[role].scope)
        if needed and not options[needed]:
            raise CommandError(f"--{needed} is missing: a {role} sees the clients of one {needed}.")
        if missing_place(role, {"branch_code": options["branch"]}) == "branch_code" and needed == "branch":
            raise CommandError(f"--branch {options['branch']} is no place of a {role}.")
        if not (verdict := has_staff_number({"staff_code": options["staff"]})):
            raise CommandError(f"--staff is missing. {verdict.in_language('en')}")
        if not (verdict := has_known_place({f"{name}_code": options[name] for name in ("branch", "team")})):
            raise CommandError(verdict.in_language("en"))
        if User.objects.filter(username=username).exists():
            raise CommandError(f"{username} exists already.")
        password = get_random_string(16)
        create_user(
            username=username,
            display_name=options["name"] or username,
            role=str(role),
            password=password,
            by=None,
            at=timezone.now(),
            staff_code=options["staff"],
            branch_code=options["branch"],
            team_code=options["team"],
        )
        self.stdout.write(f"{username}: {password}  (shown once; to be changed at the first log-in)")
