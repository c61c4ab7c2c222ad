"""R002, R004: the real sets stand in the desk as they are: their populations, their currency, nothing invented."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.engine.run import Settings, nightly
from tests.desk.conftest import log_in, make_user, plain_static

__all__ = ["log_in", "make_user", "plain_static"]
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
def visit(decided: tuple[str, Path], settings: Any, log_in: Callable[..., Client]) -> Visit:
    """Read a page as HQ brokerage in Chinese, with the real run taken in."""
    from keepwell.desk.exchange import folders, intake
    from keepwell.desk.generations.attach import use

    settings.DATA = decided[1]
    generation = intake.take_in(
        run=folders.RunFolder(decided[1] / "runs" / "000001"), by=None, at=timezone.now()
    )
    use(generation.run_id)
    browser = log_in("hq_brokerage")

    def read(address: str) -> str:
        answer = browser.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


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
