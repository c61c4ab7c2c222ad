"""`manage verify_audit`: is the log whole? Exit code 1 when a row was altered, removed or cut off."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.audit.queries import verify


class Command(BaseCommand):
    """Prints a line a stream and a line a finding."""

    help = "Check the chain of both logs against their entries and their signed heads."

    def add_arguments(self, parser: CommandParser) -> None:
        """--heads and --stream."""
        parser.add_argument(
            "--heads", type=Path, help="signed heads kept elsewhere, instead of those beside the desk"
        )
        parser.add_argument("--stream", choices=sorted(ENTRIES), help="one log alone; needed with --heads")

    def handle(self, *_args: Any, heads: Path | None, stream: str | None, **_options: Any) -> None:
        """Check both streams, or one."""
        if heads and not stream:
            raise CommandError(
                "--heads holds the heads of one log: say which by --stream firm or --stream aml"
            )
        if heads and not heads.is_file():
            raise CommandError(f"--heads {heads}: no such file")
        key = read_or_make(settings.AUDIT_KEY_FILE)
        whole = True
        for name in [stream] if stream else ENTRIES:
            report = verify(name, key, heads=heads, now=timezone.now())
            state = "whole" if not report.findings else f"{len(report.findings)} findings"
            self.stdout.write(
                f"{name}: {state}; {report.sealed} sealed, {report.unsealed} not yet, {report.heads} signed heads"
            )
            for found in report.findings:
                entry = "" if found.entry_id is None else f", entry {found.entry_id}"
                self.stdout.write(f"  {found.kind} at position {found.position}{entry}")
            whole = whole and not report.findings
        if not whole:
            sys.exit(1)
