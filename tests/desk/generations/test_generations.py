"""A request stays on one generation; decided rows are nobody's to change."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from keepwell.contract.schema import Kind
from keepwell.desk.clients.models import ClientGrade, ClientLine
from keepwell.desk.generations import attach, layout
from keepwell.desk.generations.decided import REGISTERED
from keepwell.desk.generations.models import Generation, Pointer
from keepwell.desk.generations.queries import current


def test_before_the_first_run_pages_say_so(log_in: Callable[..., Client]) -> None:
    page = log_in("manager", staff_code="S02").get("/clients/")
    assert page.status_code == 200
    assert "还没有运行结果" in page.content.decode()


def test_the_pointer_is_one_row_and_one_query(firm_run: Generation, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert current() == firm_run
    assert Pointer.objects.count() == 1


def test_decided_rows_cannot_be_written(firm_run: Generation) -> None:
    row = ClientGrade.objects.all()[0]
    with pytest.raises(TypeError, match="decided by the engine"):
        row.save()
    with pytest.raises(TypeError, match="decided by the engine"):
        row.delete()


@pytest.mark.parametrize("name", ["../x", "000001;", "", "A", "x" * 25])
def test_a_run_number_is_no_path(name: str) -> None:
    with pytest.raises(ValueError, match="allowed are 1 to 24"):
        attach.file_of(name)


def test_every_open_column_of_the_contract_is_a_column_of_the_model() -> None:
    assert len(REGISTERED) > 15
    for name, model in REGISTERED.items():
        table = model.contract_table
        sealed = {"sealed"} if table.secret_names() else set()  # the secret columns lie in it, encrypted
        assert set(model.stored) == set(table.open_names()) | sealed, name


def test_decimals_are_stored_as_whole_numbers() -> None:
    statement = layout.table_statement(ClientLine)
    kinds = {column.name: column.kind for column in ClientLine.contract_table.columns.values()}
    assert kinds["assets_amount"] is Kind.DECIMAL
    assert '"assets_amount" bigint' in statement


def test_texts_compare_bytewise(firm_run: Generation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT client_id FROM decided_client WHERE client_name >= %s AND client_name < %s",
            ["王", "王\U0010ffff"],
        )
        found = cursor.fetchall()
    assert found
    if connection.vendor == "postgresql":
        assert 'COLLATE "C"' in layout.table_statement(ClientGrade)


def test_generations_hold_no_path(firm_run: Generation) -> None:
    values = [str(getattr(firm_run, field.name)) for field in Generation._meta.fields]
    assert not [value for value in values if "/" in value]


def test_a_generation_of_another_layout_is_not_read(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    Generation.objects.update(layout_hash="of another day")
    page = browser.get("/clients/")
    assert page.status_code == 503
    assert "请重新载入运行" in page.content.decode()


@pytest.mark.parametrize("currency, mark, said", [("CNY", "V", ""), ("CZK", "P", "CZK·weekdays [P]")])
def test_pages_name_another_currency_and_an_unverified_calendar(
    at_work: Callable[[str], Client], currency: str, mark: str, said: str
) -> None:
    browser = at_work("manager")
    Generation.objects.update(currency=currency, calendar_mark=mark, calendar="weekdays")
    body = browser.get("/clients/c000000/").content.decode()
    assert ("weekdays" in body) is bool(said)
    assert said in re.sub("<[^>]+>", "", body)
    exact = "3,000,000.37 元" if currency == "CNY" else "3,000,000.37 CZK"
    assert exact in body
