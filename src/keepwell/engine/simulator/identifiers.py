"""Numbers of documents, phones, cards and securities accounts: right by form and check digit, and invented.

Resident numbers carry real region codes and right check digits (GB 11643-1999) so that the engine's checks can be
tried, but belong to nobody: births, serial digits and regions are drawn at random. Whether some living person happens
to have such a number is not known to this program; nothing in the made-up firm is taken from real people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.simulator.compiled import compiled
from keepwell.engine.simulator.emit import Bytes
from keepwell.engine.simulator.streams import Integers

_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECK = np.frombuffer(b"10X98765432", np.uint8).astype(np.int64)
_CREDIT_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_CREDIT_CHARS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8).astype(np.int64)
_MOBILE = np.array(
    [130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152, 156, 158, 159, 177, 180, 186, 188, 189]
)
_BANK_PREFIX = np.array([622202, 622848, 621661, 622700, 622260, 622588, 622188, 622909, 622521, 622690])


def civil(days: Integers) -> Integers:
    """Yyyymmdd as a number from days since 1970-01-01."""
    on = days.astype("datetime64[D]")
    month = on.astype("datetime64[M]")
    year = on.astype("datetime64[Y]").astype(np.int64) + 1970
    return year * 10_000 + (month.astype(np.int64) % 12 + 1) * 100 + (on - month).astype(np.int64) + 1


@compiled
def _id_cells(region: Integers, born: Integers, serial: Integers) -> Bytes:
    out = np.empty((region.size, 18), np.uint8)
    for i in range(region.size):
        head = region[i] * 100_000_000_000 + born[i] * 1_000 + serial[i]
        total = 0
        for k in range(17):
            digit = head % 10
            out[i, 16 - k] = 48 + digit
            total += digit * _ID_WEIGHTS[16 - k]
            head //= 10
        out[i, 17] = _ID_CHECK[total % 11]
    return out


def resident_numbers(region: Integers, birth: Integers, male: Integers, bits: Integers) -> Bytes:
    """18 characters with the right check digit; the 17th is odd for men."""
    serial = (bits % 499) * 2 + male
    return _id_cells(region, civil(birth), serial % 1_000)


@compiled
def credit_codes(region: Integers, bits: Integers) -> Bytes:
    """Unified social credit codes (GB 32100): 91, region, nine random characters, check character."""
    out = np.empty((region.size, 18), np.uint8)
    for i in range(region.size):
        out[i, 0], out[i, 1] = 57, 49
        code, left = region[i], bits[i]
        for k in range(6):
            out[i, 7 - k] = 48 + code % 10
            code //= 10
        for k in range(9):
            out[i, 8 + k] = _CREDIT_CHARS[left % 31]
            left //= 31
        total = 0
        for k in range(17):
            for value in range(31):
                if _CREDIT_CHARS[value] == out[i, k]:
                    total += value * _CREDIT_WEIGHTS[k]
        out[i, 17] = _CREDIT_CHARS[(31 - total % 31) % 31]
    return out


def phones(bits: Integers) -> Integers:
    """Mobile numbers of 11 digits."""
    return _MOBILE[bits % _MOBILE.size] * 100_000_000 + (bits >> 8) % 100_000_000


@compiled
def _luhn(numbers: Integers) -> Integers:
    out = np.empty(numbers.size, np.int64)
    for i in range(numbers.size):
        left, total, twice = numbers[i], 0, True
        while left > 0:
            digit = left % 10
            if twice:
                digit = digit * 2 - 9 if digit > 4 else digit * 2
            total += digit
            twice = not twice
            left //= 10
        out[i] = numbers[i] * 10 + (10 - total % 10) % 10
    return out


def cards(bank: NDArray[np.int64], bits: Integers) -> Integers:
    """Bank cards of 16 digits with a right Luhn digit."""
    return _luhn(_BANK_PREFIX[bank] * 1_000_000_000 + bits % 1_000_000_000)


def fifteen(cells: Bytes) -> Bytes:
    """The old form of resident numbers: century and check digit left out."""
    return np.ascontiguousarray(np.concatenate([cells[:, :6], cells[:, 8:17]], axis=1))


def spoiled(cells: Bytes) -> Bytes:
    """The same numbers with a wrong check digit."""
    out = cells.copy()
    last = out[:, 17].astype(np.int64)
    out[:, 17] = np.where(last == 88, 48, np.where(last == 57, 48, last + 1))
    return out
