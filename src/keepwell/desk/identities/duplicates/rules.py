"""How many numbers a person looks up in a day, and whether one can be right: a check serves the client present."""

from __future__ import annotations

import datetime as dt

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.duplicates import documents, queries
from keepwell.desk.people.models import User

CHECK = "identities.check_duplicate"


def may_look_up(user: User, generation: Generation, at: dt.datetime) -> Verdict:
    """Whether the person may ask for one more number today."""
    pack = signed.packs(generation, signed.desk_day(generation)).remediation
    at_most = pack.duplicate_check.n_per_day_at_most
    if queries.n_today(user, at) < at_most:
        return ALLOWED
    return refuse(Refusal.CHECKED_ENOUGH, at_most=at_most)


def fits(number: str) -> Verdict:
    """Whether the check digit is the one that follows from the other places (M18)."""
    expected = documents.check_digit(number)
    return ALLOWED if number[-1] == expected else refuse(Refusal.CHECK_DIGIT, expected=expected)
