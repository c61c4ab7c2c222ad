"""From contract column to Django field: every kind, and decimals that lose nothing on any database."""

from decimal import Decimal

import pytest
from django.db import models
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from keepwell.contract import schema
from keepwell.contract.codes import Grade
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.columns import CodeField, ScaledDecimalField, field


@pytest.mark.parametrize(
    "column, kind",
    [
        (schema.text("a", "甲", length=7), models.CharField),
        (schema.code("a", "甲", Grade), CodeField),
        (schema.integer("a", "甲"), models.BigIntegerField),
        (schema.money("a", "甲"), ScaledDecimalField),
        (schema.floating("a", "甲"), models.FloatField),
        (schema.date("a", "甲"), models.DateField),
        (schema.instant("a", "甲"), models.DateTimeField),
        (schema.boolean("a", "甲"), models.BooleanField),
    ],
)
def test_every_kind_has_its_field(column: schema.Column, kind: type[models.Field]) -> None:
    made = field(column)
    assert type(made) is kind
    with translation.override("zh-hans"):
        assert str(made.verbose_name) == "甲"
    with translation.override("en"):
        assert str(made.verbose_name) == "a"


def test_a_code_offers_its_list_in_the_readers_language() -> None:
    made = field(schema.code("Grade", "等级", Grade))
    with translation.override("zh-hans"):
        assert [str(name) for _value, name in made.choices or ()] == ["战略", "重要", "常规", "基础"]


def test_a_row_says_its_code_in_the_readers_language_and_leaves_what_it_does_not_know() -> None:
    row = ClientLine(grade="important")
    with translation.override("zh-hans"):
        assert row.get_grade_display() == Grade.IMPORTANT.text.zh
    with translation.override("en"):
        assert row.get_grade_display() == Grade.IMPORTANT.text.en
    assert ClientLine(grade=None).get_grade_display() is None
    assert ClientLine(grade="of_old").get_grade_display() == "of_old"


def test_what_may_be_missing_is_null() -> None:
    assert field(schema.date("a", "甲", nullable=True)).null
    assert not field(schema.date("a", "甲")).null
    assert field(schema.text("a", "甲"), primary_key=True).primary_key


@given(st.integers(0, 8), st.integers(-(10**17), 10**17))
def test_a_scaled_decimal_comes_back_as_it_went(scale: int, whole: int) -> None:
    value = Decimal(whole).scaleb(-scale)
    kept = ScaledDecimalField(scale=scale)
    stored = kept.get_prep_value(value)
    assert stored == whole
    assert kept.from_db_value(stored, None, None) == value


def test_a_scaled_decimal_refuses_digits_it_would_lose() -> None:
    with pytest.raises(ValueError, match="more than 2 decimal digits"):
        ScaledDecimalField(scale=2).get_prep_value(Decimal("1.005"))


def test_the_scale_stands_in_migrations() -> None:
    _name, _path, _args, options = ScaledDecimalField(scale=6).deconstruct()
    assert options["scale"] == 6
