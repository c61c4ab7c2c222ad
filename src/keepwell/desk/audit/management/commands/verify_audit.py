"""`manage verify_audit`: is the log whole? Exit code 1 when a row was altered, removed or cut off."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.audit.queries import verify


class Command(BaseCommand):
    """Prints a line a stream and a line a finding."""

    help = "Check the chain of both logs against their entries and their signed heads."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Check both streams."""
        key = read_or_make(settings.AUDIT_KEY_FILE)
        whole = True
        for stream in ENTRIES:
            report = verify(stream, key)
            state = "whole" if not report.findings else f"{len(report.findings)} findings"
            self.stdout.write(
                f"{stream}: {state}; {report.sealed} sealed, {report.unsealed} not yet, {report.heads} signed heads"
            )
            for found in report.findings:
                entry = "" if found.entry_id is None else f", entry {found.entry_id}"
                self.stdout.write(f"  {found.kind} at position {found.position}{entry}")
            whole = whole and not report.findings
        if not whole:
            sys.exit(1)
