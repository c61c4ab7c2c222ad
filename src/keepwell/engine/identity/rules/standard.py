"""Standard form of a record's identity facts; raw values stay in the conformed source."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import ibis
import pyarrow as pa
from pypinyin import pinyin_dict

from keepwell.contract import codes
from keepwell.contract.identity import Reading
from keepwell.engine.columns import arrow_schema
from keepwell.policy.packs import Packs

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
REPEATED = 5  # as many of one digit and no other are nobody's number
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF_WIDTH = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_IS_FULL_WIDTH = "[\uff01-\uff5e]"
_UNSEEN = "[\\s\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]+"
# Radicals and compatibility forms that look like characters, and the many dots inside foreign names.
_FORMS = [
    chr(code)
    for first, last in ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20))
    for code in range(first, last)
    if len(normalize("NFKC", chr(code))) == 1 and normalize("NFKC", chr(code)) != chr(code)
]
_RADICALS = (
    "⺠民⻁虎⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻢马⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⺟母⻝食⻤鬼"
)
_LOOKS = "".join(_FORMS) + _RADICALS[::2] + "•・‧∙⋅"
_MEANS = "".join(normalize("NFKC", form) for form in _FORMS) + _RADICALS[1::2] + "·····"
_IS_LOOK = f"[{_LOOKS}]"
_REPEATS = "^[^0-9]*(?:" + "|".join(f"(?:{digit}[^0-9]*){{{REPEATED},}}" for digit in range(10)) + ")$"
_TONES = str.maketrans("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeooooiiiiuuuuvvvvvnnnm")


def reading() -> dict[str, pa.Table]:
    """The first reading of each of the 20,992 unified characters, without tone."""
    letters = [code for code in range(0x4E00, 0xA000) if code in pinyin_dict.pinyin_dict]
    columns = {
        "letter": [chr(code) for code in letters],
        "reading": [pinyin_dict.pinyin_dict[code].split(",")[0].translate(_TONES) for code in letters],
    }
    return {Reading.name: pa.table(columns, schema=arrow_schema(Reading))}


def record_identity(customer_record: Any, reading: Any, packs: Packs) -> Any:
    """Names, documents, phones and addresses of every record in one form, with check digits verified."""
    compact = customer_record.mutate(
        client_name=_compact(customer_record.client_name),
        phone=phone_digits(customer_record.phone),
        email=customer_record.email.strip().lower().nullif(""),
        address=_compact(customer_record.address).nullif(""),
    )
    cleaned = compact.mutate(
        client_name=_plain(compact.client_name), phone=_unless(compact.phone, packs.identity.masked.phones)
    )
    checked = checked_document(cleaned, packs)
    return checked.left_join(_readings(checked, reading), "client_name").select(
        "record_code", "client_kind", "client_name", "name_reading", "id_kind", "id_number", "id_is_valid",
        "birth_on", "phone", "email", "address",
    )  # fmt: skip


def checked_document(rows: Any, packs: Packs) -> Any:
    """Rows with their document number in standard form, placeholders left out, and whether its check digit fits."""
    compact = rows.mutate(id_number=_compact(rows.id_number))
    cleaned = compact.mutate(id_number=_unless(compact.id_number, packs.identity.masked.id_numbers))
    upgraded = cleaned.mutate(id_number=_eighteen(cleaned))
    return upgraded.mutate(id_is_valid=_is_valid(upgraded))


def _plain(name: Any) -> Any:
    return _translated(name, _IS_LOOK, _LOOKS, _MEANS)


def _compact(value: Any) -> Any:
    """Half width, capital letters, no white space, nothing that cannot be seen."""
    return _half_width(value).upper().re_replace(_UNSEEN, "")


def _half_width(value: Any) -> Any:
    return _translated(value, _IS_FULL_WIDTH, _FULL_WIDTH, _HALF_WIDTH)


def _translated(value: Any, has: str, letters: str, means: str) -> Any:
    """Letters put for others where there are any: a database learns the whole table anew for every value it puts."""
    return ibis.cases((value.re_search(has), value.translate(letters, means)), else_=value)


def _unless(value: Any, placeholders: tuple[str, ...]) -> Any:
    """Null for a placeholder: one of the pack's, or one digit again and again."""
    nothing = ["", *(placeholder.upper() for placeholder in placeholders)]
    known = value.isin(nothing) | value.re_search(_REPEATS)
    return ibis.cases((known, ibis.null("string")), else_=value)


