"""Who may change what was recorded, and which fields two people changed differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.contacts.models import FIELDS, Contact
from keepwell.desk.people.models import User


def may_correct(contact: Contact, user: User) -> Verdict:
    """Only the author corrects a contact (M19), and none that was taken back."""
    if contact.is_withdrawn:
        return refuse(Refusal.WITHDRAWN)
    if contact.author_id != user.pk:
        return refuse(Refusal.NOT_THE_AUTHOR, author_name=contact.author_name)
    return ALLOWED


def needs_reason(reason: str) -> Verdict:
    """A correction says why (M20)."""
    return ALLOWED if reason.strip() else refuse(Refusal.PURPOSE)


def differing(current: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """The fields that differ, in the order of the form."""
    return [name for name in FIELDS if (current[name] or None) != (given[name] or None)]
