"""What is done with a client at this desk: reading, which always leaves a trace before anything is shown."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from keepwell.contract.identity import Client
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import record
from keepwell.desk.clients import reveals, sealing
from keepwell.desk.clients.acted import Override, PinnedView, RecentClient, SavedView
from keepwell.desk.clients.models import ClientSecret
from keepwell.desk.clients.scope import visible_one
from keepwell.desk.forms.codes import Proof, proof_of
from keepwell.desk.generations.cuts import stamped
from keepwell.desk.people import approvers
from keepwell.desk.people.models import User
from keepwell.desk.ui.http import Refused, demand

RECENTLY = dt.timedelta(days=30)
LONGEST_ID = Client.columns["client_id"].length


@transaction.atomic
def read_card(*, client_id: str, part: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that a client's card was opened, and which part of it; it stands among those opened lately."""
    RecentClient.objects.bulk_create(
        [RecentClient(user=by, client_id=client_id, opened_at=at)],
        update_conflicts=True,
        unique_fields=["user", "client"],
        update_fields=["opened_at"],
    )
    RecentClient.objects.filter(user=by, opened_at__lt=at - RECENTLY).delete()
    record(
        by=by,
        at=at,
        verb="clients.read_card",
        subject_kind="client",
        subject_id=client_id,
        payload={"part": part},
        run=run,
    )


