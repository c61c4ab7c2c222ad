"""Numbers of documents are right by form, and wrong only where planted."""

import numpy as np

from keepwell.engine.simulator.identifiers import (
    cards,
    civil,
    credit_codes,
    fifteen,
    resident_numbers,
    spoiled,
)
from tests.engine.simulator.making import made

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
POWERS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def resident_check(number: str) -> str:
    return "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True)) % 11]


def credit_check(code: str) -> str:
    return CREDIT[(31 - sum(CREDIT.index(c) * w for c, w in zip(code[:17], POWERS, strict=True)) % 31) % 31]


def luhn(number: str) -> int:
    doubled = [int(d) if k % 2 else sum(divmod(int(d) * 2, 10)) for k, d in enumerate(number[-2::-1])]
    return (10 - sum(doubled) % 10) % 10


def text(cells: np.ndarray) -> list[str]:
    return [row.tobytes().decode() for row in cells]


def test_the_checks_themselves() -> None:
    assert resident_check("11010519491231002X") == "X"
    assert credit_check("91350100M000100Y43") == "3"


def test_resident_numbers_check_and_tell_birth_and_sex() -> None:
    bits, male = np.arange(500) * 7_919, np.arange(500) % 2
    birth = 3_000 + np.arange(500) * 20
    cells = resident_numbers(np.full(500, 330106), birth, male, bits)
    for number, day, sex in zip(text(cells), civil(birth), male, strict=True):
        assert resident_check(number) == number[17]
        assert number[6:14] == str(day)
        assert int(number[16]) % 2 == sex
    assert all(resident_check(number) != number[17] for number in text(spoiled(cells)))
    assert all(len(number) == 15 for number in text(fifteen(cells)))


def test_credit_codes_and_cards_check() -> None:
    codes = text(credit_codes(np.full(300, 310115), np.arange(300) * 104_729 + 1_000_003))
    assert all(credit_check(code) == code[17] for code in codes)
    numbers = [str(number) for number in cards(np.arange(300) % 10, np.arange(300) * 7_919)]
    assert all(len(number) == 16 and luhn(number) == int(number[15]) for number in numbers)


def test_bad_check_digits_are_those_in_truth() -> None:
    """R013: what is wrong in a record is known, and nothing else is wrong."""
    tables = made(1_000, 24)
    records = tables["customer_record"].select(["record_code", "client_kind", "id_number"]).to_pylist()
    errors = tables["truth.field_error"].to_pylist()
    planted = {row["record"] for row in errors if row["field"] == "id_number"}
    wrong = {
        row["record_code"]
        for row in records
        if row["client_kind"] == "person"
        and (len(row["id_number"] or "") != 18 or resident_check(row["id_number"]) != row["id_number"][17])
    }
    assert wrong <= planted
    assert all(row["true_value"] for row in errors if row["field"] == "id_number")
