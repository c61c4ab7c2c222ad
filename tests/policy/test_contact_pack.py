"""R102, R104: what is signed about contacting clients: quiet hours, who may, and scripts without a promise."""

import datetime as dt
from dataclasses import replace

import pytest

from keepwell.contract.codes import ActivityState, Channel, MomentRule
from keepwell.contract.schema import Text
from keepwell.policy.contact import Quiet
from keepwell.policy.packs import load_packs

PACKS = load_packs(dt.date(2026, 11, 20))


@pytest.mark.parametrize(("hour", "holds"), [(0, True), (8, True), (9, False), (20, False), (21, True)])
def test_quiet_hours_run_over_midnight(hour: int, holds: bool) -> None:
    assert PACKS.contact.quiet.holds(dt.time(hour)) is holds


def test_quiet_hours_that_do_not_cross_midnight_are_refused() -> None:
    with pytest.raises(ValueError, match="to_time"):
        Quiet(from_time=dt.time(8), to_time=dt.time(21))


def test_every_rule_has_a_script_of_its_own() -> None:
    found = {rule: PACKS.scripts.best(str(rule), "", str(Channel.PHONE)) for rule in MomentRule}
    assert all(script is not None and rule in script.rules for rule, script in found.items())


def test_the_closest_script_is_taken() -> None:
    general, outflow = PACKS.scripts.scripts[-1], PACKS.scripts.scripts[0]
    special = replace(outflow, id="special", states=(ActivityState.LEAVING,))
    scripts = replace(PACKS.scripts, scripts=(general, outflow, special))
    assert scripts.best("large_outflow", "leaving", "phone") is special
    assert scripts.best("large_outflow", "active", "phone") is outflow
    assert scripts.best("promise", "active", "phone") is general


def test_a_script_that_promises_is_refused() -> None:
    first = PACKS.scripts.scripts[0]
    promising = replace(first, text=Text("A sure gain.", "这只稳赚不赔。"))
    with pytest.raises(ValueError, match="稳赚"):
        replace(PACKS.scripts, scripts=(promising,))


def test_a_script_is_there_once() -> None:
    first = PACKS.scripts.scripts[0]
    with pytest.raises(ValueError, match="once"):
        replace(PACKS.scripts, scripts=(first, first))
