"""Where the records of clients disagree, and what was found out; every query of many starts from `reach`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.contract.golden import Severity
from keepwell.contract.reasons.identity import ConflictReason, PairReason
from keepwell.desk.clients.models import ClientRecord, Place
from keepwell.desk.clients.scope import numbered
from keepwell.desk.clients.scope import within as of_places
from keepwell.desk.identities.models import (
    GoldenField,
    IdentityConflict,
    LimitedAccount,
    PairLine,
    Remediation,
    Verification,
    WriteBackRow,
)
from keepwell.desk.identities.reach import sees_all, within
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import Keyset, beyond, keyset

ORDER = ("urgency", "since_on", "conflict_key")
COUNTED_TO = 10_000
SHOWN = 20
AT_MOST = 50  # pairs of one number read for the branches they lie in
State = Verification.State


def waiting(user: User, severity: str = "", kind: str = "", branch: str = "") -> QuerySet[IdentityConflict]:
    """Conflicts within reach of which nobody has found out yet what is true, be it before the run or since.

    One whose finding the firm's other systems refused waits again, until it is sent again or taken back. Whoever sees
    the firm may ask for the clients of one branch.
    """
    settled = Verification.objects.filter(state=State.IN_FORCE, conflict_key=OuterRef("conflict_key"))
    refused = WriteBackRow.objects.filter(is_back=True, conflict_key=OuterRef("conflict_key"))
    wanted = ~Exists(settled) | Exists(refused)
    rows = within(user, IdentityConflict.objects.filter(wanted), "client_id")
    if branch and sees_all(user):
        rows = of_places(rows, Place.objects.filter(home_branch_code=branch))
    rows = rows.filter(severity=severity) if severity in set(Severity) else rows
    return rows.filter(conflict_reason=kind) if kind in set(ConflictReason) else rows


def n_waiting(user: User, branch: str = "") -> int:
    """How many wait, counted up to 10,000."""
    return waiting(user, branch=branch).order_by()[:COUNTED_TO].count()


def listed(user: User, cursor: str, **narrowed: str) -> Keyset[IdentityConflict]:
    """The work list: the gravest kind first, then the longest waiting."""
    return keyset(waiting(user, **narrowed).select_related("client__line"), ORDER, cursor)


def one(user: User, conflict_key: str) -> IdentityConflict | None:
    """A conflict within reach, settled or not."""
    rows = IdentityConflict.objects.filter(conflict_key=conflict_key).select_related("client__line")
    return within(user, rows, "client_id").first()


def following(user: User, conflict: IdentityConflict, **narrowed: str) -> IdentityConflict | None:
    """The conflict that waits behind this one, on the list as it is narrowed."""
    rows = waiting(user, **narrowed).order_by(*ORDER)
    return rows.filter(beyond(ORDER, [getattr(conflict, key) for key in ORDER])).first() or rows.first()


def dates_of(client_ids: Iterable[str]) -> dict[str, dt.date]:
    """Until when existing clients are brought up to date: by then their conflicts without a date are mended."""
    rows = numbered(Remediation.objects.filter(due_on__isnull=False), list(client_ids))
    return {row.client_id: row.due_on for row in rows if row.due_on}


def of_client(client_id: str) -> list[IdentityConflict]:
    """A client's conflicts, the gravest first; the client is within the asker's reach."""
    return list(IdentityConflict.objects.filter(client_id=client_id).order_by("urgency", "conflict_key"))


def fields_of(client_id: str, golden_field: str = "") -> list[GoldenField]:
    """What each record of a client says, of all facts or of one."""
    rows = GoldenField.objects.filter(client_id=client_id).order_by("golden_field", "record_code")
    return list(rows.filter(golden_field=golden_field) if golden_field else rows)


def accounts_of(client_id: str) -> list[LimitedAccount]:
    """Accounts of the kinds and markets of which the client has too many, in the order of opening."""
    rows = LimitedAccount.objects.filter(client_id=client_id)
    return list(rows.order_by("market", "account_kind", "nth"))


def branches_elsewhere(client_id: str) -> list[str]:
    """Branches where the document number of a client stands under another name: where to ask, never of whom."""
    shared = PairLine.objects.filter(pair_reason=PairReason.SAME_ID_OTHER_NAME)
    found = shared.filter(Q(left_client_id=client_id) | Q(right_client_id=client_id))
    others = [row.right_code if row.left_client_id == client_id else row.left_code for row in found[:AT_MOST]]
    rows = ClientRecord.objects.filter(record_code__in=others).exclude(client_id=client_id)
    return sorted(set(rows.values_list("branch_code", flat=True)))


def said(conflict_key: str) -> list[Verification]:
    """What people found out or tried, newest first."""
    rows = Verification.objects.filter(conflict_key=conflict_key).select_related("by", "undone_by")
    return list(rows.order_by("-at", "-pk")[:SHOWN])


def diligence(client_id: str) -> list[Verification]:
    """What people found out or tried about a client's customer numbers of today, newest first."""
    codes = ClientRecord.objects.filter(client_id=client_id).values("record_code")
    rows = Verification.objects.filter(record_code__in=codes).select_related("by", "undone_by")
    return list(rows.order_by("-at", "-pk")[:SHOWN])


def in_force(conflict_key: str) -> Verification | None:
    """By what the conflict is settled."""
    rows = Verification.objects.filter(conflict_key=conflict_key, state=State.IN_FORCE)
    return rows.select_related("by").first()


def settled_of(keys: list[str]) -> dict[str, Verification]:
    """By what each of these conflicts is settled."""
    rows = Verification.objects.filter(conflict_key__in=keys, state=State.IN_FORCE)
    return {row.conflict_key: row for row in rows.select_related("by")}


def verification(user: User, pk: int) -> Verification | None:
    """A finding within reach."""
    return within(user, Verification.objects.filter(pk=pk).select_related("by"), "client_id").first()


def refused_of(keys: Iterable[str]) -> dict[str, WriteBackRow]:
    """The first row of each conflict that the firm's other systems refused and that waits."""
    rows = WriteBackRow.objects.filter(is_back=True, conflict_key__in=set(keys)).order_by("-pk")
    return {row.conflict_key: row for row in rows}
