"""R002, R004: the real sets stand in the desk as they are: their populations, their currency, nothing invented."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.engine.run import Settings, nightly
from tests.desk.conftest import PASSWORD, plain_static
from tests.desk.own_database import own_database

__all__ = ["plain_static"]
AS_OF = {"berka": dt.date(1994, 3, 31), "far_trans": dt.date(2022, 11, 29)}
FOLDERS = {"berka": "berka", "far_trans": "far-trans"}
Visit = Callable[[str], str]


@pytest.fixture(scope="module", params=sorted(AS_OF))
def decided(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_data: Path
) -> tuple[str, Path]:
    """A data folder with one run of a real set."""
    name = str(request.param)
    data = tmp_path_factory.mktemp(name)
    nightly(
        Settings(data, real_data / FOLDERS[name], AS_OF[name], mapping=name),
        lambda _stage, _place, _n_stages, _done, _of: None,
        lambda: dt.datetime.now(dt.UTC),
    )
    return name, data


@pytest.fixture
def visit(
    decided: tuple[str, Path], settings: Any, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Visit]:
    """Read a page as HQ brokerage, with the real run taken in as a firm would: its commits are real."""
    from keepwell.desk.exchange import folders, intake
    from keepwell.desk.people.actions import create_user

    settings.DATA = decided[1]
    with django_db_blocker.unblock(), own_database(tmp_path):
        run = folders.RunFolder(decided[1] / "runs" / "000001")
        intake.take_in(run=run, by=None, at=timezone.now())
        facts = {"username": "hq", "display_name": "胡小明", "role": "hq_brokerage", "password": PASSWORD}
        user = create_user(**facts, by=None, at=timezone.now(), must_change_password=False)
        browser = Client(headers={"host": "localhost"})
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

        def read(address: str) -> str:
            answer = browser.get(address)
            assert answer.status_code == 200
            return answer.content.decode()

        yield read


POPULATIONS = {
    "berka": ("开户未入金 260", "CZK"),
    "far_trans": ("开户未入金 29,090", "EUR"),
}


def test_r002_the_overview_counts_the_populations_of_the_real_set(
    decided: tuple[str, Path], visit: Visit
) -> None:
    population, _ = POPULATIONS[decided[0]]
    assert population in visit("/books/firm/")


def test_r002_never_funded_clients_are_listed_when_asked_for(decided: tuple[str, Path], visit: Visit) -> None:
    page = visit("/clients/?population=never_funded")
    assert "data-row" in page
    existing = visit("/clients/")
    assert ("data-row" in existing) == (decided[0] == "berka")


def test_r234_the_run_names_its_currency_and_that_its_calendar_is_a_convention(
    decided: tuple[str, Path], visit: Visit
) -> None:
    page = visit("/runs/000001/")
    assert POPULATIONS[decided[0]][1] in page
    assert "[P]" in page


UNDELIVERED = {
    "berka": ("成交", "历史联系"),
    "far_trans": ("每日资产", "成交", "历史联系"),
}


def test_r004_what_a_real_set_does_not_deliver_is_a_dash_with_its_reason(
    decided: tuple[str, Path], visit: Visit
) -> None:
    """Berka has balances but no trades and no contacts; FAR-Trans has none of them: nothing is shown as zero.

    The overview sums existing clients: FAR-Trans has none, so that there is nothing to sum.
    """
    home = visit("/books/firm/")
    for table in UNDELIVERED["berka"]:
        assert (f"未交付：{table}" in home) == (decided[0] == "berka")
    assert "未交付：每日资产" not in home
    listed = visit("/clients/?population=never_funded" if decided[0] == "far_trans" else "/clients/")
    assert 'title="未交付"' in listed
    (address, *_) = re.findall(r'href="(/clients/[^/"?]+/)"', listed[listed.index("data-row") :])
    card = visit(address)
    for table in UNDELIVERED[decided[0]]:
        assert f"未交付：{table}" in card


def test_r027_berka_is_graded_by_assets_and_says_that_trades_are_unknown(
    decided: tuple[str, Path], visit: Visit
) -> None:
    if decided[0] != "berka":
        return
    import pyarrow.parquet as pq

    rows = pq.read_table(decided[1] / "runs" / "000001" / "tables" / "client_grade.parquet").to_pylist()
    assert {row["grade_reason"] for row in rows} <= {"by_assets", "contribution_unknown"}
    assert {row["activity_state"] for row in rows} <= {"active", "leaving"}
    assert {row["contribution_365d_amount"] for row in rows} == {None}
