"""Document numbers as people type them: in the engine's one form, and whether the check digit fits (GB 11643)."""

from __future__ import annotations

import re
import unicodedata

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
OF_BEFORE_1999 = re.compile(r"[0-9]{15}")
SHORTEST, LONGEST = 5, 40


def standard(typed: str, *, is_resident: bool) -> str:
    """Half width, capitals, no space; a resident number of fifteen digits with its century and check digit.

    As the engine has the firm's numbers: a dash is part of a number.
    """
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).upper()
    if is_resident and OF_BEFORE_1999.fullmatch(compact):
        longer = f"{compact[:6]}19{compact[6:]}"
        return longer + check_digit(longer)
    return compact


def check_digit(number: str) -> str:
    """The last place of a resident number whose first seventeen are given."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK[total % len(CHECK)]


def has_form(number: str, *, is_resident: bool) -> bool:
    """Whether it can be a number of its kind at all, check digit apart."""
    if is_resident:
        return RESIDENT.fullmatch(number) is not None
    return SHORTEST <= len(number) <= LONGEST
