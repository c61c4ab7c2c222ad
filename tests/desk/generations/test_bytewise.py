"""R239 Our own tables join a generation by index: numbers of the run compare byte by byte on both sides."""

import pytest
from django.apps import apps
from django.db import connection

JOINED = frozenset(
    {"client_id", "record_code", "left_client_id", "right_client_id", "left_code", "right_code"}
)


def joined_columns() -> list[tuple[str, str]]:
    """Columns of managed tables that hold a number of the run which queries join by."""
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.concrete_fields
        if field.column in JOINED
    ]


@pytest.mark.django_db
def test_numbers_of_the_run_compare_bytewise() -> None:
    columns = joined_columns()
    assert ("work_workitem", "record_code") in columns
    if connection.vendor == "sqlite":  # its own order is bytewise: no column may name another
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%COLLATE%'"
            )
            assert cursor.fetchall() == []
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "JOIN pg_collation k ON k.oid = a.attcollation WHERE k.collname = 'C'"
        )
        bytewise = set(cursor.fetchall())
    assert [column for column in columns if column not in bytewise] == []
