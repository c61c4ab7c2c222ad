"""Filters: `{% load formats %}`, then `{{ client.assets|amount }}`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from keepwell.contract.schema import Code, Text
from keepwell.contract.verdict import Verdict
from keepwell.desk.ui import formats

register = template.Library()
Number = Decimal | int | float


def _language() -> str:
    return get_language() or "zh-hans"


def _unknown(reason: str) -> SafeString:
    said = reason or gettext("Not known")
    return format_html(
        '<span class="kw-unknown" title="{}"><span aria-hidden="true">—</span>'
        '<span class="visually-hidden">{}</span></span>',
        said,
        said,
    )


@register.filter
def amount(value: Decimal | int | None, reason: str = "") -> SafeString:
    """Yuan in 万 or 亿 with the exact value on hover and focus; unknown with its reason."""
    return _amount(value, reason, is_list=False)


@register.filter
def list_amount(value: Decimal | int | None, reason: str = "") -> SafeString:
    """The same in lists: whole 万 from 100 万 on."""
    return _amount(value, reason, is_list=True)


def _amount(value: Decimal | int | None, reason: str, *, is_list: bool) -> SafeString:
    if value is None:
        return _unknown(reason)
    shown = formats.amount(value, _language(), is_list=is_list)
    return format_html(
        '<data value="{}" title="{}">{}</data>', value, formats.exact(value, _language()), shown
    )


@register.filter
def exact_amount(value: Decimal | int | None, reason: str = "") -> str:
    """Yuan to the fen."""
    return _unknown(reason) if value is None else formats.exact(value, _language())


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """A number with separators: `{{ n|number }}`, `{{ x|number:2 }}`."""
    return _unknown("") if value is None else formats.number(value, digits)


@register.filter
def change(value: Number | None, digits: int = 0) -> SafeString:
    """A signed number in the colours of up and down."""
    return _unknown("") if value is None else _turned(formats.signed(value, digits))


@register.filter
def percent(value: Decimal | float | None, digits: int = 1) -> str:
    """A share 0..1 as per cent."""
    return _unknown("") if value is None else formats.percent(value, digits)


@register.filter
def percent_change(value: Decimal | float | None, digits: int = 1) -> SafeString:
    """A share 0..1 as signed per cent in the colours of up and down."""
    return _unknown("") if value is None else _turned(formats.percent(value, digits, with_sign=True))


def _turned(text: str) -> SafeString:
    turn = "kw-up" if text.startswith("+") else "kw-down" if text.startswith("−") else ""
    return format_html('<span class="{}">{}</span>', turn, text)


@register.filter
def day(value: dt.date | None, reason: str = "") -> SafeString:
    """`11月20日`; another year than this one as `2027-03-14`."""
    if value is None:
        return _unknown(reason)
    shown = formats.day(value, _language(), timezone.localdate())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


@register.filter
def iso_day(value: dt.date | None, reason: str = "") -> str:
    """`2026-11-20`, for tables; none with its reason."""
    return _unknown(reason) if value is None else value.isoformat()


@register.filter
def weekday(value: dt.date) -> str:
    """星期五."""
    return formats.weekday(value, _language())


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """Beijing time to the minute."""
    if value is None:
        return _unknown("")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


@register.filter
def moment_seconds(value: dt.datetime | None) -> SafeString:
    """Beijing time to the second."""
    if value is None:
        return _unknown("")
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value, seconds=True)
    )


@register.filter
def duration(value: float | None) -> str:
    """Seconds as 2 小时 5 分."""
    return _unknown("") if value is None else formats.duration(value, _language())


@register.filter
def capped(value: int, cap: int = 10_000) -> str:
    """`10,000+` when counting stopped at the cap."""
    return formats.capped(value, cap)


@register.filter
def more_than(shown: int, found: int) -> str:
    """`20+` when more were found than are shown."""
    return f"{shown}+" if found > shown else str(shown)


@register.filter
def unknown(value: object, reason: str = "") -> object:
    """The value, or `—` with its reason when it is missing: `{{ branch|unknown:"…" }}`."""
    return _unknown(reason) if value is None or value == "" else value


@register.filter
def text(value: Text | Code | Verdict | None) -> str:
    """A bilingual text, code or verdict of the contract in the reader's language."""
    if value is None:
        return _unknown("")
    if isinstance(value, Verdict):
        return value.in_language(_language())
    return (value.text if isinstance(value, Code) else value).in_language(_language())


@register.filter
def run_number(value: str) -> str:
    """A run without leading zeros: `#{{ run_id|run_number }}`."""
    return formats.run_number(value)


@register.filter
def mask_name(value: str | None) -> str:
    """`张*`."""
    return formats.mask_name(value)


@register.filter
def mask_phone(value: str | None) -> str:
    """`138****5678`."""
    return formats.mask_phone(value)


@register.filter
def mask_id(value: str | None) -> str:
    """`110105********002X`."""
    return formats.mask_id(value)


@register.filter
def mask_tail(value: str | None) -> str:
    """`尾号 1234`."""
    return formats.mask_tail(value, _language())
