"""Occasions in dates: maturity, expiry, birthday, opening (R083, R103)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import ClientKind
from keepwell.contract.features import ClientFeature
from keepwell.contract.reasons.moments import MomentReason
from keepwell.engine import columns, frames
from keepwell.engine.moments.rules.found import found, key
from keepwell.policy.decisions import Birthday, Expiry, NewClient, ProductMaturity

AMOUNT = ClientFeature.columns["assets_amount"]


def product_maturity(clients: Any, client_holding: Any, rule: ProductMaturity, as_of: dt.date) -> Any:
    """Positions whose term ends within the days asked for; one occasion a product and maturity."""
    held = client_holding.join(clients.select("client_id"), "client_id")
    days_left = frames.days_between(held.matures_on, frames.day(as_of))
    is_worth = held.market_amount >= columns.literal(rule.market_value_at_least_amount, AMOUNT)
    due = held.filter((days_left >= 0) & (days_left <= rule.days_before) & is_worth)
    return found(
        due,
        key(due.product_code, due.matures_on),
        MomentReason.MATURES,
        fact_on=due.matures_on,
        fact_amount=due.market_amount,
        fact_days=frames.days_between(due.matures_on, frames.day(as_of)),
        fact_code=due.product_code,
    )


def assessment_expiry(clients: Any, rule: Expiry, reminders: tuple[int, ...], as_of: dt.date) -> Any:
    """Assessments near their end: an occasion at each reminder and one when it is over (rules.md §1.2).

    The day named is the last on which the assessment holds.
    """
    days_left = frames.days_between(clients.assessment_valid_to, frames.day(as_of))
    facts = clients.mutate(days_left=days_left)
    first = min(rule.days_before, max(reminders))
    near = facts.filter((facts.days_left <= first) & (facts.days_left >= -rule.days_after))
    steps = [(near.days_left < 0, "0"), *((near.days_left <= n, str(n)) for n in sorted(reminders))]
    reason = _before_or_after(near, MomentReason.ASSESSMENT_EXPIRES, MomentReason.ASSESSMENT_EXPIRED)
    return found(
        near,
        key(near.assessment_valid_to, ibis.cases(*steps)),
        reason,
        fact_on=near.assessment_valid_to,
        fact_days=near.days_left.abs(),
    )


def id_expiry(clients: Any, rule: Expiry, as_of: dt.date) -> Any:
    """Identity documents near their end or over it, one occasion a document."""
    facts = clients.mutate(days_left=frames.days_between(clients.id_valid_to, frames.day(as_of)))
    near = facts.filter((facts.days_left <= rule.days_before) & (facts.days_left >= -rule.days_after))
    reason = _before_or_after(near, MomentReason.ID_EXPIRES, MomentReason.ID_EXPIRED)
    return found(
        near, key(near.id_valid_to), reason, fact_on=near.id_valid_to, fact_days=near.days_left.abs()
    )


def birthday(clients: Any, calendar_day: Any, rule: Birthday, as_of: dt.date) -> Any:
    """Birthdays of grown-up persons whose last working day on or before is near; of 29 February on the 28th else.

    Over a holiday that day lies well before the birthday, and nobody is greeted late (R234). Beyond the loaded years
    days are counted as they come.
    """
    persons = clients.filter(clients.client_kind == str(ClientKind.PERSON))
    year = frames.day(as_of).year()
    this_year, next_year = (_birthday_in(persons.birth_on, year + step) for step in (0, 1))
    coming = ibis.cases((this_year >= frames.day(as_of), this_year), else_=next_year)
    facts = persons.mutate(coming=coming)
    days = calendar_day.select("day_on", n_to="n_working")
    facts = facts.left_join(days, facts.coming == days.day_on)
    passed = calendar_day.filter(calendar_day.day_on <= frames.day(as_of))
    facts = facts.cross_join(passed.aggregate(n_passed=passed.n_working.max()))
    days_left = frames.days_between(facts.coming, frames.day(as_of))
    working_left = ibis.coalesce(facts.n_to - facts.n_passed, days_left)
    is_grown = facts.coming.year() - facts.birth_on.year() >= rule.adult_age
    near = facts.filter((working_left <= rule.n_working_days_before) & is_grown)
    return found(near, key(near.coming), MomentReason.BIRTHDAY, fact_on=near.coming)


def new_client(clients: Any, rule: NewClient, as_of: dt.date) -> Any:
    """Clients who opened lately and were not reached since; where no contacts are delivered nobody knows."""
    age = frames.days_between(frames.day(as_of), clients.opened_on)
    is_new = (age >= rule.first_contact_after_days) & (age < rule.opened_within_days)
    is_unmet = clients.last_contact_on.isnull() | (clients.last_contact_on < clients.opened_on)
    new = clients.filter(is_new & is_unmet & clients.n_contacts_365d.notnull())
    return found(
        new,
        key(new.opened_on),
        MomentReason.NEW_CLIENT,
        fact_on=new.opened_on,
        fact_days=frames.days_between(frames.day(as_of), new.opened_on),
    )


def _before_or_after(facts: Any, before: MomentReason, after: MomentReason) -> Any:
    return ibis.cases((facts.days_left < 0, str(after)), else_=str(before))


def _birthday_in(birth_on: Any, year: Any) -> Any:
    """The birthday in a year that the table knows; of 29 February the last of that month."""
    is_leap_day = (birth_on.month() == 2) & (birth_on.day() == 29)
    is_leap_year = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    day = ibis.cases((is_leap_day & ~is_leap_year, 28), else_=birth_on.day())
    return ibis.date(year, birth_on.month(), day)
