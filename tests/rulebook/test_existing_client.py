"""Chapter 1. Who is an existing client (R002).

An existing client has opened an account, has not closed the last one, and has traded, held a product or moved cash at
least once. Clients who opened and never funded, who closed, and who have not opened yet are populations of their own:
they are counted and shown, but never mixed with existing clients.
"""

from datetime import date

from keepwell.contract.codes import AccountStatus, ActivityState, Population
from keepwell.policy.lookup import Standing, population_of
from keepwell.policy.packs import load_packs

AS_OF = date(2026, 11, 20)
RULES = load_packs(AS_OF).clients
OPENED = date(2024, 3, 1)


def population(standing: Standing) -> Population:
    return population_of(RULES, standing, AS_OF)


def test_r002_one_trade_makes_an_existing_client() -> None:
    assert population(Standing(OPENED, None, has_trade=True)) is Population.EXISTING


def test_r002_one_product_holding_makes_an_existing_client() -> None:
    assert population(Standing(OPENED, None, has_product_holding=True)) is Population.EXISTING


def test_r002_one_cash_flow_makes_an_existing_client() -> None:
    assert population(Standing(OPENED, None, has_cash_flow=True)) is Population.EXISTING


def test_r002_an_opened_account_alone_does_not() -> None:
    assert population(Standing(OPENED, None)) is Population.NEVER_FUNDED


def test_r002_who_closed_is_no_longer_existing_from_that_day() -> None:
    assert population(Standing(OPENED, AS_OF, has_trade=True)) is Population.CLOSED


def test_r002_a_closing_that_lies_ahead_changes_nothing_yet() -> None:
    assert population(Standing(OPENED, date(2026, 11, 21), has_trade=True)) is Population.EXISTING


def test_r002_who_opens_on_the_day_counts_and_who_opens_tomorrow_does_not() -> None:
    assert population(Standing(AS_OF, None, has_cash_flow=True)) is Population.EXISTING
    assert population(Standing(date(2026, 11, 21), None, has_cash_flow=True)) is Population.NOT_YET_OPENED
    assert population(Standing(None, None)) is Population.NOT_YET_OPENED


def test_r002_dormant_is_an_account_status_and_asleep_an_activity_state() -> None:
    assert AccountStatus.DORMANT.text.zh == "休眠"
    assert ActivityState.ASLEEP.text.zh == "沉睡"
    assert {code.value for code in AccountStatus}.isdisjoint({"asleep", "沉睡"})
    assert {code.value for code in ActivityState}.isdisjoint({"dormant", "休眠"})
