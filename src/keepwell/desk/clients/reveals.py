"""Which secret fact may be shown in full, why, and to whom.

Any room shows one by a link to `clients:reveal`: GET is a form that asks the purpose (`?purpose=call&note=…` prefills
it), POST of `purpose` and `note` answers the value, once, masked again after 60 seconds. In a template:
`{% load reveals %}{% reveal_link line "phone" purpose="call" note=reason %}`. Dialling from a task is a POST form of
the task's own to the same address. Python calls `clients.actions.reveal`.
"""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.contract.identity import ClientSecret
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.people.models import User

PERMISSION = "clients.reveal"
FIELDS = ClientSecret.secret_names()
SECONDS = 60
LONGEST_NOTE = 200
HIDDEN = "•••"
NUMBER = re.compile(r"\d[\d\s.,·/()（）—-]{5,}[\dXx]")


class Purpose(models.TextChoices):
    """Why a fact is shown; the last one wants words."""

    CALL = "call", _("Call or write to the client")
    VERIFY = "verify", _("Check who is speaking")
    FORM = "form", _("Fill in or check a form")
    MAIL = "mail", _("Send papers")
    COMPLAINT = "complaint", _("Handle a complaint or enquiry")
    CHECK = "check", _("Inspection")
    OTHER = "other", _("Other, in words")


def may_reveal(user: User) -> Verdict:
    """Whether the role is shown secret facts at all."""
    return user.may(PERMISSION)


def has_purpose(purpose: str, note: str) -> Verdict:
    """A purpose of the list, and words where the list has none that fits (M20)."""
    told = purpose in Purpose.values and (purpose != Purpose.OTHER or note.strip())
    return ALLOWED if told else refuse(Refusal.PURPOSE)


def kept(note: str, value: str) -> str:
    """The words as the log keeps them: without the value itself, nor any number as long as one."""
    without = note.replace(value, HIDDEN) if value else note
    return NUMBER.sub(HIDDEN, without.strip()[:LONGEST_NOTE])