@transaction.atomic
def miss_card(*, client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that someone asked for a client that is unknown or outside their scope: probing is seen."""
    record(
        by=by,
        at=at,
        verb="clients.miss_card",
        subject_kind="client",
        subject_id=client_id[:LONGEST_ID],
        verdict=refuse(Refusal.NOT_FOUND),
        run=run,
    )


@transaction.atomic
def read_access(*, client_id: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that someone asked who can see a client."""
    record(by=by, at=at, verb="clients.read_access", subject_kind="client", subject_id=client_id, run=run)


@transaction.atomic
def read_explanation(*, client_id: str, figure: str, run: str, by: User, at: dt.datetime) -> None:
    """Trace that someone asked how a figure was made."""
    record(
        by=by,
        at=at,
        verb="clients.read_explanation",
        subject_kind="client",
        subject_id=client_id,
        payload={"figure": figure},
        run=run,
    )


@transaction.atomic
def search(*, n_found: int, run: str, by: User, at: dt.datetime) -> None:
    """Trace a search by its number of hits; what was typed is never kept."""
    record(by=by, at=at, verb="clients.search", payload={"n_found": n_found}, run=run)


@transaction.atomic
def reveal(
    *, client_id: str, field: str, purpose: str, by: User, at: dt.datetime, run: str, note: str = ""
) -> str | None:
    """A secret fact of a client in full, traced with its purpose and never with its value; `None`: not delivered.

    The only place that decrypts one. Raises `Refused` without the permission or a purpose and where the value does
    not open, `Http404` out of scope.
    """
    demand(reveals.may_reveal(by), subject_kind="client", subject_id=client_id)
    demand(reveals.has_purpose(purpose, note), subject_kind="client", subject_id=client_id)
    if not visible_one(by, client_id, on=timezone.localdate(at)).exists():
        raise Http404(client_id)
    value = _opened(client_id, run).get(field, "")
    record(
        by=by,
        at=at,
        verb="clients.reveal",
        subject_kind="client",
        subject_id=client_id,
        payload={"field": field, "purpose": purpose, "note": reveals.kept(note, value)},
        run=run,
    )
    return value or None


@transaction.atomic
def hash_tails(*, client_id: str, run: str, by: User, at: dt.datetime) -> Proof:
    """What the client is asked for before a form on the pages for clients: salted hashes of four digits of the phone
    that no page shows, or of the document's tail; traced, shown to nobody.
    """
    held = _opened(client_id, run)
    proof = proof_of(phone=held.get("phone", ""), document=held.get("id_number", ""))
    record(
        by=by,
        at=at,
        verb="clients.hash_tails",
        subject_kind="client",
        subject_id=client_id,
        payload={"n": len(proof.hashes), "kind": str(proof.kind)},
        run=run,
    )
    return proof


def _opened(client_id: str, run: str) -> dict[str, str]:
    """The client's secret facts; the sentence for the administrator, with file and remedy, goes to the server's log."""
    row = ClientSecret.objects.filter(pk=client_id).first()
    if row is None:
        return {}
    try:
        return sealing.opened(run, ClientSecret.contract_table, (client_id,), row.sealed)
    except sealing.Unreadable as error:
        logging.getLogger(__name__).error("%s", error)  # noqa: TRY400  no trace: its locals hold the sealed value
        verdict = refuse(Refusal.SECRET_UNREADABLE)
        raise Refused(verdict, subject_kind="client", subject_id=client_id) from error


@dataclass(frozen=True, slots=True)
class Asked:
    """How a proposal is told to those who may decide it: masked title, their permission and branch, and the policy
    that the rules' own value was made by.
    """

    title: approvers.Title
    permission: str
    branch_code: str
    policy: str


@transaction.atomic
def propose_override(
    *,
    client_id: str,
    record_code: str,
    field: str,
    from_value: str,
    to_value: str,
    reason: str,
    expires_on: dt.date,
    told: Asked,
    run: str,
    by: User,
    at: dt.datetime,
) -> Override:
    """Say that a client's grade or type should be another until a day; a second person is asked to decide.

    `record_code` is the customer record it concerns, so that a split of the client can route it.
    """
    asked = {"field": field, "from_value": from_value, "to_value": to_value, "expires_on": expires_on}
    whose = {"client_id": client_id, "record_code": record_code}
    row = Override.objects.create(reason=reason.strip(), proposed_by=by, proposed_at=at, **whose, **asked)
    record(
        by=by,
        at=at,
        verb="clients.propose_override",
        subject_kind="client",
        subject_id=client_id,
        payload={"override": row.pk, **asked, "policy": told.policy},
        run=run,
    )
    approvers.ask(
        permission=told.permission,
        title=told.title,
        key=f"clients.override:{row.pk}",
        branch_code=told.branch_code,
        by=by,
        at=at,
    )
    return row


@transaction.atomic
def decide_override(
    *,
    override: Override,
    is_approved: bool,
    reason: str,
    title: approvers.Title,
    run: str,
    by: User,
    at: dt.datetime,
) -> Override:
    """Approve or return a proposal as it was read; raises `Override.DoesNotExist` when it has changed since."""
    row = Override.objects.select_for_update().get(
        pk=override.pk, version=override.version, state=Override.State.PROPOSED
    )
    at = stamped(at)
    row.state = Override.State.APPROVED if is_approved else Override.State.RETURNED
    row.decided_by, row.decided_at, row.decision_reason = by, at, reason.strip()
    row.version += 1
    row.save()
    verb = "clients.approve_override" if is_approved else "clients.return_override"
    record(verb=verb, run=run, by=by, at=at, **_of_override(row))
    approvers.answer(
        to=row.proposed_by_id,
        title=title,
        key=f"clients.override:{row.pk}:{row.version}",
        is_approved=is_approved,
        reason=row.decision_reason,
        by=by,
        at=at,
        url=reverse("clients:card", args=[row.client_id]),
    )
    return row


@transaction.atomic
def withdraw_override(*, override: Override, run: str, by: User, at: dt.datetime) -> None:
    """Take one's own proposal back; raises `Override.DoesNotExist` when it was decided meanwhile."""
    row = Override.objects.select_for_update().get(
        pk=override.pk, version=override.version, state=Override.State.PROPOSED
    )
    row.state = Override.State.WITHDRAWN
    row.version += 1
    row.save(update_fields=["state", "version"])
    record(verb="clients.withdraw_override", run=run, by=by, at=at, **_of_override(row))


def _of_override(row: Override) -> dict[str, Any]:
    return {
        "subject_kind": "client",
        "subject_id": row.client_id,
        "payload": {"override": row.pk, "field": row.field, "to": row.to_value},
    }


@transaction.atomic
def save_view(
    *, name: str, query: str, reach: str, place_code: str, run: str, by: User, at: dt.datetime
) -> SavedView:
    """Keep the list's filters under a name; one's own view of that name is replaced."""
    view, _made = SavedView.objects.update_or_create(
        owner=by,
        name=name,
        defaults={"query": query, "reach": reach, "place_code": place_code, "saved_at": at},
    )
    record(
        by=by,
        at=at,
        verb="clients.save_view",
        subject_kind="view",
        subject_id=str(view.pk),
        payload={"name": name, "query": query, "reach": reach},
        run=run,
    )
    return view


@transaction.atomic
def delete_view(*, view: SavedView, run: str, by: User, at: dt.datetime) -> None:
    """Remove one's own view; the team no longer finds it."""
    told = {"name": view.name, "reach": view.reach}
    record(
        by=by,
        at=at,
        verb="clients.delete_view",
        subject_kind="view",
        subject_id=str(view.pk),
        payload=told,
        run=run,
    )
    view.delete()


@transaction.atomic
def pin_view(*, view: SavedView, is_pinned: bool, run: str, by: User, at: dt.datetime) -> None:
    """Keep a view in front of the others, or no longer; for oneself alone."""
    if is_pinned:
        PinnedView.objects.get_or_create(user=by, view=view)
    else:
        PinnedView.objects.filter(user=by, view=view).delete()
    record(
        by=by,
        at=at,
        verb="clients.pin_view",
        subject_kind="view",
        subject_id=str(view.pk),
        payload={"is_pinned": is_pinned},
        run=run,
    )
