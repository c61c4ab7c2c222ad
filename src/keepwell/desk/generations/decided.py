"""Decided models: unmanaged class statements whose columns come from the contract.

A room writes ``class ClientGrade(Decided, table=grading.ClientGrade)`` and adds at most the relation to the
client anchor; every other field is made from the table's columns. Nobody saves such a row: intake writes a
generation as a whole, and the tables exist only where a generation is attached.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.base import ModelBase
from django.utils.translation import gettext_lazy as _

from keepwell.contract.schema import Column, Table
from keepwell.desk.columns import field, lazy_text

REGISTERED: dict[str, type[Decided]] = {}
SEALED = "sealed"


class FromContract(ModelBase):
    """Makes the fields of a decided model; `grain` is its key, `indexes` are tuples of column names.

    `fill` is the statement by which intake makes the rows from other tables of the generation; without it they are
    the run's own. With `seals` the table's secret columns lie in one field, encrypted by intake.
    """

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        attrs: dict[str, Any],
        *,
        table: type[Table] | None = None,
        **options: Any,
    ) -> type:
        """Add the columns as fields, the grain as key, and remember the model by its table's name."""
        if table is None:
            return super().__new__(mcs, name, bases, attrs)
        related = {f"{key}_id" for key, value in attrs.items() if isinstance(value, models.ForeignKey)}
        columns = {key: table.columns[key] for key in table.open_names() if key not in related}
        secret = table.secret_names() if options.get("seals") else ()
        if secret:
            attrs[SEALED] = models.BinaryField(_("encrypted"), editable=False)
        made: Any = super().__new__(
            mcs, name, bases, {**_fields(columns, table.grain, related), **attrs, "Meta": _meta(table)}
        )
        made.contract_table = table
        made.table_name = f"decided_{table.name}"
        made.stored = {field.column: field for field in made._meta.concrete_fields if field.column}  # noqa: SLF001  Django's public API for it
        made.secret_columns = secret
        made.extra_indexes = tuple(options.get("indexes", ()))
        made.fill_statement = options.get("fill", "")
        REGISTERED[table.name] = made
        return made

    def __init__(self, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **_options: Any) -> None:
        super().__init__(name, bases, attrs)


def _fields(
    columns: Mapping[str, Column], grain: tuple[str, ...], related: set[str]
) -> dict[str, models.Field[Any, Any]]:
    key = grain[0] if len(grain) == 1 and grain[0] not in related else None
    made = {
        name: field(column, **({"primary_key": True} if name == key else {}))
        for name, column in columns.items()
    }
    if len(grain) > 1:
        made["pk"] = models.CompositePrimaryKey(*grain)
    return made


def _meta(table: type[Table]) -> type:
    return type(
        "Meta",
        (),
        {
            "managed": False,
            "db_table": f"decided_{table.name}",
            "default_permissions": (),
            "verbose_name": lazy_text(table.title),
        },
    )


class Decided(models.Model, metaclass=FromContract):
    """Base of all decided models: read only, one row a grain, as the run wrote it."""

    contract_table: type[Table]
    table_name: str
    stored: dict[str, models.Field[Any, Any]]
    secret_columns: tuple[str, ...]
    extra_indexes: tuple[tuple[str, ...], ...]
    fill_statement: str

    class Meta:
        abstract = True

    def save(self, *_args: object, **_options: object) -> None:
        """Refuse: a decision changes only with the next run."""
        raise TypeError(
            f"{type(self).__name__} is decided by the engine; people's acts go into their own rooms"
        )

    def delete(self, *_args: object, **_options: object) -> tuple[int, dict[str, int]]:
        """Refuse, as `save` does."""
        raise TypeError(f"{type(self).__name__} is decided by the engine; nothing at the desk deletes it")

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Fields come from the contract, so a type checker cannot list them."""
