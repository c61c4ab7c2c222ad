"""核验链条 as a job: every link, every entry, every signed head of the firm's log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.desk.audit import actions, queries
from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.ui import formats, jobs
from keepwell.desk.ui.models import Job

KIND = "audit.verify"
STREAM = "firm"
SHOWN = 5


def run(job: Job) -> Iterator[jobs.Step]:
    """Check batch by batch; the result says 「链条完整」 and up to where, or what was found and where."""
    last = actions.head(STREAM).position
    steps = queries.verifying(STREAM, read_or_make(settings.AUDIT_KEY_FILE), now=timezone.now())
    while True:
        try:
            yield _("checking entries"), next(steps), last
        except StopIteration as end:
            report: queries.Report = end.value
            break
    job.result = told(report)
    job.payload = {"sealed": report.sealed, "findings": len(report.findings)}  # for `finished`


def finished(job: Job, at: dt.datetime) -> None:
    """Log what the check found."""
    actions.verify_chain(by=jobs.actor(job), at=at, **job.payload)


def told(report: queries.Report) -> str:
    """The report as one sentence in the reader's language."""
    counts = {
        "sealed": formats.number(report.sealed),
        "unsealed": formats.number(report.unsealed),
        "heads": formats.number(report.heads),
    }
    if not report.findings:
        return (
            _("The chain is whole: sealed %(sealed)s, not yet %(unsealed)s, signed heads %(heads)s.") % counts
        )
    places = ", ".join(f"{found.kind} {found.position}" for found in report.findings[:SHOWN])
    n = len(report.findings)
    said = ngettext(
        "%(n)s finding: %(places)s. Keep the database as it is and call audit.",
        "%(n)s findings: %(places)s. Keep the database as it is and call audit.",
        n,
    )
    return said % {"n": formats.number(n), "places": places}
