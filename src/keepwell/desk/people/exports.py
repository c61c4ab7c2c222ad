"""Taking rows away as a file: asked for with a purpose, let go by a second person beyond 50 rows, written by a job.

Everything that binds a person is asked twice: when they ask, and when the job runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people import approvals, approvers
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import exports, formats, jobs, sheets
from keepwell.desk.ui.http import demand
from keepwell.desk.ui.models import Export, Job

JOB = "people.export"
LATELY = 20
LONGEST_QUERY = 1000


def may_take(user: User, kind: exports.Kind, n_found: int, *, at_most: int = exports.AT_MOST) -> Verdict:
    """Whether so many rows may be taken in one file: the right is the role's, the limit is everybody's (M21)."""
    allowed = user.may(kind.permission)
    if not allowed:
        return allowed
    if n_found > at_most:
        shown = formats.number(n_found) if n_found <= exports.COUNTED_TO else f"{exports.COUNTED_TO:,}+"
        return refuse(Refusal.TOO_MANY_ROWS, n_found=shown, at_most=f"{at_most:,}")
    return ALLOWED


def n_found(user: User, name: str, query: str) -> int:
    """How many rows the file would hold, counted up to 100,000."""
    kind = exports.kind_of(name)
    return kind.count(user, query, exports.COUNTED_TO + 1) if kind else 0


@transaction.atomic
def request_export(
    *, kind: str, query: str, form: str, purpose: str, run: str, by: User, at: dt.datetime
) -> Export:
    """Ask for a file: up to 50 rows it is made at once, beyond that another person lets it go.

    Raises `Refused`: no right, over the limit (M21), no purpose (M20).
    """
    found, query = (
        exports.kind_of(kind),
        query[:LONGEST_QUERY],
    )  # counted by what is kept, not by what was sent
    n = n_found(by, kind, query)
    demand(
        may_take(by, found, n) if found else refuse(Refusal.NOT_FOUND), subject_kind="export", subject_id=kind
    )
    if not purpose.strip():
        demand(refuse(Refusal.PURPOSE), subject_kind="export", subject_id=kind)
    is_small = n <= exports.ALONE_UP_TO
    export = Export.objects.create(
        kind=kind,
        query=query,
        form=form if form in sheets.FORMS else "csv",
        purpose=purpose.strip()[:200],
        n_rows=n,
        run=run,
        state=Export.State.ALLOWED if is_small else Export.State.PROPOSED,
        actor_id=by.pk,
        actor_name=by.display_name,
        branch_code="" if by.scope is Scope.FIRM else by.branch_code,
        stream=by.audit_stream,
        proposed_at=at,
    )
    _trace("people.request_export", export, by, at, {"purpose": export.purpose})
    if is_small:
        _start(export, by, at)
    elif found:
        _ask(export, found, by, at)
    return export


def _ask(export: Export, kind: exports.Kind, by: User, at: dt.datetime) -> None:
    export.asked_name = approvers.ask(
        permission=kind.permission,
        title=partial(title_of, export),
        key=f"export:{export.pk}",
        by=by,
        at=at,
        branch_code=export.branch_code,
        of_firm=not export.branch_code,
    )
    export.save(update_fields=["asked_name"])


def _start(export: Export, owner: User, at: dt.datetime) -> None:
    job = jobs.start(kind=JOB, payload={"export": export.pk}, by=owner, at=at, key=str(export.pk))
    Export.objects.filter(pk=export.pk).update(job_id=job.pk)


def _trace(
    verb: str, export: Export, by: User, at: dt.datetime, more: dict[str, object] | None = None
) -> None:
    payload = {"kind": export.kind, "n_rows": export.n_rows, **(more or {})}
    record(
        by=by,
        at=at,
        verb=verb,
        subject_kind="export",
        subject_id=str(export.pk),
        payload=payload,
        run=export.run,
    )


def title_of(export: Export) -> str:
    """The request in words."""
    said = ngettext("Export: %(what)s, %(n)s row", "Export: %(what)s, %(n)s rows", export.n_rows)
    return said % {"what": exports.label_of(export.kind), "n": formats.number(export.n_rows)}


def is_for(user: User, export: Export) -> bool:
    """Whether the request is one that the user's role and scope may decide, or the user's own."""
    of_scope = user.scope is Scope.FIRM or export.branch_code == user.branch_code
    return export.stream == user.audit_stream and of_scope and export.kind in exports.kinds_of(user)


def open_to(user: User) -> list[Export]:
    """Requests that wait and that the user's role and scope may decide, the own ones among them, oldest first."""
    return list(_open_to(user).order_by("id")[:200])


def others_open_to(user: User) -> QuerySet[Export]:
    """Requests that wait for this user: the own ones are somebody else's work."""
    return _open_to(user).exclude(actor_id=user.pk)


def _open_to(user: User) -> QuerySet[Export]:
    rows = Export.objects.filter(
        state=Export.State.PROPOSED, kind__in=exports.kinds_of(user), stream=user.audit_stream
    )
    return rows if user.scope is Scope.FIRM else rows.filter(branch_code=user.branch_code)


