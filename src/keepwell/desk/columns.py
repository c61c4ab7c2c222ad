"""From a contract column to the Django field that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import migrations, models
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext

from keepwell.contract import TABLES
from keepwell.contract.schema import Column, Kind, Text


def in_reader_language(text: Text) -> str:
    """The text in the language the page is made in."""
    return text.in_language(get_language() or "zh-hans")


lazy_text = lazy(in_reader_language, str)


def undelivered(column: Column) -> str:
    """Why a missing value of the column is not known: the firm does not deliver the table it needs; else empty."""
    if not column.needs:
        return ""
    return gettext("Not delivered: %(table)s") % {"table": in_reader_language(TABLES[column.needs].title)}


class ScaledDecimalField(models.BigIntegerField):
    """A decimal kept as an integer: value × 10^scale (SQLite's own decimals are floats).

    Never averaged or divided in SQL: `Avg` would be 10^scale too large (a house test forbids it).
    """

    def __init__(self, *args: Any, scale: int = 2, **kwargs: Any) -> None:
        self.scale = scale
        self.unit = Decimal(1).scaleb(-scale)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Name the scale in migrations too."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "scale": self.scale}

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> Decimal | None:
        """From the stored integer to the decimal."""
        return None if value is None else Decimal(value).scaleb(-self.scale)

    def to_python(self, value: Any) -> Decimal | None:
        """From what a form or a person gives to the decimal; raises `ValidationError` on nonsense."""
        return models.DecimalField(max_digits=18, decimal_places=self.scale).to_python(value)

    def get_prep_value(self, value: Any) -> int | None:
        """From a decimal to the stored integer; raises `ValueError` when digits would be lost."""
        if value is None:
            return None
        number = self.to_python(value)
        if number is None:
            return None
        scaled = number.scaleb(self.scale)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.name}: {number} has more than {self.scale} decimal digits")
        return int(scaled)

    def value_to_string(self, obj: models.Model) -> str:
        """The decimal as text, for serialisers."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


class CodeField(models.CharField):
    """A code of a closed list; `get_…_display` looks its text up at once (Django's makes a table for each row).

    In migrations it is a plain `CharField` with choices.
    """

    def __init__(self, *args: Any, texts: Mapping[str, Text] | None = None, **kwargs: Any) -> None:
        self.texts = dict(texts or {})
        if self.texts:
            kwargs["choices"] = [(code, lazy_text(text)) for code, text in self.texts.items()]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Name Django's own field in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", list(args), kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Hang the field on its model, with the quick look-up."""
        shown, texts = f"get_{name}_display", self.texts
        has_own = shown in cls.__dict__
        super().contribute_to_class(cls, name, private_only)

        def display(row: models.Model) -> Any:
            value = getattr(row, name)
            return in_reader_language(texts[value]) if value in texts else value

        if texts and not has_own:
            setattr(cls, shown, display)


def field(column: Column, **options: Any) -> models.Field:
    """Make the field for a column: its type, label, help and whether it may be missing.

    `options` are passed on (`primary_key`, `db_index` …). Text that may be missing is NULL, as in the run's files.
    """
    options = {"null": column.nullable, "blank": column.nullable, **options}
    options.setdefault("verbose_name", lazy_text(column.label))
    if column.help:
        options.setdefault("help_text", lazy_text(column.help))
    match column.kind:
        case Kind.TEXT:
            return models.CharField(max_length=column.length, **options)
        case Kind.CODE:
            longest = max((len(code) for code in column.codes or ()), default=1)
            texts = {str(code): code.text for code in column.codes or ()}
            return CodeField(max_length=max(32, longest), texts=texts, **options)
        case Kind.INTEGER:
            return models.BigIntegerField(**options)
        case Kind.DECIMAL:
            return ScaledDecimalField(scale=column.scale, **options)
        case Kind.FLOAT:
            return models.FloatField(**options)
        case Kind.DATE:
            return models.DateField(**options)
        case Kind.INSTANT:
            return models.DateTimeField(**options)
        case Kind.BOOLEAN:
            return models.BooleanField(**options)


def bytewise(table: str, *columns: str) -> migrations.RunPython:
    """A migration's step that lets text columns compare byte by byte on PostgreSQL, as generations do.

    Without it no index on such a column serves a join from a generation: two collations never meet in an index.
    """

    def change(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return  # SQLite compares bytewise
        for column in columns:
            with editor.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
                    "WHERE attrelid = %s::regclass AND attname = %s",
                    [table, column],
                )
                (kind,) = cursor.fetchone()
            editor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
        editor.execute(f'ANALYZE "{table}"')  # what the planner knew of the columns went with their old order

    return migrations.RunPython(change, migrations.RunPython.noop)
