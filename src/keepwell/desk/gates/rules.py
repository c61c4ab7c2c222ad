"""The gates: each answers a Verdict from facts given to it, the same for a page and for a POST."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from keepwell.contract.codes import ProductLevel
from keepwell.contract.reasons.matching import DutyReason, MatchReason, PassingReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.schema import Text
from keepwell.contract.suitable import MatchOutcome, Passing, StartedBy
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.gates.models import OpenMatch
from keepwell.desk.gates.queries import Registration, Standing
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.policy.contact import Practice, Quiet
from keepwell.policy.decisions import Cap
from keepwell.policy.matching import Matched

CHECK = "gates.match"
UNKNOWN_BY_NOW = Text(
    "The run knows the product's level or the client's suitability no more.",
    "本次运行已没有该产品的等级或客户的适当性。",
)
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


def may_name(
    found: Matched, started_by: StartedBy, n_found: int, valid_to: dt.date | None, on: dt.date
) -> Verdict:
    """Whether the product may be named to the client, or sold where the client asked for it first.

    What a client's own wish leaves open is no refusal: see `OpenMatch`.
    """
    if found.outcome is not MatchOutcome.FORBIDDEN:
        return ALLOWED
    if found.reason is MatchReason.EXPIRED_STAFF and valid_to is not None:
        return refuse(Refusal.ASSESSMENT_ENDED, ended_on=told(valid_to, on))
    failed = {one.reason for one in found.tests if one.passing is Passing.FAILS}
    facts = {**found.facts, "n_found": n_found, "levels": levels_to(found.facts["product_level_at_most"])}
    if n_found and found.reason in (MatchReason.STAFF_STARTED, MatchReason.LOWEST_CLASS):
        if started_by is StartedBy.CLIENT:
            return refuse(Refusal.LOWEST_CLASS, **facts)
        for reason, refusal in _FAILED.items():
            if reason in failed:
                return refuse(refusal, **facts)
    return refuse(Refusal.NOT_TO_BE_OFFERED, why=why(found))


_FAILED = {
    PassingReason.LEVEL_ABOVE: Refusal.LEVEL_TOO_HIGH,
    PassingReason.TERM_TOO_LONG: Refusal.TERM_TOO_LONG,
    PassingReason.KIND_NOT_WISHED: Refusal.KIND_NOT_WISHED,
}


def why(found: Matched) -> Text:
    """The outcome's reason in both languages."""
    return Text(sentence(found.reason, found.facts, "en"), sentence(found.reason, found.facts, "zh-hans"))


def levels_to(at_most: str | None) -> str:
    """The levels of products up to one, as people write them: R1, R1–R3."""
    lowest = str(next(iter(ProductLevel)))
    return lowest if at_most in (None, lowest) else f"{lowest}–{at_most}"


def still_owed(asked: OpenMatch, at: dt.datetime) -> list[DutyReason]:
    """What keeps a client's own wish open at an instant: all that the table asked for and is not on record."""
    done = {
        DutyReason.SIGNED_WARNING: bool(asked.warning_code and asked.warning_on),
        DutyReason.LINKED_RECORDING: bool(asked.recording_code),
        DutyReason.SECOND_PERSON: asked.seen_at is not None,
        DutyReason.TIME_TO_CONSIDER: at >= considered_at(asked),
    }
    return [duty for duty in map(DutyReason.of, asked.duties) if not done[duty]]


def is_as_asked(asked: OpenMatch, now: Matched) -> bool:
    """Whether the table answers as it did when the wish was noted: reason, what is owed, both levels."""
    then = asked.match_reason, sorted(asked.duties), _levels(asked.figures)
    return then == (str(now.reason), sorted(map(str, now.duties)), _levels(now.facts))


def may_go_on(asked: OpenMatch, now: Matched | None, on: dt.date) -> Verdict:
    """Whether a wish may still be closed: the pair is not forbidden by now, and nothing was graded anew since."""
    if now is None:
        return refuse(Refusal.NOT_TO_BE_OFFERED, why=UNKNOWN_BY_NOW)
    if now.outcome is MatchOutcome.FORBIDDEN:
        return refuse(Refusal.NOT_TO_BE_OFFERED, why=why(now))
    if is_as_asked(asked, now):
        return ALLOWED
    then, by_now = (" · ".join(_levels(one)) for one in (asked.figures, now.facts))
    return refuse(Refusal.GRADED_SINCE, asked_on=told(asked.asked_at.date(), on), then=then, now=by_now)


def _levels(figures: Mapping[str, Any]) -> list[str]:
    return [str(figures.get(name) or "–") for name in ("risk_level", "product_level")]


def considered_at(asked: OpenMatch) -> dt.datetime:
    """When the client has had the time to consider that the pack asked for that day."""
    return asked.asked_at + dt.timedelta(hours=int(asked.figures.get("n_hours_to_consider") or 0))


def needs_second(asked: OpenMatch) -> bool:
    """Whether a second person has yet to look: at the client's age, or at whose wish it is."""
    is_owed = DutyReason.SECOND_PERSON in asked.duties or asked.staff_named_at is not None
    return is_owed and asked.seen_at is None


def may_second(asked: OpenMatch, user: User) -> Verdict:
    """Whoever asked, or named the product before, does not look at it as the second person."""
    first = {asked.asked_by_id, asked.staff_named_by_id}
    return refuse(Refusal.SEEN_BY_ANOTHER) if first & user.own_logins else ALLOWED
