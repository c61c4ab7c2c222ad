"""How many numbers a person looks up in a day: a duplicate check serves the client at the counter, not a list."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import DuplicateCheck
from keepwell.desk.people.models import User


def n_today(user: User, at: dt.datetime) -> int:
    """How many numbers the person has asked for since midnight, by whichever login."""
    begun = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return DuplicateCheck.objects.filter(by_id__in=user.own_logins, at__gte=begun).count()


def may_look_up(user: User, generation: Generation, at: dt.datetime) -> Verdict:
    """Whether the person may ask for one more number today."""
    pack = signed.packs(generation, signed.desk_day(generation)).remediation
    at_most = pack.duplicate_check.n_per_day_at_most
    if n_today(user, at) < at_most:
        return ALLOWED
    return refuse(Refusal.CHECKED_ENOUGH, at_most=at_most)