@transaction.atomic
def decide_export(*, export: Export, decision: approvals.Decision, by: User, at: dt.datetime) -> None:
    """Let a file go or return the request. Raises `Refused`: own request (M12), decided or changed since (M25)."""
    asked = approvals.may_decide(by, proposed_by_id=export.actor_id, approver_name=export.asked_name)
    demand(asked, subject_kind="export", subject_id=str(export.pk))
    _decide(export, decision, by, at)
    verb = "people.approve_export" if decision.is_approved else "people.return_export"
    _trace(verb, export, by, at, {"reason": decision.reason})
    if decision.is_approved:
        _start(export, User.objects.get(pk=export.actor_id), at)
    approvers.answer(
        to=export.actor_id,
        title=partial(title_of, export),
        key=f"export:{export.pk}",
        is_approved=decision.is_approved,
        reason=decision.reason,
        by=by,
        at=at,
        url="/me/exports/",
    )


def _decide(export: Export, decision: approvals.Decision, by: User, at: dt.datetime) -> None:
    is_open = Export.objects.filter(pk=export.pk, version=decision.version, state=Export.State.PROPOSED)
    changed = is_open.update(
        state=Export.State.ALLOWED if decision.is_approved else Export.State.RETURNED,
        decided_by_id=by.pk,
        decided_by_name=by.display_name,
        decided_at=at,
        reason=decision.reason,
        version=decision.version + 1,
    )
    if not changed:
        who = export.decided_by_name if export.decided_at else export.actor_name
        stale = approvals.unchanged(
            version_read=-1, version_now=0, changed_by=who, changed_at=export.decided_at or at
        )
        demand(stale, subject_kind="export", subject_id=str(export.pk))


@transaction.atomic
def withdraw_export(*, export: Export, by: User, at: dt.datetime) -> bool:
    """Take one's own request back while it waits."""
    own = Export.objects.filter(pk=export.pk, actor_id=by.pk, state=Export.State.PROPOSED)
    if not own.update(state=Export.State.WITHDRAWN, version=export.version + 1):
        return False
    _trace("people.withdraw_export", export, by, at)
    return True


def run(job: Job) -> Iterator[jobs.Step]:
    """Write the file: whom it is for, what they may see and the limit are asked again."""
    export = Export.objects.get(pk=job.payload["export"])
    user, kind = jobs.actor(job), exports.kind_of(export.kind)
    generation = read_current()
    n = n_found(user, export.kind, export.query)
    most = exports.AT_MOST if export.decided_by_id else exports.ALONE_UP_TO  # rows may have come since
    allowed = may_take(user, kind, n, at_most=most) if kind else refuse(Refusal.NOT_FOUND)
    if kind is None or not allowed:
        raise jobs.Failed(allowed.in_language(user.language))
    now = timezone.localtime(timezone.now())
    columns, rows = kind.columns(user), kind.rows(user, export.query)
    written = 0
    with job.open_file(f"{kind.label}-{now:%Y%m%d-%H%M}.{export.form}") as file:
        for written in sheets.write(
            file, export.form, marks=_marks(export, kind, user, generation, now), columns=columns, rows=rows
        ):
            yield gettext("writing rows"), written, max(n, written)
    job.result = ngettext("%(n)s row", "%(n)s rows", written) % {"n": formats.number(written)}


def _marks(
    export: Export, kind: exports.Kind, user: User, generation: Generation | None, now: dt.datetime
) -> tuple[str, str]:
    """Who took it away, when and for what; what it is, as of when, by which filters."""
    taken = gettext("Taken away by %(name)s · staff number %(code)s · %(at)s · purpose: %(purpose)s") % {
        "name": user.display_name,
        "code": user.staff_code or user.username,
        "at": now.strftime("%Y-%m-%d %H:%M:%S"),
        "purpose": export.purpose,
    }
    about = gettext("%(what)s · as of %(day)s · run %(run)s") % {
        "what": kind.label,
        "day": generation.as_of_on.isoformat() if generation else formats.UNKNOWN,
        "run": generation.number if generation else formats.UNKNOWN,
    }
    told = kind.told(export.query)
    return taken, f"{about} · {told}" if told else about


def finished(job: Job, at: dt.datetime) -> None:
    """Log that the rows left, under the kind's own verb, in the transaction in which the file becomes fetchable."""
    export = Export.objects.get(pk=job.payload["export"])
    user = jobs.actor(job)
    _trace(export.kind, export, user, at, {"purpose": export.purpose, "written": job.result})


def may_fetch(user: User, job: Job) -> Verdict:
    """The right is asked again when the file is fetched."""
    export = Export.objects.filter(pk=job.payload["export"]).first()
    kind = exports.kind_of(export.kind) if export else None
    return user.may(kind.permission) if kind else refuse(Refusal.NOT_FOUND)
