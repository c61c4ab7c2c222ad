"""Dealings with the client: who was reached, who complained, who asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.contract.codes import ApplicationKind, ApplicationStage, ComplaintKind, ContactOutcome
from keepwell.engine import frames
from keepwell.engine.features.rules import windows

CONTACTED = (30, 90, 180, 365)
COMPLAINED = (90, 365)


def contacts(contact: Any, returned_contact: Any, client_record: Any, as_of: dt.date) -> Any:
    """Contacts that reached the client: those the firm delivers and those recorded at the desk (R101)."""
    parts = [
        windows.known(rows, "contacted_on", as_of).select("record_code", "contacted_on", "outcome")
        for rows in (contact, returned_contact)
    ]
    seen = parts[0].union(parts[1])
    owned = _owned(seen.filter(seen.outcome == str(ContactOutcome.REACHED)), client_record)
    counts = {f"n_contacts_{n}d": frames.within(owned.contacted_on, as_of, n).sum() for n in CONTACTED}
    return owned.group_by("client_id").agg(**counts, last_contact_on=owned.contacted_on.max())


def complaints(complaint: Any, client_record: Any, as_of: dt.date) -> Any:
    """Complaints of the last windows, the last of all, and the last enquiry."""
    owned = _owned(windows.known(complaint, "received_on", as_of), client_record)
    is_complaint = owned.complaint_kind == str(ComplaintKind.COMPLAINT)
    counts = {
        f"n_complaints_{n}d": (is_complaint & frames.within(owned.received_on, as_of, n)).sum()
        for n in COMPLAINED
    }
    return owned.group_by("client_id").agg(
        **counts,
        last_complaint_on=owned.received_on.max(where=is_complaint),
        last_enquiry_on=owned.received_on.max(where=owned.complaint_kind == str(ComplaintKind.ENQUIRY)),
    )


def applications(application: Any, client_record: Any, as_of: dt.date) -> Any:
    """When the client last asked for a trading permission."""
    seen = windows.known(application, "staged_on", as_of)
    is_asking = seen.application_kind == str(ApplicationKind.PERMISSION)
    owned = _owned(seen.filter(is_asking & (seen.stage == str(ApplicationStage.APPLIED))), client_record)
    return owned.group_by("client_id").agg(last_permission_asked_on=owned.staged_on.max())


def _owned(events: Any, client_record: Any) -> Any:
    return events.join(client_record.select("record_code", "client_id"), "record_code")
