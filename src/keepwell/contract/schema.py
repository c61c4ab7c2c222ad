"""What a table is: typed columns with bilingual labels, bounds, sensitivity; one object, five readers.

The readers are small translators that live with their users: ``engine.ingest`` conforms raw text to it,
``engine.columns`` derives the physical schema and the breach checks, ``desk.columns`` makes Django fields,
the documentation tool prints the data dictionary, the tests draw Hypothesis rows from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Text:
    """A visible text in both languages of the product."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The text for a language tag; anything that starts with ``zh`` reads Chinese."""
        return self.zh if language.startswith("zh") else self.en


class Code(str, Enum):
    """A member of a closed list: its value is what is stored, its text is what is shown."""

    text: Text

    def __new__(cls, value: str, en: str, zh: str) -> Self:
        """A member from its stored value and its texts."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(en, zh)
        return member

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def of(cls, value: str) -> Self:
        """The member a stored value means. Raises ``KeyError`` when the list has none."""
        return {member.value: member for member in cls}[value]


class Kind(Enum):
    """The physical kinds a column may have."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


class Sensitivity(Enum):
    """Who may hold a column: open to all stages, personal data, or secret (vault only)."""

    OPEN = "open"
    PERSONAL = "personal"
    SECRET = "secret"


class Search(Enum):
    """How a column is found from the one search box."""

    NONE = "none"
    NAME = "name"
    TAIL = "tail"


class Mask(Enum):
    """How a column is shown to those who may not read it in full (rules.md §6.4)."""

    NONE = "none"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    CARD = "card"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``scale`` counts decimal digits of a DECIMAL (precision is always 18); ``low`` and ``high`` are inclusive;
    ``references`` names a ``table.column`` that must hold the value; ``unit`` is a bilingual unit or ``None``.
    ``needs`` names the source table without which nobody can know the value: it is null if, and only if, the firm
    does not deliver that table.
    """

    kind: Kind
    label: Text
    name: str = ""
    nullable: bool = False
    length: int = 64
    scale: int = 2
    codes: type[Code] | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: Text | None = None
    help: Text | None = None
    references: str | None = None
    needs: str = ""
    sensitivity: Sensitivity = Sensitivity.OPEN
    search: Search = Search.NONE
    mask: Mask = Mask.NONE

    @property
    def is_secret(self) -> bool:
        """Whether the column may only lie in a run's vault."""
        return self.sensitivity is Sensitivity.SECRET

    def canonical(self) -> dict[str, Any]:
        """A JSON-ready form that the contract hash is taken over."""
        row = asdict(replace(self, codes=None))
        row["codes"] = [str(code) for code in self.codes] if self.codes else None
        return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value


YUAN = Text("CNY", "元")
DAYS = Text("days", "天")
TIMES = Text("times", "次")


def unless(table: str) -> dict[str, Any]:
    """The options of a column that nobody can know where the firm does not deliver ``table``."""
    return {"nullable": True, "needs": table}


def _options(extra: dict[str, Any]) -> dict[str, Any]:
    for bound in ("low", "high"):
        if bound in extra and extra[bound] is not None:
            extra[bound] = Decimal(str(extra[bound]))
    return extra


def text(en: str, zh: str, *, length: int = 64, **extra: Any) -> Column:
    """A text column of at most ``length`` characters."""
    return Column(Kind.TEXT, Text(en, zh), length=length, **extra)


def code(en: str, zh: str, codes: type[Code], **extra: Any) -> Column:
    """A column that holds a value of a closed list."""
    return Column(Kind.CODE, Text(en, zh), codes=codes, **extra)


def integer(en: str, zh: str, **extra: Any) -> Column:
    """A whole number that fits 64 bits."""
    return Column(Kind.INTEGER, Text(en, zh), **_options(extra))


def count(en: str, zh: str, **extra: Any) -> Column:
    """A whole number that is never negative."""
    return integer(en, zh, **{"low": 0, **extra})