def phone_digits(phone: Any) -> Any:
    """The digits of a phone, half width, without the country's number; null where there is none."""
    digits = _half_width(phone).re_replace(r"[^0-9]", "").re_replace(r"^(0086|86)", "")
    return digits.nullif("")


def _nth(letters: str, place: Any) -> Any:
    """The letter at a place; not ``substr``, which Ibis spells with the place three times over."""
    return ibis.literal(letters).left(place + 1).right(1)


def _digit(value: Any, place: int) -> Any:
    return value.substr(place, 1).try_cast("int64")


def id_check_digit(seventeen: Any) -> Any:
    """Check digit of the first seventeen places (GB 11643); null unless they are digits."""
    products = [_digit(seventeen, place) * weight for place, weight in enumerate(ID_WEIGHTS)]
    total = products[0]
    for product in products[1:]:
        total = total + product
    return _nth(ID_CHECK, total % 11)


def _eighteen(records: Any) -> Any:
    """Fifteen-digit numbers of before 1999 as eighteen: the century goes in, the check digit comes on."""
    old = records.id_number
    is_old = (records.id_kind == codes.IdKind.RESIDENT.value) & old.re_search(r"^[0-9]{15}$")
    longer = old.substr(0, 6) + "19" + old.substr(6, 9)
    return ibis.cases((is_old, longer + id_check_digit(longer)), else_=old)


def _is_valid(records: Any) -> Any:
    number = records.id_number
    is_resident = records.id_kind == codes.IdKind.RESIDENT.value
    is_credit = records.id_kind == codes.IdKind.CREDIT_CODE.value
    fits = _real_date(number) & (id_check_digit(number) == number.substr(17, 1))
    ways = (
        (is_resident & number.re_search(r"^[1-8][0-9]{16}[0-9X]$"), fits),
        (
            is_credit & number.re_search(f"^[{CREDIT_ALPHABET}]{{18}}$"),
            credit_check_digit(number) == number.substr(17, 1),
        ),
    )
    return ibis.cases(*ways, else_=ibis.literal(value=False)).fill_null(False)


def _real_date(number: Any) -> Any:
    written = number.substr(6, 4) + "-" + number.substr(10, 2) + "-" + number.substr(12, 2)
    return written.try_cast("date").notnull()


def credit_check_digit(number: Any) -> Any:
    """Check character of a unified social credit code (GB 32100)."""
    alphabet = ibis.literal(CREDIT_ALPHABET)
    products = [
        alphabet.find(number.substr(place, 1)) * weight for place, weight in enumerate(CREDIT_WEIGHTS)
    ]
    total = products[0]
    for product in products[1:]:
        total = total + product
    return _nth(CREDIT_ALPHABET, (31 - total % 31) % 31)


def _readings(records: Any, reading: Any) -> Any:
    """Every distinct name with the readings of its letters, other letters as they are."""
    names = records.select("client_name").distinct()
    spread = names.mutate(place=ibis.range(names.client_name.length()).unnest())
    letters = spread.mutate(letter=spread.client_name.substr(spread.place, 1))
    read = letters.left_join(reading, "letter")
    spoken = read.mutate(spoken=ibis.coalesce(read.reading, read.letter))
    return spoken.group_by("client_name").agg(
        name_reading=spoken.spoken.group_concat(" ", order_by=spoken.place)
    )
