"""Numbers, dates and masks as flows.md §4 writes them; R233 for the masks."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags import formats as filters

money = st.decimals(-(10**15), 10**15, places=2, allow_nan=False)


@pytest.mark.parametrize(
    "value, zh, en",
    [
        ("0", "0 元", "CNY 0"),
        ("9820", "9,820 元", "CNY 9,820"),
        ("9820.50", "9,820.50 元", "CNY 9,820.50"),
        ("10000", "1.0 万", "CNY 10.0k"),
        ("1864000", "186.4 万", "CNY 1.86m"),
        ("-620000", "−62.0 万", "−CNY 620.0k"),
        ("99999999", "1.0 亿", "CNY 100.00m"),
        ("320500000", "3.2 亿", "CNY 320.50m"),
    ],
)
def test_amounts(value: str, zh: str, en: str) -> None:
    assert formats.amount(Decimal(value), "zh-hans") == zh
    assert formats.amount(Decimal(value), "en") == en


def test_lists_show_whole_wan_from_a_million_on() -> None:
    assert formats.amount(Decimal(1864000), "zh-hans", is_list=True) == "186 万"
    assert formats.amount(Decimal(210000), "zh-hans", is_list=True) == "21.0 万"


def test_an_unknown_amount_is_a_dash_with_its_reason_never_zero() -> None:
    shown = str(filters.amount(None, "no assets in this run"))
    assert "—" in shown
    assert 'title="no assets in this run"' in shown
    assert "0" not in shown


@given(money)
def test_the_exact_value_loses_nothing(value: Decimal) -> None:
    shown = formats.exact(value, "zh-hans").removesuffix(" 元").replace(",", "").replace("−", "-")
    assert Decimal(shown) == value


@given(money)
def test_the_sign_is_always_shown_by_a_true_minus(value: Decimal) -> None:
    shown = formats.amount(value, "zh-hans")
    assert ("−" in shown) == (value < 0)
    assert "-" not in shown


@pytest.mark.parametrize(
    "share, shown", [("0.341", "+34.1%"), ("-0.249", "−24.9%"), ("0", "0.0%"), ("0.0001", "0.0%")]
)
def test_changes_in_per_cent(share: str, shown: str) -> None:
    assert formats.percent(Decimal(share), with_sign=True) == shown


def test_dates() -> None:
    today = dt.date(2026, 11, 23)
    assert formats.day(dt.date(2026, 11, 23), "zh-hans", today) == "11月23日"
    assert formats.day(dt.date(2026, 11, 23), "en", today) == "23 Nov"
    assert formats.day(dt.date(2027, 3, 14), "zh-hans", today) == "2027-03-14"
    assert formats.weekday(dt.date(2026, 11, 23), "zh-hans") == "星期一"
    assert formats.moment(dt.datetime(2026, 11, 20, 10, 5, tzinfo=dt.UTC)) == "2026-11-20 18:05"


@pytest.mark.parametrize(
    "seconds, zh", [(0.84, "0.8 秒"), (41, "41 秒"), (125, "2 分 5 秒"), (7500, "2 小时 5 分")]
)
def test_lengths(seconds: float, zh: str) -> None:
    assert formats.duration(seconds, "zh-hans") == zh


def test_masks() -> None:
    assert formats.mask_name("张伟") == "张*"
    assert formats.mask_phone("13812345678") == "138****5678"
    assert formats.mask_id("11010519491231002X") == "110105********002X"
    assert formats.mask_tail("6222021234561234", "zh-hans") == "尾号 1234"


@given(st.text(alphabet="0123456789X", min_size=1, max_size=24))
def test_masks_hide_at_least_four_characters(value: str) -> None:
    for shown in (formats.mask_phone(value), formats.mask_id(value)):
        assert shown.count("*") >= min(4, len(value) - 4) or shown == "****"
    assert value not in {formats.mask_phone(value), formats.mask_id(value)}


def test_filters_speak_the_readers_language() -> None:
    with translation.override("en"):
        assert "CNY 1.86m" in filters.amount(Decimal(1864000))
    with translation.override("zh-hans"):
        assert ">186.4 万<" in filters.amount(Decimal(1864000))
        assert 'title="1,864,000.00 元"' in filters.amount(Decimal(1864000))
