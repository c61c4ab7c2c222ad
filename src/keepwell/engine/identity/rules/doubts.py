"""What keeps two records from merging by a score alone: another name, or another day of birth (R211)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import ibis

from keepwell.contract.codes import EvidenceField
from keepwell.engine.identity.rules import evidence

OWN = ("id_number", "investor_code", "bank_account")
COUNTED = 2  # last places of a number in which those differ that a household was given together
ROWS = 16  # places of a name from which letters in a row are looked for


def has_other_name(pair: Any) -> Any:
    """Whether both names are known and not even near, not of one who took another given name or surname.

    Names that count on, as Client 17 and Client 71 do, are other names however near their letters are.

    In letters it is enough that the one has four letters in a row of the other, or begins or ends with what is in it;
    or that the number is the same, or has one slip, and the day of birth or the address too. A surname in characters
    says little, a household has it in common: there the number must be the same too.
    """
    is_other = evidence.levels(pair)[EvidenceField.CLIENT_NAME] == evidence.DIFFERENT
    names = evidence.both(pair, "client_name")
    has_surname = names[0].left(1) == names[1].left(1)
    written = ibis.cases(
        (
            evidence.in_characters(names[0]) & evidence.in_characters(names[1]),
            has_surname & evidence.same(pair, "id_number"),
        ),
        else_=_has_letters(*evidence.both(pair, "spoken")) | _is_same_document(pair),
    )
    digits = [_digits(name).nullif("") for name in names]
    return (is_other & ~written) | (digits[0] != digits[1]).fill_null(False)


def _has_letters(left: Any, right: Any) -> Any:
    """Names of which one begins or ends with what is in the other, or that share letters in a row anywhere."""
    sides, n = ((left, right), (right, left)), evidence.SHORT
    ends = [(end, other) for one, other in sides for end in (one.left(n), one.right(n))]
    rows = [left.substr(place, evidence.LETTERS) for place in range(ROWS)]
    within = [(end.length() == n) & other.contains(end) for end, other in ends]
    within += [(row.length() == evidence.LETTERS) & right.contains(row) for row in rows]
    return reduce(or_, within)


def _is_same_document(pair: Any) -> Any:
    """The number is the same, but for a slip, and so is the day of birth or, but for how it is written, the address."""
    told = evidence.levels(pair)
    born = told[EvidenceField.BIRTH_ON].isin([evidence.SAME, evidence.CLOSE])
    return (evidence.same(pair, "id_number") | _has_slip(pair, told)) & (born | _has_address(told))


def _has_slip(pair: Any, told: dict[EvidenceField, Any]) -> Any:
    """One place of a number mistyped, left out or put in, or two of them exchanged, and not in the last places alone.

    Numbers that a household was given together count on: what they differ in stands at the end.
    """
    numbers = evidence.both(pair, "id_number")
    level = told[EvidenceField.ID_NUMBER]
    letters = [number.split("").sort() for number in numbers]
    is_one = (level == evidence.CLOSE) | ((level == evidence.NEAR) & (letters[0] == letters[1]))
    n_first = ibis.least(*(number.length() for number in numbers)) - COUNTED
    begins = [number.left(ibis.greatest(n_first, 0)) for number in numbers]
    return (is_one & (begins[0] != begins[1])).fill_null(False)


def has_other_birth(pair: Any) -> Any:
    """Whether the days of birth are known and not even near, and nothing that is one person's own agrees.

    Parents and children of one name live at one address; a first name alone is many people's. A document, an investor
    code or a bank account that is the same, or a phone or an e-mail with no more than a slip in it, says that a day of
    birth was mistaken; so does a number with slips in it, of one name at one address. Who has only a part of the
    name in common may be husband or wife, brother or sister, with one phone: there the year of birth says nothing
    either, nor does a day that is not known.
    """
    told = evidence.levels(pair)
    own = reduce(or_, [evidence.same(pair, name) for name in OWN])
    phone, email, born, name = (
        told[field].isin([evidence.SAME, evidence.CLOSE])
        for field in (
            EvidenceField.PHONE,
            EvidenceField.EMAIL,
            EvidenceField.BIRTH_ON,
            EvidenceField.CLIENT_NAME,
        )
    )
    is_name = name | (told[EvidenceField.CLIENT_NAME] == evidence.NEAR)
    slips = told[EvidenceField.ID_NUMBER].isin([evidence.CLOSE, evidence.NEAR])
    is_mistyped = _has_slip(pair, told) & _has_address(told)
    of_one_name = (told[EvidenceField.BIRTH_ON] == evidence.DIFFERENT) & ~(
        phone | email | is_mistyped | (is_name & slips & _has_address(told))
    )
    is_part = told[EvidenceField.CLIENT_NAME].isin([evidence.PART, evidence.DIFFERENT])
    of_a_part = is_part & ~(born | email | is_mistyped)
    return (of_one_name | of_a_part) & ~own


def _has_address(told: dict[EvidenceField, Any]) -> Any:
    return told[EvidenceField.ADDRESS].isin([evidence.SAME, evidence.CLOSE, evidence.NEAR])


def _digits(name: Any) -> Any:
    return name.re_replace("[^0-9]+", "")
