"""The gates: each answers a Verdict from facts given to it, the same for a page and for a POST."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.gates.queries import Registration, Standing
from keepwell.desk.ui import formats
from keepwell.policy.contact import Practice, Quiet
from keepwell.policy.decisions import Cap

TOMORROW, THIS_MORNING = Text("tomorrow morning", "明早"), Text("this morning", "今早")


def told(day: dt.date, today: dt.date) -> Text:
    """A day as people say it, in both languages."""
    return Text(formats.day(day, "en", today), formats.day(day, "zh-hans", today))


def contact_cap(cap: Cap, touched_on: Iterable[dt.date], on: dt.date) -> Verdict:
    """At most so many care and marketing contacts in so many days, over all rules and rooms."""
    counted = sorted(day for day in touched_on if on - dt.timedelta(days=cap.window_days) < day <= on)
    if len(counted) < cap.n_contacts_at_most:
        return ALLOWED
    first_to_go = counted[-cap.n_contacts_at_most]
    return refuse(
        Refusal.CONTACT_CAP,
        n_days=cap.window_days,
        n_contacts=len(counted),
        last_on=told(counted[-1], on),
        from_on=told(first_to_go + dt.timedelta(days=cap.window_days), on),
    )


def quiet_hours(quiet: Quiet, local: dt.datetime) -> Verdict:
    """Nobody is contacted in the quiet hours; `local` is Beijing time."""
    if not quiet.holds(local.time()):
        return ALLOWED
    return refuse(
        Refusal.QUIET_HOURS,
        now=f"{local:%H:%M}",
        from_time=f"{quiet.from_time:%H:%M}",
        to_time=f"{quiet.to_time:%H:%M}",
        morning=TOMORROW if local.time() >= quiet.from_time else THIS_MORNING,
    )


def wish(standing: Standing, on: dt.date) -> Verdict:
    """A client who asked not to be contacted is left alone."""
    if standing.refused_since_on is None:
        return ALLOWED
    return refuse(Refusal.DO_NOT_CONTACT, since_on=told(standing.refused_since_on, on))


def licence(practice: Practice, registration: Registration, on: dt.date) -> Verdict:
    """Only registered staff contact clients; nothing is refused where the firm delivers no registrations."""
    if registration.kinds is None or registration.kinds & {str(kind) for kind in practice.licence_kinds}:
        return ALLOWED
    return refuse(Refusal.NO_LICENCE, on=told(on, on))


def may_plan(cap: Cap, standing: Standing, *, is_capped: bool, on: dt.date) -> Verdict:
    """Whether a contact may be planned for a day: wish and cap. A legal duty passes both."""
    if not is_capped:
        return ALLOWED
    return wish(standing, on) and contact_cap(cap, standing.touched_on, on)