def decimal(en: str, zh: str, *, scale: int = 2, **extra: Any) -> Column:
    """An exact number, ``decimal(18, scale)``."""
    return Column(Kind.DECIMAL, Text(en, zh), scale=scale, **_options(extra))


def money(en: str, zh: str, **extra: Any) -> Column:
    """An amount of yuan with two digits."""
    return decimal(en, zh, **{"unit": YUAN, **extra})


def share(en: str, zh: str, **extra: Any) -> Column:
    """A ratio with six digits, 0.25 for a quarter; bounds are given where it cannot leave 0..1."""
    return decimal(en, zh, **{"scale": 6, **extra})


def floating(en: str, zh: str, **extra: Any) -> Column:
    """A double; never aggregated, never compared without rounding (engine.md, Determinism)."""
    return Column(Kind.FLOAT, Text(en, zh), **_options(extra))


def date(en: str, zh: str, **extra: Any) -> Column:
    """A business date."""
    return Column(Kind.DATE, Text(en, zh), **extra)


def instant(en: str, zh: str, **extra: Any) -> Column:
    """A point in time, UTC, to the microsecond."""
    return Column(Kind.INSTANT, Text(en, zh), **extra)


def boolean(en: str, zh: str, **extra: Any) -> Column:
    """A statement that holds or does not."""
    return Column(Kind.BOOLEAN, Text(en, zh), **extra)


@dataclass(frozen=True, slots=True)
class Order:
    """Rule between two dates of one row or of a row and the row it references: ``later`` >= ``earlier``."""

    later: str
    earlier: str


class Table:
    """Base of all contract tables; a subclass declares its columns as class attributes.

    ``writer`` is the one room that writes it, ``grain`` the columns that make a row unique, ``order`` the
    total order it is stored in (it must end in the grain), ``orders`` date rules checked on ingest.
    """

    title: ClassVar[Text]
    writer: ClassVar[str]
    grain: ClassVar[tuple[str, ...]]
    order: ClassVar[tuple[str, ...]] = ()
    event_on: ClassVar[str | None] = None
    orders: ClassVar[tuple[Order, ...]] = ()
    optional: ClassVar[bool] = False
    name: ClassVar[str]
    columns: ClassVar[dict[str, Column]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = _snake(cls.__name__)
        cls.columns = {
            name: replace(value, name=name) for name, value in vars(cls).items() if isinstance(value, Column)
        }
        cls.order = cls.order or cls.grain
        missing = [name for name in (*cls.grain, *cls.order) if name not in cls.columns]
        if missing:
            raise TypeError(f"{cls.__name__}: grain or order names {missing}, which are no columns of it")
        if not set(cls.grain) <= set(cls.order):
            raise TypeError(f"{cls.__name__}: order {cls.order} must contain the grain {cls.grain}")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Column names in the order they are stored."""
        return tuple(cls.columns)

    @classmethod
    def open_names(cls) -> tuple[str, ...]:
        """Column names without the secret ones."""
        return tuple(name for name, column in cls.columns.items() if not column.is_secret)

    @classmethod
    def secret_names(cls) -> tuple[str, ...]:
        """Names of the columns that lie in the vault."""
        return tuple(name for name, column in cls.columns.items() if column.is_secret)

    @classmethod
    def meaning(cls) -> str:
        """The docstring, unwrapped."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def canonical(cls) -> dict[str, Any]:
        """A JSON-ready form that the contract hash is taken over."""
        return {
            "name": cls.name,
            "writer": cls.writer,
            "grain": list(cls.grain),
            "order": list(cls.order),
            "columns": [column.canonical() for column in cls.columns.values()],
        }


def _snake(name: str) -> str:
    letters: list[str] = []
    for letter in name:
        if letter.isupper() and letters:
            letters.append("_")
        letters.append(letter.lower())
    return "".join(letters)


def contract_hash(tables: Iterator[type[Table]]) -> str:
    """SHA-256 over the canonical form of the tables, in the order of their names."""
    rows = sorted((table.canonical() for table in tables), key=lambda row: str(row["name"]))
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
