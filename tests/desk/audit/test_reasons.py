"""R199: the log names a refusal by its number, so that it can be looked up in the list of sentences."""

import re

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, refuse

NUMBER = re.compile(r"M\d\d")
OF_THE_DESK = {"M01", "M03", "M04", "M05", "M06", "M12", "M13", *(f"M{n}" for n in range(19, 26))}


def test_r199_every_number_that_the_desk_speaks_of_has_its_sentence() -> None:
    """R199: what one working day can be refused has a number; none of them is only known by another name."""
    numbers = {refuse(one).reason for one in Refusal if NUMBER.match(str(one))}
    assert numbers >= OF_THE_DESK
    assert all(NUMBER.fullmatch(number) for number in numbers)


def test_r235_two_sentences_of_one_number_have_one_reason() -> None:
    """R235: changed since it was read is M25 in the log, whether a decision or a correction came late."""
    late = [refuse(Refusal.CHANGED_SINCE), refuse(Refusal.EDITED_MEANWHILE)]
    assert {verdict.reason for verdict in late} == {"M25"}
    assert len({verdict.refusal for verdict in late}) == 2
    assert ALLOWED.reason == ""
