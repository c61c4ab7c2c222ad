"""Numbers, dates and masks as people read them (flows.md §4), in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils import timezone

UNKNOWN: Final = "—"
ZH: Final = "zh-hans"
WAN: Final = Decimal(10_000)
YI: Final = Decimal(100_000_000)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_ZH: Final = "一二三四五六日"
WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_currency: ContextVar[str] = ContextVar("currency", default="CNY")


@contextmanager
def in_currency(code: str) -> Iterator[None]:
    """Amounts inside are of this currency: the base currency of the run that a request reads."""
    token = _currency.set(code)
    try:
        yield
    finally:
        _currency.reset(token)


def unit_of(language: str) -> str:
    """What stands beside an amount: 元 for yuan in Chinese, else the currency's code."""
    code = _currency.get()
    return "元" if code == "CNY" and language.startswith("zh") else code


def _decimal(value: Decimal | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Decimal, digits: int) -> Decimal:
    """Half up; what rounds to zero has no sign."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def number(value: Decimal | float | None, digits: int = 0) -> str:
    """A number with separators and a true minus sign; `—` when unknown."""
    if value is None:
        return UNKNOWN
    return f"{_rounded(_decimal(value), digits):,}".replace("-", "−")


def signed(value: Decimal | float | None, digits: int = 0) -> str:
    """A change: + or − always shown, except for zero."""
    text = number(value, digits)
    return f"+{text}" if value is not None and _rounded(_decimal(value), digits) > 0 else text


def percent(value: Decimal | float | None, digits: int = 1, *, with_sign: bool = False) -> str:
    """A share 0..1 as per cent."""
    if value is None:
        return UNKNOWN
    hundredfold = _decimal(value) * 100
    return f"{signed(hundredfold, digits) if with_sign else number(hundredfold, digits)}%"


def _small(size: Decimal) -> str:
    """Below 10,000 nothing is rounded away: fen are shown where there are any."""
    return number(size, 0 if size == size.to_integral_value() else 2)


def _amount_zh(size: Decimal, *, is_list: bool) -> str:
    if size < WAN:
        return f"{_small(size)} {unit_of(ZH)}"
    if size >= YI or _rounded(size / WAN, 1) >= WAN:
        return f"{number(size / YI, 1)} 亿"
    whole = is_list and size >= 100 * WAN
    return f"{number(size / WAN, 0 if whole else 1)} 万"


def _amount_en(size: Decimal) -> str:
    for unit, letter in ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k")):
        if size >= unit and size >= WAN:
            return f"{_currency.get()} {number(size / unit, 2 if unit > 1000 else 1)}{letter}"
    return f"{_currency.get()} {_small(size)}"


def amount(value: Decimal | int | None, language: str, *, is_list: bool = False) -> str:
    """An amount of yuan in 万 or 亿 with one digit (lists: whole 万 from 100 万 on); en `CNY 1.86m`.

    Below 10,000 it is exact to the yuan; the exact value goes into the tooltip (`exact`).
    """
    if value is None:
        return UNKNOWN
    size = abs(_decimal(value))
    text = _amount_zh(size, is_list=is_list) if language.startswith("zh") else _amount_en(size)
    return f"−{text}" if value < 0 else text


def axis_unit(largest: Decimal | int, language: str) -> tuple[Decimal, str]:
    """What an axis of amounts is divided by and called: 万元, 亿元 or 元; en `CNY m`."""
    size, code = abs(_decimal(largest)), _currency.get()
    if not language.startswith("zh"):
        steps = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))
        found = next(((unit, letter) for unit, letter in steps if size >= unit), None)
        return (found[0], f"{code} {found[1]}") if found else (Decimal(1), code)
    name = unit_of(language)
    beside = name if name == "元" else f" {name}"
    if size >= YI:
        return YI, f"亿{beside}"
    return (WAN, f"万{beside}") if size >= WAN else (Decimal(1), name)


def exact(value: Decimal | int | None, language: str) -> str:
    """The amount to the fen."""
    if value is None:
        return UNKNOWN
    text = number(value, 2)
    return f"{text} {unit_of(language)}" if language.startswith("zh") else f"{unit_of(language)} {text}"


def day(value: dt.date | None, language: str, today: dt.date | None = None) -> str:
    """`11月23日`, `23 Nov`; other years than today's as `2027-03-14`."""
    if value is None:
        return UNKNOWN
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if today is not None and value.year != today.year:
        return value.isoformat()
    if language.startswith("zh"):
        return f"{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]}"


def weekday(value: dt.date, language: str) -> str:
    """星期一, Monday."""
    if language.startswith("zh"):
        return f"星期{WEEKDAYS_ZH[value.weekday()]}"
    return WEEKDAYS_EN[value.weekday()]


def moment(value: dt.datetime | None, *, seconds: bool = False) -> str:
    """Beijing time in tables, `2026-11-20 18:05`; `—` when unknown."""
    if value is None:
        return UNKNOWN
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def duration(seconds: float | None, language: str) -> str:
    """`2 小时 5 分`, `41 秒`, `0.8 秒`; `2 h 5 min`, `41 s`."""
    if seconds is None:
        return UNKNOWN
    hour, minute, second = ("小时", "分", "秒") if language.startswith("zh") else ("h", "min", "s")
    if seconds < 10:
        return f"{seconds:.1f} {second}"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} {second}"
    if whole < 3600:
        return f"{whole // 60} {minute} {whole % 60} {second}"
    return f"{whole // 3600} {hour} {whole % 3600 // 60} {minute}"


def capped(count: int, cap: int = 10_000) -> str:
    """A count that was only counted up to its cap: `10,000+`."""
    return f"{cap:,}+" if count >= cap else f"{count:,}"


def run_number(run_id: str) -> str:
    """A run as people say it, without leading zeros."""
    return run_id.lstrip("0") or run_id


def mask_name(value: str | None) -> str:
    """`张*`."""
    return f"{value[0]}*" if value else UNKNOWN


def mask_phone(value: str | None) -> str:
    """`138****5678`; too short to hide anything: stars only."""
    if not value:
        return UNKNOWN
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else "****"


def mask_id(value: str | None) -> str:
    """`110105********002X`: region and tail of a resident number; other numbers keep two characters a side."""
    if not value:
        return UNKNOWN
    if len(value) >= 15:
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    return f"{value[:2]}{'*' * (len(value) - 4)}{value[-2:]}" if len(value) >= 6 else "****"


def mask_tail(value: str | None, language: str) -> str:
    """`尾号 1234`, `ending 1234`."""
    if not value:
        return UNKNOWN
    return f"{'尾号' if language.startswith('zh') else 'ending'} {value[-4:]}"
